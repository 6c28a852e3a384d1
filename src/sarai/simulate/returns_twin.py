"""The returns law as one can read it: one member, one day after another, no compilation, no rows of members.

Read `Twin.day` from top to bottom. The kernel (`returns_kernel.py`) does the same for blocks of members; fed with the
same draws the two agree bit for bit, in both modes (tests/twins/). Units: persons and days; hazards per day.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sarai.model.parameters import Parameters
from sarai.model.returns import KINDS, ReturnsModel
from sarai.simulate.beta import clumped_fraction
from sarai.simulate.blocks import clump_fast
from sarai.simulate.border_kernel import expected_served, noise_bounds
from sarai.simulate.draws import binomial, binomial_fast, exp, normal_quantile, uniform_at
from sarai.simulate.ensemble import AXES
from sarai.simulate.layout import (
    CHOOSE,
    CLASS_ORDER,
    CLUMP,
    DEPORT,
    DIVERT,
    FACILITATE,
    HOLD,
    JOURNEY,
    LEAVE,
    ONWARD,
    ONWARD_ORDER,
    ONWARD_ROAD,
    ORDER,
    ROUTE,
    SERVE,
    STAY,
    Layout,
    build_layout,
)
from sarai.simulate.state import (
    LONGEST_WAIT_DAYS,
    SLOWNESS,
    WEEK_DAYS,
    Beliefs,
    build_beliefs,
    state_shapes,
    take_block,
)

DEPORTED, FACILITATED, OTHER = (KINDS.index(kind) for kind in ("deported", "facilitated", "other"))
TENTHS = 10.0
HOURS = 24


class Twin:
    """One member: where its persons are, and how a day moves them.

    stock, held             [stratum] persons at risk who have not left; persons held before the border
    road                    [day of arrival modulo its length][crossing][class]
    earlier, today          [crossing][class] persons in the queue who came on an earlier day, who came today
    present                 [cell] persons at a reception stage; onward [day modulo its length][destination]
    """

    def __init__(self, layout: Layout, beliefs: Beliefs, mode: str, accuracy: str, border: bool) -> None:
        self.layout = layout
        self.keys = layout._asdict()
        self.mean, self.exact, self.border = mode == "mean", accuracy == "exact", border
        self.member = int(beliefs.members[0])
        believed = {name: array[..., 0].tolist() for name, array in beliefs._asdict().items() if name != "members"}
        self.pool, self.beyond, self.base = believed["stratum"]
        self.wave, self.weight = believed["wave"], believed["wave_weight"]
        self.intensity, self.status = believed["origin_intensity"], believed["status"]
        self.affinity, self.capacity_factor = believed["crossing"]
        (
            self.household,
            self.distance_weight,
            self.wait_weight,
            self.slowness,
            self.divert_fraction,
            self.divert_wait,
            self.stay_factor,
            self.hold_factor,
            self.contagion,
        ) = believed["common"]
        self.log_effect, self.crossing_effect = believed["log_effect"], believed["crossing_effect"]
        shapes = state_shapes(layout, float(beliefs.common[SLOWNESS].max()), border)
        self.stock, self.held = list(self.pool), [0.0] * len(self.pool)
        self.road = np.zeros(shapes["road"]).tolist()
        self.earlier, self.today = np.zeros(shapes["waiting"]).tolist()
        self.present = [0.0] * len(layout.cell_stage)
        self.onward = np.zeros(shapes["onward"]).tolist()
        self.recent = 0.0
        self.crossings, self.classes = layout.crossing.shape[1], layout.label.shape[1]
        self.record: dict[str, list[float]] = {}

    # draws: each is a function of seed, purpose, member, day and cell

    def uniform(self, purpose: int, cell: np.uint64, sub_step: int = 0) -> float:
        """The uniform of one key."""
        return float(uniform_at(self.layout.streams[purpose], self.member, self.word + sub_step, cell))

    def count(self, n: float, p: float, purpose: int, cell: np.uint64, sub_step: int = 0) -> float:
        """Binomial(n, p) persons, or the expectation."""
        if self.mean:
            return n * p
        draw = binomial if self.exact else binomial_fast
        return float(draw(self.uniform(purpose, cell, sub_step), int(n), p))

    def round_by(self, expected: float, u: float) -> float:
        """Whole persons whose expectation over u is `expected`."""
        return expected if self.mean else float(math.floor(expected + u))

    # one day

    def day(self, t: int) -> dict[str, list[float]]:
        """Move everybody by one day; returns the day's observables, each as a flat list."""
        self.t, self.word = t, int(self.layout.calendar[1, t])
        rows = self.layout.row
        self.record = {name: [0.0] * int(rows[i + 1] - rows[i]) for i, name in enumerate(AXES)}
        self.usual = [self.layout.crossing[0, x] * self.layout.open_fraction[t, x] for x in range(self.crossings)]
        self.leave_home()
        crossed = [self.cross(x) for x in range(self.crossings)]
        for x in range(self.crossings):
            self.count_border(x, crossed[x])
        if not self.border:
            self.receive(crossed)
        self.count_stocks()
        return self.record

    # 1. departure

    def wave_hazard(self, w: int) -> tuple[float, float]:
        """Hazard of a wave today, and the part of it that is enforcement."""
        announced, deadline, enforcement, until = (int(day) for day in self.layout.wave_day[:, w])
        day = int(self.layout.calendar[0, self.t])
        if day < announced or day > until:
            return 0.0, 0.0
        announce, rise, rise_days, fall_days, enforce, onset_days, enforce_days, lag = (row[w] for row in self.wave)
        tau = float(day - deadline) - lag
        before, after = min(tau, 0.0), max(tau, 0.0)
        t2 = max(float(day - enforcement + 1) - lag, 0.0)
        fade = exp(-(after / enforce_days))
        peak = exp(before / rise_days - after / fall_days)
        enforced = enforce * ((1.0 - exp(-(t2 / onset_days))) * exp(-(t2 / enforce_days)))
        return announce * fade + rise * peak + enforced, enforced

    def stratum_hazard(self, g: int) -> tuple[float, float]:
        """Hazard of a stratum from all waves that name it, before the factors of origin, status and day."""
        pattern = int(self.layout.stratum[2, g])
        hazard = enforced = 0.0
        for w, (whole, part) in enumerate(self.hazards):
            if self.layout.pattern_wave[pattern, w]:
                hazard += self.weight[pattern][w] * whole
                enforced += self.weight[pattern][w] * part
        return hazard, enforced

    def day_factor(self) -> float:
        """Factor of the day on every hazard: discrepancy, optional effects, contagion."""
        total = 0.0
        for persons in self.pool:
            total += persons
        share = self.recent / total if total > 0.0 else 0.0
        return float(exp(self.log_effect[self.t] + self.contagion * (TENTHS * share)))

    def leave_home(self) -> None:
        """All origins: who leaves, who is held, to which crossing."""
        self.hazards = [self.wave_hazard(w) for w in range(self.layout.pattern_wave.shape[1])]
        factor, pull = self.day_factor(), self.pull()
        left_today = 0.0
        for o in range(len(self.intensity)):
            first, last = int(self.layout.origin_start[o]), int(self.layout.origin_start[o + 1])
            leaving = [0.0] * self.classes
            for g in range(first, last):
                left_today += self.leave_stratum(o, g, factor, leaving)
            self.release_above_capacity(o, first, last, leaving)
            self.set_out(o, leaving, pull)
        self.recent = self.recent * (1.0 - 1.0 / WEEK_DAYS) + left_today

    def leave_stratum(self, o: int, g: int, factor: float, leaving: list[float]) -> float:
        """One stratum: its leavers by class into `leaving`; returns how many left home."""
        s, key = int(self.layout.stratum[1, g]), self.layout.stratum_key[g]
        stock = self.stock[g]
        hazard, enforced = self.stratum_hazard(g)
        intensity, deported_base, deported_enforced, facilitated_share = (row[s] for row in self.status)
        scale = self.intensity[o] * intensity * factor
        steady = self.base[g] / stock if stock > 0.0 else 0.0
        hazard = hazard * scale + steady
        share = enforced * scale / hazard if hazard > 0.0 else 0.0
        p = 1.0 - exp(-hazard)
        if not self.mean:
            u = self.uniform(CLUMP, key)
            exact = self.exact
            p = (clumped_fraction if exact else clump_fast)(u, int(stock) if exact else stock, p, self.household)
        left = self.count(stock, p, LEAVE, key)
        self.stock[g] -= left
        self.record["departures"][o] += left
        self.record["departures_status"][s] += left
        deported = self.count(left, share * deported_enforced + (1.0 - share) * deported_base, DEPORT, key)
        other = left - deported
        label = self.layout.class_of[s]
        if label[FACILITATED] >= 0:
            facilitated = self.count(other, facilitated_share, FACILITATE, key)
            leaving[label[FACILITATED]] = facilitated
            other -= facilitated
        leaving[label[OTHER]] = other
        leaving[label[DEPORTED]] = self.hold(o, g, deported)
        return left

    def hold(self, o: int, g: int, deported: float) -> float:
        """Holding before the border: today's deported enter, those whose stay ends go on. Exogenous."""
        capacity, stay = self.layout.holding[:, o]
        if not (capacity > 0.0 and stay > 0.0):
            return deported
        days = float(stay) * self.hold_factor
        ended = self.count(self.held[g], 1.0 / days if days > 1.0 else 1.0, HOLD, self.layout.stratum_key[g])
        self.held[g] += deported - ended
        return ended

    def release_above_capacity(self, o: int, first: int, last: int, leaving: list[float]) -> None:
        """People held above the capacity of an origin's centres go on the same day, statuses in order."""
        capacity, stay = self.layout.holding[:, o]
        if not (capacity > 0.0 and stay > 0.0) or capacity == math.inf:
            return
        total = 0.0
        for g in range(first, last):
            total += self.held[g]
        excess = total - math.floor(capacity)
        for g in range(first, last):
            if excess > 0.0:
                released = min(self.held[g], excess)
                self.held[g] -= released
                leaving[self.layout.class_of[self.layout.stratum[1, g], DEPORTED]] += released
                excess -= released

    # 2. crossing choice

    def pull(self) -> list[float]:
        """What draws people to each crossing today besides road and affinity: a short wait. 0 where closed."""
        is_open = [usual > 0.0 for usual in self.usual]
        pulls = []
        for x in range(self.crossings):
            if any(is_open) and not is_open[x]:
                pulls.append(-math.inf)
                continue
            queue = 0.0
            for part in (self.earlier, self.today):
                for persons in part[x]:
                    queue += persons
            here = self.usual[x] * self.capacity_factor[x]
            wait = queue / here if here > 0.0 else LONGEST_WAIT_DAYS
            pulls.append(self.crossing_effect[self.t][x] - self.wait_weight * min(wait, LONGEST_WAIT_DAYS))
        top = max(pulls)
        self.last_open = max((x for x in range(self.crossings) if is_open[x]), default=self.crossings - 1)
        return [float(exp(value - top)) for value in pulls]

    def attraction(self, o: int) -> list[float]:
        """What draws people of an origin to each crossing on every day: few road km, affinity."""
        _, km, affinity = self.layout.road[:, o]
        values = [
            (float(affinity[x]) + self.affinity[x]) - self.distance_weight * (float(km[x]) / 100.0)
            for x in range(self.crossings)
        ]
        return [float(exp(value - max(values))) for value in values]

    def set_out(self, o: int, leaving: list[float], pull: list[float]) -> None:
        """Choose crossings by a multinomial logit and set out; each crossing gets the origin's mix of classes."""
        weight = [a * b for a, b in zip(self.attraction(o), pull, strict=True)]
        rest = total = 0.0
        for persons in leaving:
            total += persons
        for x in range(self.last_open + 1):
            rest += weight[x]
        for x in range(self.last_open):
            share = min(weight[x] / rest, 1.0) if rest > 0.0 else 0.0
            rest -= weight[x]
            key = self.layout.choice_key[o, x]
            persons = self.count(total, share, CHOOSE, key)
            u = 0.0 if self.mean else self.uniform(CLASS_ORDER, key)
            self.travel(o, x, self.allot(leaving, total, persons, u))
            total -= persons
        self.travel(o, self.last_open, leaving)

    # 3. journey

    def travel(self, o: int, x: int, persons: list[float]) -> None:
        """A journey of d days takes floor(d) days for the part 1 - (d - floor d) of the people, else a day more."""
        length = float(self.layout.road[0, o, x]) * self.slowness
        days = math.floor(length)
        part = length - days
        u = 0.0 if self.mean else self.uniform(JOURNEY, self.layout.journey_key[o, x])
        before = late = 0.0
        slots = len(self.road)
        for f, n in enumerate(persons):
            before += n
            behind = min(self.round_by(before * part, u) - late, n)
            late += behind
            self.road[(self.t + days) % slots][x][f] += n - behind
            self.road[(self.t + days + 1) % slots][x][f] += behind

    # 4. the border

    def divert(self, x: int) -> None:
        """A share of today's arrivals goes on to the next crossing when the wait is long or this one is closed."""
        to = int(self.layout.divert_to[x])
        if to < 0 or not self.usual[to] > 0.0:
            return
        queue = 0.0
        for persons in self.earlier[x]:
            queue += persons
        here = self.usual[x] * self.capacity_factor[x]
        excess = (queue / here if here > 0.0 else math.inf) - self.divert_wait
        if not excess > 0.0:
            return
        ramp = excess / (excess + self.divert_wait) if excess < math.inf else 1.0
        days = max(1, math.floor(float(self.layout.crossing[2, x]) * self.slowness + 0.5))
        slots = len(self.road)
        for f in range(self.classes):
            arriving = self.road[self.t % slots][x][f]
            diverted = self.count(arriving, self.divert_fraction * ramp, DIVERT, self.layout.queue_key[x, f])
            self.road[self.t % slots][x][f] -= diverted
            self.road[(self.t + days) % slots][to][f] += diverted

    def cross(self, x: int) -> list[float]:
        """One day at a crossing; returns who crosses, by class. Those who came on an earlier day go first."""
        self.divert(x)
        slot = self.road[self.t % len(self.road)][x]
        self.today[x], slot[:] = list(slot), [0.0] * self.classes
        old = new = 0.0
        for f in range(self.classes):
            old += self.earlier[x][f]
            new += self.today[x][f]
        served = self.serve(x, old, new, self.capacity(x))
        u = 0.0 if self.mean else self.uniform(ORDER, self.layout.crossing_key[x])
        served_old = min(served, old)
        first = self.allot(self.earlier[x], old, served_old, u)
        second = self.allot(self.today[x], new, served - served_old, u)
        return [a + b for a, b in zip(first, second, strict=True)]

    def capacity(self, x: int) -> float:
        """Persons whom the crossing can process in the full day."""
        usual: float = float(self.usual[x]) * self.capacity_factor[x]
        log_sd = float(self.layout.crossing[1, x])
        if self.mean or log_sd <= 0.0:
            return usual
        z = normal_quantile(self.uniform(SERVE, self.layout.crossing_key[x]))
        return float(usual * exp(log_sd * z - 0.5 * log_sd * log_sd))

    def serve(self, x: int, queue: float, arriving: float, capacity: float) -> float:
        """Persons who cross, hour by hour: at most what the crossing processes in that hour."""
        served = came_before = done_before = 0.0
        for hour in range(HOURS):
            came, done = (float(share) for share in self.layout.hours[:, x, hour])
            if self.mean:
                queue += arriving * (came - came_before)
                log_sd = float(self.layout.crossing[1, x])
                passed = float(expected_served(queue, capacity * (done - done_before), log_sd, *noise_bounds(log_sd)))
            else:
                queue += math.floor(arriving * came) - math.floor(arriving * came_before)
                room = math.floor(capacity * done) - math.floor(capacity * done_before)
                passed = min(queue, float(room))
            served += passed
            queue -= passed
            came_before, done_before = came, done
        return served

    def allot(self, left: list[float], total: float, drawn: float, u: float) -> list[float]:
        """Who the `drawn` of `total` persons are: every row in proportion, rounded by one uniform. `left` shrinks."""
        before = done = 0.0
        taken = []
        for k, n in enumerate(list(left)):
            before += n
            share = drawn / total if total > 0.0 else 0.0
            target = before if drawn == total else self.round_by(share * before, u)
            part = max(min(target - done, n), 0.0)
            done += part
            left[k] = n - part
            taken.append(part)
        return taken

    def count_border(self, x: int, crossed: list[float]) -> None:
        """Observables of a crossing. Afterwards everybody in its queue has waited since an earlier day."""
        statuses = self.layout.class_of.shape[0]
        for f in range(self.classes):
            kind, status = self.layout.label[:, f]
            self.record["crossed"][x * len(KINDS) + kind] += crossed[f]
            self.record["crossed_status"][x * statuses + status] += crossed[f]
            self.record["waiting_over_24h"][x] += self.earlier[x][f]
            self.earlier[x][f] += self.today[x][f]
            self.today[x][f] = 0.0
            self.record["queue"][x] += self.earlier[x][f]

    # 5. reception

    def receive(self, crossed: list[list[float]]) -> None:
        """From the crossing through the stages to the road onward."""
        layout = self.layout
        cells, sources = len(layout.cell_stage), len(layout.source_start) - 1
        self.inflow = [0.0] * (cells + sources)
        for x in range(self.crossings):
            for f in range(self.classes):
                entry = x * self.classes + f
                self.route(crossed[x][f], int(layout.entry_start[entry]), int(layout.entry_start[entry + 1]))
        for c in range(cells):
            ending = self.stay(c)
            self.route(ending, int(layout.edge_start[c]), int(layout.edge_start[c + 1]))
        self.count_above()
        for group in range(len(layout.group_start) - 1):
            self.go_on(range(layout.group_start[group], layout.group_start[group + 1]), self.inflow[cells:])
        slot = self.onward[self.t % len(self.onward)]
        self.record["arrivals"], slot[:] = list(slot), [0.0] * len(slot)

    def route(self, persons: float, first: int, last: int) -> None:
        """Send persons along routing edges by their shares."""
        left = persons
        for edge in range(first, last):
            share = float(self.layout.edge_cond[edge])
            sent = left if edge == last - 1 else self.count(left, share, ROUTE, self.layout.edge_key[edge])
            self.inflow[self.layout.edge_to[edge]] += sent
            left -= sent

    def stay(self, c: int) -> float:
        """One day of a cell; returns those who leave it. A stay of d >= 1 nights ends each day with probability 1/d."""
        stage, key = int(self.layout.cell_stage[c]), self.layout.cell_key[c]
        nights = float(self.layout.stage[2, stage]) * self.stay_factor
        ending = self.count(self.present[c], 1.0 / nights if nights > 1.0 else 1.0, STAY, key)
        passing = self.count(self.inflow[c], 1.0 - nights if nights < 1.0 else 0.0, STAY, key, sub_step=1)
        ending += passing
        self.present[c] += self.inflow[c] - ending
        self.record["stage_arrivals"][stage] += self.inflow[c]
        self.record["occupancy"][stage] += self.present[c]
        return ending

    def count_above(self) -> None:
        """Persons above the capacity of each stage."""
        for s in range(self.layout.stage.shape[1]):
            limit, daily, _ = self.layout.stage[:, s]
            load = self.record["stage_arrivals" if daily else "occupancy"][s]
            self.record["above_capacity"][s] = load - math.floor(limit) if load > limit else 0.0

    # 6. onward

    def go_on(self, sources: range, going: list[float]) -> None:
        """The people of places with the same shares choose destinations together; then the road."""
        layout = self.layout
        left = [going[source] for source in sources]
        total = 0.0
        for persons in left:
            total += persons
        first, last = int(layout.source_start[sources[0]]), int(layout.source_start[sources[0] + 1])
        for edge in range(first, last):
            key, share = layout.onward_key[edge], float(layout.onward_edge[0, edge])
            taken = left
            if edge < last - 1:
                drawn = self.count(total, share, ONWARD, key)
                taken = self.allot(left, total, drawn, 0.0 if self.mean else self.uniform(ONWARD_ORDER, key))
                total -= drawn
            for source, persons in zip(sources, taken, strict=True):
                self.go_by_road(source, edge - first, persons)

    def go_by_road(self, source: int, k: int, persons: float) -> None:
        """The onward road from one place to its k-th destination; one uniform a place rounds the days."""
        edge = int(self.layout.source_start[source]) + k
        to, slots = int(self.layout.onward_to[edge]), len(self.onward)
        u = 0.0 if self.mean else self.uniform(ONWARD_ROAD, self.layout.source_key[source])
        length = float(self.layout.onward_edge[1, edge]) * self.slowness
        days = math.floor(length)
        late = self.round_by(persons * (length - days), u)
        self.onward[(self.t + days) % slots][to] += persons - late
        self.onward[(self.t + days + 1) % slots][to] += late

    def count_stocks(self) -> None:
        """Persons not yet left, held, and on the roads at the end of the day."""
        road = [self.road[(self.t + 1 + k) % len(self.road)] for k in range(len(self.road))]
        onward = [self.onward[(self.t + 1 + k) % len(self.onward)] for k in range(len(self.onward))]
        for name, parts in (
            ("remaining", (self.stock, self.beyond)),
            ("held", (self.held,)),
            ("on_road", [slot[x] for x in range(self.crossings) for slot in road]),
            ("onward_road", () if self.border else onward),
        ):
            for part in parts:
                for persons in part:
                    self.record[name][0] += persons


def simulate_twin(
    model: ReturnsModel,
    parameters: Parameters,
    *,
    first_day: int,
    last_day: int,
    seed: int,
    mode: str = "draws",
    accuracy: str = "exact",
    stages: str = "all",
) -> dict[str, NDArray[Any]]:
    """Every observable as (day, flat axes, member), member by member through `Twin`: slow, for reading and tests."""
    layout = build_layout(model, first_day, last_day, seed)
    beliefs = build_beliefs(model, parameters, layout, whole=mode == "draws")
    columns: dict[str, list[list[list[float]]]] = {name: [] for name in AXES}
    for member in range(parameters.member_count):
        twin = Twin(layout, take_block(beliefs, member, member + 1), mode, accuracy, stages == "border")
        days = [twin.day(t) for t in range(layout.calendar.shape[1])]
        for name in AXES:
            columns[name].append([day[name] for day in days])
    return {name: np.moveaxis(np.array(values, dtype=np.float64), 0, -1) for name, values in columns.items()}
