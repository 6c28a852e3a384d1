"""One member: where everybody is, and the draws."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from math import floor

import numpy as np
from numpy.typing import NDArray

from sarai.model.flight.law import FlightLaw
from sarai.simulate.flight import arrays
from sarai.simulate.flight.arrays import flatten_law
from sarai.simulate.flight.few import count_of as compiled_count_of
from sarai.simulate.keys import SUB_STEPS_PER_DAY, day_word, purpose_key
from sarai.simulate.philox import stream_key, uniform_at
from sarai.simulate.plain import plain

count_of, uniform, draw_cell = plain(compiled_count_of), plain(uniform_at), plain(arrays.draw_cell)


@dataclass(frozen=True)
class People:
    """What the people of one cell share. `path` is a number of a path, or paths + place for a route without a link.

    away   at home for the harvest, and back at the place of the path afterwards
    """

    path: int
    group: int
    first: int = 0
    recent: int = 0
    orphan: int = 0
    position: int = 0
    away: int = 0


class Member:
    """State of a member, and what all stages of a day ask of it."""

    def __init__(self, law: FlightLaw, seed: int, identity: int = 0) -> None:
        self.law = flatten_law(law)
        self.stream = np.uint64(stream_key(seed, int(purpose_key("flight"))))
        self.identity = identity
        self.first_word = day_word(law.case.start)
        self.paths = len(self.law.path_end)
        self.standing: Counter[People] = Counter()
        self.riding: Counter[People] = Counter()
        self.population = self.law.population.copy()
        self.stopped = np.zeros(self.law.places, dtype=np.int64)
        self.day = 0

    def place_of(self, path: int) -> int:
        """Where somebody with this path stands."""
        return path - self.paths if path >= self.paths else int(self.law.path_origin[path])

    def drawn(self, key: int, stage: int, persons: int, chance: float, *state: int) -> int:
        """Binomial count with the key of a place or path, a stage and the state of the people."""
        cell = draw_cell(np.uint64(key), stage, *state)
        return int(count_of(self._uniform(cell), persons, chance))

    def _uniform(self, cell: np.uint64) -> float:
        return float(uniform(self.stream, self.identity, self.first_word + self.day * SUB_STEPS_PER_DAY, cell))

    def here(self) -> NDArray[np.int64]:
        """Persons standing at each place."""
        counts = self.stopped.copy()
        for people, persons in self.standing.items():
            counts[self.law.home[people.group] if people.away else self.place_of(people.path)] += persons
        return counts

    def _stay(self, path: int, group: int, first: int, recent: int, moved: int, persons: int) -> None:
        """People spend the night; half of the recent distance and of today's is their recent distance tomorrow."""
        if persons:
            self.standing[People(path, group, first, self._later(recent, moved))] += persons

    def _later(self, recent: int, moved: int) -> int:
        """Half of both, on the grid of the recent distance: down in whole steps, else to the nearest, halves up."""
        grid, half = self.law.recent_step, Fraction(recent + moved, 2)
        if not self.law.stints:
            return 0
        return floor(half) if grid == 1 else floor(half / grid + Fraction(1, 2)) * grid
