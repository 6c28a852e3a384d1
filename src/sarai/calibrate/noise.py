"""Keyed standard normals: one for each (seed, purpose, member, day, cell), the same whatever else is drawn."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sarai.simulate.draws import cell_key, day_word, normal_quantile, purpose_key, stream_key, uniform_at
from sarai.simulate.kernel import kernel

Floats = NDArray[np.float64]
Ids = NDArray[np.uint64]


@kernel(checked=True)
def fill_normals(out: Floats, stream: np.uint64, members: Ids, words: NDArray[np.int64], cells: Ids) -> None:
    """out[day, cell, member] = standard normal of these keys."""
    for d in range(words.shape[0]):
        for c in range(cells.shape[0]):
            for m in range(members.shape[0]):
                out[d, c, m] = normal_quantile(uniform_at(stream, members[m], words[d], cells[c]))


@kernel(checked=True)
def fill_uniforms(out: Floats, stream: np.uint64, members: Ids, word: int, cell: np.uint64) -> None:
    """out[member] = uniform of these keys."""
    for m in range(members.shape[0]):
        out[m] = uniform_at(stream, members[m], word, cell)


def keyed_normals(
    seed: int, purpose: str, member_ids: Ids, days: Sequence[int] | NDArray[np.int64], names: Sequence[str]
) -> Floats:
    """Standard normals (day, name, member). `days` are civil day numbers; 0 stands for what has no day."""
    words = np.array([day_word(int(day)) for day in days], dtype=np.int64)
    cells = np.array([cell_key("normal", name) for name in names], dtype=np.uint64)
    out = np.empty((words.size, cells.size, member_ids.size))
    fill_normals(out, np.uint64(stream_key(seed, purpose_key(purpose))), member_ids, words, cells)
    return out


def keyed_uniforms(seed: int, purpose: str, member_ids: Ids, name: str) -> Floats:
    """Uniforms (member,) in (0, 1)."""
    out = np.empty(member_ids.size)
    fill_uniforms(
        out, np.uint64(stream_key(seed, purpose_key(purpose))), member_ids, day_word(0), cell_key("uniform", name)
    )
    return out
