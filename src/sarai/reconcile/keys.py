"""Keys of the room's draws, and the draws: uniforms and normals as functions of seed, purpose, member, day and cell."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarai.reconcile.fit import Fit
from sarai.reconcile.observations import Observations
from sarai.simulate.kernel import kernel
from sarai.simulate.keys import cell_key, day_word, purpose_key
from sarai.simulate.philox import stream_key, uniform_at
from sarai.simulate.rows import uniform_row
from sarai.simulate.small_math import CENTRAL, LAST_ROOT, central_quantile, log, normal_quantile, tail_quantile

Floats = NDArray[np.float64]
Words = NDArray[np.uint64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Keys:
    """Keys of the draws: day words, and cells of daily quantities, constants, figures and regimes."""

    days: Ints
    cells: Words
    constants: Words
    figures: Words
    regimes: Words


@kernel()
def fill_normals(stream: np.uint64, members: Ints, days: Ints, cells: Words, out: Floats) -> None:
    """Standard normals out (day, cell, member), each a function of its keys.

    Day by day the middle of the law in one loop without branches, then its tails, a seventh, gathered into one more:
    the bits of `normal_quantile` at a fifth of its cost. A first member out of line (a pilot) leaves the others in
    pairs.
    """
    row = np.empty((len(cells), len(members)))
    chance = row.reshape(-1)
    place = np.empty(len(chance) + 1, dtype=np.int64)
    tail = np.empty(len(chance) + 1)
    for day in range(len(days)):
        for cell in range(len(cells)):
            row[cell, 0] = uniform_at(stream, members[0], days[day], cells[cell])
        if len(members) > 1:
            for cell in range(len(cells)):
                uniform_row(row[cell, 1:], members[1:], stream, days[day], cells[cell])
        line = out[day].reshape(-1)
        for item in range(len(chance)):
            line[item] = central_quantile(chance[item] - 0.5)
        found = 0
        for item in range(len(chance)):
            centre = chance[item] - 0.5
            place[found] = item
            tail[found] = chance[item] if centre < 0.0 else 1.0 - chance[item]
            found += (centre > CENTRAL) | (centre < -CENTRAL)
        for item in range(found):
            tail[item] = math.sqrt(-log(tail[item]))
        for item in range(found):
            root = tail[item]
            tail[item] = tail_quantile(root) if root <= LAST_ROOT else np.inf
        for item in range(found):
            where = place[item]
            value = -tail[item] if chance[where] < 0.5 else tail[item]
            line[where] = value if tail[item] < np.inf else normal_quantile(chance[where])


def draw_normals(seed: int, purpose: str, members: Ints, days: Ints, cells: Words) -> Floats:
    """Standard normals (day, cell, member) under keys (seed, purpose, member, day, cell)."""
    out = np.empty((len(days), len(cells), len(members)))
    if out.size:
        fill_normals(stream_of(seed, purpose), members, days, cells, out)
    return out


def stream_of(seed: int, purpose: str) -> np.uint64:
    """Stream of a seed and a purpose."""
    purpose_bits: int = purpose_key(purpose)  # type: ignore[assignment]
    return np.uint64(stream_key(seed, purpose_bits))


def make_keys(observations: Observations, statuses: tuple[str, ...], fit: Fit) -> Keys:
    """Keys of everything that is drawn, from stable ids and civil days."""
    layout, plan = fit.plan.layout, fit.plan
    names = list(observations.crossings)
    odds = [f"kind {place}" for place in range(layout.kind_cells)]
    odds += [f"status {name}" for name in statuses[: layout.status_cells]]
    constants = [np.uint64(0)] * layout.constant_count
    constants[: layout.crossing_count] = [cell_key("reconcile level", name) for name in names]
    constants[layout.crossing_count : layout.shared] = [cell_key("reconcile day", name) for name in names]
    constants[layout.shared] = cell_key("reconcile shared level")
    constants[layout.odds_first : layout.odds_first + len(odds)] = [cell_key("reconcile odds", name) for name in odds]
    for crossing, name in enumerate(names):
        for place, label in enumerate(odds):
            if layout.deviations[crossing, place] >= 0:
                constants[layout.deviations[crossing, place]] = cell_key("reconcile deviation", name, label)
    for weekday in range(7):
        constants[layout.weekday_first + weekday] = cell_key("reconcile weekday", str(weekday))
    regimes = [cell_key("reconcile bias", item.series, item.start.isoformat()) for item in observations.regimes]
    for slot, key in zip(layout.bias_slots, regimes, strict=True):
        constants[slot] = key
    figures = [cell_key("reconcile figure", *ids) for ids in observations.report_ids]
    return Keys(
        days=np.array([day_word(plan.first_day + day) for day in range(plan.day_count)], dtype=np.int64),
        cells=np.array(constants[: layout.cell_count], dtype=np.uint64),
        constants=np.array(constants, dtype=np.uint64),
        figures=np.array(figures, dtype=np.uint64),
        regimes=np.array(regimes, dtype=np.uint64),
    )


@kernel(checked=True)
def fill_uniforms(stream: np.uint64, member: int, days: Ints, cells: Words, out: Floats) -> None:
    """Uniforms out (day, cell) of one member."""
    for day in range(out.shape[0]):
        for cell in range(out.shape[1]):
            out[day, cell] = uniform_at(stream, member, days[day], cells[cell])


def keyed_uniforms(seed: int, purpose: str, member: int, days: Ints, cells: Words) -> Floats:
    """Uniforms (day, cell) under keys (seed, purpose, member, day, cell)."""
    out = np.empty((len(days), len(cells)))
    fill_uniforms(stream_of(seed, purpose), member, days, cells, out)
    return out
