"""Holding, diversion, reception and the road home by their own draws: counts of each day, worked out apart.

What `test_draws_on_paper.py` is for the way to the border.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from makers.steady import BASE, DAYS, DEPORTED, MEMBERS, keyed, open_model, run_steady, steady_model, steady_world
from sarai.model.returns import build_returns
from sarai.simulate.draws import binomial
from sarai.world.reception import Capacity, HoldingCentre

KINDS = ("deported", "other")
PROVINCES = {"d000": 3.0 / 6.0, "d001": 2.0 / 6.0, "d002": 1.0 / 6.0}
DESK, CENTRE = "s000-desk", "s000-stay"
CELLS = {(DESK, "deported"): 0.6, (DESK, "other"): 0.6, (CENTRE, "deported"): 2.5}  # nights; all kinds share the centre
WAYS = {
    "entry": {"onward": 0.15, DESK: 0.85},
    (DESK, "deported"): {"onward": 0.3, CENTRE: 0.7},
    (DESK, "other"): {"onward": 0.6, CENTRE: 0.4},
    (CENTRE, "deported"): {"onward": 1.0},
}
SOURCES = {"source|s000|x000": (0.3, 1.6, 2.25), "source|x000|x000": (1.75, 0.5, 3.1)}  # days to each province


def test_held_people_leave_by_their_own_draws() -> None:
    """Each day each who was held before today goes on with one chance; the gate sees those, not who is deported."""
    centre = HoldingCentre(id="h", origin="o000", capacity=Capacity(value=None), stay_days=2.5)
    model = build_returns(replace(steady_world(1, 50_000.0), holding=(centre,)))
    seen = run_steady(replace(model, arrival_share=model.open_share), holding_stay_factor=1.2)
    for member in range(MEMBERS):
        held = 0
        for t in range(DAYS):
            stratum = ("stratum", "o000", "acc")
            entered = binomial(keyed("deported", member, t, *stratum), int(seen["departures"][t, 0, member]), DEPORTED)
            ended = binomial(keyed("holding stay", member, t, *stratum), held, 1.0 / 3.0)
            held += entered - ended
            assert seen["held"][t, member] == held
            assert seen["crossed"][t, 0, 0, member] == ended


def test_a_share_diverts_by_its_own_draws() -> None:
    """Kinds apart: from a full gate a share that grows with the wait goes on, to be at the other two days later."""
    share, patience = 0.6, 0.5
    model = steady_model(2, 1.0)
    model = replace(model, divert_to=np.array([1, -1]), divert_days=np.full(2, 1.6))
    seen = run_steady(
        model, crossing_affinity={"x000": 40.0, "x001": -40.0}, diversion_fraction=share,
        diversion_wait_days=patience, journey_speed_factor=1.0,
    )  # fmt: skip
    capacity, moved = 8.0 * 20.0, 0
    for member in range(MEMBERS):
        underway = [0, 0]
        for t in range(DAYS):
            left = int(seen["departures"][t, 0, member])
            deported = binomial(keyed("deported", member, t, "stratum", "o000", "acc"), left, DEPORTED)
            wait = float(seen["queue"][t - 1, 0, member]) / capacity - patience if t else -patience
            part = share * wait / (wait + patience) if wait > 0.0 else 0.0
            gone = [
                binomial(keyed("diversion", member, t, "queue", "x000", "acc", kind), persons, part)
                for kind, persons in zip(KINDS, (deported, left - deported), strict=True)
            ]
            arrived, underway = underway[0], [underway[1], sum(gone)]
            assert seen["on_road"][t, member] == sum(underway)
            before = int(seen["queue"][t - 1, 1, member]) if t else 0
            through = int(seen["crossed"][t, 1, :, member].sum())
            assert seen["queue"][t, 1, member] == before + arrived - through
            moved += sum(gone)
    assert moved > MEMBERS * DAYS * BASE / 4


def split(persons: int, member: int, t: int, purpose: str, ways: dict[str, float], *cell: str) -> list[int]:
    """A multinomial as conditional binomials in the order of the ways."""
    taken, rest = [], 1.0
    for to, share in ways.items():
        last = len(taken) == len(ways) - 1
        taken.append(persons if last else binomial(keyed(purpose, member, t, *cell, to), persons, share / rest))
        persons, rest = persons - taken[-1], rest - share
    return taken


def by_stage(cells: dict[tuple[str, str], int]) -> list[int]:
    """Persons of all cells of the desk, and of the centre."""
    return [sum(persons for (stage, _), persons in cells.items() if stage == wanted) for wanted in (DESK, CENTRE)]


class House:
    """Reception behind one gate in one member: a desk that some pass at once, a centre with nights, two ways home."""

    def __init__(self, member: int) -> None:
        self.member = member
        self.present = dict.fromkeys(CELLS, 0)
        self.road = np.zeros((DAYS + 9, len(PROVINCES)), dtype=int)

    def day(self, t: int, crossed: dict[str, int]) -> tuple[list[int], list[int]]:
        """Persons by stage who arrive, and who stay overnight."""
        inflow, direct, treated = dict.fromkeys(CELLS, 0), 0, 0
        for kind in KINDS:
            way = split(crossed[kind], self.member, t, "routing", WAYS["entry"], "edge", "entry", "x000", "acc", kind)
            direct, inflow[DESK, kind] = direct + way[0], way[1]
        for (stage, kind), nights in CELLS.items():
            cell = ("cell", stage, "x000", "acc", kind)
            here, came = self.present[stage, kind], inflow[stage, kind]
            ends = binomial(keyed("stage stay", self.member, t, *cell), here, min(1.0 / nights, 1.0))
            ends += binomial(keyed("stage stay", self.member, t, *cell, step=1), came, max(1.0 - nights, 0.0))
            self.present[stage, kind] = here + came - ends
            onward, *further = split(ends, self.member, t, "routing", WAYS[stage, kind], "edge", *cell)
            treated, inflow[CENTRE, "deported"] = treated + onward, inflow[CENTRE, "deported"] + sum(further)
        self.go_home(t, [treated, direct])
        return by_stage(inflow), by_stage(self.present)

    def go_home(self, t: int, left: list[int]) -> None:
        """All choose a province together; who of each place goes is in proportion; one uniform a place rounds days."""
        drawn = split(sum(left), self.member, t, "onward", PROVINCES, "onward", "x000")
        for place, (province, persons) in enumerate(zip(PROVINCES, drawn, strict=True)):
            u = keyed("onward order", self.member, t, "onward", "x000", province)
            share = persons / sum(left) if sum(left) else 0.0
            below = [math.floor(share * part + u) if persons < sum(left) else part for part in (left[0], sum(left))]
            gone = (below[0], below[1] - below[0])
            for source, (name, days) in enumerate(SOURCES.items()):
                left[source] -= gone[source]
                whole = math.floor(days[place])
                late = math.floor(gone[source] * (days[place] - whole)
                                  + keyed("onward journey", self.member, t, "source", name))  # fmt: skip
                self.road[t + whole, place] += gone[source] - late
                self.road[t + whole + 1, place] += late


def test_reception_and_the_road_home_are_those_of_their_draws() -> None:
    """Desks, nights, ways out of each, provinces, who of each place goes to which, and days on the road."""
    model = open_model(sites=1)
    network = replace(
        model.reception,
        stage_stay_days=np.array([CELLS[DESK, "other"], CELLS[CENTRE, "deported"]]),
        onward_days=np.array([days for source in SOURCES.values() for days in source]),
    )
    seen = run_steady(replace(model, reception=network), stay_factor=1.0, journey_speed_factor=1.0)
    for member in range(MEMBERS):
        house = House(member)
        for t in range(DAYS):
            crossed = dict(zip(KINDS, seen["crossed"][t, 0, [0, 2], member].tolist(), strict=True))
            arrived, overnight = house.day(t, crossed)
            assert seen["stage_arrivals"][t, :, member].tolist() == arrived
            assert seen["occupancy"][t, :, member].tolist() == overnight
            assert seen["arrivals"][t, :, member].tolist() == house.road[t].tolist()
            assert seen["onward_road"][t, member] == house.road[t + 1 :].sum()
