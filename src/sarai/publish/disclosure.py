"""Disclosure control: what may leave the house, at which level, with small cells held back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sarai.publish.figures import Estimate, digit_step, estimate, honest_digits
from sarai.publish.grid import ALL, JOIN, UNTOLD, Grid, Key, fold_days, release_keys
from sarai.publish.holding_back import protect
from sarai.publish.levels import THRESHOLDS
from sarai.publish.past import Window, find_windows, silent_crossings
from sarai.publish.release import Release, make_release, span_grid
from sarai.publish.table import HIDDEN, Cell
from sarai.publish.told import told_kinds, told_statuses
from sarai.reconcile.picture import KINDS, Picture
from sarai.world.world import World

PAST_STEP = 20.0
"""A147: figures of the past are printed in twenties or coarser, in tables, charts and releases alike."""
Shown = dict[str, dict[tuple[str, str, str], Cell]]
CHART_DAYS = 35
"""A159: days of the past that a chart draws one by one; each is a figure of the release, protected as such."""


def protect_picture(
    world: World,
    picture: Picture,
    *,
    record_id: str,
    earlier: Sequence[Release] = (),
    spoken: Sequence[tuple[date, date, str]] = (),
) -> tuple[Shown, Release]:
    """The reconciled past, with small and complementary cells hidden, and the release that says so.

    spoken   (first, last, crossing) of figures that are printed outside the tables; those before the start are left out
    Returns window -> (crossing, status, kind) -> cell; other windows than the three go by `days_key`. What no report
    tells apart (kinds, statuses, crossings) is no figure of the past and stands in neither. A cell is small by its
    median or its mean; what is printed is the mean, which adds up exactly.
    """
    windows = find_windows(world, picture)
    dates = [(window.first, window.last) for window in windows]
    days = chart_days(picture, windows[-1])
    start, as_of = windows[-1].first, windows[-1].last
    statuses, kinds = _axes(world, picture)
    spoken = [item for item in spoken if start <= item[0] <= item[1] <= as_of]
    spans = [*dates, *((day, day) for day in days), *((first, last) for first, last, _ in spoken)]
    grid = span_grid(start, as_of, spans, picture.crossings, statuses, kinds, earlier=earlier)
    if not world.reports:
        nothing = np.zeros(0)
        release = make_release(grid, (), nothing, nothing, nothing.astype(bool), as_of=as_of, record_id=record_id,
                               threshold=THRESHOLDS["public"])  # fmt: skip
        return {window.key: {} for window in windows}, release
    keys = _told_keys(world, picture, grid, dates, days, spoken)
    figures, medians = _figures(picture, keys)
    small = medians < THRESHOLDS["public"]
    steps = np.array(
        [digit_step(item.mid, honest_digits(item.low, item.mid, item.high), PAST_STEP) for item in figures]
    )
    counts = fold_days(grid, start, daily_means(picture, windows[-1], len(statuses), len(kinds)))
    values, steps, hidden = protect(grid, keys, counts, THRESHOLDS["public"], steps=steps, small=small, earlier=earlier)
    release = make_release(
        grid, keys, values, steps, hidden, as_of=as_of, record_id=record_id, threshold=THRESHOLDS["public"]
    )
    return _by_window(windows, keys, figures, hidden), release


def days_key(first: date, last: date) -> str:
    """What the window from one day to another is called among the shown cells."""
    return first.isoformat() if first == last else f"{first.isoformat()}/{last.isoformat()}"


def shown_cell(cells: Shown, first: date, last: date, crossing: str) -> Cell:
    """The figure of everyone at a crossing from one day to another; HIDDEN where the release does not hold it."""
    return cells.get(days_key(first, last), {}).get((crossing, ALL, ALL), HIDDEN)


def chart_days(picture: Picture, since: Window) -> list[date]:
    """The days that charts of the past draw: the last five weeks, none before the start."""
    return [date.fromordinal(int(day)) for day in picture.days[since.days][-CHART_DAYS:]]


def _axes(world: World, picture: Picture) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Statuses and kinds that are told apart; one name for all of them where no report does."""
    statuses = tuple(picture.statuses) if told_statuses(world)[0] else (UNTOLD,)
    return statuses, KINDS if told_kinds(world) else (UNTOLD,)


