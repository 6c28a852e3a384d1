"""Who is drawn, by which key, worked out apart from the engine: counts of each day are equal, not just likely.

`test_law_in_full.py` holds the expectation of the whole law. Here are the draws: households, crossings, the hours of a
queue, who is taken out of it; and every key is used for one decision only.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtri

from makers.paper_returns import overlap
from makers.parameters import spread_parameters
from makers.steady import (
    BASE,
    DAYS,
    DEPORTED,
    MEMBERS,
    PEOPLE,
    SEED,
    SIZE,
    keyed,
    open_model,
    run_steady,
    steady_model,
)
from makers.worlds import make_world
from sarai.model.returns import build_returns
from sarai.simulate.blocks import EXACT, MEAN, allot
from sarai.simulate.draws import binomial, cell_key, clumped_fraction
from sarai.simulate.layout import PURPOSES, build_layout
from sarai.simulate.returns_twin import Twin
from sarai.simulate.state import build_beliefs, take_block


def test_households_leave_by_their_own_keys() -> None:
    """Each day the fraction is a Beta value of those who are still there, and the leavers a count by that fraction."""
    seen = run_steady(open_model())
    for member in range(MEMBERS):
        stock = PEOPLE
        for t in range(DAYS):
            p = 1.0 - math.exp(-BASE / stock) if stock else 0.0
            p = clumped_fraction(keyed("household clumping", member, t, "stratum", "o000", "acc"), stock, p, SIZE)
            left = binomial(keyed("departure", member, t, "stratum", "o000", "acc"), stock, p)
            deported = binomial(keyed("deported", member, t, "stratum", "o000", "acc"), left, DEPORTED)
            assert seen["departures"][t, 0, member] == left
            assert seen["crossed"][t, 0, :, member].tolist() == [deported, 0, left - deported]
            stock -= left


def test_crossings_are_chosen_one_after_another() -> None:
    """A multinomial as conditional binomials: the second crossing draws among those whom the first did not take."""
    pull = {"x000": 0.3, "x001": -0.4, "x002": 0.1}
    seen = run_steady(open_model(3), crossing_affinity=pull)
    weight = {x: math.exp(value) for x, value in pull.items()}
    for member in range(MEMBERS):
        for t in range(DAYS):
            left, rest, chosen = int(seen["departures"][t, 0, member]), sum(weight.values()), []
            for x in ("x000", "x001"):
                chosen.append(
                    binomial(keyed("crossing choice", member, t, "choice", "o000", x), left, weight[x] / rest)
                )
                left, rest = left - chosen[-1], rest - weight[x]
            assert seen["crossed"][t, :, :, member].sum(axis=1).tolist() == [*chosen, left]


def test_provinces_of_return_are_chosen_one_after_another() -> None:
    """The second province draws among those who do not go to the first; the last takes the rest."""
    model = open_model()
    network = replace(model.reception, onward_days=np.zeros(model.reception.onward_days.shape))
    seen = run_steady(replace(model, reception=network))
    for member in range(MEMBERS):
        for t in range(DAYS):
            left, rest, went = int(seen["crossed"][t, :, :, member].sum()), 1.0, []
            for province, share in (("d000", 3.0 / 6.0), ("d001", 2.0 / 6.0)):
                went.append(binomial(keyed("onward", member, t, "onward", "x000", province), left, share / rest))
                left, rest = left - went[-1], rest - share
            assert seen["arrivals"][t, :, member].tolist() == [*went, left]


@pytest.mark.parametrize("log_sd", [0.0, 0.4])
def test_a_queue_goes_through_the_hours_of_each_day(log_sd: float) -> None:
    """Whole persons come and pass hour by hour; what a gate could not use in one hour is not carried to the next."""
    desks = 3.76
    seen = run_steady(steady_model(1, desks, log_sd))
    served_all = 0
    for member in range(MEMBERS):
        queue = 0
        for t in range(DAYS):
            z = float(ndtri(keyed("service", member, t, "crossing", "x000")))
            capacity = 8.0 * desks * 20.0 * (math.exp(log_sd * z - log_sd**2 / 2.0) if log_sd else 1.0)
            new, earlier, served, came, done = int(seen["departures"][t, 0, member]), queue, 0, 0.0, 0.0
            for hour in range(24):
                come, do = came + overlap(hour, 4.0, 20.0), done + overlap(hour, 10.0, 18.0)
                queue += math.floor(new * come) - math.floor(new * came)
                through = min(queue, math.floor(capacity * do) - math.floor(capacity * done))
                queue, served, came, done = queue - through, served + through, come, do
            assert seen["crossed"][t, 0, :, member].sum() == served
            assert seen["queue"][t, 0, member] == queue
            assert seen["waiting_over_24h"][t, 0, member] == max(earlier - served, 0)
            served_all += served
    assert served_all > MEMBERS * DAYS * 200


def test_a_journey_that_ends_between_two_days_is_rounded_once() -> None:
    """Of those who set out on a day for 2.25 days a quarter comes on the third, all classes together to a person."""
    seen = run_steady(replace(open_model(), road_days=np.full((1, 1), 2.25)))
    for member in range(MEMBERS):
        late_yesterday = 0
        for t in range(DAYS - 2):
            left = int(seen["departures"][t, 0, member])
            late = math.floor(0.25 * left + keyed("journey", member, t, "journey", "o000", "x000"))
            assert seen["crossed"][t + 2, 0, :, member].sum() == left - late + late_yesterday
            late_yesterday = late


def rows_of(n: list[int], members: int) -> NDArray[np.float64]:
    """The same persons in every member, (row, member)."""
    return np.repeat(np.array(n, dtype=np.float64)[:, None], members, axis=1)


@pytest.mark.parametrize(
    ("n", "drawn"), [([5, 0, 3, 9], 7), ([1, 1, 1, 1, 1], 2), ([40, 2], 41), ([6, 6], 12), ([1500, 10], 1509)]
)
def test_people_are_taken_in_proportion_to_a_person(n: list[int], drawn: int) -> None:
    """Over all roundings each row gives its share on average, and in each one that share to less than a person.

    No row gives more than it has, all who are drawn are taken, kernel and twin alike.
    """
    count = sum(n) * 64
    u = (np.arange(count) + 0.5) / count
    share = drawn * np.array(n) / sum(n)
    left, taken = rows_of(n, count), np.zeros((len(n), count))
    scratch = np.zeros((3, count))
    allot(left, taken, np.full(count, float(sum(n))), np.full(count, float(drawn)), u, *scratch, EXACT)
    assert (taken.sum(axis=0) == drawn).all() and (left + taken == rows_of(n, count)).all()
    assert (np.abs(taken - share[:, None]) < 1.0).all() and (left >= 0.0).all() and (taken == np.floor(taken)).all()
    np.testing.assert_allclose(taken.mean(axis=1), share, atol=2.0 / count)
    expected, given = rows_of(n, 1), np.zeros((len(n), 1))
    allot(expected, given, np.full(1, float(sum(n))), np.full(1, float(drawn)), u[:1], *scratch[:, :1], MEAN)
    np.testing.assert_allclose(given[:, 0], share, rtol=1e-12)
    twin = Twin.__new__(Twin)
    twin.mean = False
    for position in range(0, count, 37):
        rows = [float(persons) for persons in n]
        assert twin.allot(rows, float(sum(n)), float(drawn), u[position]) == taken[:, position].tolist()


class Recorder(Twin):
    """A twin that notes every key that it draws by."""

    drawn: Counter[tuple[str, int, int]]

    def uniform(self, purpose: int, cell: np.uint64, sub_step: int = 0) -> float:
        """Note the key, then draw."""
        self.drawn[PURPOSES[purpose], int(cell), sub_step] += 1
        return super().uniform(purpose, cell, sub_step)


def test_no_key_serves_two_decisions_of_a_day() -> None:
    """Of one member and day each key decides one thing, and the keys are those of the names of what they decide."""
    world = make_world(origins=3, statuses=("acc", "por"), crossings=3, sites=2, desks=1.0)
    model = build_returns(world)
    parameters = spread_parameters(model, 1)
    layout = build_layout(model, model.first_day, model.first_day + 59, SEED)
    twin = Recorder(layout, take_block(build_beliefs(model, parameters, layout, True), 0, 1), "draws", "exact", False)
    strata = {int(cell_key("stratum", o, s)) for o in model.origins for s in ("acc", "por")}
    choices = {int(cell_key("choice", o, x)) for o in model.origins for x in ("x000", "x001")}
    gates = {int(cell_key("crossing", x)) for x in model.crossings}
    wanted = {
        "household clumping": strata, "departure": strata, "deported": strata,
        "facilitated": {int(cell_key("stratum", o, "por")) for o in model.origins},
        "holding stay": {int(cell_key("stratum", o, s)) for o in ("o000", "o001") for s in ("acc", "por")},
        "crossing choice": choices, "class order": choices,
        "journey": {int(cell_key("journey", o, x)) for o in model.origins for x in model.crossings},
        "service": gates, "queue order": gates,
        "onward journey": {int(cell_key("source", name)) for name in model.reception.source_name},
    }  # fmt: skip
    diverted = set()
    for t in range(60):
        twin.drawn = Counter()
        twin.day(t)
        cells = {purpose: {cell for name, cell, _ in twin.drawn if name == purpose} for purpose in PURPOSES}
        assert {purpose: cells[purpose] for purpose in wanted} == wanted
        assert all(times == 1 for (purpose, _, _), times in twin.drawn.items() if purpose != "onward journey")
        assert len(cells["stage stay"]) == len(model.reception.cell_name)
        assert {step for name, _, step in twin.drawn if name == "stage stay"} == {0, 1}
        assert len(cells["onward"]) == len(cells["onward order"]) == 4, "two of three provinces in two tables"
        diverted |= cells["diversion"]
    queues = {int(cell_key("queue", x, model.statuses[s], kind)) for x in model.crossings for s in (0, 1)
              for kind in ("deported", "facilitated", "other")}  # fmt: skip
    assert diverted and diverted <= queues
