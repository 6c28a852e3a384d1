"""A day on the road, and the stops of those who arrive before it is over."""

from __future__ import annotations

from collections import Counter

from sarai.simulate.flight import arrays
from sarai.simulate.flight.twin.acting import Acting
from sarai.simulate.flight.twin.tally import Crowd, People, Tally


class Travelling(Acting):
    """The second phase of a day. stops: people who arrived early, by (class of) the distance they covered today."""

    stops: dict[int, Crowd]

    def _ride(
        self, people: People, persons: int, recent: int, back: bool, *, moved: int = 0, visit: int = 0, reach: int = 0,
        chose: int = 0,
    ) -> None:  # fmt: skip
        """A day, or the rest of it, on a link. chose: they chose the path today at a stop, others go on along it."""
        law, link = self.law, self.law.path_link[people.path]
        walking = persons if law.on_foot and people.first else 0
        if not walking and law.walkers and law.link_walk[link] > 0:
            stage = arrays.STAGE_WALK_BACK if people.orphan else arrays.STAGE_WALK
            state = (people.group, people.first | chose, visit, people.position + reach, people.near, 0)
            walking = self.drawn(law.path_key[people.path], stage, persons, float(law.link_walk[link]), *state)
        for count, speed in ((walking, law.walk_speed), (persons - walking, int(law.link_speed[link]))):
            if count:
                self._advance(people, count, recent, moved, int(speed), back)

    def _advance(self, people: People, persons: int, recent: int, moved: int, speed: int, back: bool) -> None:
        law, link = self.law, self.law.path_link[people.path]
        length, position = int(law.link_length[link]), people.position + speed
        if position < length or (law.beyond and position == length):
            later = self._later(recent, moved + speed)
            rider = People(people.path, people.group, people.first, self._near(later), people.orphan, position)
            self.riding.add(rider, persons, later)
            return
        covered = moved + length - people.position
        if back:
            home = int(law.path_back[people.path])
            path = home if home >= 0 else self.paths + int(law.link_start[link])
            self._stay(path, people.group, 0, recent, covered, persons)
        elif covered < speed:
            stop = People(int(law.path_after[people.path]), people.group, 0, self._near(recent))
            self.stops.setdefault(covered // law.stop_step, Crowd()).add(stop, persons, recent, covered)
        else:
            self._stay(int(law.path_after[people.path]), people.group, 0, recent, covered, persons)

    def _handle_stops(self) -> None:
        """People who arrived before the day was over act once more; those who came the least far today first."""
        turns: Counter[int] = Counter()
        while self.stops:
            stage = min(self.stops)
            turns[stage] += 1
            for people, tally in self.stops.pop(stage).items():
                self._handle_stop(people, tally, stage, turns[stage])

    def _handle_stop(self, people: People, tally: Tally, stage: int, visit: int) -> None:
        """One group that arrived early."""
        law, moved, recent = self.law, tally.covered, tally.recent
        if self._goes_home(people, tally.persons, recent, moved):
            return
        reach = stage | (visit // arrays.VISITS) << arrays.STAGE_BITS
        place = self.place_of(people.path)
        pushed = law.stints and law.town[self.row, place] == 1 and recent + moved < law.full_day
        going = self._leave(
            people, tally.persons, recent=recent, moved=moved, visit=visit, reach=reach, pushed=bool(pushed)
        )
        chose = int(people.path < law.places)
        for path, count in going.items():
            rider = People(path, people.group, 0, people.near)
            self._ride(rider, count, recent, False, moved=moved, visit=visit, reach=reach, chose=chose)
