"""What the days bring, whatever people do: conflicts, closures, floods, scores, move chances, weights of departure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sarai.model.flight.case import FlightCase
from sarai.model.flight.floods_ahead import FloodsAhead
from sarai.model.flight.network import Network
from sarai.model.flight.quirks import Quirks
from sarai.model.flight.state import PlaceStates

Floats = NDArray[np.float64]
Flags = NDArray[np.uint8]
Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """Rows of distinct states and, for each day, the number of its row.

    place_row  (day,)  row of: score, chance, starving (fraction), flood_chance (-1: none), town, camp, marker,
               capped (0: the capacity does not count)                                            (row, place)
               and of: factor (weight beside the score), steady (share of the move chance that a forecast of floods
               leaves), ahead (move chance that it adds)                                          (row, view, place)
    link_row   (day,)  row of: open_links                                                         (row, link)
    closing    links that close on day t: closing_links[closing_start[t] : closing_start[t + 1]]
    spawn_row  (day,)  row of: spawn, weight or rate of departure (see SpawnMode)                 (row, place)
    start_camps  (place,) rows of Flee's output: camps on the morning of day 0, or all places where floods drive people
    ever_marker  (place,) markers on any day
    harvest    (day,)  1 in a month of harvest
    """

    place_row: Ints
    score: Floats
    factor: Floats
    steady: Floats
    ahead: Floats
    chance: Floats
    starving: Floats
    flood_chance: Floats
    town: Flags
    camp: Flags
    marker: Flags
    capped: Flags
    link_row: Ints
    open_links: Flags
    closing_start: Ints
    closing_links: Ints
    spawn_row: Ints
    spawn: Floats
    start_camps: NDArray[np.bool_]
    ever_marker: NDArray[np.bool_]
    harvest: Flags


class _Rows:
    """Collects day by day a tuple of arrays; keeps each distinct neighbour once."""

    def __init__(self) -> None:
        self.kept: list[tuple[NDArray[np.generic], ...]] = []
        self.number: list[int] = []

    def add(self, *arrays: NDArray[np.generic]) -> None:
        if not self.kept or not all(np.array_equal(a, b) for a, b in zip(self.kept[-1], arrays, strict=True)):
            self.kept.append(tuple(array.copy() for array in arrays))
        self.number.append(len(self.kept) - 1)

    def repeat(self) -> None:
        self.number.append(self.number[-1])

    def stacked(self, which: int) -> NDArray[Any]:
        return np.ascontiguousarray(np.stack([row[which] for row in self.kept]))


def interpolate(values: tuple[float, ...], level: float) -> float:
    """Straight line between list entries; the last entry from its index on."""
    low = int(level)
    if low >= len(values) - 1:
        return values[-1]
    return values[low] + (level - low) * (values[low + 1] - values[low])


def build_calendar(case: FlightCase, network: Network, quirks: Quirks, heeds: Floats) -> Calendar:
    """Go through the days once and write down every state that does not depend on where people are.

    heeds   (view,) share in which a forecast of floods weighs
    """
    states = PlaceStates(case, quirks)
    forecast = FloodsAhead(case, heeds)
    closer = _Closer(case, network)
    places, links, spawns = _Rows(), _Rows(), _Rows()
    closing: list[list[int]] = []
    start_camps = states.camp.astype(bool) | case.settings.flood_driven
    ever_marker = states.marker.astype(bool)
    spawn = states.spawn_weights(0)
    for day in range(case.days):
        changed = states.begin_day(day)
        if changed or not quirks.spawn_decay_one_day_late:
            spawn = states.spawn_weights(day)
        spawns.add(states.spawn_rates(day) if states.is_driven else spawn)
        closing.append(closer.act(day, states))
        if day > 0 and not states.touched and not closer.touched:
            places.repeat()
            links.repeat()
            spawn = states.spawn_weights(day)
            continue
        ever_marker |= states.marker.astype(bool)
        weight, steady, ahead = forecast.on(day)
        places.add(states.scores(day), states.factors() * weight, states.chance, states.starving, states.flood_chance(),
                   states.town, states.camp, states.marker, states.capped, steady, ahead)  # fmt: skip
        links.add(closer.open)
        spawn = states.spawn_weights(day)
    lengths = [len(one) for one in closing]
    return Calendar(
        place_row=np.array(places.number, dtype=np.int64),
        score=places.stacked(0), factor=places.stacked(1), chance=places.stacked(2), starving=places.stacked(3),
        flood_chance=places.stacked(4), town=places.stacked(5), camp=places.stacked(6), marker=places.stacked(7),
        capped=places.stacked(8), steady=places.stacked(9), ahead=places.stacked(10),
        link_row=np.array(links.number, dtype=np.int64), open_links=links.stacked(0),
        closing_start=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        closing_links=np.array([link for one in closing for link in one], dtype=np.int64),
        spawn_row=np.array(spawns.number, dtype=np.int64), spawn=spawns.stacked(0),
        start_camps=start_camps, ever_marker=ever_marker,
        harvest=np.array([case.date_of(day).month in case.settings.harvest_months for day in range(case.days)],
                         dtype=np.uint8),
    )  # fmt: skip


class _Closer:
    """Keeps which directed links are open and carries out closures in file order."""

    def __init__(self, case: FlightCase, network: Network) -> None:
        self.case = case
        self.open = np.ones(len(network.start), dtype=np.uint8)
        index = {place.name: i for i, place in enumerate(case.places)}
        countries = np.array([place.country for place in case.places])
        self.links: list[Ints] = []
        self.touched = False
        self.days = {day for closure in case.closures for day in (closure.close_day, closure.open_day)}
        self.place: list[int] = []
        for closure in case.closures:
            self.place.append(index.get(closure.first, -1))
            if closure.kind == "country":
                one, two = countries[network.start], countries[network.end]
                hit = ((one == closure.first) & (two == closure.second)) | (
                    (one == closure.second) & (two == closure.first)
                )
            elif closure.kind == "location":
                hit = (network.start == index[closure.first]) | (network.end == index[closure.first])
            elif closure.kind == "link":
                first, second = index[closure.first], index[closure.second]
                hit = ((network.start == first) & (network.end == second)) | (
                    (network.start == second) & (network.end == first)
                )
            else:
                hit = np.zeros(len(network.start), dtype=bool)
            self.links.append(np.flatnonzero(hit))

    def act(self, day: int, states: PlaceStates) -> list[int]:
        """Closures and reopenings of a day; returns the links that close on it."""
        closed: list[int] = []
        self.touched = False
        if day not in self.days:
            return closed
        self.touched = True
        for closure, links, place in zip(self.case.closures, self.links, self.place, strict=True):
            camp = closure.kind in ("camp", "idpcamp")
            if day == closure.close_day:
                closed.extend(int(link) for link in links if self.open[link])
                self.open[links] = 0
                if camp:
                    states.close_camp(place)
            if day == closure.open_day:
                self.open[links] = 1
                if camp:
                    states.open_camp(place, closure.kind == "idpcamp")
        return closed
