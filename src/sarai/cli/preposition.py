"""`sarai preposition`: what to make ready where, under a budget."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sarai.cli.facts import run_facts
from sarai.cli.known import read_known
from sarai.cli.options import (
    DEFAULT_SEED,
    AsOfOption,
    CaseArgument,
    LookAheadOption,
    MembersOption,
    OutFileOption,
    SeedOption,
    check_counts,
    parse_day,
)
from sarai.cli.talk import RESTRICTED, say, step
from sarai.cli.warm import ready_kernels

if TYPE_CHECKING:
    from sarai.plan.bounds import Bounds
    from sarai.plan.preposition import Preposition
    from sarai.plan.supplies import Supply
    from sarai.world.world import World

PLANNING_MEMBERS = 300


def register(app: typer.Typer) -> None:
    """Add the verb to the command."""
    app.command("preposition")(preposition_command)


def preposition_command(
    case: CaseArgument,
    budget: Annotated[float, typer.Option("--budget", metavar="USD", help="Money there is, in US dollars.")],
    as_of: AsOfOption = None,
    figure: Annotated[
        float | None,
        typer.Option(
            "--figure", metavar="PERSONS", help="Planning figure to compare with. Default: last week goes on."
        ),
    ] = None,
    at_least: Annotated[
        list[str] | None, typer.Option("--at-least", metavar="SITE:SUPPLY=UNITS", help="Least units; repeat for more.")
    ] = None,
    at_most: Annotated[
        list[str] | None, typer.Option("--at-most", metavar="SITE:SUPPLY=UNITS", help="Most units; repeat for more.")
    ] = None,
    in_place_by: Annotated[
        str | None,
        typer.Option(
            "--in-place-by", metavar="DATE", help="Day from which what is sent is there. Default: the next day."
        ),
    ] = None,
    by_order: Annotated[
        bool, typer.Option("--by-order", help="Nothing is there sooner than an order of the as-of day brings it.")
    ] = False,
    supplies: Annotated[
        Path | None, typer.Option("--supplies", metavar="FILE", help="Your own table of supplies and costs.")
    ] = None,
    horizon: LookAheadOption = None,
    members: MembersOption = PLANNING_MEMBERS,
    seed: SeedOption = DEFAULT_SEED,
    out: OutFileOption = None,
) -> None:
    """What to make ready where under a budget, so that least need stays unmet over all possible worlds.

    Half of the members choose the plan, the other half judge it against a plan for one planning figure.

    Example: sarai preposition pakistan-2023 --as-of 2023-10-28 --budget 2000000
    """
    check_counts(horizon_days=1 if horizon is None else horizon, members=members, seed=seed)
    from sarai.plan.bounds import Bounds, read_units
    from sarai.plan.in_place import days_until

    by = parse_day(in_place_by, "--in-place-by") if in_place_by else None
    bounds = Bounds(
        budget_usd=budget,
        floors=read_units(at_least or [], "--at-least"),
        ceilings=read_units(at_most or [], "--at-most"),
    )
    from sarai.cli.plan import read_table
    from sarai.plan.supplies import default_supplies, parse_supplies

    table = parse_supplies(read_table(supplies, "--supplies"), supplies.name) if supplies else default_supplies()
    world = read_known(case, as_of)
    days = horizon or world.calendar.days_to_look_ahead(world.as_of)
    first = days_until(world.as_of, by, days)
    ready_kernels()
    with step(f"Planning for {members} possible worlds"):
        plan, asked = _choose(world, table, bounds, (days, members, seed), figure, (first, by_order))
    facts = run_facts(world, "restricted", horizon=days, members=members, seed=seed, budget=budget, figure=asked, by=by)
    _tell(world, plan, asked, out, facts)


def _choose(
    world: World,
    table: Sequence[Supply],
    bounds: Bounds,
    size: tuple[int, int, int],
    figure: float | None,
    when: tuple[int, bool],
) -> tuple[Preposition, float]:
    """The plan and the planning figure that it is compared with. size: days, members, seed; when: as in find_lines."""
    from sarai.calibrate.calibrate import calibrate
    from sarai.forecast.make import make_forecast
    from sarai.plan.care import list_services
    from sarai.plan.in_place import list_days
    from sarai.plan.needs import find_demands
    from sarai.plan.preposition import preposition
    from sarai.plan.unmet import figure_units, find_lines, week_goes_on
    from sarai.reconcile.reconcile import reconcile

    days, members, seed = size
    picture = reconcile(world, sample_count=members, seed=seed)
    forecast = make_forecast(world, picture, calibrate(world), horizon_days=days, member_count=members, seed=seed)
    calendar = list_days(world.as_of + timedelta(days=1), days)
    services = list_services(world, find_demands(world, forecast), table, calendar)
    lines = find_lines(services, first=when[0], by_order=when[1])
    crossing = forecast.series["day crossings"]
    expected = float(crossing.samples[:, crossing.locations.index("all"), :].sum(axis=0).mean())
    asked = figure if figure is not None else week_goes_on(picture, days)
    return preposition(lines, figure_units(lines, expected, asked), bounds), asked


def _tell(world: World, plan: Preposition, asked: float, out: Path | None, facts: dict[str, str]) -> None:
    """Rows to the file or the screen; what the money does, and what holds it back, to the person."""
    from sarai.cli.whatif import write_rows
    from sarai.publish.preposition_table import preposition_rows, say_preposition

    write_rows(preposition_rows(plan, world.as_of), out, False, facts)
    say(say_preposition(plan, asked))
    for limit in plan.limits:
        say(limit)
    say(RESTRICTED)