def _told_keys(
    world: World, picture: Picture, grid: Grid, dates: Sequence[tuple[date, date]], days: Sequence[date],
    spoken: Sequence[tuple[date, date, str]],
) -> list[Key]:  # fmt: skip
    """Figures of the windows, of the days of the charts and of what is spoken of, as far as reports tell them apart."""
    kinds, silent = {ALL, *told_kinds(world)}, silent_crossings(world, picture)
    told, told_apart = told_statuses(world)
    tables = [
        key for key in release_keys(grid, dates)
        if key.kind in kinds and key.crossing not in silent
        and (key.status == ALL or (told and (told_apart or key.crossing == ALL)))
    ]  # fmt: skip
    drawn = [
        Key(first=day, last=day, crossing=crossing, status=ALL, kind=ALL)
        for day in days
        for crossing in (ALL, *picture.crossings)
        if crossing not in silent
    ]
    others = [
        Key(first=first, last=last, crossing=crossing, status=ALL, kind=ALL)
        for first, last, crossing in spoken
        if not set(crossing.split(JOIN)) & set(silent)
    ]
    return list(dict.fromkeys([*tables, *drawn, *others]))


def daily_means(picture: Picture, since: Window, status_count: int, kind_count: int) -> NDArray[np.float64]:
    """Mean persons by day, crossing, status and kind since the start; an axis of one is the sum over it."""
    flow, kinds = picture.flow[since.days], picture.kind_share[since.days]
    statuses = picture.status_share[since.days]
    means = np.empty((flow.shape[0], flow.shape[1], statuses.shape[2], kinds.shape[2]))
    for day in range(flow.shape[0]):
        means[day] = np.einsum("cn,ckn,csn->csk", flow[day], kinds[day], statuses[day]) / flow.shape[2]
    if status_count == 1:
        means = means.sum(axis=2, keepdims=True)
    return means.sum(axis=3, keepdims=True) if kind_count == 1 else means


def _figures(picture: Picture, keys: Sequence[Key]) -> tuple[list[Estimate], NDArray[np.float64]]:
    """Mean and range of every figure, from joint samples, and its median, (figure,).

    The mean adds up, and is what the release holds: a second measure beside it would tell more of a figure than its
    step. A range that does not reach it is widened to it.
    """
    found: dict[tuple[date, date], NDArray[np.float64]] = {}
    axes = (picture.crossings, picture.statuses, KINDS)
    figures = []
    medians = []
    for key in keys:
        span = (key.first, key.last)
        if span not in found:
            found[span] = _span_cube(picture, *span)
        samples = _slice(found[span], key, axes)
        told, mean = estimate(samples), float(samples.mean())
        figures.append(replace(told, low=min(told.low, mean), mid=mean, high=max(told.high, mean), least=PAST_STEP))
        medians.append(told.mid)
    return figures, np.array(medians)


def _span_cube(picture: Picture, first: date, last: date) -> NDArray[np.float64]:
    """Persons (crossing, status, kind, sample) from one day to another."""
    chosen = slice(*np.searchsorted(picture.days, (first.toordinal(), last.toordinal() + 1)))
    flow = picture.flow[chosen]
    kinds, statuses = picture.kind_share[chosen], picture.status_share[chosen]
    cube = np.zeros((flow.shape[1], statuses.shape[2], kinds.shape[2], flow.shape[2]))
    for day in range(flow.shape[0]):
        cube += flow[day][:, None, None, :] * kinds[day][:, None, :, :] * statuses[day][:, :, None, :]
    return cube


def _slice(cube: NDArray[np.float64], key: Key, axes: Sequence[Sequence[str]]) -> NDArray[np.float64]:
    for axis, (name, names) in enumerate(zip((key.crossing, key.status, key.kind), axes, strict=True)):
        if name != ALL:
            cube = np.take(cube, [names.index(one) for one in name.split(JOIN)], axis=axis)
    whole: NDArray[np.float64] = cube.sum(axis=(0, 1, 2))
    return whole


def _by_window(
    windows: Sequence[Window], keys: Sequence[Key], figures: Sequence[Estimate], hidden: NDArray[np.bool_]
) -> Shown:
    names: dict[tuple[date, date], list[str]] = {}
    for window in windows:
        names.setdefault((window.first, window.last), []).append(window.key)
    shown: Shown = {window.key: {} for window in windows}
    for key, figure, hide in zip(keys, figures, hidden, strict=True):
        for name in (*names.get((key.first, key.last), ()), days_key(key.first, key.last)):
            shown.setdefault(name, {})[key.crossing, key.status, key.kind] = HIDDEN if hide else figure
    return shown
