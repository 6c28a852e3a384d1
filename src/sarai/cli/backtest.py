"""`sarai backtest`: forecasts from past origins on what was known then, scored against frozen targets."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sarai.cli.crew import ClusterOption, WorkersOption, open_crew
from sarai.cli.options import (
    DEFAULT_HORIZON_DAYS,
    DEFAULT_LEVEL,
    DEFAULT_MEMBERS,
    HorizonOption,
    MembersOption,
    ReportLevelOption,
    check_counts,
    parse_day,
    read_text,
)
from sarai.cli.priors import PriorsOption, load_priors
from sarai.cli.talk import say
from sarai.world.errors import Fault, RequestError

if TYPE_CHECKING:
    from sarai.forecast.outside import OutsideForecast
    from sarai.forecast.score_row import ScoreRow
    from sarai.world.world import World

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
OutsideOption = Annotated[
    list[Path] | None,
    typer.Option("--outside", metavar="PATH", help="Model output of others: a hub's folder, or one file; repeatable."),
]
PlotsOption = Annotated[
    Path | None, typer.Option("--plots", metavar="FOLDER", help="Draw scores by origin, PIT and reliability as SVG.")
]
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
        outside: OutsideOption = None,
        plots: PlotsOption = None,
        workers: WorkersOption = 1,
        cluster: ClusterOption = None,
        level: ReportLevelOption = DEFAULT_LEVEL,
    ) -> None:
        """Scores of forecasts made at past origins: weighted interval score, ratios to baselines, coverage.

        A score beside its forecast tells the count: reports of few people are scored with --level confidential only.

        Example: sarai backtest pakistan-2023 --origins 2023-10-15,2023-10-29 --seeds 2 --json scores.json
        """
        from sarai.calibrate.priors_file import apply_priors
        from sarai.forecast.backtest import MODELS, backtest, weekly_origins
        from sarai.forecast.outside_scores import score_outside
        from sarai.forecast.targets import find_targets
        from sarai.forecast.targets_file import check_targets, parse_targets
        from sarai.observe.case_folder import load_case
        from sarai.publish.files import write_files
        from sarai.publish.reported import check_report_level, left_out_words, tellable_targets

        check_report_level(level)
        check_counts(horizon_days=horizon, members=members, seed=seeds)
        names = tuple(models.split(",")) if models else MODELS
        check_request(names, MODELS, seeds, cases, outside)
        days = [parse_day(text.strip(), "--origins") for text in origins.split(",") if text.strip()]
        frozen = parse_targets(read_text(targets, "--targets"), targets.name) if targets else None
        rows: list[ScoreRow] = []
        others: list[ScoreRow] = []
        with open_crew(workers, cluster) as crew:
            for case in cases:
                loaded = load_case(case)
                learned = load_priors(priors, loaded)
                world = loaded.as_of(loaded.last_known())
                forecasts = read_outside_models(outside or [], world)
                found = find_targets(world) if frozen is None else tuple(t for t in frozen if t.case == world.name)
                chosen = days or sorted({f.reference_date for f in forecasts}) or weekly_origins(found, horizon)
                if frozen is not None and chosen:
                    check_targets(found, world, min(chosen))
                told = tellable_targets(found, level)
                if words := left_out_words(len(found), len(told), level):
                    say(f"{case}: {words}")
                mine = backtest(
                    lambda day, loaded=loaded, learned=learned: apply_priors(loaded.as_of(day), learned),  # type: ignore[misc]
                    chosen, told, models=names, seeds=range(1, seeds + 1), horizon_days=horizon,
                    member_count=members, watch=lambda text, case=case: say(f"{case} {text}"), crew=crew,  # type: ignore[misc]
                )  # fmt: skip
                crossings = [crossing.place_id for crossing in world.crossings]
                others += score_outside(forecasts, mine, told, crossings, horizon)
                rows += mine
        if not rows:
            raise RequestError(
                Fault(what="no target lies after these origins", wanted="earlier origins or more targets")
            )
        if json_file is not None:
            data = json.dumps([row_record(row, level) for row in (*rows, *others)], indent=0).encode()
            say(str(write_files(json_file.parent, {json_file.name: data})[0]))
        if plots is not None:
            from sarai.publish.score_charts import score_charts

            drawn = {
                f"{case}-{name}": svg.encode()
                for case in sorted({row.case for row in rows})
                for name, svg in score_charts([row for row in rows if row.case == case]).items()
            }
            for file in write_files(plots, drawn):
                say(str(file))
        print_tables(rows, others, bool(outside))


def check_request(
    names: Sequence[str], known: Sequence[str], seeds: int, cases: Sequence[str], outside: Sequence[Path] | None
) -> None:
    """Refuse unknown models, no seeds, and outside models for several cases, all at once."""
    unknown = [name for name in names if name not in known]
    faults = []
    if unknown:
        faults.append(Fault(column="--models", what="no such model", found=", ".join(unknown), wanted=", ".join(known)))
    if seeds < 1:
        faults.append(Fault(column="--seeds", what="no seeds", found=str(seeds), wanted="1 or more"))
    if outside and len(cases) > 1:
        faults.append(Fault(column="--outside", what="an outside forecast speaks of one case", found=", ".join(cases),
                            wanted="one case", mend="run the back-test once for each case"))  # fmt: skip
    if faults:
        raise RequestError(faults)


def read_outside_models(paths: Sequence[Path], world: World) -> list[OutsideForecast]:
    """Every outside forecast for a case; the faults of all files at once."""
    from sarai.forecast.backtest import MODELS
    from sarai.forecast.hub_folder import read_models

    found: list[OutsideForecast] = []
    faults: list[Fault] = []
    locations = [crossing.place_id for crossing in world.crossings]
    for path in paths:
        try:
            found += read_models(path, locations, MODELS)
        except RequestError as error:
            faults += error.faults
    if faults:
        raise RequestError(faults)
    return found


def print_tables(rows: Sequence[ScoreRow], others: Sequence[ScoreRow], asked: bool) -> None:
    """The table of each case, then one for each outside model on the targets that it answers."""
    from sarai.forecast.operations_text import operations_text
    from sarai.forecast.outside_scores import shared_rows
    from sarai.forecast.summary import summarise, summary_text

    if all(row.model in ("pool", "law") for row in rows):
        say("No baseline was asked for, so there is no ratio; the scores are in the JSON file.")
        return
    for case_name in sorted({row.case for row in rows}):
        typer.echo(f"{case_name}\n")
        mine = [row for row in rows if row.case == case_name]
        typer.echo(summary_text(summarise(mine)))
        typer.echo(operations_text(mine))
    for model in sorted({row.model for row in others}):
        shared = shared_rows([row for row in others if row.model == model], rows)
        typer.echo(f"{model}, on the targets that it answers\n")
        typer.echo(summary_text(summarise(shared)))
    if asked and not others:
        say("No outside forecast answers a target: reference dates, windows and crossings must be those of a target.")


def row_record(row: object, sensitivity: str) -> dict[str, object]:
    """One score row as plain values for JSON, with the level that it may be told at."""
    from dataclasses import asdict

    values = {
        key: value.isoformat() if isinstance(value, date) else list(value) if isinstance(value, tuple) else value
        for key, value in asdict(row).items()  # type: ignore[call-overload]
    }
    return {**values, "sensitivity": sensitivity}
