"""Quirks of Flee that the law keeps by default, each with the switch that mends it under `--strict`."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, kw_only=True)
class Quirks:
    """True keeps what Flee does. The reference ensembles contain all of them."""

    arrive_only_beyond_length: bool = True
    restore_town_after_conflict: bool = True
    ignore_change_of_intensity: bool = True
    keep_zones_despite_zero: bool = True
    spawn_decay_one_day_late: bool = True
    lower_capacity_by_day0: bool = True
    empty_camps_in_first_phase: bool = True
    small_camp_is_unlimited: bool = True
    count_rows_without_place: bool = True
    drop_last_records_of_sums: bool = True
    send_back_after_reopening: bool = True
    closed_camp_keeps_capacity: bool = True
    uniform_where_all_weigh_nothing: bool = True
    markers_use_awareness_of_fixed_routes: bool = True


FLEE = Quirks()
STRICT = Quirks(**dict.fromkeys((item.name for item in fields(Quirks)), False))

MEANING: dict[str, tuple[str, str]] = {
    "arrive_only_beyond_length": (
        "a link of 360 km at 360 km a day ends on the second day",
        "it ends on the first day",
    ),
    "restore_town_after_conflict": (
        "when a conflict ends, any place becomes a town, hubs and camps too",
        "the place becomes again what it was",
    ),
    "ignore_change_of_intensity": (
        "a change between two positive intensities is ignored",
        "it counts from that day on; the age of the conflict stays",
    ),
    "keep_zones_despite_zero": (
        "a conflict zone of locations.csv survives a zero on day 0 of conflicts.csv",
        "the zero clears it",
    ),
    "spawn_decay_one_day_late": (
        "weights of departure lag the decay of conflicts by one day",
        "they follow it on the day",
    ),
    "lower_capacity_by_day0": (
        "the people of day 0 lower the capacity of their camp and fill it as well; a camp that they fill has no limit",
        "the capacity stays as given",
    ),
    "empty_camps_in_first_phase": (
        "on the first morning all places count as empty",
        "the people who stand there count",
    ),
    "small_camp_is_unlimited": (
        "a capacity below 1 after division means no limit",
        "a camp with a capacity keeps at least 1",
    ),
    "count_rows_without_place": (
        "rows of data_layout.csv that name no place add to the people who leave",
        "they are left out",
    ),
    "drop_last_records_of_sums": (
        "where files are added, records after the end of the second file are dropped",
        "they are kept",
    ),
    "send_back_after_reopening": (
        "people on a link when it closed are sent back, even if it reopened meanwhile",
        "they go on if it is open again",
    ),
    "closed_camp_keeps_capacity": (
        "a closed camp is a town that still deters by its capacity",
        "a closed camp has no capacity",
    ),
    "uniform_where_all_weigh_nothing": (
        "where no destination has any weight, people choose at random",
        "they stay",
    ),
    "markers_use_awareness_of_fixed_routes": (
        "under fixed_routes a marker on the way uses up awareness as a place does",
        "a marker uses up none, as with routes that people plan",
    ),
}
"""For each quirk: what Flee does, and what `--strict` does instead."""
