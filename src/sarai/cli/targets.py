"""`sarai targets`: the future reports that forecasts are scored against, frozen by the rules."""

from __future__ import annotations

import sys

import typer

from sarai.cli.options import DEFAULT_LEVEL, CaseArgument, OutFileOption, ReportLevelOption
from sarai.cli.talk import say


def register(app: typer.Typer) -> None:
    """Add the verb `targets`."""

    @app.command("targets")
    def list_targets(case: CaseArgument, out: OutFileOption = None, level: ReportLevelOption = DEFAULT_LEVEL) -> None:
        """Every report that a forecast may be scored against: window, crossings, persons, and the day it was known.

        Freeze the file before you model. Rows whose day of knowledge was inferred are never among them. Counts of few
        people are left out unless --level confidential asks for them.

        Example: sarai targets pakistan-2023 --out targets.csv
        """
        from sarai.forecast.targets import find_targets
        from sarai.forecast.targets_file import format_targets
        from sarai.observe.case_folder import load_case
        from sarai.publish.files import write_files
        from sarai.publish.reported import check_report_level, left_out_words, tellable_targets

        check_report_level(level)
        loaded = load_case(case)
        every = find_targets(loaded.as_of(loaded.last_known()))
        found = tellable_targets(every, level)
        text = format_targets(found, level)
        if out is None:
            sys.stdout.write(text)
        else:
            say(str(write_files(out.parent, {out.name: text.encode()})[0]))
        say(" ".join([f"{len(found)} targets, {level}.", left_out_words(len(every), len(found), level)]).strip())
