"""A day on the road, and the stops of those who arrive before it is over."""

from __future__ import annotations

from collections import Counter

from sarai.simulate.flight import arrays
from sarai.simulate.flight.twin.acting import Acting
from sarai.simulate.flight.twin.member import People


class Travelling(Acting):
    """The second phase of a day. stops: people who arrived early, by the distance they covered today."""

    stops: dict[int, Counter[People]]

    def _ride(self, people: People, persons: int, moved: int, visit: int, back: bool, chose: int = 0) -> None:
        """A day, or the rest of it, on a link. chose: they chose the path today at a stop, others go on along it."""
        law, link = self.law, self.law.path_link[people.path]
        walking = persons if law.on_foot and people.first else 0
        if not walking and law.walkers and law.link_walk[link] > 0:
            stage = arrays.STAGE_WALK_BACK if people.orphan else arrays.STAGE_WALK
            state = (people.group, people.first | chose, visit, people.position + moved, people.recent, 0)
            walking = self.drawn(law.path_key[people.path], stage, persons, float(law.link_walk[link]), *state)
        for count, speed in ((walking, law.walk_speed), (persons - walking, int(law.link_speed[link]))):
            if count:
                self._advance(people, count, moved, int(speed), back)

    def _advance(self, people: People, persons: int, moved: int, speed: int, back: bool) -> None:
        law, link = self.law, self.law.path_link[people.path]
        length, position = int(law.link_length[link]), people.position + speed
        if position < length or (law.beyond and position == length):
            later = self._later(people.recent, moved + speed)
            self.riding[People(people.path, people.group, people.first, later, people.orphan, position)] += persons
            return
        covered = moved + length - people.position
        if back:
            home = int(law.path_back[people.path])
            path = home if home >= 0 else self.paths + int(law.link_start[link])
            self._stay(path, people.group, 0, people.recent, covered, persons)
        elif covered < speed:
            stop = People(int(law.path_after[people.path]), people.group, 0, people.recent)
            self.stops.setdefault(covered, Counter())[stop] += persons
        else:
            self._stay(int(law.path_after[people.path]), people.group, 0, people.recent, covered, persons)

    def _handle_stops(self) -> None:
        """People who arrived before the day was over act once more; those who came the least far today first."""
        turns: Counter[int] = Counter()
        while self.stops:
            moved = min(self.stops)
            turns[moved] += 1
            for people, persons in self.stops.pop(moved).items():
                self._handle_stop(people, persons, moved, turns[moved])

    def _handle_stop(self, people: People, persons: int, moved: int, visit: int) -> None:
        """One group that arrived early."""
        law = self.law
        if self._goes_home(people, persons, moved):
            return
        place = self.place_of(people.path)
        pushed = law.stints and law.town[self.row, place] == 1 and people.recent + moved < law.full_day
        going = self._leave(people, persons, moved=moved, visit=visit, pushed=bool(pushed))
        for path, count in going.items():
            chose = int(people.path < law.places)
            self._ride(People(path, people.group, 0, people.recent), count, moved, visit, False, chose)
