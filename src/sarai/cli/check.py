"""`sarai check`: everything that is wrong with a case, and everything that it leaves to assumptions."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from sarai.cli.options import AsOfOption, CaseArgument, parse_day

if TYPE_CHECKING:
    from sarai.world.world import World


def register(app: typer.Typer) -> None:
    """Add the verb `check`."""

    @app.command("check")
    def check_case_folder(
        case: CaseArgument,
        as_of: AsOfOption = None,
        as_json: Annotated[bool, typer.Option("--json", help="Write the faults as JSON.")] = False,
    ) -> None:
        """Check a case folder: name every fault in one go, then what is taken for granted. Writes nothing.

        Exit code 0 when the case can be used, 2 when it has faults.

        Example: sarai check pakistan-2023
        """
        from sarai.model.build_faults import world_faults
        from sarai.observe.case_folder import check_folder, load_case
        from sarai.world.errors import CaseError

        day = parse_day(as_of) if as_of else None
        if as_json:
            faults = check_folder(case)
            typer.echo(json.dumps([asdict(fault) for fault in faults], indent=2, ensure_ascii=False))
            if faults:
                raise typer.Exit(code=2)
            return
        loaded = load_case(case)
        world = loaded.as_of(day or loaded.last_known())
        late = list(world_faults(world))
        if late:
            raise CaseError(late)
        typer.echo(f"{loaded.name}: no fault found")
        for line in describe_world(world):
            typer.echo(line)


def describe_world(world: World) -> list[str]:
    """What a case holds, what is not known, what deserves a second look, and every assumption; one line each."""
    from sarai.reconcile.kinds import count_class

    reports = world.reports
    series = len({report.series for report in reports})
    lines = [
        f"{len(reports)} reports in {series} series, {len(world.strata)} strata, "
        f"{len(world.places_of('crossing'))} crossings, {len(world.stages)} stages of reception, "
        f"{len(world.calendar.waves)} waves, known on {world.as_of.isoformat()}"
    ]
    unknown = [stage.id for stage in world.stages if stage.capacity.value is None]
    assumed = [stage.id for stage in world.stages if stage.capacity.assumed]
    nowhere = [place.id for place in world.places.values() if place.lat is None or place.lon is None]
    kinds = sorted({report.kind for report in reports if count_class(report.kind)[0] == "none"})
    published = {name: source.published for name, source in world.sources.items()}
    early = [r for r in reports if (day := published.get(r.source_id)) is not None and r.known < day]
    notes = (
        ("capacity not known", unknown),
        ("capacity assumed", assumed),
        ("no coordinates", nowhere),
        ("kinds of report that count something other than crossings", kinds),
        ("reports known before their source was published", [f"{r.end.isoformat()} {r.series}" for r in early]),
        ("no report yet", ["a first forecast stands on the announcement alone"] if not reports else []),
    )
    lines += [f"{words}: {', '.join(names)}" for words, names in notes if names]
    return lines + [f"assumed {line}" for line in world.assumptions]
