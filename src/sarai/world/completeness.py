"""What a case does not know yet, most useful first: what is assumed until then, and what to write where."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sarai.world.reopened import counted_open
from sarai.world.world import World

STALE_DAYS = 7  # a daily operation without a count for a week is blind
SHOWN = 4


@dataclass(frozen=True, kw_only=True)
class Gap:
    """One thing that is not known.

    what     what is missing        until    what is taken for granted until then, with the assumption's number
    mend     what to write where    acts_on  which results it bears on
    """

    what: str
    until: str
    mend: str
    acts_on: str


def list_gaps(world: World) -> list[Gap]:
    """Every gap of a case as known on a day; counts and people first, for the forecast rests on them."""
    finders: Sequence[Callable[[World], Iterator[Gap]]] = (
        _counts, _people, _calendar, _closures, _crossings, _reception, _destinations, _roads, _series,
    )  # fmt: skip
    return [gap for find in finders for gap in find(world)]


def gap_lines(gaps: Sequence[Gap]) -> list[str]:
    """The gaps as plain text, numbered."""
    lines = []
    for number, gap in enumerate(gaps, start=1):
        lines += [f"{number:>2} {gap.what}", f"   until then  {gap.until}"]
        lines += [f"   bears on    {gap.acts_on}", f"   mend        {gap.mend}"]
    return lines


def _names(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def _counts(world: World) -> Iterator[Gap]:
    mend = f"sarai add {world.name} --crossing ... --from DATE --persons N --source desk, or sarai ingest"
    if not world.reports:
        yield Gap(
            what="no count of crossings", mend=mend, acts_on="everything",
            until="a first forecast stands on the announcement and on borrowed ranges alone",
        )  # fmt: skip
        return
    days = (world.as_of - max(report.end for report in world.reports)).days
    if days > STALE_DAYS:
        yield Gap(
            what=f"no count for {days} days", mend=mend, acts_on="everything",
            until="the past days are carried over from the days before",
        )  # fmt: skip
    counted = {name for report in world.reports for name in report.crossing.split("+")}
    silent = [place.id for place in world.places_of("crossing") if place.id not in counted]
    if silent:
        until = "they share in totals of the border, else they are taken for small (A61)"
        if counted == {"all"}:
            until = "only the border as a whole is counted: the split rests on distance (A85, A87)"
        yield Gap(
            what=f"no count of its own at {_names(silent)}", until=until, mend=mend,
            acts_on="the split over crossings, sites",
        )  # fmt: skip


def _people(world: World) -> Iterator[Gap]:
    basis = {stratum.basis.assumption for stratum in world.strata}
    mend = "population: {low: ..., high: ...} in case.yaml, with its source"
    if "A7" in basis:
        yield Gap(
            what="no range of the people concerned", until="10,000 to 3,000,000 persons (A7)",
            mend=mend, acts_on="every figure ahead",
        )  # fmt: skip
    elif "A6" in basis and len(world.strata) > 1:
        yield Gap(
            what="the people concerned by province and status", mend="population: as a list",
            until="one range is spread evenly (A6)", acts_on="the split over crossings, destinations",
        )  # fmt: skip


def _calendar(world: World) -> Iterator[Gap]:
    if not world.calendar.waves:
        yield Gap(
            what="no announcement with a deadline", until="the usual movement goes on",
            mend="nothing, where there is none; else calendar: waves: in case.yaml", acts_on="when people come",
        )  # fmt: skip


def _closures(world: World) -> Iterator[Gap]:
    counted = counted_open(world)
    open_end = [closure for closure in world.calendar.closures if closure.end is None]
    shut = sorted({closure.crossing for closure in open_end if closure.fraction_closed >= 1.0} - counted.keys())
    if counted:
        since = ", ".join(f"{name} since {day}" for name, day in sorted(counted.items()))
        yield Gap(
            what=f"until when {_names(sorted(counted))} was shut", mend="end: of the closure in case.yaml",
            until=f"open where people are counted: {since} (A349)", acts_on="the days before those counts",
        )  # fmt: skip
    if shut:
        yield Gap(
            what=f"until when {_names(shut)} is shut",
            until="opens again as past closures did, given how long it has been shut",
            mend="end: of the closure in case.yaml",
            acts_on="every figure at the crossing, and the others that take its people",
        )  # fmt: skip


def _crossings(world: World) -> Iterator[Gap]:
    assumed = [crossing.place_id for crossing in world.crossings if crossing.basis.assumption == "A5"]
    if assumed:
        yield Gap(
            what=f"hours and desks of {_names(assumed)}", until="12,000 persons a day (A5)",
            mend="service: of the crossing in case.yaml", acts_on="queues and waits",
        )  # fmt: skip


def _reception(world: World) -> Iterator[Gap]:
    if all(stage.basis.assumption == "A11" for stage in world.stages):
        yield Gap(
            what="who receives people where", until="one zero point for each crossing (A11)",
            mend="sites:, stages:, routing: in case.yaml", acts_on="sites, needs, breach days",
        )  # fmt: skip
        return
    unknown = [stage.id for stage in world.stages if stage.capacity.value is None]
    if unknown:
        yield Gap(
            what=f"capacity of {_names(unknown)}", until="the load is shown, no breach day",
            mend="capacity: of the stage in case.yaml, or a row of capacity.csv", acts_on="breach days",
        )  # fmt: skip


def _destinations(world: World) -> Iterator[Gap]:
    if any(share.basis.assumption == "A10" for share in world.destination_shares):
        yield Gap(
            what="where people go on to", until="shares fall with distance (A10)",
            mend="destination_shares: in case.yaml, from a survey of intentions", acts_on="provinces of return",
        )  # fmt: skip


def _roads(world: World) -> Iterator[Gap]:
    nowhere = sorted(p.id for p in world.places.values() if p.lat is None and p.basis.assumption != "A11")
    if nowhere:
        yield Gap(
            what=f"coordinates of {_names(nowhere)}", until="300 km of road (A4)",
            mend="lat: and lon: of the place in case.yaml",
            acts_on="days on the road, the split over crossings, the map",
        )  # fmt: skip
    straight = sum(route.basis.assumption == "A2" for route in world.routes)
    if straight:
        yield Gap(
            what=f"{straight} of {len(world.routes)} road distances",
            until="1.3 times the straight line (A2)", mend="routes.csv", acts_on="days on the road",
        )  # fmt: skip


def _series(world: World) -> Iterator[Gap]:
    publishers = {report.series for report in world.reports}
    if len(publishers) == 1:
        yield Gap(
            what="a second, independent count",
            until="the bias of the only series is assumed (A13, A50)",
            mend="counts of another organisation, as they are; never one corrected by the other", acts_on="the past",
        )  # fmt: skip
