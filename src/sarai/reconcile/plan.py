"""Plan of the state: which slot holds what, which windows are open when, and the sparse weights of every figure."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np
from numpy.typing import NDArray

from sarai.reconcile.kinds import MEMBERS_OF_CLASS
from sarai.reconcile.observations import Observations
from sarai.world.report import SeriesRegime

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
KIND_COUNT = 3
DRIFT_FROM_LOG_SD = 0.4  # A67


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Axes of the state. Daily quantities (cells) come first, then constants, then accumulators.

    Cells: level of log flow by crossing, the day's own departure from it by crossing, the level that all crossings
    share, log odds of kinds, log odds of statuses, biases that drift. Constants: departures of crossings from the
    common odds, weekdays, biases that stay.
    kind_cells    number of log odds of kinds against the last kind: 2, or 0 where no figure tells kinds apart
    status_cells  number of log odds of statuses against the last status, or 0
    deviations    (crossing, odds) slot of the constant by which a crossing departs from the common odds; -1: none
    weekday_first first slot of the seven weekdays, Monday first
    bias_slots    (regime,) slot of the bias of each regime; below cell_count for a bias that drifts
    """

    crossing_count: int
    kind_cells: int
    status_cells: int
    drift_count: int
    deviations: Ints
    weekday_first: int
    bias_slots: Ints
    constant_count: int

    @property
    def odds_count(self) -> int:
        """Number of daily log odds."""
        return self.kind_cells + self.status_cells

    @property
    def shared(self) -> int:
        """Cell of the level that all crossings share."""
        return 2 * self.crossing_count

    @property
    def odds_first(self) -> int:
        """First cell of the log odds."""
        return self.shared + 1

    @property
    def cell_count(self) -> int:
        """Number of daily quantities."""
        return self.odds_first + self.odds_count + self.drift_count

    @property
    def memory(self) -> Floats:
        """(cell,) part of yesterday's value that stays: none of a day's own departure, all of everything else."""
        memory = np.ones(self.cell_count)
        memory[self.crossing_count : self.shared] = 0.0
        return memory


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Everything about the windows that does not change from one linearisation to the next. Days count from 0.

    first_day      civil day number of day 0; day_count days
    class_of       (figure,) index into `classes`: (members of KINDS, status index or -1)
    bias_slot      (figure,) slot of the bias of its regime
    low, high      (figure,) first and last day of the window inside the picture
    key_of         (figure,) accumulator of the figure, -1 for a window of one day
    key_class, key_low, key_slot  (key,) class, first day and slot of each accumulator
    scope_first, scope_index   crossings of each figure, sliced; key_figure: a figure with the scope of the key
    weekday        (day,) 0 on Mondays
    class_members (class, kind), class_mark (class,), class_days (class, 2), class_scope (class, crossing): what each
    class counts, and the days and crossings that its figures span
    """

    layout: Layout
    first_day: int
    day_count: int
    classes: tuple[tuple[tuple[int, ...], int], ...]
    class_of: Ints
    bias_slot: Ints
    low: Ints
    high: Ints
    key_of: Ints
    key_class: Ints
    key_slot: Ints
    key_figure: Ints
    slot_count: int
    open_first: Ints
    open_slot: Ints
    use_first: Ints
    use_key: Ints
    seen_first: Ints
    scope_first: Ints
    scope_index: Ints
    weekday: Ints
    class_members: NDArray[np.bool_]
    class_mark: Ints
    class_days: Ints
    class_scope: NDArray[np.bool_]


def make_layout(observations: Observations, statuses: tuple[str, ...]) -> Layout:
    """Axes of the state that the figures call for."""
    crossing_count = len(observations.crossings)
    kinds = KIND_COUNT - 1 if any(name != "all" for name in observations.classes) else 0
    marks = len(statuses) - 1 if any(name != "all" for name in observations.statuses) else 0
    odds = kinds + marks
    drifting = [index for index, regime in enumerate(observations.regimes) if drifts(regime)]
    first_drift = 2 * crossing_count + 1 + odds
    slot = first_drift + len(drifting)
    deviations = np.full((crossing_count, odds), -1, dtype=np.int64)
    for crossing in range(crossing_count):
        for place in range(odds):
            if named_apart(observations, crossing, place < kinds):
                deviations[crossing, place] = slot
                slot += 1
    weekday_first = slot
    slot += 7
    biases = np.zeros(len(observations.regimes), dtype=np.int64)
    for index in range(len(observations.regimes)):
        if index in drifting:
            biases[index] = first_drift + drifting.index(index)
        else:
            biases[index] = slot
            slot += 1
    return Layout(
        crossing_count=crossing_count,
        kind_cells=kinds,
        status_cells=marks,
        drift_count=len(drifting),
        deviations=deviations,
        weekday_first=weekday_first,
        bias_slots=biases,
        constant_count=slot,
    )


def drifts(regime: SeriesRegime) -> bool:
    """Whether the bias of a series wanders: it counts families, or hardly anything is known of what it misses (A67)."""
    return regime.unit == "families" or regime.bias_log_sd >= DRIFT_FROM_LOG_SD


def named_apart(observations: Observations, crossing: int, by_kind: bool) -> bool:
    """Whether some figure tells kinds (or statuses) apart at a part of the border to which the crossing belongs."""
    labels = observations.classes if by_kind else observations.statuses
    for row, label in enumerate(labels):
        if label != "all" and observations.scope[row, crossing] and not observations.scope[row].all():
            return True
    return False


def make_plan(observations: Observations, statuses: tuple[str, ...], first_day: int, last_day: int) -> Plan:
    """Lay out slots, open windows and figures by day. Figures must be ordered by their last day."""
    layout = make_layout(observations, statuses)
    day_count = last_day - first_day + 1
    status_index = {name: index for index, name in enumerate(statuses)}
    classes: dict[tuple[tuple[int, ...], int], int] = {}
    keys: dict[tuple[int, int, tuple[int, ...]], int] = {}
    key_end: list[int] = []
    key_figure: list[int] = []
    count = observations.count
    class_of, key_of = np.zeros(count, dtype=np.int64), np.full(count, -1, dtype=np.int64)
    low, high = observations.start - first_day, observations.end - first_day
    scopes = [tuple(np.flatnonzero(row).tolist()) for row in observations.scope]
    for row in range(count):
        told_apart = observations.statuses[row] != "all" and len(statuses) > 1  # the only status is everybody's
        mark = status_index[observations.statuses[row]] if told_apart else -1
        label = (MEMBERS_OF_CLASS[observations.classes[row]], mark)
        class_of[row] = classes.setdefault(label, len(classes))
        if low[row] == high[row]:
            continue
        key = (int(class_of[row]), int(low[row]), scopes[row])
        if key not in keys:
            keys[key] = len(keys)
            key_end.append(0)
            key_figure.append(row)
        key_of[row] = keys[key]
        key_end[keys[key]] = max(key_end[keys[key]], int(high[row]))
    key_low = [key[1] for key in keys]
    key_slot, slot_count = colour_slots(key_low, key_end, layout.constant_count)
    open_first, opened = slices_by_day([[low_day] for low_day in key_low], day_count)
    use_first, used = slices_by_day(
        [list(range(begin, end + 1)) for begin, end in zip(key_low, key_end, strict=True)], day_count
    )
    seen_first, order = slices_by_day([[int(day)] for day in high], day_count)
    if not np.array_equal(order, np.arange(count)):
        raise ValueError("figures must be ordered by their last day")
    return Plan(
        layout=layout,
        first_day=first_day,
        day_count=day_count,
        classes=tuple(classes),
        class_of=class_of,
        bias_slot=layout.bias_slots[observations.regime],
        low=low,
        high=high,
        key_of=key_of,
        key_class=np.array([key[0] for key in keys], dtype=np.int64),
        key_slot=np.array(key_slot, dtype=np.int64),
        key_figure=np.array(key_figure, dtype=np.int64),
        slot_count=slot_count,
        open_first=open_first,
        open_slot=np.array([key_slot[key] for key in opened], dtype=np.int64),
        use_first=use_first,
        use_key=used,
        seen_first=seen_first,
        scope_first=np.cumsum([0] + [len(scope) for scope in scopes]).astype(np.int64),
        class_members=np.array(
            [[kind in label[0] for kind in range(KIND_COUNT)] for label in classes], dtype=np.bool_
        ).reshape(-1, KIND_COUNT),
        class_mark=np.array([label[1] for label in classes], dtype=np.int64),
        class_days=np.array(
            [[low[class_of == label].min(), high[class_of == label].max() + 1] for label in range(len(classes))],
            dtype=np.int64,
        ).reshape(-1, 2),
        class_scope=np.array(
            [observations.scope[class_of == label].any(axis=0) for label in range(len(classes))], dtype=np.bool_
        ).reshape(len(classes), observations.scope.shape[1]),
        weekday=(np.arange(first_day, first_day + day_count, dtype=np.int64) - 1) % 7,
        scope_index=np.array([place for scope in scopes for place in scope], dtype=np.int64),
    )


def colour_slots(begin: list[int], end: list[int], first_slot: int) -> tuple[list[int], int]:
    """Slots for windows so that no two open at once share one; returns them and the number of slots in all."""
    slots = [0] * len(begin)
    free: list[int] = []
    busy: list[tuple[int, int]] = []
    top = first_slot
    for key in sorted(range(len(begin)), key=lambda item: (begin[item], end[item], item)):
        while busy and busy[0][0] < begin[key]:
            heappush(free, heappop(busy)[1])
        if free:
            slots[key] = heappop(free)
        else:
            slots[key] = top
            top += 1
        heappush(busy, (end[key], slots[key]))
    return slots, top


def slices_by_day(days: list[list[int]], day_count: int) -> tuple[Ints, Ints]:
    """For items that each belong to some days: where each day begins in the list of items by day, and the list."""
    counts = np.zeros(day_count + 1, dtype=np.int64)
    for group in days:
        for day in group:
            counts[day + 1] += 1
    first = np.cumsum(counts)
    place = first.copy()
    items = np.zeros(int(first[-1]), dtype=np.int64)
    for item, group in enumerate(days):
        for day in group:
            items[place[day]] = item
            place[day] += 1
    return first, items
