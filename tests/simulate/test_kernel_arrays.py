"""Items and rows of arrays in kernels are those of NumPy, from front and end, however they lie in memory."""

import numpy as np
import pytest

from sarai.simulate.kernel import kernel


@kernel()
def take(x: np.ndarray, i: int, j: int) -> float:
    """An item by variables, literals and both."""
    return x[i, j] + 2.0 * x[-1, j] + 4.0 * x[i, 0] + 8.0 * x[0, -2]


@kernel(borrows=True)
def take_deep(x: np.ndarray, i: int, j: int, k: int) -> float:
    """An item of a row of a table of three axes, taken in several ways."""
    table, row = x[i], x[i, j]
    return x[i, j, k] + 2.0 * table[j, k] + 4.0 * row[k] + 8.0 * table[j][k] + 16.0 * x[-1][-1][-1]


@kernel(borrows=True)
def put(x: np.ndarray, i: int, j: int, value: float) -> None:
    """Sets an item, one of a row, and one by a literal."""
    x[i, j] = value
    row = x[j]
    row[i] = value + 1.0
    row[-1] += value
    x[0, 1] = 3


@kernel()
def put_all(flags: np.ndarray, counts: np.ndarray, place: np.uint64) -> int:
    """Flags and small numbers, by an unsigned index."""
    flags[place] = counts[place] > 2
    counts[place] = counts[-1] + 1
    found = 0
    for k in range(len(flags)):
        found += 10 * counts[k] if flags[k] else 1
    return found


@kernel(borrows=True)
def shapes(x: np.ndarray, i: int) -> int:
    """Lengths of an array, of its rows, and how many items there are."""
    row = x[i]
    return x.shape[0] + 10 * x.shape[1] + 100 * len(x) + 1_000 * len(row) + 10_000 * row.size + 100_000 * row.itemsize


def laid_out(x: np.ndarray) -> list[np.ndarray]:
    """The same numbers: in rows, in columns, every second of a larger table, and backwards in memory."""
    wide = np.zeros(tuple(2 * size for size in x.shape), dtype=x.dtype)
    apart = wide[tuple(slice(None, None, 2) for _ in x.shape)]
    apart[...] = x
    back = np.ascontiguousarray(x[::-1])[::-1]
    return [x.copy(), np.asfortranarray(x), apart, back]


@pytest.mark.parametrize("i", [-3, -1, 0, 2])
@pytest.mark.parametrize("j", [-4, -1, 0, 3])
def test_items_are_those_of_numpy(i: int, j: int) -> None:
    """Read and set in a table, whatever its layout."""
    table = np.arange(12.0).reshape(3, 4) ** 2
    for x in laid_out(table):
        assert take(x, i, j) == take.py_func(table, i, j)
    square = np.arange(16.0).reshape(4, 4)
    for x in laid_out(square):
        wanted = square.copy()
        put(x, i, j, 0.5)
        put.py_func(wanted, i, j, 0.5)
        assert x.tolist() == wanted.tolist()


@pytest.mark.parametrize("kind", [np.float64, np.float32, np.int64, np.int32])
def test_rows_are_those_of_numpy(kind: type) -> None:
    """Rows of rows, of numbers of several kinds; their lengths and sizes."""
    table = (np.arange(24).reshape(2, 3, 4) ** 2).astype(kind)
    for x in laid_out(table):
        for i, j, k in ((0, 0, 0), (1, 2, 3), (-1, -3, -4), (-2, 1, -1)):
            assert take_deep(x, i, j, k) == take_deep.py_func(table, i, j, k)
        assert shapes(x[0], 1) == shapes.py_func(table[0], 1)


def test_flags_and_unsigned_places() -> None:
    """A flag is a byte in memory and a bit in a register; an unsigned index never counts from the end."""
    flags, counts = np.zeros(4, dtype=np.bool_), np.array([1, 5, 2, 3], dtype=np.int32)
    assert put_all(flags, counts, np.uint64(1)) == 43
    assert flags.tolist() == [False, True, False, False]
    assert counts.tolist() == [1, 4, 2, 3]
    fixed = np.array([1, 2, 3])
    fixed.flags.writeable = False
    assert kernel()(lambda x: x[1] + x[-1])(fixed) == 5
