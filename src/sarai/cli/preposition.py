"""`sarai preposition`: what to make ready where, under a budget."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

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
from sarai.cli.talk import say, step
from sarai.world.errors import Fault, RequestError

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
    day = parse_day(as_of) if as_of else None
    floors, ceilings = read_bounds(at_least or [], "--at-least"), read_bounds(at_most or [], "--at-most")
    from sarai.calibrate.calibrate import calibrate
    from sarai.cli.plan import read_table
    from sarai.forecast.make import make_forecast
    from sarai.observe.case_folder import load_case
    from sarai.plan.preposition import preposition
    from sarai.plan.supplies import default_supplies, parse_supplies
    from sarai.plan.unmet import figure_units, find_lines
    from sarai.reconcile.reconcile import reconcile

    table = parse_supplies(read_table(supplies, "--supplies"), supplies.name) if supplies else default_supplies()
    loaded = load_case(case)
    world = loaded.as_of(day or loaded.last_known())
    days = horizon or world.calendar.days_to_look_ahead(world.as_of)
    with step(f"Planning for {members} possible worlds"):
        picture = reconcile(world, sample_count=members, seed=seed)
        forecast = make_forecast(world, picture, calibrate(world), horizon_days=days, member_count=members, seed=seed)
        lines = find_lines(world, forecast, table)
        week = float(picture.flow[-7:].sum(axis=(0, 1)).mean()) if picture.days.size else 0.0
        asked = figure_units(lines, forecast, figure if figure is not None else week * days / 7)
        plan = preposition(lines, asked, budget_usd=budget, floors=floors, ceilings=ceilings)
    rows: list[dict[str, Any]] = [
        {
            "site": choice.site,
            "supply": choice.supply_id,
            "item": choice.item,
            "units": round(choice.units),
            "unit": choice.unit,
            "cost_usd": round(choice.cost_usd),
            "why": choice.why,
        }
        for choice in plan.choices
    ]
    from sarai.cli.whatif import write_rows

    write_rows(rows, out, False)
    share = plan.regret / plan.figure_regret if plan.figure_regret > 0.0 else 1.0
    say(
        f"{plan.spent_usd:,.0f} of {plan.budget_usd:,.0f} USD. Unmet need falls from {plan.unmet_nothing:,.0f} to "
        f"{plan.unmet_mean:,.0f} weighted person-days ({plan.unmet_worst_tenth:,.0f} in the worst tenth). Regret on "
        f"members held out: {share:.0%} of that of the single planning figure."
    )


def read_bounds(texts: list[str], option: str) -> dict[tuple[str, str], float]:
    """Least or most units written SITE:SUPPLY=UNITS. Raises RequestError with every fault."""
    floors: dict[tuple[str, str], float] = {}
    faults = []
    for text in texts:
        place, _, units = text.partition("=")
        site, _, supply = place.partition(":")
        if site and supply and units.replace(".", "", 1).isdigit():
            floors[site, supply] = float(units)
        else:
            faults.append(
                Fault(
                    column=option,
                    what="units of a supply at a site are written SITE:SUPPLY=UNITS",
                    found=text,
                    mend=f"for example {option} omari_camp:blankets=2000",
                )
            )
    if faults:
        raise RequestError(faults)
    return floors
