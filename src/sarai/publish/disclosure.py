"""Disclosure control: what may leave the house, at which level, with small cells held back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sarai.forecast.forecast import Forecast, Series
from sarai.publish.figures import Estimate, digit_step, estimate, honest_digits
from sarai.publish.past import Window, find_windows
from sarai.publish.release import (
    ALL,
    RECENT_DAYS,
    Key,
    Release,
    fold_days,
    make_release,
    protect,
    release_keys,
    span_grid,
)  # fmt: skip
from sarai.publish.table import HIDDEN, Cell, Level, Table
from sarai.reconcile.picture import KINDS, Picture
from sarai.world.errors import Fault, RequestError
from sarai.world.world import World

SMALL = 10.0
"""A144: a cell of fewer persons than this is never shown in an observed or reconciled table."""
LEVELS: tuple[Level, ...] = ("public", "restricted", "confidential")
DEFAULT_LEVEL: Level = "restricted"
INCLUDES: tuple[str, ...] = ("origins",)
"""What may be asked for beyond the default profile, by an explicit flag that the run record keeps."""
BY_ORIGIN: frozenset[str] = frozenset({"day departures"})
Shown = dict[str, dict[tuple[str, str, str], Cell]]


def protect_picture(
    world: World, picture: Picture, *, record_id: str, earlier: Sequence[Release] = ()
) -> tuple[Shown, Release]:
    """The reconciled past by window, with small and complementary cells hidden, and the release that says so.

    Returns window -> (crossing, status, kind) -> cell. A cell is small by its median; what an attacker could add up is
    held against the means, which add up exactly.
    """
    windows = find_windows(world, picture)
    dates = [(window.first, window.last) for window in windows]
    start, as_of = windows[-1].first, windows[-1].last
    grid = span_grid(start, as_of, dates, picture.crossings, picture.statuses, KINDS,
                     days_apart=RECENT_DAYS if earlier else 0)  # fmt: skip
    keys = release_keys(grid, dates)
    figures = _figures(picture, windows, keys)
    small = np.array([figure.mid < SMALL for figure in figures])
    steps = np.array([digit_step(item.mid, honest_digits(item.low, item.mid, item.high), SMALL) for item in figures])
    counts = fold_days(grid, start, _daily_means(picture, windows[-1]))
    values, steps, hidden = protect(grid, keys, counts, SMALL, steps=steps, small=small, earlier=earlier)
    release = make_release(grid, keys, values, steps, hidden, as_of=as_of, record_id=record_id, threshold=SMALL)
    return _by_window(windows, keys, figures, hidden), release


def allowed_tables(tables: Iterable[Table], include: Sequence[str] = ()) -> tuple[Table, ...]:
    """Tables that may go out: confidential ones only where asked for. A level that is not known is refused."""
    found = []
    for table in tables:
        if table.level not in LEVELS:
            raise ValueError(f"table {table.id} has no known level")
        if table.level != "confidential" or "origins" in include:
            found.append(table)
    return tuple(found)


def allowed_forecast(forecast: Forecast, include: Sequence[str] = ()) -> dict[str, Series]:
    """Targets that may go out: what is by origin area keeps its sum over areas only, unless asked for."""
    found = dict(forecast.series)
    if "origins" in include:
        return found
    for target in BY_ORIGIN & found.keys():
        series = found[target]
        whole = series.samples.sum(axis=1, keepdims=True)
        if ALL in series.locations:
            place = series.locations.index(ALL)
            whole = series.samples[:, place : place + 1]
        found[target] = Series(target=target, locations=(ALL,), samples=whole)
    return found


def check_includes(include: Sequence[str]) -> None:
    """Refuse a flag that is not known, so that nothing goes out by a slip of the pen."""
    unknown = sorted(set(include) - set(INCLUDES))
    if unknown:
        raise RequestError(
            Fault(column="--include", what="this cannot be asked for", found=", ".join(unknown),
                  wanted=" or ".join(INCLUDES), mend="leave the option out, or name one of these")
        )  # fmt: skip


def _daily_means(picture: Picture, since: Window) -> NDArray[np.float64]:
    """Mean persons by day, crossing, status and kind since the start."""
    flow, kinds = picture.flow[since.days], picture.kind_share[since.days]
    statuses = picture.status_share[since.days]
    means = np.empty((flow.shape[0], flow.shape[1], statuses.shape[2], kinds.shape[2]))
    for day in range(flow.shape[0]):
        means[day] = np.einsum("cn,ckn,csn->csk", flow[day], kinds[day], statuses[day]) / flow.shape[2]
    return means


def _figures(picture: Picture, windows: Sequence[Window], keys: Sequence[Key]) -> list[Estimate]:
    """Median and range of every figure, from joint samples."""
    found: dict[tuple[date, date], NDArray[np.float64]] = {}
    for window in windows:
        flow = picture.flow[window.days]
        cube = np.zeros((flow.shape[1], picture.status_share.shape[2], picture.kind_share.shape[2], flow.shape[2]))
        for day in range(flow.shape[0]):
            kinds, statuses = picture.kind_share[window.days][day], picture.status_share[window.days][day]
            cube += flow[day][:, None, None, :] * kinds[:, None, :, :] * statuses[:, :, None, :]
        found[window.first, window.last] = cube
    axes = (picture.crossings, picture.statuses, KINDS)
    return [estimate(_slice(found[key.first, key.last], key, axes)) for key in keys]


def _slice(cube: NDArray[np.float64], key: Key, axes: Sequence[Sequence[str]]) -> NDArray[np.float64]:
    for axis, (name, names) in enumerate(zip((key.crossing, key.status, key.kind), axes, strict=True)):
        if name != ALL:
            cube = np.take(cube, [names.index(name)], axis=axis)
    whole: NDArray[np.float64] = cube.sum(axis=(0, 1, 2))
    return whole


def _by_window(
    windows: Sequence[Window], keys: Sequence[Key], figures: Sequence[Estimate], hidden: NDArray[np.bool_]
) -> Shown:
    shown: Shown = {}
    for window in windows:
        shown[window.key] = {
            (key.crossing, key.status, key.kind): HIDDEN if hide else figure
            for key, figure, hide in zip(keys, figures, hidden, strict=True)
            if (key.first, key.last) == (window.first, window.last)
        }
    return shown
