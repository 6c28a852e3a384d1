"""Threads and blocks change no bit: 1 to 16 threads, blocks of one, of prime size and larger than all members."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from makers.flight import make_law
from makers.parameters import spread_parameters
from makers.worlds import make_world
from sarai.model.parameters import Parameters
from sarai.model.returns import ReturnsModel, build_returns
from sarai.simulate.branch import Newcomers, Segment, run_branch
from sarai.simulate.course import run_course, run_scenario_on
from sarai.simulate.flight.run import simulate_flight
from sarai.simulate.simulate import simulate_returns
from sarai.simulate.stream import Window, stream_returns
from sarai.simulate.trunk import grow_trunk

MEMBERS = 53
BLOCKS = (1, 2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 52, 53, 54, 1000)
DAYS = 56


@pytest.fixture(scope="module")
def law() -> tuple[ReturnsModel, Parameters]:
    """Queues, holding above capacity, two waves; ids that neither begin with 0 nor run on."""
    model = build_returns(make_world(desks=1.0, waves=2))
    parameters = spread_parameters(model, 2 * MEMBERS, first_id=7)
    return model, parameters.take([k + k // 5 for k in range(MEMBERS)])


def run(law: tuple[ReturnsModel, Parameters], **how: Any) -> Mapping[str, np.ndarray[Any, Any]]:
    """Every observable."""
    model, parameters = law
    last = model.first_day + DAYS - 1
    return simulate_returns(model, parameters, first_day=model.first_day, last_day=last, seed=3, **how).observables


@pytest.mark.parametrize(
    "how",
    [{"mode": "draws"}, {"mode": "draws", "accuracy": "fast"}, {"mode": "mean"}, {"stages": "border"}],
    ids=lambda how: "-".join(how.values()),
)
def test_one_to_sixteen_threads(law: tuple[ReturnsModel, Parameters], how: dict[str, str]) -> None:
    """Each number of threads with a size of block of its own, and with the size that it chooses."""
    usual = run(law, threads=1, block_members=MEMBERS, **how)
    for threads, block in enumerate(BLOCKS, start=1):
        for size in (block, None):
            other = run(law, threads=threads, block_members=size, **how)
            for name, values in usual.items():
                assert values.tobytes() == other[name].tobytes(), (name, threads, size)


def test_a_few_members_with_people_among_hundreds_without() -> None:
    """The last of a block, the first of the next, the last of all: each goes through the days that it has alone."""
    model = build_returns(make_world(desks=1.0))
    parameters = spread_parameters(model, 1).take([0] * 900)
    parameters = replace(parameters, member_ids=np.arange(900, dtype=np.uint64))
    inhabited = [0, 127, 255, 256, 511, 768, 899]
    people = 0.0 * parameters.population
    people[:, inhabited] = 5_000.0
    wide = model, parameters.change(population=people)
    alone = run((wide[0], wide[1].take(inhabited)), threads=1)
    for threads in (1, 3):
        together = run(wide, threads=threads, block_members=256)
        for name, values in together.items():
            np.testing.assert_array_equal(values[..., inhabited], alone[name], err_msg=name)
            assert not np.delete(values, inhabited, axis=-1).any(), name
    assert all(values.any() for name, values in alone.items() if name != "above_capacity")


@pytest.mark.parametrize(("threads", "at_once"), [(1, 1), (2, 53), (3, 52), (5, 7), (11, 19), (16, 1000)])
@pytest.mark.parametrize("how", [{}, {"accuracy": "fast"}, {"stages": "border"}], ids=["exact", "fast", "border"])
def test_a_stream_is_the_whole_however_it_is_cut(
    law: tuple[ReturnsModel, Parameters], threads: int, at_once: int, how: dict[str, str]
) -> None:
    """Quantiles in the order asked for and several window sums, of the accuracy and the stages asked for."""
    model, parameters = law
    first, last = model.first_day, model.first_day + DAYS - 1
    levels = (0.9, 0.05, 1.0, 0.0)
    windows = [
        Window(observable=name, first_day=first + low, last_day=first + high)
        for name, low, high in (("crossed", 44, 51), ("departures", 0, 0), ("crossed", 55, 55))
    ]
    reduced = stream_returns(
        model, parameters, first_day=first, last_day=last, seed=3, levels=levels, windows=windows, threads=threads,
        members_at_once=at_once, observe=["queue", "departures"], **how,  # type: ignore[arg-type]
    )  # fmt: skip
    whole = simulate_returns(model, parameters, first_day=first, last_day=last, seed=3, **how)  # type: ignore[arg-type]
    assert set(reduced.quantiles) == {"queue", "departures"}
    for name, values in reduced.quantiles.items():
        np.testing.assert_array_equal(values, np.quantile(whole[name], levels, axis=-1))
    for window, sums in zip(windows, reduced.windows, strict=True):
        wanted = whole.window_sum(window.observable, window.first_day, window.last_day)
        np.testing.assert_array_equal(sums, wanted)


@pytest.mark.parametrize("threads", [1, 3, 5, 16])
def test_branches_and_courses(law: tuple[ReturnsModel, Parameters], threads: int) -> None:
    """A past, a future and a scenario from a mark, each on so many threads, are those on one."""
    model, parameters = law
    many = replace(parameters.take([k % MEMBERS for k in range(600)]), member_ids=np.arange(600, dtype=np.uint64))
    branch, last = model.first_day + 30, model.first_day + DAYS - 1
    slow = Segment(last_day=last, model=model, parameters=many.change(stay_factor=many.stay_factor * 1.5))
    surge = [Newcomers(day=branch + 9, crossing="x001", status="por", persons=700)]
    ends = []
    for hands in (1, threads):
        trunk = grow_trunk(
            model, many, first_day=model.first_day, branch_day=branch, last_day=last, seed=3, threads=hands
        )
        course = run_course(trunk, ("crossed", "queue", "occupancy"), hands)
        ends.append(
            [run_branch(trunk, threads=hands), course.ensemble, run_scenario_on(course, [slow], surge, threads=hands)]
        )
    for one, other in zip(*ends, strict=True):
        for name, values in one.observables.items():
            assert values.tobytes() == other[name].tobytes(), name


def test_the_flight_law(tmp_path: Path) -> None:
    """Members side by side on 1 to 16 threads, more than there are members too."""
    law = make_law(tmp_path)
    usual = simulate_flight(law, seed=2, members=11, threads=1, keep_travel=True)
    for threads in (2, 3, 5, 7, 11, 16):
        other = simulate_flight(law, seed=2, members=11, threads=threads, keep_travel=True)
        for name in ("place", "link", "total", "travel"):
            assert getattr(usual, name).tobytes() == getattr(other, name).tobytes(), (name, threads)
