"""One member of the law, a day at a time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sarai.simulate.flight import arrays
from sarai.simulate.flight.twin.departing import Departing
from sarai.simulate.flight.twin.tally import Crowd, People
from sarai.simulate.flight.twin.travelling import Travelling


class FlightTwin(Departing, Travelling):
    """One member of the law, a day at a time."""

    def run(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Counts at every place and on every directed link at the end of every day: (day, place), (day, link)."""
        law = self.law
        places = np.zeros((law.days, law.places), dtype=np.int64)
        links = np.zeros((law.days, len(law.link_start)), dtype=np.int64)
        for place in range(law.places):
            self._newcomers(place, int(law.initial[place]), 1)
        morning = np.zeros(law.places, dtype=np.int64) if law.empty_first else self.here()
        for self.day in range(law.days):
            self._one_day(morning)
            morning = self.here()
            places[self.day] = morning
            for people, tally in self.riding.items():
                links[self.day, law.path_link[people.path]] += tally.persons
            if law.sinks:
                self._stop_in_camps()
        return places, links

    def _one_day(self, morning: NDArray[np.int64]) -> None:
        law, day = self.law, self.day
        self.row, self.link_row = law.place_row[day], law.link_row[day]
        self._depart()
        closed = set(law.closing_links[law.closing_start[day] : law.closing_start[day + 1]].tolist())
        self.room = [self._room(place, int(morning[place])) for place in range(law.places)]
        acting, self.standing = self.standing, Crowd()
        setting_out = Crowd()
        for people, tally in acting.occupied():
            if self._goes_home(people, tally.persons, tally.recent, 0):
                continue
            for path, count in self._leave(people, tally.persons, recent=tally.recent).items():
                setting_out.add(People(path, people.group, people.first, people.near), count, tally.recent)
        occupied = self.here()
        self.room = [self._room(place, int(occupied[place])) for place in range(law.places)]
        travelling, self.riding = self.riding, Crowd()
        self.stops = {}
        for people, tally in [*travelling.items(), *setting_out.items()]:
            link = int(law.path_link[people.path])
            orphan = people.orphan or int(link in closed and people.position > 0)
            rider = People(people.path, people.group, people.first, people.near, orphan, people.position)
            back = orphan == 1 and (law.send_back or law.open_links[self.link_row, link] == 0)
            self._ride(rider, tally.persons, tally.recent, back)
        self._handle_stops()

    def _stop_in_camps(self) -> None:
        """Camp sinks."""
        law = self.law
        for people, tally in self.standing.occupied():
            place = self.place_of(people.path)
            if law.camp[self.row, place] == 0 or law.sink[place] <= 0 or people.away:
                continue
            lost, routed = people.path >= self.paths, people.path >= law.places
            key = law.path_key[place] if lost else law.path_key[people.path]
            state = (people.group, people.first, int(routed) + 2 * int(lost), 0, people.near, 0)
            count = self.drawn(key, arrays.STAGE_SINK, tally.persons, float(law.sink[place]), *state)
            tally.lose(count)
            self.stopped[place] += count
