"""What must hold before a law can be built from a case; every breach is named before the first step."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sarai.model.roads import build_roads, constant, route_faults
from sarai.model.routing import ONWARD, share_faults, unreachable_fault
from sarai.model.table import parameter_table, setting_bounds
from sarai.world.errors import Fault
from sarai.world.world import World


def world_faults(world: World) -> Iterator[Fault]:
    """Everything that keeps a case from becoming a law, in the order of the case's tables."""
    yield from number_faults(world)
    yield from name_faults(world)
    yield from calendar_faults(world)
    yield from route_faults(world)
    yield from share_faults(world)
    yield from setting_faults(world)
    yield from reach_faults(world)


def bad_number(value: float | None, low: float = 0.0, high: float = math.inf) -> bool:
    """True for a number that is not finite or lies outside [low, high]. None (not known) is fine."""
    return value is not None and not (math.isfinite(value) and low <= value <= high)


def number_fault(file: str, column: str, what: str, value: float | None, wanted: str) -> Fault:
    """One number that cannot be."""
    return Fault(file=file, column=column, what=what, found=repr(value), wanted=wanted, mend="correct the row")


def number_faults(world: World) -> Iterator[Fault]:
    """Negative, non-finite or uncountable populations, capacities, hours, stays."""
    most = parameter_table()["population"].high
    for stratum in world.strata:
        low, high = stratum.low_persons, stratum.high_persons
        if bad_number(low) or bad_number(high, high=most) or low > high:
            what = f"range of persons of stratum {stratum.origin}, {stratum.status} is no range"
            yield Fault(
                file="population.csv",
                column="low_persons",
                what=what,
                found=f"{low} to {high}",
                wanted=f"0 <= low <= high <= {most:,.0f}",
                mend="correct the row",
            )
    for crossing in world.crossings:
        name = crossing.place_id
        for column in ("desks", "persons_desk_hour", "service_log_sd"):
            if bad_number(getattr(crossing, column)):
                value = getattr(crossing, column)
                yield number_fault("case.yaml", column, f"crossing {name}: no usable {column}", value, "0 or more")
        yield from hour_faults(f"crossing {name}", crossing.opens_hour, crossing.closes_hour)
    for stage in world.stages:
        if bad_number(stage.capacity.value):
            yield number_fault(
                "case.yaml", "capacity", f"stage {stage.id}: no usable capacity", stage.capacity.value, "0 or more"
            )
        if bad_number(stage.stay_days):
            yield number_fault("case.yaml", "stay_days", f"stage {stage.id}: no usable stay", stage.stay_days, ">= 0")
        yield from hour_faults(f"stage {stage.id}", stage.opens_hour, stage.closes_hour)
    for centre in world.holding:
        for column, value in (("capacity", centre.capacity.value), ("stay_days", centre.stay_days)):
            if bad_number(value):
                yield number_fault(
                    "case.yaml", column, f"holding centre {centre.id}: no usable {column}", value, ">= 0"
                )
    for closure in world.calendar.closures:
        if not 0.0 < closure.fraction_closed <= 1.0:
            yield number_fault(
                "case.yaml",
                "fraction_closed",
                f"closure of {closure.crossing} from {closure.start}: no usable fraction",
                closure.fraction_closed,
                "above 0, at most 1",
            )


def hour_faults(what: str, opens: float, closes: float) -> Iterator[Fault]:
    """Opening hours that are no hours, or close before they open."""
    if bad_number(opens, 0.0, 24.0) or bad_number(closes, 0.0, 24.0) or opens >= closes:
        yield Fault(
            file="case.yaml",
            column="opens_hour",
            what=f"{what}: opening hours make no sense",
            found=f"{opens} to {closes}",
            wanted="0 <= opens < closes <= 24, local hours",
            mend="write 0 and 24 for a place that never closes",
        )


