"""`sarai targets`: the future reports that forecasts are scored against, frozen by the rules."""

from __future__ import annotations

import sys

import typer

from sarai.cli.options import CaseArgument, OutFileOption
from sarai.cli.talk import say


def register(app: typer.Typer) -> None:
    """Add the verb `targets`."""

    @app.command("targets")
    def list_targets(case: CaseArgument, out: OutFileOption = None) -> None:
        """Every report that a forecast may be scored against: window, crossings, persons, and the day it was known.

        Freeze the file before you model. Rows whose day of knowledge was inferred are never among them.

        Example: sarai targets pakistan-2023 --out targets.csv
        """
        from sarai.forecast.targets import find_targets
        from sarai.forecast.targets_file import format_targets
        from sarai.observe.case_folder import load_case
        from sarai.publish.files import write_files

        loaded = load_case(case)
        found = find_targets(loaded.as_of(loaded.last_known()))
        text = format_targets(found)
        if out is None:
            sys.stdout.write(text)
        else:
            say(str(write_files(out.parent, {out.name: text.encode()})[0]))
        say(f"{len(found)} targets")
