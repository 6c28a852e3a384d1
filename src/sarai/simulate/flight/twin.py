"""The flight law in plain Python: slow, and to be read beside docs/explanation/flight-law.md. Same draws as the kernel.

Groups of people with equal state are entries of a dictionary; no weight is kept from one choice to the next.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarai.model.flight.fixed import ORDINARY
from sarai.model.flight.groups import NO_HARVEST
from sarai.model.flight.law import FlightLaw
from sarai.simulate.flight import arrays
from sarai.simulate.flight.arrays import flatten_law
from sarai.simulate.flight.choice import HALF_ROOM, UNPRUNED_BELOW
from sarai.simulate.flight.choice import power as compiled_power
from sarai.simulate.flight.departures import MODE_CONSTANT, MODE_DATA, MODE_POISSON
from sarai.simulate.flight.few import count_of as compiled_count_of
from sarai.simulate.flight.few import pick_one as compiled_pick_one
from sarai.simulate.keys import SUB_STEPS_PER_DAY, day_word, purpose_key
from sarai.simulate.philox import stream_key, uniform_at
from sarai.simulate.plain import plain
from sarai.simulate.poisson import poisson as compiled_poisson

count_of, pick_one = plain(compiled_count_of), plain(compiled_pick_one)
power, poisson = plain(compiled_power), plain(compiled_poisson)
uniform, draw_cell = plain(uniform_at), plain(arrays.draw_cell)


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


class FlightTwin:
    """One member of the law, a day at a time."""

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
            for people, persons in self.riding.items():
                links[self.day, law.path_link[people.path]] += persons
            if law.sinks:
                self._stop_in_camps()
        return places, links

    def _one_day(self, morning: NDArray[np.int64]) -> None:
        law, day = self.law, self.day
        self.row, self.link_row = law.place_row[day], law.link_row[day]
        self._depart()
        closed = set(law.closing_links[law.closing_start[day] : law.closing_start[day + 1]].tolist())
        self.room = [self._room(place, int(morning[place])) for place in range(law.places)]
        acting, self.standing = self.standing, Counter()
        setting_out: Counter[People] = Counter()
        for people, persons in acting.items():
            if self._goes_home(people, persons, 0):
                continue
            for path, count in self._leave(people, persons, moved=0, visit=0).items():
                setting_out[People(path, people.group, people.first, people.recent)] += count
        occupied = self.here()
        self.room = [self._room(place, int(occupied[place])) for place in range(law.places)]
        travelling, self.riding = self.riding, Counter()
        self.stops: dict[int, Counter[People]] = {}
        for people, persons in [*travelling.items(), *setting_out.items()]:
            link = int(law.path_link[people.path])
            orphan = people.orphan or int(link in closed and people.position > 0)
            rider = People(people.path, people.group, people.first, people.recent, orphan, people.position)
            back = orphan == 1 and (law.send_back or law.open_links[self.link_row, link] == 0)
            self._ride(rider, persons, 0, 0, back)
        self._handle_stops()

    def _goes_home(self, people: People, persons: int, moved: int) -> bool:
        """Farmers act in no other way in a month of harvest; they keep their route. True where that is the case."""
        home = self.law.harvest[self.day] == 1 and self.law.home[people.group] != NO_HARVEST
        if home:
            later = self._later(people.recent, moved)
            self.standing[People(people.path, people.group, people.first, later, away=1)] += persons
        return bool(home)

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
                self.standing[People(place, group, int(law.on_foot))] += count
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

    def _room(self, place: int, persons: int) -> float:
        """m of the law."""
        law = self.law
        limit = float((law.capacity[place] + law.capacity_per_day[place] * (self.day + 1)) * law.scaling)
        if law.capped[self.row, place] == 0 or limit < 1.0 or persons <= law.buffer * limit:
            return 1.0
        return 0.0 if persons >= limit else 1.0 - (persons - law.buffer * limit) / (limit * (1.0 - law.buffer))

    def _chance(self, place: int, group: int) -> float:
        """p of the law for people without a route, after what a forecast of floods makes of it."""
        law, view = self.law, self.law.view[group]
        return float(self._unwarned(place) * law.steady[self.row, view, place] + law.ahead[self.row, view, place])

    def _unwarned(self, place: int) -> float:
        """p of the law without a forecast."""
        law, row = self.law, self.row
        if law.flood_chance[row, place] >= 0:
            return float(law.flood_chance[row, place])
        chance = float(law.chance[row, place])
        if law.chance_factor != 0:
            limit = law.capacity[place] + law.capacity_per_day[place] * (self.day + 1)
            chance *= power(float(max(self.population[place], limit, 0)) / law.chance_base, law.chance_factor)
        hungry = float(law.starving[row, place])
        return hungry + (1.0 - hungry) * chance if hungry > 0 else chance

    def _is_full(self, path: int) -> bool:
        end = self.law.path_end[path]
        return bool(self.law.camp[self.row, end] == 1 and self.room[end] < HALF_ROOM)

    def _is_open(self, path: int) -> bool:
        """Whether every link of a path is open."""
        while path >= self.law.places:
            if self.law.open_links[self.link_row, self.law.path_link[path]] == 0:
                return False
            path = int(self.law.path_after[path])
        return True

    def _units(self, path: int) -> int:
        """Places on a path that use up awareness."""
        units = 0
        while path >= self.law.places:
            path = int(self.law.path_after[path])
            marker = self.law.marker[self.row, self.law.path_origin[path]] == 1
            units += int(not (marker and self.law.free_markers))
        return units

    def _weight(self, path: int, group: int) -> float | None:
        """W of the law; None where the path cannot be chosen."""
        law, end = self.law, self.law.path_end[path]
        if not self._is_open(path) or self._units(path) > law.awareness or law.marker[self.row, end] == 1:
            return None
        appeal = self._appeal(path, group)
        return float(
            power((law.weight_softening + appeal) / float(law.path_km[path]) * self.room[end], law.weight_power)
        )

    def _appeal(self, path: int, group: int) -> float:
        """b of the law."""
        law, end, kind = self.law, self.law.path_end[path], self.law.kind[group]
        appeal = float(law.score[self.row, end]) ** int(law.exponents[kind])
        appeal = appeal * float(law.path_near[path]) * float(law.factor[self.row, law.views[kind], end])
        if law.pop_weight and law.camp[self.row, end] == 0:
            appeal = appeal * power(max(1.0, float(self.population[end])), law.pop_power)
        return float(appeal)

    def _table(self, place: int) -> dict[int, int]:
        """Fixed routes from a place: path by end. The heaviest candidate comes first, ordinary ones before the rest."""
        law = self.law
        table: dict[int, int] = {}
        for k in range(law.routes_start[place], law.routes_start[place + 1]):
            path, via = int(law.routes[k]), int(law.via[k])
            end = int(law.path_end[path])
            known = self._units(path) <= law.awareness if via == ORDINARY else via < 0 or via in table.values()
            if known and end not in table and self._is_open(path) and law.marker[self.row, end] == 0:
                table[end] = path
        return table

    def _fixed_weight(self, path: int, group: int, table: dict[int, int]) -> float | None:
        """W under fixed routes; None where the table has no such entry, or one without weight."""
        law, end = self.law, int(self.law.path_end[path])
        if table.get(end) != path:
            return None
        factor = float(law.factor[self.row, law.view[group], end])
        value = law.weight_softening + float(law.score[self.row, end]) * factor
        value = value / float(law.path_km[path])
        entry = power(value, law.weight_power) if value > 0.0 else 0.0
        return float(entry * self._appeal(path, group)) if entry > 0.0 else None

    def _running(self, place: int, group: int) -> tuple[list[int], list[float]]:
        """Routes from a place and the running sums of their weights, after pruning."""
        law = self.law
        routes = law.routes[law.routes_start[place] : law.routes_start[place + 1]].tolist()
        table = self._table(place) if law.fixed else {}
        weights = [
            self._fixed_weight(path, group, table) if law.fixed else self._weight(path, group) for path in routes
        ]
        known = [weight for weight in weights if weight is not None]
        heaviest, total = max(known, default=0.0), 0.0
        for one in known:
            total += one
        least = heaviest / law.pruning if law.pruning >= UNPRUNED_BELOW else 0.0
        sums = [0.0]
        for weight in weights:
            if weight is None:
                sums.append(sums[-1])
            elif known and total <= 0.0 and law.uniform:
                sums.append(sums[-1] + 1.0)
            else:
                sums.append(sums[-1] + (weight if weight >= least else 0.0))
        return routes, sums

    def _split(
        self, place: int, persons: int, group: int, first: int, visit: int, moved: int, recent: int
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
                state = (group, first, visit, moved, recent, 0)
                cell = draw_cell(np.uint64(self.law.path_key[routes[middle]]), arrays.STAGE_ROUTE, *state)
                chosen[routes[low + pick_one(self._uniform(cell), sums, low, high - low)]] += 1
                return
            else:
                key = self.law.path_key[routes[middle]]
                taken = self.drawn(key, arrays.STAGE_ROUTE, count, below / both, group, first, visit, moved, recent, 0)
            halve(low, middle, taken)
            halve(middle, high, count - taken)

        if routes and sums[-1] > 0.0:
            halve(0, len(routes), persons)
        return chosen

    def _leave(self, people: People, persons: int, *, moved: int, visit: int, pushed: bool = False) -> Counter[int]:
        """One action at a place: those who set out, by path. The others stay for the night."""
        law, place = self.law, self.place_of(people.path)
        chosen: Counter[int] = Counter()
        if people.path < law.places:
            chance = 1.0 if pushed else self._chance(place, people.group)
            state = (people.group, people.first, visit, moved, people.recent, 0)
            if persons == 1:
                chosen = self._one_person(place, people.group, chance, state)
            else:
                moving = self.drawn(law.path_key[place], arrays.STAGE_MOVE, persons, chance, *state)
                chosen = self._split(place, moving, people.group, people.first, visit, moved, people.recent)
        elif people.path < self.paths and law.open_links[self.link_row, law.path_link[people.path]] == 1:
            chosen[people.path] = persons
        going = Counter({path: count for path, count in chosen.items() if count and not self._is_full(path)})
        self._stay(place, people.group, people.first, people.recent, moved, persons - going.total())
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

    def _stay(self, path: int, group: int, first: int, recent: int, moved: int, persons: int) -> None:
        """People spend the night; half of the recent distance and of today's is their recent distance tomorrow."""
        if persons:
            self.standing[People(path, group, first, self._later(recent, moved))] += persons

    def _later(self, recent: int, moved: int) -> int:
        return (recent + moved) // 2 if self.law.stints else 0

    def _ride(self, people: People, persons: int, moved: int, visit: int, back: bool) -> None:
        """A day, or the rest of it, on a link."""
        law, link = self.law, self.law.path_link[people.path]
        walking = persons if law.on_foot and people.first else 0
        if not walking and law.walkers and law.link_walk[link] > 0:
            state = (people.group, people.first, visit, people.position + moved, people.recent, 0)
            walking = self.drawn(
                law.path_key[people.path], arrays.STAGE_WALK, persons, float(law.link_walk[link]), *state
            )
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
            self._ride(People(path, people.group, 0, people.recent), count, moved, visit, False)

    def _stop_in_camps(self) -> None:
        """Camp sinks."""
        law = self.law
        for people, persons in list(self.standing.items()):
            place = self.place_of(people.path)
            if law.camp[self.row, place] == 0 or law.sink[place] <= 0 or people.away:
                continue
            lost, routed = people.path >= self.paths, people.path >= law.places
            key = law.path_key[place] if lost else law.path_key[people.path]
            state = (people.group, people.first, int(routed) + 2 * int(lost), 0, people.recent, 0)
            count = self.drawn(key, arrays.STAGE_SINK, persons, float(law.sink[place]), *state)
            self.standing[people] -= count
            self.stopped[place] += count
