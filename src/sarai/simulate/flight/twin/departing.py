"""Who leaves home today."""

from __future__ import annotations

from sarai.simulate.flight import arrays
from sarai.simulate.flight.departures import MODE_CONSTANT, MODE_DATA, MODE_POISSON
from sarai.simulate.flight.twin.member import Member, draw_cell
from sarai.simulate.flight.twin.tally import People
from sarai.simulate.plain import plain
from sarai.simulate.poisson import poisson as compiled_poisson

poisson = plain(compiled_poisson)


class Departing(Member):
    """Departures of a day."""

    def _newcomers(self, place: int, persons: int, visit: int) -> None:
        """People who appear at a place, split into groups."""
        law, left, rest = self.law, persons, 1.0
        groups = [group for group in range(len(law.kind)) if law.shares[place, group] > 0]
        for group in groups:
            share = law.shares[place, group]
            count = left
            if group != groups[-1]:
                odds = min(share / rest, 1.0) if left > 0 else 0.0
                count = self.drawn(law.path_key[place], arrays.STAGE_GROUP, left, odds, group, 0, visit, 0, 0, 0)
            if count:
                self.standing.add(People(place, group, int(law.on_foot)), count)
            left, rest = left - count, rest - share

    def _depart(self) -> None:
        """Who leaves home today."""
        law, spawn = self.law, self.law.spawn[self.law.spawn_row[self.day]]
        leaving = [0] * law.places
        if law.mode == MODE_DATA:
            weights = [float(spawn[i] * self.population[i]) for i in range(law.places)]
            inside = [i for i, weight in enumerate(weights) if weight > 0]
            left, total = int(law.leaving[self.day]), sum(weights[i] for i in inside)
            for i in inside:
                odds = 1.0 if i == inside[-1] else min(weights[i] / total, 1.0)
                leaving[i] = (
                    self.drawn(law.path_key[i], arrays.STAGE_SPAWN, left, odds, 0, 0, 0, 0, 0, 0) if left else 0
                )
                left, total = left - leaving[i], total - weights[i]
        else:
            for i in range(law.places):
                leaving[i] = self._rate(i, float(spawn[i])) if spawn[i] > 0 else 0
        for i, count in enumerate(leaving):
            if law.take:
                count = min(count, int(self.population[i]))
                self.population[i] -= count
            if count:
                self._newcomers(i, count, 0)

    def _rate(self, place: int, level: float) -> int:
        law = self.law
        if law.mode == MODE_CONSTANT:
            return int(law.rate * level)
        if law.mode == MODE_POISSON:
            cell = draw_cell(law.path_key[place], arrays.STAGE_POISSON, 0, 0, 0, 0, 0, 0)
            return int(poisson(self._uniform(cell), law.rate * level))
        return int(law.rate * int(self.population[place]) * level)
