"""Persons by cell, and the means of their distances."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class People:
    """What the people of one cell share. `path` is a number of a path, or paths + place for a route without a link.

    near   class of the recent distance, the distance itself where it is exact
    away   at home for the harvest, and back at the place of the path afterwards
    """

    path: int
    group: int
    first: int = 0
    near: int = 0
    orphan: int = 0
    position: int = 0
    away: int = 0


@dataclass
class Tally:
    """Persons of a cell, and the sums of their recent distances and of those covered today, in steps."""

    persons: int = 0
    recent_sum: int = 0
    covered_sum: int = 0

    @property
    def recent(self) -> int:
        """Mean recent distance, rounded down."""
        return self.recent_sum // self.persons

    @property
    def covered(self) -> int:
        """Mean distance covered today, rounded down."""
        return self.covered_sum // self.persons

    def lose(self, persons: int) -> None:
        """Some persons go, each with the mean."""
        self.recent_sum -= persons * self.recent
        self.persons -= persons


class Crowd(dict[People, Tally]):
    """Persons by cell, in order of coming."""

    def add(self, people: People, persons: int, recent: int = 0, covered: int = 0) -> None:
        """Some more persons, with distances of their own."""
        tally = self.setdefault(people, Tally())
        tally.persons += persons
        tally.recent_sum += persons * recent
        tally.covered_sum += persons * covered

    def occupied(self) -> Iterator[tuple[People, Tally]]:
        """Cells that hold anybody."""
        return ((people, tally) for people, tally in list(self.items()) if tally.persons)
