"""`sarai backtest`: forecasts from past origins on what was known then, scored against frozen targets."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from sarai.cli.options import (
    DEFAULT_HORIZON_DAYS,
    DEFAULT_MEMBERS,
    HorizonOption,
    MembersOption,
    check_counts,
    parse_day,
    read_text,
)
from sarai.cli.priors import PriorsOption, load_priors
from sarai.cli.talk import say
from sarai.world.errors import Fault, RequestError

CasesArgument = Annotated[list[str], typer.Argument(metavar="CASE...", help="Built-in cases or case folders.")]
OriginsOption = Annotated[
    str, typer.Option("--origins", metavar="DATES", help="Origins, comma-separated. Default: each week with targets.")
]
TargetsOption = Annotated[
    Path | None, typer.Option("--targets", metavar="FILE", help="Frozen targets. Default: found by the rules.")
]
ModelsOption = Annotated[
    str, typer.Option("--models", metavar="NAMES", help="Models, comma-separated. Default: pool, law, all baselines.")
]
SeedsOption = Annotated[int, typer.Option("--seeds", metavar="N", help="How many seeds, from 1.")]
JsonOption = Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write every score as JSON rows.")]


def register(app: typer.Typer) -> None:
    """Add the verb `backtest`."""

    @app.command("backtest")
    def backtest_cases(
        cases: CasesArgument,
        origins: OriginsOption = "",
        targets: TargetsOption = None,
        models: ModelsOption = "",
        seeds: SeedsOption = 1,
        horizon: HorizonOption = DEFAULT_HORIZON_DAYS,
        members: MembersOption = DEFAULT_MEMBERS,
        json_file: JsonOption = None,
        priors: PriorsOption = None,
    ) -> None:
        """Scores of forecasts made at past origins: weighted interval score, ratios to baselines, coverage.

        Example: sarai backtest pakistan-2023 --origins 2023-10-15,2023-10-29 --seeds 2 --json scores.json
        """
        from sarai.calibrate.priors_file import apply_priors
        from sarai.forecast.backtest import MODELS, ScoreRow, backtest, weekly_origins
        from sarai.forecast.summary import summarise, summary_text
        from sarai.forecast.targets import check_targets, find_targets, parse_targets
        from sarai.observe.case_folder import load_case
        from sarai.publish.files import write_files

        check_counts(horizon_days=horizon, members=members, seed=seeds)
        names = tuple(models.split(",")) if models else MODELS
        unknown = [name for name in names if name not in MODELS]
        if unknown or seeds < 1:
            raise RequestError(
                Fault(column="--models" if unknown else "--seeds", what="no such model" if unknown else "no seeds",
                      found=", ".join(unknown) or str(seeds), wanted=", ".join(MODELS) if unknown else "1 or more")
            )  # fmt: skip
        days = [parse_day(text.strip(), "--origins") for text in origins.split(",") if text.strip()]
        frozen = parse_targets(read_text(targets, "--targets"), targets.name) if targets else None
        rows: list[ScoreRow] = []
        for case in cases:
            loaded = load_case(case)
            learned = load_priors(priors, loaded)
            world = loaded.as_of(loaded.last_known())
            found = find_targets(world) if frozen is None else tuple(t for t in frozen if t.case == world.name)
            chosen = days or weekly_origins(found, horizon)
            if frozen is not None and chosen:
                check_targets(found, world, min(chosen))
            rows += backtest(
                lambda day, loaded=loaded, learned=learned: apply_priors(loaded.as_of(day), learned),  # type: ignore[misc]
                chosen, found, models=names, seeds=range(1, seeds + 1), horizon_days=horizon,
                member_count=members, watch=lambda text, case=case: say(f"{case} {text}"),  # type: ignore[misc]
            )  # fmt: skip
        if not rows:
            raise RequestError(
                Fault(what="no target lies after these origins", wanted="earlier origins or more targets")
            )
        if json_file is not None:
            data = json.dumps([row_record(row) for row in rows], indent=0).encode()
            say(str(write_files(json_file.parent, {json_file.name: data})[0]))
        if any(name not in ("pool", "law") for name in names):
            for case_name in sorted({row.case for row in rows}):
                typer.echo(f"{case_name}\n")
                typer.echo(summary_text(summarise([row for row in rows if row.case == case_name])))
        else:
            say("No baseline was asked for, so there is no ratio; the scores are in the JSON file.")


def row_record(row: object) -> dict[str, object]:
    """One score row as plain values for JSON."""
    from dataclasses import asdict

    return {
        key: value.isoformat() if isinstance(value, date) else list(value) if isinstance(value, tuple) else value
        for key, value in asdict(row).items()  # type: ignore[call-overload]
    }
