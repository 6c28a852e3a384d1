"""`sarai backtest`: forecasts from past origins on what was known then, scored against frozen targets."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sarai.cli.crew import ClusterOption, WorkersOption, check_workers, open_crew
from sarai.cli.options import (
    DEFAULT_HORIZON_DAYS,
    DEFAULT_LEVEL,
    DEFAULT_MEMBERS,
    HorizonOption,
    MembersOption,
    ReportLevelOption,
    check_counts,
    check_place,
    check_request,
    parse_days,
    read_text,
)
from sarai.cli.priors import PriorsOption, load_priors
from sarai.cli.talk import say
from sarai.world.errors import Fault, RequestError

if TYPE_CHECKING:
    from sarai.calibrate.past_priors import PastPriors
    from sarai.forecast.outside import OutsideForecast
    from sarai.forecast.score_row import ScoreRow
    from sarai.forecast.targets import Target
    from sarai.world.case import Case
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
        from sarai.forecast.backtest import MODELS, backtest
        from sarai.forecast.outside_scores import score_outside
        from sarai.publish.files import write_files
        from sarai.publish.reported import check_report_level, left_out_words

        names = tuple(dict.fromkeys(models.split(","))) if models else MODELS
        asked = Asked(list(dict.fromkeys(cases)), horizon=horizon, level=level, priors=priors, outside=outside or [])
        check_request(
            lambda: check_report_level(level),
            lambda: check_counts(horizon_days=horizon, members=members),
            lambda: check_workers(workers, cluster),
            lambda: check_models(names, MODELS, seeds, asked),
            lambda: parse_days(origins, "--origins"),
            lambda: check_place(json_file, "--json"),
            lambda: check_place(plots, "--plots", folder=True),
        )
        rows: list[ScoreRow] = []
        others: list[ScoreRow] = []
        tasks = read_tasks(asked, parse_days(origins, "--origins"), targets)
        with open_crew(workers, cluster) as crew:
            for task in tasks:
                if words := left_out_words(task.found_count, len(task.targets), level):
                    say(f"{task.name}: {words}")
                mine = backtest(
                    lambda day, task=task: apply_priors(task.case.as_of(day), task.learned),  # type: ignore[misc]
                    task.origins, task.targets, models=names, seeds=range(1, seeds + 1), horizon_days=horizon,
                    member_count=members, watch=lambda text, task=task: say(f"{task.name} {text}"), crew=crew,  # type: ignore[misc]
                )  # fmt: skip
                others += score_outside(task.outside, mine, task.targets, task.crossings, horizon)
                rows += mine
        if not rows:
            raise RequestError([nothing_due(task, horizon) for task in tasks])
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


@dataclass(frozen=True)
class Asked:
    """What a back-test was asked for, besides its days and models."""

    cases: list[str]
    horizon: int
    level: str
    priors: Path | None
    outside: list[Path]


@dataclass(frozen=True, kw_only=True)
class Task:
    """One case of a back-test: targets that may be told, of `found_count` found, and the origins to forecast from."""

    name: str
    case: Case
    crossings: list[str]
    learned: PastPriors | None
    outside: list[OutsideForecast]
    targets: tuple[Target, ...]
    found_count: int
    origins: list[date]


def read_tasks(asked: Asked, days: Sequence[date], targets: Path | None) -> list[Task]:
    """Every case of a back-test, read and checked before any of them is forecast; all faults of the targets at once."""
    from sarai.forecast.backtest import weekly_origins
    from sarai.forecast.targets import find_targets
    from sarai.forecast.targets_file import parse_targets, target_faults
    from sarai.observe.case_folder import load_case
    from sarai.publish.reported import tellable_targets

    frozen = parse_targets(read_text(targets, "--targets"), targets.name) if targets else None
    tasks: list[Task] = []
    faults: list[Fault] = list(frozen.faults) if frozen else []
    names: dict[str, str] = {}
    for name in asked.cases:
        case = load_case(name)
        if case.name in names:
            faults.append(Fault(column="CASE", what="two cases have the same name, and their scores would be mixed",
                                found=f"{names[case.name]}, {name}", wanted="folders of different names",
                                mend="rename one of the folders"))  # fmt: skip
        names[case.name] = name
        world = case.as_of(case.last_known())
        outside = read_outside_models(asked.outside, world)
        own = frozen.of_case(world.name) if frozen else None
        found = find_targets(world) if own is None else own.targets
        origins = list(days) or sorted({f.reference_date for f in outside}) or weekly_origins(found, asked.horizon)
        faults += target_faults(own, world, min(origins, default=None)) if own else []
        tasks.append(
            Task(name=name, case=case, crossings=[x.place_id for x in world.crossings],
                 learned=load_priors(asked.priors, case), outside=outside, origins=origins,
                 targets=tellable_targets(found, asked.level) if not faults else (), found_count=len(found))
        )  # fmt: skip
    if faults:
        raise RequestError(sorted(faults, key=lambda fault: fault.row))
    return tasks


def nothing_due(task: Task, horizon: int) -> Fault:
    """Why no target of a case can be scored from the origins that were asked for."""
    if not task.targets:
        left_out = task.found_count > 0
        return Fault(file=task.name, what="no report of this case can be scored",
                     wanted="a count of everybody in persons, with the day on which it became known",
                     mend="ask for --level confidential" if left_out else "see `sarai targets --help`")  # fmt: skip
    first, last = min(t.end for t in task.targets), max(t.start for t in task.targets)
    wanted = f"days from {first - timedelta(days=horizon)} to {last - timedelta(days=1)}"
    said = ", ".join(day.isoformat() for day in task.origins[:3]) + (" ..." if len(task.origins) > 3 else "")
    return Fault(file=task.name, column="--origins", what=f"no target lies within {horizon} days after these origins",
                 found=said, wanted=wanted, mend="choose other origins, or more days with --horizon")  # fmt: skip


def check_models(names: Sequence[str], known: Sequence[str], seeds: int, asked: Asked) -> None:
    """Refuse unknown models, no seeds, and outside models for several cases, all at once."""
    unknown = [name for name in names if name not in known]
    faults = []
    if unknown:
        faults.append(Fault(column="--models", what="no such model", found=", ".join(unknown), wanted=", ".join(known)))
    if seeds < 1:
        faults.append(Fault(column="--seeds", what="no seeds", found=str(seeds), wanted="1 or more"))
    if asked.outside and len(asked.cases) > 1:
        faults.append(Fault(column="--outside", what="an outside forecast speaks of one case",
                            found=", ".join(asked.cases), wanted="one case",
                            mend="run the back-test once for each case"))  # fmt: skip
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
    from sarai.forecast.summary import plain_text, summarise, summary_text

    if all(row.model in ("pool", "law") for row in rows):
        for case_name in sorted({row.case for row in rows}):
            typer.echo(f"{case_name}\n\n{plain_text([row for row in rows if row.case == case_name])}")
        say("No baseline was asked for, so there is no ratio.")
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
