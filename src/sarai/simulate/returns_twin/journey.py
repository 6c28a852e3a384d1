"""2. and 3. Crossing choice and the journey to the border."""

from __future__ import annotations

import math

from sarai.simulate.draws import exp
from sarai.simulate.layout import CHOOSE, CLASS_ORDER, JOURNEY
from sarai.simulate.returns_twin.member import Member
from sarai.simulate.state import LONGEST_WAIT_DAYS


class Journey(Member):
    """Which crossing people of an origin make for, and when they come there."""

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
