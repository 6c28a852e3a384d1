"""The returns law in expectation, worked out from the manual alone: no line, table or order shared with the engine.

Everything goes by id and by the number of the day; places and classes are keys of dictionaries. It is slow and plain on
purpose: what the engine and its twin take from the same tables can only be seen from outside.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from sarai.model.parameters import Parameters
from sarai.model.returns import ReturnsModel, central_parameters
from sarai.world.calendar import Wave
from sarai.world.reception import Routing
from sarai.world.world import World

ARRIVING = (6.0, 18.0)  # people come to a crossing evenly from 6 to 18 o'clock
LONGEST_WAIT = 30.0
KINDS = ("deported", "facilitated", "other")
Label = tuple[str, str]
Belief = Mapping[str, Any]


def parameters_of(model: ReturnsModel, belief: Belief, members: int = 1) -> Parameters:
    """The beliefs by id as the engine takes them, the same for every member."""
    parameters = central_parameters(model, np.arange(members, dtype=np.uint64))
    axes: tuple[tuple[Any, ...], ...] = (model.strata, model.origins, model.statuses, model.crossings, model.waves)
    changed = {}
    for name, value in belief.items():
        if isinstance(value, Mapping):
            axis = next(axis for axis in axes if set(axis) == set(value))
            rows = np.array([value[key] for key in axis], dtype=np.float64)
            rows = rows.T if name == "crossing_discrepancy" else rows
        else:
            rows = np.array(value, dtype=np.float64)
        changed[name] = np.repeat(rows[..., None], members, axis=-1)
    return parameters.change(**changed)


def expected_minimum(queue: float, capacity: float, log_sd: float) -> float:
    """Expectation of min(queue, capacity x lognormal noise of mean 1), by the partial moments of the lognormal."""
    if log_sd == 0.0 or queue <= 0.0 or capacity <= 0.0:
        return min(queue, capacity)
    d = (math.log(queue / capacity) + 0.5 * log_sd * log_sd) / log_sd
    return float(queue * ndtr(-d) + capacity * ndtr(d - log_sd))


@dataclass
class Paper:
    """One expected history. `seen` holds each day's observables by name, then by ids."""

    world: World
    belief: Belief
    roads: Mapping[tuple[str, str], tuple[float, float]]  # km, days
    stock: dict[Label, float] = field(default_factory=dict)
    held: dict[Label, float] = field(default_factory=lambda: defaultdict(float))
    due: dict[tuple[str, int], dict[Label, float]] = field(default_factory=dict)
    queue: dict[str, dict[Label, float]] = field(default_factory=dict)
    present: dict[tuple[str, str, Label], float] = field(default_factory=lambda: defaultdict(float))
    arriving: dict[tuple[str, int], float] = field(default_factory=lambda: defaultdict(float))
    recent: float = 0.0
    seen: list[dict[tuple[str, ...], float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.origins = sorted({s.origin for s in self.world.strata})
        self.statuses = sorted(s.id for s in self.world.statuses)
        self.crossings = {c.place_id: c for c in self.world.crossings}
        self.due = defaultdict(lambda: defaultdict(float))
        self.queue = {x: defaultdict(float) for x in self.crossings}
        for origin in self.origins:
            for status in self.statuses:
                people = self.belief["population"][origin, status]
                self.stock[origin, status] = people * self.at_risk(origin, status)
        self.pool = sum(self.stock.values())
        self.everybody = sum(self.belief["population"].values())

    def waves(self, origin: str, status: str) -> Iterator[Wave]:
        """The waves that name people of this origin and status."""
        for wave in self.world.calendar.waves:
            if status in wave.statuses and (not wave.origins or origin in wave.origins):
                yield wave

    def at_risk(self, origin: str, status: str) -> float:
        """Fraction of a group that any wave can move: all, where no wave names it."""
        spared = [1.0 - self.belief["at_risk_fraction"][wave.id] for wave in self.waves(origin, status)]
        return 1.0 - math.prod(spared) if spared else 1.0

    def run(self, days: int) -> list[dict[tuple[str, ...], float]]:
        """All days from the first of the case."""
        for t in range(days):
            self.now: dict[tuple[str, ...], float] = defaultdict(float)
            self.t = t
            self.leave(t)
            for x in sorted(self.crossings):
                self.turn_away(x, t)
            crossed = {x: self.cross(x, t) for x in sorted(self.crossings)}
            self.receive(crossed, t)
            self.count(t)
            self.seen.append(dict(self.now))
        return self.seen

    # leaving

    def capacity(self, x: str, t: int) -> float:
        """Persons a day before the member's factor; closures at the same time multiply."""
        c = self.crossings[x]
        left = 1.0
        for closure in self.world.calendar.closures:
            first = (closure.start - self.world.start).days
            last = (closure.end - self.world.start).days if closure.end else math.inf
            left *= 1.0 - closure.fraction_closed if closure.crossing == x and first <= t <= last else 1.0
        return (c.closes_hour - c.opens_hour) * c.desks * c.persons_desk_hour * left

    def hazards(self, wave: Wave, t: int) -> tuple[float, float]:
        """Hazard of a wave on a day, all of it and what is enforced."""
        b = {name: self.belief[name][wave.id] for name in WAVE_PARTS}
        since = {name: t - (getattr(wave, name) - self.world.start).days for name in
                 ("announced", "deadline", "enforcement")}  # fmt: skip
        called_off = wave.withdrawn and t > ((wave.called_off or self.world.as_of) - self.world.start).days
        if since["announced"] < 0 or called_off:
            return 0.0, 0.0
        tau = since["deadline"] - b["lag_days"]
        enforced_for = max(0.0, since["enforcement"] + 1 - b["lag_days"])
        hazard = b["announce_rate"] * (math.exp(-tau / b["enforce_days"]) if tau > 0 else 1.0)
        scale = b["fall_days"] if tau > 0 else b["rise_days"]
        hazard += b["rise_rate"] * b["rise_multiplier"] * math.exp(-abs(tau) / scale)
        enforced = (
            b["enforce_rate"] * b["enforce_multiplier"] * (1.0 - math.exp(-enforced_for / b["enforce_onset_days"]))
        )
        enforced *= math.exp(-enforced_for / b["enforce_days"])
        return hazard + enforced, enforced

    def leave(self, t: int) -> None:
        """Who leaves home, who is held, and which crossing they make for."""
        b = self.belief
        factor = math.exp(b["discrepancy"][t] + b["contagion_weight"] * 10.0 * self.recent / self.pool)
        weights = {x: self.pull(x, t) for x in self.crossings if self.is_chosen(x, t)}
        today = 0.0
        for origin in self.origins:
            going: dict[Label, float] = defaultdict(float)
            for status in self.statuses:
                left, deported = self.leave_group(origin, status, t, factor)
                today += left
                share = b["facilitated_fraction"][status] if self.is_facilitated(status) else 0.0
                going[status, "facilitated"] = (left - deported) * share
                going[status, "other"] = (left - deported) * (1.0 - share)
                going[status, "deported"] = self.hold(origin, status, deported)
            self.release(origin, going)
            logits = {x: math.exp(weight + self.fixed_pull(origin, x)) for x, weight in weights.items()}
            for x, weight in logits.items():
                for label, persons in going.items():
                    self.travel(origin, x, label, persons * weight / sum(logits.values()), t)
        self.recent = self.recent * 6.0 / 7.0 + today

    def is_facilitated(self, status: str) -> bool:
        """Proof of Registration opens the facilitated way, and so does a setting of the case."""
        return status == "por" or f"facilitated_fraction.{status}" in self.world.settings

    def leave_group(self, origin: str, status: str, t: int, factor: float) -> tuple[float, float]:
        """Persons of one group who leave today, and those of them who are deported."""
        b, stock = self.belief, self.stock[origin, status]
        scale = b["origin_intensity"][origin] * b["status_intensity"][status] * factor
        hazard = enforced = 0.0
        for wave in self.waves(origin, status):
            part = b["at_risk_fraction"][wave.id] / self.at_risk(origin, status) * scale
            whole, by_force = self.hazards(wave, t)
            hazard, enforced = hazard + part * whole, enforced + part * by_force
        usual = b["base_persons_day"] * b["population"][origin, status] / self.everybody
        hazard += usual / stock
        left = stock * (1.0 - math.exp(-hazard))
        self.stock[origin, status] -= left
        forced = enforced / hazard
        deported = forced * b["deported_enforced_fraction"][status]
        deported += (1.0 - forced) * b["deported_base_fraction"][status]
        self.now["departures", origin] += left
        self.now["departures_status", status] += left
        return left, left * deported

    def hold(self, origin: str, status: str, deported: float) -> float:
        """Those whose stay in a holding centre ends; today's enter after that."""
        stays = [centre.stay_days for centre in self.world.holding if centre.origin == origin]
        if not stays:
            return deported
        days = max(1.0, sum(stays) / len(stays) * self.belief["holding_stay_factor"])
        ended = self.held[origin, status] / days
        self.held[origin, status] += deported - ended
        return ended

    def release(self, origin: str, going: dict[Label, float]) -> None:
        """Nobody stays above the capacity of the centres; statuses in order of their ids."""
        rooms = [centre.capacity.value for centre in self.world.holding if centre.origin == origin]
        if not rooms or None in rooms:
            return
        over = sum(self.held[origin, status] for status in self.statuses) - math.floor(sum(rooms))  # type: ignore[arg-type]
        for status in self.statuses:
            out = min(max(over, 0.0), self.held[origin, status])
            self.held[origin, status] -= out
            going[status, "deported"] += out
            over -= out

    def is_chosen(self, x: str, t: int) -> bool:
        """A closed crossing is chosen only where all are closed."""
        return self.capacity(x, t) > 0.0 or all(self.capacity(other, t) == 0.0 for other in self.crossings)

    def pull(self, x: str, t: int) -> float:
        """Logit of a crossing on this day: its slow drift less the wait that people expect."""
        here = self.capacity(x, t) * self.belief["capacity_factor"][x]
        wait = min(LONGEST_WAIT, sum(self.queue[x].values()) / here) if here > 0.0 else LONGEST_WAIT
        return float(self.belief["crossing_discrepancy"][x][t] - self.belief["wait_weight"] * wait)

    def fixed_pull(self, origin: str, x: str) -> float:
        """Logit of a crossing from an origin on every day: road and affinity."""
        setting = self.world.settings.get(f"affinity.{origin}.{x}")
        given = setting.value if setting else 0.0
        km = self.roads[origin, x][0]
        return float(given + self.belief["crossing_affinity"][x] - self.belief["distance_weight"] * km / 100.0)

    def travel(self, origin: str, x: str, label: Label, persons: float, t: int) -> None:
        """A journey of 2.3 days takes two days for seven in ten and three for the others."""
        days = self.roads[origin, x][1] / self.belief["journey_speed_factor"]
        late = days - math.floor(days)
        self.due[x, t + math.floor(days)][label] += persons * (1.0 - late)
        self.due[x, t + math.floor(days) + 1][label] += persons * late

    # the border

    def turn_away(self, x: str, t: int) -> None:
        """Some of today's arrivals go on to the nearest other crossing where the wait is long, if that one is open."""
        others = [other for other in self.crossings if other != x]
        if not others:
            return
        to = min(others, key=lambda other: self.roads[x, other][0])
        here = self.capacity(x, t) * self.belief["capacity_factor"][x]
        wait = sum(self.queue[x].values()) / here if here > 0.0 else math.inf
        patience = self.belief["diversion_wait_days"]
        if not wait > patience or self.capacity(to, t) == 0.0:
            return
        share = self.belief["diversion_fraction"] * (1.0 if wait == math.inf else 1.0 - patience / wait)
        days = max(1, round(self.roads[x, to][1] / self.belief["journey_speed_factor"]))
        for label, persons in self.due[x, t].items():
            self.due[to, t + days][label] += persons * share
            self.due[x, t][label] = persons * (1.0 - share)

    def cross(self, x: str, t: int) -> dict[Label, float]:
        """One day at a crossing, hour by hour; those of earlier days go first."""
        c, capacity = self.crossings[x], self.capacity(x, t) * self.belief["capacity_factor"][x]
        earlier, today = dict(self.queue[x]), dict(self.due.pop((x, t), {}))
        old, new = sum(earlier.values()), sum(today.values())
        waiting, passed = old, 0.0
        for hour in range(24):
            waiting += new * overlap(hour, *ARRIVING)
            share = overlap(hour, c.opens_hour, c.closes_hour)
            through = expected_minimum(waiting, capacity * share, c.service_log_sd)
            waiting, passed = waiting - through, passed + through
        of_old = min(passed, old) / old if old > 0.0 else 0.0
        of_new = max(passed - old, 0.0) / new if new > 0.0 else 0.0
        crossed: dict[Label, float] = defaultdict(float)
        for people, share, name in ((earlier, of_old, "waiting_over_24h"), (today, of_new, "")):
            for label, persons in people.items():
                crossed[label] += persons * share
                self.now["crossed", x, label[1]] += persons * share
                self.now["crossed_status", x, label[0]] += persons * share
                self.now["waiting_over_24h", x] += persons * (1.0 - share) if name else 0.0
        for label in {*earlier, *today}:
            self.queue[x][label] = earlier.get(label, 0.0) + today.get(label, 0.0) - crossed[label]
        self.now["queue", x] = sum(self.queue[x].values())
        return crossed

    # reception and the way home

    def routes(self, place: str, label: Label) -> list[Routing]:
        """The rows that hold for a class: those that name status and kind, then status, then kind, then neither."""
        rows = [row for row in self.world.routing if row.from_id == place]
        for status, kind in (label, (label[0], "all"), ("all", label[1]), ("all", "all")):
            found = [row for row in rows if (row.status, row.kind) == (status, kind)]
            if found:
                return found
        return [Routing(from_id=place, to_id="onward", status="all", kind="all", share=1.0)]

    def receive(self, crossed: Mapping[str, Mapping[Label, float]], t: int) -> None:
        """From the crossing through the stages, in the order in which people pass them."""
        inflow: dict[tuple[str, str, Label], float] = defaultdict(float)

        def send(place: str, site: str, x: str, label: Label, persons: float) -> None:
            for row in self.routes(place, label):
                if row.to_id == "onward":
                    self.go_home(site, x, persons * row.share, t)
                else:
                    inflow[row.to_id, x, label] += persons * row.share

        for x, people in crossed.items():
            for label, persons in people.items():
                send(x, x, x, label, persons)
        for stage in sorted(self.world.stages, key=lambda stage: self.depth(stage.id)):
            nights = stage.stay_days * self.belief["stay_factor"]
            for x in self.crossings:
                for label in [(status, kind) for status in self.statuses for kind in KINDS]:
                    key = (stage.id, x, label)
                    ended = self.present[key] / max(nights, 1.0) + inflow[key] * max(1.0 - nights, 0.0)
                    self.present[key] += inflow[key] - ended
                    self.now["stage_arrivals", stage.id] += inflow[key]
                    self.now["occupancy", stage.id] += self.present[key]
                    send(stage.id, stage.site, x, label, ended)
            daily = stage.capacity.unit == "persons_day"
            load = self.now["stage_arrivals" if daily else "occupancy", stage.id]
            limit = stage.capacity.value
            above = load - math.floor(limit) if limit is not None and load > limit else 0.0
            self.now["above_capacity", stage.id] = above

    def depth(self, stage: str) -> int:
        """How many stages can come before this one."""
        before = [row.from_id for row in self.world.routing if row.to_id == stage and row.from_id not in self.crossings]
        return 1 + max((self.depth(name) for name in before), default=0)

    def go_home(self, place: str, x: str, persons: float, t: int) -> None:
        """The road from a crossing or site to the provinces, by the shares of the crossing of entry."""
        tables = {row.crossing for row in self.world.destination_shares}
        for row in self.world.destination_shares:
            if row.crossing == (x if x in tables else "all"):
                days = self.roads[place, row.destination][1] / self.belief["journey_speed_factor"]
                late = days - math.floor(days)
                self.arriving[row.destination, t + math.floor(days)] += persons * row.share * (1.0 - late)
                self.arriving[row.destination, t + math.floor(days) + 1] += persons * row.share * late

    def count(self, t: int) -> None:
        """Stocks at the end of the day, and who came home."""
        for (destination, day), persons in self.arriving.items():
            self.now["arrivals", destination] += persons if day == t else 0.0
            self.now["onward_road",] += persons if day > t else 0.0
        self.now["remaining",] = sum(self.stock.values()) + self.everybody - self.pool
        self.now["held",] = sum(self.held.values())
        self.now["on_road",] = sum(sum(people.values()) for (_, day), people in self.due.items() if day > t)


WAVE_PARTS = ("announce_rate", "rise_rate", "rise_multiplier", "rise_days", "fall_days", "enforce_rate",
              "enforce_multiplier", "enforce_onset_days", "enforce_days", "lag_days")  # fmt: skip


def overlap(hour: int, first: float, last: float) -> float:
    """Part of the time from first to last that falls into an hour of the day."""
    return max(0.0, min(hour + 1.0, last) - max(float(hour), first)) / (last - first)


def as_array(seen: list[dict[tuple[str, ...], float]], name: str, *axes: tuple[str, ...]) -> NDArray[np.float64]:
    """(day, axes) of one observable."""
    keys: list[tuple[str, ...]] = [(name,)]
    for axis in axes:
        keys = [(*key, one) for key in keys for one in axis]
    values = np.array([[day.get(key, 0.0) for key in keys] for day in seen])
    return values.reshape(len(seen), *(len(axis) for axis in axes))
