"""What people at a place do: set out along a route, go home for the harvest, or stay."""

from __future__ import annotations

from collections import Counter

import numpy as np

from sarai.model.flight.groups import NO_HARVEST
from sarai.simulate.flight import arrays
from sarai.simulate.flight.few import pick_one as compiled_pick_one
from sarai.simulate.flight.twin.choosing import Choosing
from sarai.simulate.flight.twin.member import draw_cell
from sarai.simulate.flight.twin.tally import People
from sarai.simulate.plain import plain

pick_one = plain(compiled_pick_one)


class Acting(Choosing):
    """One action of people at a place."""

    def _goes_home(self, people: People, persons: int, recent: int, moved: int) -> bool:
        """Farmers act in no other way in a month of harvest; they keep their route. True where that is the case."""
        home = self.law.harvest[self.day] == 1 and self.law.home[people.group] != NO_HARVEST
        if home:
            self._stay(people.path, people.group, people.first, recent, moved, persons, away=1)
        return bool(home)

    def _split(
        self, place: int, persons: int, group: int, first: int, visit: int, reach: int, near: int
    ) -> Counter[int]:
        """Persons by route: a multinomial by halving the list of routes."""
        routes, sums = self._running(place, group)
        chosen: Counter[int] = Counter()

        def halve(low: int, high: int, count: int) -> None:
            if count == 0:
                return
            if high - low == 1:
                chosen[routes[low]] += count
                return
            middle = (low + high) // 2
            below, both = sums[middle] - sums[low], sums[high] - sums[low]
            if below <= 0.0:
                taken = 0
            elif below >= both:
                taken = count
            elif count == 1:
                state = (group, first, visit, reach, near, 0)
                cell = draw_cell(np.uint64(self.law.path_key[routes[middle]]), arrays.STAGE_ROUTE, *state)
                chosen[routes[low + pick_one(self._uniform(cell), sums, low, high - low)]] += 1
                return
            else:
                key = self.law.path_key[routes[middle]]
                taken = self.drawn(key, arrays.STAGE_ROUTE, count, below / both, group, first, visit, reach, near, 0)
            halve(low, middle, taken)
            halve(middle, high, count - taken)

        if routes and sums[-1] > 0.0:
            halve(0, len(routes), persons)
        return chosen

    def _leave(
        self, people: People, persons: int, *, recent: int, moved: int = 0, visit: int = 0, reach: int = 0,
        pushed: bool = False,
    ) -> Counter[int]:  # fmt: skip
        """One action at a place: those who set out, by path. The others stay for the night.

        visit, reach   which stop of the day this is, and class of the distance covered today: for the keys
        """
        law, place = self.law, self.place_of(people.path)
        chosen: Counter[int] = Counter()
        if people.path < law.places:
            chance = 1.0 if pushed else self._chance(place, people.group)
            state = (people.group, people.first, visit, reach, people.near, 0)
            if persons == 1:
                chosen = self._one_person(place, people.group, chance, state)
            else:
                moving = self.drawn(law.path_key[place], arrays.STAGE_MOVE, persons, chance, *state)
                chosen = self._split(place, moving, people.group, people.first, visit, reach, people.near)
        elif people.path < self.paths and law.open_links[self.link_row, law.path_link[people.path]] == 1:
            chosen[people.path] = persons
        going = Counter({path: count for path, count in chosen.items() if count and not self._is_full(path)})
        self._stay(place, people.group, people.first, recent, moved, persons - going.total())
        return going

    def _one_person(self, place: int, group: int, chance: float, state: tuple[int, ...]) -> Counter[int]:
        """One person needs one draw: below the chance to leave, its place there is the choice of the route."""
        cell = draw_cell(np.uint64(self.law.path_key[place]), arrays.STAGE_MOVE, *state)
        u = self._uniform(cell)
        if u >= chance:
            return Counter()
        routes, sums = self._running(place, group)
        which = pick_one(u / min(chance, 1.0), sums, 0, len(routes))
        return Counter({routes[which]: 1}) if which >= 0 else Counter()
