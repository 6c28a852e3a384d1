"""4. The border: diversion, the queue through the hours of a day, who of it crosses."""

from __future__ import annotations

import math

from sarai.model.returns import KINDS
from sarai.simulate.border_kernel import expected_served, noise_bounds
from sarai.simulate.draws import exp, normal_quantile
from sarai.simulate.layout import DIVERT, ORDER, SERVE
from sarai.simulate.returns_twin.member import Member

HOURS = 24


class Border(Member):
    """One crossing after another."""

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
