"""Kernels lowered with fewer words compute what Python computes, free what they make, and are vectorised as before."""

import re

import numpy as np
import pytest
from numba.core import types
from numba.core.runtime import _nrt_python, rtsys

from sarai.simulate.kernel import kernel
from sarai.simulate.plain import plain

DRAW = """
from sarai.simulate.rows import quantile_row


def draw(u, n, p):
    quantile_row(u, n, p, True)
"""


@kernel()
def last_of_branches(x: np.ndarray, n: int) -> float:
    """Variables assigned in branches and loops, and read behind them."""
    found = 0.0
    for i in range(n):
        if x[i] > 0.0:
            found = x[i]
            step = 2.0
        elif x[i] < -1.0:
            found, step = -found, x[i]
        else:
            step = 0.0
            continue
        found += step
    while found > 10.0:
        found -= n
    return found


@kernel()
def swap_until(a: int, b: int) -> int:
    """Two variables that take each other's place in a loop."""
    while b != 0:
        a, b = b, a % b
    return a


@kernel()
def count_through(start: int, stop: int, step: int) -> int:
    """Counts of three kinds, one within another, left early and gone on with."""
    total = 0
    for i in range(stop):
        for j in range(start, stop):
            if j == i:
                continue
            if j > i + 3:
                break
            total += i * 100 + j
    for k in range(start, stop, step):
        total += k
    for k in range(start, stop, -3):
        total -= k
    for k in range(start, stop, 3):
        total += 7 * k
    return total


@kernel()
def after_a_count(start: int, stop: int) -> int:
    """A counter keeps the last number that it had."""
    i = -7
    for i in range(start, stop):  # noqa: B007
        pass
    return i


@kernel()
def whole(x: float, n: int) -> float:
    """Parts of several kinds: one that may raise, one that may not, one that gives a pair, one that gives nothing."""
    row = np.empty(3)
    fill(row, int(x))
    low, high = ends(row)
    return low + 10.0 * high + 100.0 * pick(n) + int(-x) + float(int(x > 1.0)) + fill_some(row, n)


@kernel()
def fill(row: np.ndarray, value: int) -> None:
    """Gives nothing back."""
    for k in range(len(row)):
        row[k] = value + k


@kernel()
def fill_some(row: np.ndarray, n: int) -> float:
    """Gives something back early."""
    if n > 1:
        return row[1]
    fill(row, n)
    return row[2]


@kernel()
def ends(row: np.ndarray) -> tuple[float, float]:
    """Gives a pair."""
    return row[0], row[-1]


@kernel()
def pick(n: int) -> float:
    """A number of a tuple: there may be none."""
    return (0.5, 1.5, 2.5)[n]


@kernel()
def total_of_made(n: int) -> float:
    """Makes an array in every round, under a name that held another before."""
    made = np.zeros(1)
    for i in range(n):
        if i % 3 == 0:
            continue
        made = np.ones(i + 1)
        made[-1] = made[0] + i
        if i == 17:
            return made[-1]
    return made[-1]


@kernel()
def half_of_made(n: int) -> np.ndarray:
    """Hands on a part of what it made."""
    made = np.arange(n)
    return made[n // 2 :]


@kernel()
def row_of_made(n: int) -> np.ndarray:
    """Hands on a row of what it made."""
    made = np.ones((n + 1, 3))
    for k in range(n):
        fresh = np.ones(k)
        for i in range(len(fresh)):
            made[n, 0] += fresh[i]
    return made[n]


@pytest.mark.parametrize("x", [[], [1.0], [-2.0, 3.0, 0.5], [0.0, -0.5, -3.0], [40.0, -2.0, 30.0, 0.0]])
def test_variables_hold_what_they_hold_in_python(x: list[float]) -> None:
    """Assigned once or often, in branches, loops and both."""
    row = np.array(x)
    assert last_of_branches(row, len(x)) == last_of_branches.py_func(row, len(x))
    assert swap_until(84, 36 + len(x)) == swap_until.py_func(84, 36 + len(x))


@pytest.mark.parametrize("start", [-4, 0, 3, 9])
@pytest.mark.parametrize("stop", [-2, 0, 1, 8])
@pytest.mark.parametrize("step", [1, 2, 3, -1])
def test_counts_are_those_of_python(start: int, stop: int, step: int) -> None:
    """Forwards, backwards, in larger steps, and where there is nothing to count."""
    assert count_through(start, stop, step) == count_through.py_func(start, stop, step)
    assert after_a_count(start, stop) == after_a_count.py_func(start, stop)


def test_parts_give_back_what_they_give_in_python() -> None:
    """Whether or not they may raise; an error in a part reaches Python, through a part that calls it too."""
    for x, n in ((2.75, 0), (0.25, 1), (-3.5, 2)):
        assert whole(x, n) == plain(whole)(x, n)
    with pytest.raises(IndexError):
        whole(1.0, 3)


def test_a_part_that_raises_nothing_returns_its_numbers() -> None:
    """And no word on errors, which every call would have to look at; a part that may raise returns as numba's do."""
    row, number = types.float64[::1], types.int64
    wanted = ((fill, (row, number), "ptr"), (ends, (row,), "[2 x double]"), (pick, (number,), "i32"))
    for part, kinds, returned in wanted:
        part.part.compile(kinds)
        made = part.part.overloads[kinds]
        function = made.library.own_module().get_function(made.fndesc.mangled_name)
        assert str(function.global_value_type).split("(")[0].strip() == returned


@pytest.mark.parametrize("n", [0, 1, 7, 18, 40])
def test_what_a_root_makes_is_freed(n: int) -> None:
    """Once, and when nobody holds it any more."""
    total_of_made(1), half_of_made(1), row_of_made(1)  # compile
    _nrt_python.memsys_enable_stats()
    before = rtsys.get_allocation_stats()
    assert total_of_made(n) == total_of_made.py_func(n)
    part, row = half_of_made(n), row_of_made(n)
    assert part.tolist() == list(range(n // 2, n))
    assert row.tolist() == [1.0 + n * (n - 1) / 2, 1.0, 1.0]
    held = rtsys.get_allocation_stats()
    assert held.mi_alloc - before.mi_alloc == held.mi_free - before.mi_free + 2
    del part, row
    after = rtsys.get_allocation_stats()
    assert after.mi_alloc - before.mi_alloc == after.mi_free - before.mi_free > 0


def test_a_count_into_a_row_is_known_not_to_be_negative() -> None:
    """Rows are drawn eight and sixteen neighbours at a time, not by gathering one number after the other.

    An index that might be negative could stand for a number from the end of the row; the compiler cannot always tell
    that a counter never is one.
    """
    scope: dict[str, object] = {}
    exec(DRAW, scope)  # a function without a file is not kept, so that it is compiled here
    draw = kernel(borrows=True)(scope["draw"])  # type: ignore[type-var]
    counts = np.full(40, 0.5)
    draw(counts, np.full(40, 100.0), np.full(40, 0.5))
    assert counts.tolist() == [50.0] * 40
    [made] = draw.overloads.values()
    functions = made.library._final_module.functions
    [code] = [str(each) for each in functions if "_single_pass" in each.name and not each.is_declaration]
    assert re.search(r"fmul <16 x float>|fmul <8 x float>|fmul <4 x float>", code)
    assert "gather" not in code
