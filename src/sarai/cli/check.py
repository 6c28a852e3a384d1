"""`sarai check`: everything that is wrong with a case, and everything that it leaves to assumptions."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from sarai.cli.options import AsOfOption, CaseArgument, parse_day


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
        typer.echo(
            f"{len(world.reports)} reports in {len({r.series for r in world.reports})} series, "
            f"{len(world.strata)} strata, {len(world.places_of('crossing'))} crossings, {len(world.stages)} stages of "
            f"reception, {len(world.calendar.waves)} waves, known on {world.as_of.isoformat()}"
        )
        unknown = [stage.id for stage in world.stages if stage.capacity.value is None]
        assumed = [stage.id for stage in world.stages if stage.capacity.assumed]
        if unknown:
            typer.echo(f"capacity not known: {', '.join(unknown)}")
        if assumed:
            typer.echo(f"capacity assumed: {', '.join(assumed)}")
        for line in world.assumptions:
            typer.echo(f"assumed {line}")
