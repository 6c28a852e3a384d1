"""Kernels compiled as roots with parts: the same numbers, fewer compilations, clear refusals."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numba.core.errors import NumbaError, TypingError

from sarai.simulate.binomial import binomial, settle
from sarai.simulate.kernel import kernel
from sarai.simulate.operator_types import is_plain
from sarai.simulate.plain import plain

FEW = """
from sarai.simulate.binomial import binomial, settle
print(binomial(0.3, 40, 0.2), len(binomial.overloads), len(binomial.part.overloads), len(settle.overloads),
      len(settle.part.overloads))
"""


@kernel()
def half(x: float) -> float:
    """A part."""
    return x / 2.0


@kernel()
def quarter(x: float) -> float:
    """A root that calls it."""
    return half(half(x))


@kernel()
def first_row(table: np.ndarray) -> np.ndarray:
    """Returns an array: fit for Python only."""
    return table[0]


@kernel()
def sum_of_first(table: np.ndarray) -> float:
    """Calls a kernel that returns an array."""
    return first_row(table)[0]


@kernel()
def same(table: np.ndarray) -> np.ndarray:
    """Hands an array back."""
    return table


@kernel()
def first_of_same(table: np.ndarray) -> float:
    """Calls a kernel that hands an array back."""
    return same(table)[0, 0]


@kernel()
def allocate(n: int) -> float:
    """Allocates: fit for Python only."""
    return np.zeros(n)[0]


@kernel()
def call_allocate(n: int) -> float:
    """Calls a kernel that allocates."""
    return allocate(n) + 1.0


def test_a_kernel_is_root_and_part() -> None:
    """Called from Python and from a kernel, it gives what plain Python gives."""
    assert quarter(3.0) == plain(quarter)(3.0) == 0.75
    assert half(3.0) == 1.5


def test_a_part_is_never_compiled_by_itself(tmp_path: Path) -> None:
    """A draw from Python compiles one root; what it calls stays a part without machine code."""
    done = subprocess.run(
        [sys.executable, "-c", FEW], capture_output=True, text=True, check=True,
        env={"NUMBA_CACHE_DIR": str(tmp_path), "PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(sys.path)},
    )  # fmt: skip
    assert done.stdout.split() == [str(binomial(0.3, 40, 0.2)), "1", "0", "0", "1"]
    kept = sorted(path.name.split("-")[0] for path in tmp_path.rglob("*.nbc"))
    assert kept == ["binomial.binomial"]


def test_what_needs_memory_is_refused_as_a_part() -> None:
    """A kernel that returns an array or makes one runs from Python, and is refused inside another kernel."""
    assert first_row(np.ones((2, 2)))[0] == 1.0
    assert allocate(3) == 0.0
    with pytest.raises(NumbaError, match="returning of array"):
        sum_of_first(np.ones((2, 2)))
    with pytest.raises((TypeError, NumbaError), match="returns numbers only"):
        first_of_same(np.ones((2, 2)))
    with pytest.raises((TypeError, NumbaError), match=r"allocates nothing|zeros"):
        call_allocate(3)


def test_a_root_that_borrows_makes_no_array() -> None:
    """It counts no references, so numba refuses what would need to."""

    @kernel(borrows=True)
    def fill(table: np.ndarray) -> None:
        row = table[0]
        for k in range(len(row)):
            row[k] = 2.0

    @kernel(borrows=True)
    def hand_on(table: np.ndarray) -> np.ndarray:
        return table[0]

    table = np.ones((2, 2))
    fill(table)
    assert table.tolist() == [[2.0, 2.0], [1.0, 1.0]]
    with pytest.raises(NumbaError, match="returning of array"):
        hand_on(table)


def test_types_of_operators_are_remembered_for_numbers_only() -> None:
    """Numbers and items of arrays follow from the arguments; a function of arrays may depend on compiler flags."""
    import operator

    from numba.core import types

    row = types.Array(types.float64, 1, "C")
    assert is_plain(operator.add, (types.int64, types.float64))
    assert is_plain(operator.getitem, (row, types.int64))
    assert not is_plain(operator.add, (row, types.float64))
    assert not is_plain(np.sum, (row,))


def test_division_by_zero_is_infinity() -> None:
    """Kernels follow NumPy: no exception, so that loops stay without branches."""

    @kernel()
    def divide(x: float, y: float) -> float:
        return x / y

    assert divide(1.0, 0.0) == np.inf
    with pytest.raises((TypingError, TypeError)):
        divide("a", 1.0)


def test_settle_agrees_with_plain_python() -> None:
    """A deep tree of parts computes what its source says."""
    for u, n, p in ((0.3, 50.0, 0.4), (0.999999, 2000.0, 0.01), (1e-9, 1e6, 0.7)):
        assert settle(u, n, p) == plain(settle)(u, n, p)
