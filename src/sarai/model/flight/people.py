"""Who leaves and what was counted: daily numbers, day-0 camps, capacities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarai.model.flight.case import FlightCase
from sarai.model.flight.quirks import Quirks
from sarai.model.flight.series import camp_records, daily_counts

Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class People:
    """Counts that a run starts from, all after division by `hasten`.

    recorded    (day, layout row) persons counted; row 0 is the total          layout  names of the rows
    leaving     (day,) persons who leave home,
    from data                         debt    (day,) persons counted away before
    initial     (place,) persons in camps on the morning of day 0                population (place,)
    capacity    (place,) -1 where there is none     capacity_per_day (place,)    sink (place,) chance to stop moving
    """

    layout: tuple[str, ...]
    recorded: Ints
    leaving: Ints
    debt: Ints
    initial: Ints
    population: Ints
    capacity: Ints
    capacity_per_day: Ints
    sink: NDArray[np.float64]


def recorded_counts(case: FlightCase, quirks: Quirks) -> Ints:
    """Persons counted, by day and layout row."""
    keep = not quirks.drop_last_records_of_sums
    columns = [
        daily_counts(camp_records(table, case.settings.hasten, case.corrections, keep), max(case.days, 1))
        for table in case.layout
    ]
    return np.stack(columns, axis=1) if columns else np.zeros((case.days, 0), dtype=np.int64)


def daily_leavers(case: FlightCase, recorded: Ints, quirks: Quirks) -> tuple[Ints, Ints]:
    """Persons who leave home each day, from recorded counts, and the debt that falling counts leave. Both (day,)."""
    rules = case.settings
    names = {place.name for place in case.places}
    rows = [
        j for j, table in enumerate(case.layout)
        if j > 0 and (quirks.count_rows_without_place or table.name in names)
    ]  # fmt: skip
    columns = recorded[:, rows] if rules.sum_from_camps else recorded[:, :1]
    change = np.diff(columns.sum(axis=1), prepend=0)
    first = recorded[0, [0, *rows]].sum() if rules.sum_from_camps else recorded[0, :1].sum()
    change[0] = 0 if rules.insert_day0 or rules.empty_camps_on_day0 else first
    leaving, debts = np.zeros(case.days, dtype=np.int64), np.zeros(case.days, dtype=np.int64)
    debt = 0
    for day in range(case.days):
        due = int(change[day]) - debt
        leaving[day], debt = max(due, 0), max(-due, 0)
        debts[day] = debt
    return leaving, debts


def build_people(case: FlightCase, start_camps: NDArray[np.bool_], quirks: Quirks) -> People:
    """Counts of a case under its settings."""
    rules = case.settings
    divisor = rules.hasten
    recorded = recorded_counts(case, quirks)
    row_of = {table.name: j for j, table in enumerate(case.layout)}
    driven = rules.conflict_driven or rules.flood_driven
    if driven or not case.layout:
        leaving, debt = np.zeros(case.days, dtype=np.int64), np.zeros(case.days, dtype=np.int64)
    else:
        leaving, debt = daily_leavers(case, recorded, quirks)
    on_day0 = np.array([recorded[0, row_of[p.name]] if p.name in row_of else 0 for p in case.places], dtype=np.int64)
    extra = np.array([int(p.attributes.get("initial_idps", 0)) for p in case.places], dtype=np.int64)
    initial = np.where(start_camps, (on_day0 if rules.insert_day0 else 0) + extra, 0)
    if rules.empty_camps_on_day0:
        recorded = recorded - recorded[:1]
        initial = np.zeros_like(initial)
    number = np.array([p.number // divisor for p in case.places], dtype=np.int64)
    is_camp = np.array([p.is_camp for p in case.places])
    capacity = np.where(is_camp, number, -1)
    for i, place in enumerate(case.places):
        if place.name in case.opened:
            capacity[i] = case.opened[place.name] // divisor
    if not quirks.small_camp_is_unlimited:
        given = np.array([p.is_camp and p.number > 0 for p in case.places])
        capacity = np.where(given, np.maximum(capacity, 1), capacity)
    if rules.insert_day0 and not driven and case.layout and quirks.lower_capacity_by_day0:
        capacity = np.where(capacity > 0, capacity - on_day0, capacity)
    return People(
        layout=tuple(table.name for table in case.layout), recorded=recorded, leaving=leaving, debt=debt,
        initial=initial, population=np.where(is_camp, 0, number), capacity=capacity.astype(np.int64),
        capacity_per_day=np.array([int(p.attributes.get("capacity_per_day", 0)) for p in case.places], dtype=np.int64),
        sink=np.array([float(p.attributes.get("deactivation_probability", 0.0)) for p in case.places]),
    )  # fmt: skip
