"""Drift: what successive releases tell together where their estimates were revised in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy import sparse

from sarai.publish.audit import Published, Vector, stack_published
from sarai.publish.grid import Grid
from sarai.publish.release import Release, known_of
from sarai.world.errors import SaraiError

ROOM, PERSONS = 3.0, 1.0
"""A347: an estimate may have moved by three times the least share with which releases agree, and by a person."""


def loosen_drifted(grid: Grid, releases: Sequence[Release]) -> tuple[float, Published]:
    """What releases that contradict each other tell, if no estimate of an earlier one moved by more than a share.

    The share is ROOM times the least one with which some counts fit all releases; a person is added to what it allows.
    Nothing of the newest release is loosened. Returns the share and the figures over the base cells of the grid.
    """
    newest = max((release.as_of for release in releases), default="")
    parts = [known_of(grid, release) for release in releases]
    told = stack_published(parts)
    moved = [
        (part.low + part.high) / 2.0 if release.as_of < newest else np.zeros_like(part.low)
        for release, part in zip(releases, parts, strict=True)
    ]
    persons = np.concatenate(moved)
    share = ROOM * _least_share(told, persons)
    room = np.where(persons > 0.0, share * persons + PERSONS, 0.0)
    return share, replace(told, low=np.maximum(0.0, told.low - room), high=told.high + room)


def _least_share(told: Published, persons: Vector) -> float:
    """The least share of `persons`, (figure,), by which both ends must be widened so that some counts fit them all."""
    from scipy import optimize  # a third of a second to import, and most releases agree

    low, high = np.flatnonzero(told.low > 0.0), np.flatnonzero(np.isfinite(told.high))
    wide = [sparse.csr_array(persons[rows][:, None]) for rows in (low, high)]
    sums = sparse.vstack(
        [sparse.hstack([-told.sums[low], -wide[0]]), sparse.hstack([told.sums[high], -wide[1]])], format="csr"
    )
    free = PERSONS * np.concatenate([persons[low] > 0.0, persons[high] > 0.0])
    cost = np.append(np.zeros(told.sums.shape[1]), 1.0)
    answer = optimize.linprog(cost, sums, np.concatenate([-told.low[low], told.high[high]]) + free, method="highs")
    if answer.x is None:
        raise SaraiError(f"the published figures cannot be audited: {answer.message}")
    return float(answer.x[-1])
