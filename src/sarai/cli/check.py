"""`sarai check`: everything that is wrong with a case, and everything that it leaves to assumptions."""

from __future__ import annotations

import json
from dataclasses import asdict
from itertools import combinations
from typing import TYPE_CHECKING, Annotated

import typer

from sarai.cli.options import AsOfOption, CaseArgument, parse_day
from sarai.cli.talk import say, step

if TYPE_CHECKING:
    from sarai.forecast.width import Cost
    from sarai.world.world import World


def register(app: typer.Typer) -> None:
    """Add the verb `check`."""

    @app.command("check")
    def check_case_folder(
        case: CaseArgument,
        as_of: AsOfOption = None,
        as_json: Annotated[bool, typer.Option("--json", help="Write the faults as JSON.")] = False,
        width: Annotated[
            bool, typer.Option("--width", help="Reckon what each unknown costs in the width of the forecast.")
        ] = False,
    ) -> None:
        """Check a case folder: name every fault in one go, then what is not known yet. Writes nothing.

        What is not known comes with the most useful first: what is assumed until then, what to write where, and what
        it bears on. With --width the law is fitted and run, which takes some seconds.

        Exit code 0 when the case can be used, 2 when it has faults.

        Example: sarai check pakistan-2023

        Example: sarai check teaching --as-of 2031-04-01 --width
        """
        from sarai.model.build_faults import world_faults
        from sarai.observe.case_folder import check_folder, load_case
        from sarai.world.errors import CaseError

        day = parse_day(as_of) if as_of else None
        if as_json:
            faults = check_folder(case)
            if not faults:
                known = load_case(case)
                faults = list(world_faults(known.as_of(day or known.last_known())))
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
        if width:
            typer.echo("\n".join(["", *width_lines(world)]))
        else:
            say(f"What each unknown costs in the width of the forecast: sarai check {case} --width")


def describe_world(world: World) -> list[str]:
    """What a case holds, what is not known yet, what deserves a second look, and every assumption; one line each."""
    from sarai.reconcile.kinds import count_class
    from sarai.world.completeness import gap_lines, list_gaps

    reports = world.reports
    series = len({report.series for report in reports})
    lines = [
        f"{len(reports)} reports in {series} series, {len(world.strata)} strata, "
        f"{len(world.places_of('crossing'))} crossings, {len(world.stages)} stages of reception, "
        f"calls to leave: {len(world.calendar.waves)}, known on {world.as_of.isoformat()}"
    ]
    gaps = gap_lines(list_gaps(world))
    lines += ["", "NOT KNOWN YET, most useful first", *gaps] if gaps else []
    assumed = [stage.id for stage in world.stages if stage.capacity.assumed]
    kinds = sorted({report.kind for report in reports if count_class(report.kind)[0] == "none"})
    published = {name: source.published for name, source in world.sources.items()}
    early = [r for r in reports if (day := published.get(r.source_id)) is not None and r.known < day]
    notes = (
        ("capacity assumed", assumed),
        ("kinds of report that count something other than crossings", kinds),
        ("calls to leave of the same people at the same time", rival_calls(world)),
        ("enforcement before the deadline", [w.id for w in world.calendar.waves if w.enforcement < w.deadline]),
        ("reports known before their source was published", [f"{r.end.isoformat()} {r.series}" for r in early]),
    )
    look = [f"{words}: {', '.join(names)}" for words, names in notes if names]
    lines += ["", "WORTH A SECOND LOOK", *look] if look else []
    return [*lines, "", "ASSUMED", *world.assumptions] if world.assumptions else lines


def rival_calls(world: World) -> list[str]:
    """Pairs of calls that name some of the same people, one made before the deadline of the other had passed.

    The law takes them for two phases; a new deadline for an old call is a change of it.
    """
    calls = sorted((w for w in world.calendar.waves if not w.withdrawn), key=lambda wave: (wave.announced, wave.id))
    return [
        f"{first.id} and {second.id}"
        for first, second in combinations(calls, 2)
        if second.announced <= first.deadline
        and set(first.statuses) & set(second.statuses)
        and (not first.origins or not second.origins or set(first.origins) & set(second.origins))
    ]


def width_lines(world: World) -> list[str]:
    """What each group of unknowns costs, and the next best thing to find out."""
    from sarai.calibrate.calibrate import calibrate
    from sarai.forecast.width import cost_of_not_knowing

    with step("Fitting the law and running it ahead"):
        costs = cost_of_not_knowing(calibrate(world))
    lines = ["WHAT NOT KNOWING COSTS, of persons who cross in the next 28 days (the law alone, nine times in ten)"]
    for outcome in dict.fromkeys(cost.outcome for cost in costs):
        of_one = [cost for cost in costs if cost.outcome == outcome]
        name = "all crossings" if outcome == "all" else outcome
        lines.append(f"{name}: the upper end is {times(of_one[0].ratio)} the lower one, and would be")
        lines += [f"  {times(c.ratio_known)} {FOUND_OUT[c.group][0]}" for c in of_one if _narrows(c)]
    best = next((cost for cost in costs if _narrows(cost) and FOUND_OUT[cost.group][1]), None)
    if best is not None:
        lines.append(f"Next best thing to find out: {FOUND_OUT[best.group][1]}")
    return [
        *lines,
        "Distances, routing and hours of work are taken as certain here, so their error is not in these bands.",
    ]


def _narrows(cost: Cost) -> bool:
    """Whether knowing a group would narrow the band by more than the words can tell from nothing."""
    return cost.explained >= LEAST_PART and times(cost.ratio_known) != times(cost.ratio)


def times(ratio: float) -> str:
    """A ratio in words; beyond a thousand its size says nothing more."""
    return "more than 1,000 times" if ratio > 1000 else f"{ratio:.1f} times"


LEAST_PART = 0.02  # parts of the variance below this are not told apart from none
# group of forecast/width.py: what would be known, and what a person can do about it
FOUND_OUT = {
    "people": (
        "if it were known how many people are concerned",
        "a narrower range of the people concerned, by province and status (population in case.yaml)",
    ),
    "leavers": (
        "if it were known how many of them will leave in the end",
        "what people intend, from surveys of groups (at_risk_fraction under settings in case.yaml)",
    ),
    "pace": (
        "if it were known how fast people leave around the deadline",
        "daily counts, at least at the busiest crossing: each one narrows the pace (sarai add, sarai ingest)",
    ),
    "crossings": (
        "if it were known which crossing people choose",
        "counts crossing by crossing, not only of the whole border",
    ),
    "capacity": (
        "if it were known what each crossing can process in a day",
        "hours and desks of the crossings (service in case.yaml)",
    ),
    "surprise": ("if no day brought a surprise: nobody can know this ahead, only count soon", ""),
}