def name_faults(world: World) -> Iterator[Fault]:
    """Ids that stand twice, or name nothing that there is."""
    statuses, stages = {s.id for s in world.statuses}, {s.id for s in world.stages}
    crossings, origins = {c.place_id for c in world.crossings}, {s.origin for s in world.strata}
    for what, ids in (
        ("status", [s.id for s in world.statuses]),
        ("stage", [s.id for s in world.stages]),
        ("crossing", [c.place_id for c in world.crossings]),
        ("wave", [w.id for w in world.calendar.waves]),
        ("stratum", [f"{s.origin}, {s.status}" for s in world.strata]),
    ):
        for name in sorted({one for one in ids if ids.count(one) > 1} if len(set(ids)) < len(ids) else ()):
            yield Fault(what=f"{what} {name} stands more than once", found=name, mend="take out the repeated entry")
    if not crossings:
        yield Fault(what="the case has no crossing", wanted="one crossing or more", mend="add one to case.yaml")
    if not world.strata:
        yield Fault(what="the case has no population", wanted="one stratum or more", mend="add a row to population.csv")
    if stages & crossings:
        both = ", ".join(sorted(stages & crossings))
        yield Fault(what="a stage and a crossing share an id", found=both, mend="rename the stage")
    for where, column, ids, known in (
        ("population.csv", "status", [s.status for s in world.strata], statuses),
        ("calendar", "crossing", [c.crossing for c in world.calendar.closures], crossings),
        ("calendar", "statuses", [s for w in world.calendar.waves for s in w.statuses], statuses | {"all"}),
        ("calendar", "origins", [o for w in world.calendar.waves for o in w.origins], origins),
        ("routing", "from_id", [r.from_id for r in world.routing], crossings | stages),
        ("routing", "to_id", [r.to_id for r in world.routing], stages | {ONWARD}),
        ("routing", "status", [r.status for r in world.routing], statuses | {"all"}),
        ("destinations", "crossing", [d.crossing for d in world.destination_shares], crossings | {"all"}),
    ):
        for name in sorted(set(ids) - known):
            yield Fault(
                file=where,
                column=column,
                what="an id that the case does not define",
                found=name,
                wanted=", ".join(sorted(known)[:12]),
                mend="correct the id, or define it",
            )


def calendar_faults(world: World) -> Iterator[Fault]:
    """Waves announced after their deadline or enforcement; closures that end before they start."""
    for wave in world.calendar.waves:
        if wave.announced > wave.deadline or wave.announced > wave.enforcement:
            yield Fault(
                file="case.yaml",
                column="waves",
                what=f"calendar of wave {wave.id} is out of order",
                found=f"announced {wave.announced}, deadline {wave.deadline}, enforcement {wave.enforcement}",
                wanted="announced on or before the deadline and the enforcement",
                mend="correct the dates",
            )
    for closure in world.calendar.closures:
        if closure.end is not None and closure.end < closure.start:
            yield Fault(
                file="events.csv",
                column="end_date",
                what=f"closure of {closure.crossing} ends before it starts",
                found=f"{closure.start} to {closure.end}",
                wanted="an end on or after the start",
                mend="correct the dates",
            )


def setting_faults(world: World) -> Iterator[Fault]:
    """Settings that name no parameter, or lie outside its bounds."""
    table = parameter_table()
    for key, setting in sorted(world.settings.items()):
        name, _, entry = key.partition(".")
        low, high = setting_bounds(name, entry) if name == "affinity" or name in table else (-math.inf, math.inf)
        if bad_number(setting.value, low, high):
            yield number_fault(
                "case.yaml", key, f"setting {key} is out of bounds", setting.value, f"a number from {low:g} to {high:g}"
            )
    first, last = constant(world, "arrival_first_hour"), constant(world, "arrival_last_hour")
    if first >= last:
        yield Fault(
            file="case.yaml", column="arrival_first_hour", what="people arrive between hours that are out of order",
            found=f"{first} to {last}", wanted="first < last", mend="correct the settings",
        )  # fmt: skip


def reach_faults(world: World) -> Iterator[Fault]:
    """Crossings that cannot be reached from an origin."""
    roads = build_roads(world)
    for origin in sorted({stratum.origin for stratum in world.strata}):
        for crossing in sorted({one.place_id for one in world.crossings}):
            if not math.isfinite(roads.leg(origin, crossing)[0]):
                yield unreachable_fault(origin, crossing)
