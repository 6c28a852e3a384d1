"""`sarai scoreboard`: how the forecasts that were kept have fared so far."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sarai.cli.options import DEFAULT_LEVEL, AsOfOption, CaseArgument, ReportLevelOption, check_request, parse_day
from sarai.cli.talk import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sarai.forecast.archive import KeptForecast
    from sarai.forecast.score_row import ScoreRow

JsonOption = Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write every score as JSON rows.")]
NOTHING_KEPT = "No forecast of this case was kept yet: `sarai forecast` and `sarai brief` keep what they make."


def register(app: typer.Typer) -> None:
    """Add the verb `scoreboard`."""

    @app.command("scoreboard")
    def score_forecasts(
        case: CaseArgument, as_of: AsOfOption = None, json_file: JsonOption = None,
        level: ReportLevelOption = DEFAULT_LEVEL,
    ) -> None:  # fmt: skip
        """Score the forecasts of a case that were kept when they were made, against the reports that came after them.

        Nothing is forecast again: `sarai backtest` does that. Only whole windows of reports count that lie after the
        day of the forecast and became known after it. Ratios are to persistence, kept from the same vintage. A score
        beside its forecast tells the count: reports of few people are scored with --level confidential only.

        Example: sarai scoreboard pakistan-2023
        """
        from sarai.forecast.archive import read_kept, score_kept
        from sarai.forecast.targets import find_targets
        from sarai.ledger.shelf import read_shelf
        from sarai.observe.case_folder import find_case, load_case
        from sarai.publish.files import write_files
        from sarai.publish.reported import check_report_level, left_out_words, tellable_targets

        check_request(lambda: check_report_level(level), lambda: as_of is None or parse_day(as_of))
        loaded = load_case(case)
        day = parse_day(as_of) if as_of else loaded.last_known()
        shelf = read_shelf(Path(str(find_case(case)[1])))
        archive = [kept for kept in (read_kept(data, name) for name, data in shelf) if kept.reference_date <= day]
        every = find_targets(loaded.as_of(day))
        told = tellable_targets(every, level)
        rows = score_kept(archive, told, by=day)
        if json_file is not None:
            from sarai.cli.backtest import row_record

            data = json.dumps([row_record(row, level) for row in rows], indent=0).encode()
            say(str(write_files(json_file.parent, {json_file.name: data})[0]))
        if not archive:
            say(NOTHING_KEPT)
            return
        typer.echo(forecast_lines(archive, rows))
        if words := left_out_words(len(every), len(told), level):
            say(words)
        if rows:
            from sarai.forecast.summary import summarise, summary_text

            typer.echo(summary_text(summarise(rows)))
        else:
            say(f"No whole window of a report has ended and become known by {day}; look again when reports arrive.")


def forecast_lines(archive: Sequence[KeptForecast], rows: Sequence[ScoreRow]) -> str:
    """A Markdown table: a line a day of forecast, its targets so far, how many its bands held, log score and ratio."""
    from sarai.forecast.archive import YARDSTICK

    lines = [
        f"| forecast of | kept | reports since | in 50 % band | in 90 % band | log WIS | {YARDSTICK} |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for day in sorted({kept.reference_date for kept in archive}):
        kept_count = sum(kept.reference_date == day for kept in archive)
        ours = [row for row in rows if row.origin == day and row.model != YARDSTICK]
        theirs = [row for row in rows if row.origin == day and row.model == YARDSTICK]
        if not ours:
            lines.append(f"| {day} | {kept_count} | 0 | | | | |")
            continue
        in50 = sum(row.lower50 <= row.observed <= row.upper50 for row in ours) / len(ours)
        in90 = sum(row.lower90 <= row.observed <= row.upper90 for row in ours) / len(ours)
        log, yard = (sum(row.wis_log for row in part) / len(part) for part in (ours, theirs))
        targets = len({row.target_id for row in ours})
        lines.append(f"| {day} | {kept_count} | {targets} | {in50:.0%} | {in90:.0%} | {log:.2f} | {yard:.2f} |")
    return "\n".join(lines) + "\n"
