"""One member: where everybody is, and the draws."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sarai.model.flight.law import FlightLaw
from sarai.simulate.flight import arrays
from sarai.simulate.flight.arrays import flatten_law
from sarai.simulate.flight.few import count_of as compiled_count_of
from sarai.simulate.flight.twin.tally import Crowd, People
from sarai.simulate.keys import SUB_STEPS_PER_DAY, day_word, purpose_key
from sarai.simulate.philox import stream_key, uniform_at
from sarai.simulate.plain import plain

count_of, uniform, draw_cell = plain(compiled_count_of), plain(uniform_at), plain(arrays.draw_cell)


class Member:
    """State of a member, and what all stages of a day ask of it."""

    def __init__(self, law: FlightLaw, seed: int, identity: int = 0) -> None:
        self.law = flatten_law(law)
        self.stream = np.uint64(stream_key(seed, int(purpose_key("flight"))))
        self.identity = identity
        self.first_word = day_word(law.case.start)
        self.paths = len(self.law.path_end)
        self.standing, self.riding = Crowd(), Crowd()
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
        for people, tally in self.standing.items():
            counts[self.law.home[people.group] if people.away else self.place_of(people.path)] += tally.persons
        return counts

    def _near(self, recent: int) -> int:
        """Class of a recent distance."""
        return recent // self.law.recent_step

    def _stay(self, path: int, group: int, first: int, recent: int, moved: int, persons: int, away: int = 0) -> None:
        """People spend the night; half of the recent distance and of today's is their recent distance tomorrow."""
        if persons:
            later = self._later(recent, moved)
            self.standing.add(People(path, group, first, self._near(later), away=away), persons, later)

    def _later(self, recent: int, moved: int) -> int:
        """Half of both, in whole steps, rounded down."""
        return (recent + moved) // 2 if self.law.stints else 0
