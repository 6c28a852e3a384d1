"""What is likely to come: tables of the forecast by crossing, queue and province of return."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from sarai.forecast.forecast import Forecast, Series
from sarai.publish.figures import Estimate, estimate
from sarai.publish.table import Cell, Column, Table
from sarai.publish.words import Words
from sarai.world.calendar import Wave
from sarai.world.world import World

WEEK = 7
PEAK_LEVELS = (0.25, 0.75)
WAITING = 100.0
"""A145: persons still waiting at closing time from which a queue is spoken of."""


@dataclass(frozen=True, kw_only=True)
class Peak:
    """The busiest day: most likely date, the dates within which half of the members have it, and its size."""

    likely: date
    earliest: date
    latest: date
    size: Estimate


def samples_of(forecast: Forecast, target: str, location: str) -> NDArray[np.float64] | None:
    """Samples (horizon, member) of one target at one location; None where the forecast lacks it."""
    series = forecast.series.get(target)
    if series is None or location not in series.locations:
        return None
    return series.samples[:, series.locations.index(location), :]


def find_peak(forecast: Forecast, location: str, target: str = "day crossings") -> Peak | None:
    """The busiest day of the horizon, over members."""
    samples = samples_of(forecast, target, location)
    if samples is None or samples.shape[0] == 0:
        return None
    days = np.argmax(samples, axis=0)
    likely = int(np.argmax(np.bincount(days, minlength=samples.shape[0])))
    early, late = (int(np.floor(value)) for value in np.quantile(days, PEAK_LEVELS))
    start = forecast.reference_date + timedelta(days=1)
    return Peak(
        likely=start + timedelta(days=likely), earliest=start + timedelta(days=min(early, likely)),
        latest=start + timedelta(days=max(late, likely)), size=estimate(samples.max(axis=0)),
    )  # fmt: skip


def next_week(forecast: Forecast, location: str) -> Estimate | None:
    """Crossings of the seven days after the as-of date; None where the horizon is shorter."""
    samples = samples_of(forecast, "week crossings", location)
    return None if samples is None or samples.shape[0] == 0 else estimate(samples[0])


def place_label(words: Words, world: World, location: str) -> str:
    """Name of a place, stage or `all crossings`."""
    if location == "all":
        return words.say("all_crossings")
    place = world.places.get(location)
    if place is not None:
        return place.name
    stage = next((item for item in world.stages if item.id == location), None)
    if stage is None:
        return location
    site = world.places.get(stage.site)
    name, kind = site.name if site else stage.site, words.say(f"stage_{stage.kind}")
    told = any(text in name.lower() for text in (kind.lower(), stage.kind.replace("_", " ")))
    return name if told else words.say("stage_at", stage=kind, site=name)


def wave_title(words: Words, wave: Wave) -> str:
    """The title of a wave, or `the call to leave` where the case gives none."""
    return wave.title if wave.title and wave.title != wave.id else words.say("call_to_leave")


def fold_silent(forecast: Forecast, target: str, silent: Sequence[str]) -> NDArray[np.float64] | None:
    """Samples (horizon, member) of the crossings that nobody reported on, added up; None below two of them."""
    parts = [part for name in silent if (part := samples_of(forecast, target, name)) is not None]
    whole: NDArray[np.float64] | None = np.sum(parts, axis=0) if len(parts) > 1 else None
    return whole


def week_table(words: Words, world: World, forecast: Forecast, silent: Sequence[str] = ()) -> Table | None:
    """Crossings by week of the horizon; those that nobody reported on stand in one row."""
    series = forecast.series.get("week crossings")
    if series is None or series.samples.shape[0] == 0:
        return None
    weeks = range(series.samples.shape[0])
    ends = [forecast.reference_date + timedelta(days=WEEK * (week + 1)) for week in weeks]
    columns = (
        Column(key="crossing", label=words.say("crossing")),
        *(Column(key=f"week_{week + 1}", label=words.say("week_to", day=words.day(ends[week])), kind="persons")
          for week in weeks),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    folded = fold_silent(forecast, "week crossings", silent)
    for place, name in _all_first(series):
        if folded is None or name not in silent:
            figures = (estimate(series.samples[week, place]) for week in weeks)
            rows.append((place_label(words, world, name), *figures))
    if folded is not None:
        label = words.say("silent_row", count=words.count(len(silent)))
        rows.append((label, *(estimate(folded[week]) for week in weeks)))
    return Table(id="weeks", title=words.say("weeks_title"), columns=columns, rows=tuple(rows))


def glance_table(
    words: Words,
    world: World,
    forecast: Forecast,
    week: Mapping[str, Cell],
    past_week: str,
    silent: Sequence[str] = (),
) -> Table | None:
    """The crossings on one line each: the week that was, the week to come, the busiest day, the longest queue.

    week     crossing or `all` -> the last seven days, after disclosure control; `past_week` is what they are called
    silent   crossings that nobody reported on: they have no line where there are others
    """
    if "week crossings" not in forecast.series:
        return None
    rows: list[tuple[Cell, ...]] = []
    named = [name for name in crossings_by_size(forecast) if name not in silent]
    for name in ("all", *(named or crossings_by_size(forecast))):
        peak, queue = find_peak(forecast, name), samples_of(forecast, "queue at close", name)
        if name != "all" and capacity_is_assumed(world, name):
            queue = None
        rows.append(
            (place_label(words, world, name), week.get(name), next_week(forecast, name),
             peak.likely if peak else "", peak.size if peak else "",
             estimate(queue.max(axis=0)) if queue is not None and queue.size and name != "all" else "")
        )  # fmt: skip
    columns = (
        Column(key="crossing", label=words.say("crossing")),
        Column(key="past_week", label=past_week, kind="persons"),
        Column(key="next_week", label=words.say("next_days", count=words.count(WEEK)), kind="persons"),
        Column(key="peak_day", label=words.say("busiest_day"), kind="date"),
        Column(key="peak_size", label=words.say("on_busiest_day"), kind="persons"),
        Column(key="queue", label=words.say("longest_queue"), kind="persons"),
    )
    kept = len(columns) - all(row[-1] == "" for row in rows)
    return Table(id="glance", title=words.say("glance_title"), columns=columns[:kept],
                 rows=tuple(row[:kept] for row in rows), notes=(words.say("glance_note"),))  # fmt: skip


def day_table(words: Words, forecast: Forecast, target: str, location: str, title: str, key: str) -> Table | None:
    """One target at one location, day by day: the middle with its 90 % range, and the ends of the 50 % range."""
    samples = samples_of(forecast, target, location)
    if samples is None:
        return None
    levels = np.quantile(samples, (0.05, 0.25, 0.5, 0.75, 0.95), axis=1)
    rows: list[tuple[Cell, ...]] = []
    for index in range(samples.shape[0]):
        low, inner_low, mid, inner_high, high = (float(value) for value in levels[:, index])
        rows.append(
            (forecast.reference_date + timedelta(days=index + 1), Estimate(low=low, mid=mid, high=high),
             Estimate(low=inner_low, mid=mid, high=inner_high))
        )  # fmt: skip
    columns = (
        Column(key="day", label=words.say("day"), kind="date"),
        Column(key="range_90", label=words.say("range_90"), kind="persons"),
        Column(key="range_50", label=words.say("range_50"), kind="span"),
    )
    return Table(id=key, title=title, columns=columns, rows=tuple(rows))


def queue_table(words: Words, world: World, forecast: Forecast) -> Table | None:
    """Queues: the longest at closing, when, the chance of one, and the chance that somebody waits past 24 hours."""
    series = forecast.series.get("queue at close")
    if series is None:
        return None
    rows: list[tuple[Cell, ...]] = []
    for name in crossings_by_size(forecast):
        samples = samples_of(forecast, "queue at close", name)
        if samples is None or samples.size == 0:
            continue
        peak = find_peak(forecast, name, "queue at close")
        likely = peak.likely if peak is not None and peak.size.high >= WAITING else ""
        capacity = day_capacity(world, name)
        past_day = None if capacity is None else float((samples.max(axis=0) > capacity).mean())
        rows.append(
            (_marked_place(words, world, name), estimate(samples.max(axis=0)), likely,
             float((samples.max(axis=0) >= WAITING).mean()), past_day)
        )  # fmt: skip
    columns = (
        Column(key="crossing", label=words.say("crossing")),
        Column(key="longest", label=words.say("longest_queue"), kind="persons"),
        Column(key="day", label=words.say("likely_day"), kind="date"),
        Column(key="chance_queue", label=words.say("chance_queue", count=words.count(WAITING)), kind="chance"),
        Column(key="chance_day", label=words.say("chance_past_day"), kind="chance"),
    )
    return Table(id="queues", title=words.say("queues_title"), columns=columns, rows=tuple(rows),
                 notes=(words.say("queue_note"),))  # fmt: skip


def crossings_by_size(forecast: Forecast) -> list[str]:
    """Crossings of the forecast, those with most people to come first."""
    series = forecast.series.get("day crossings")
    if series is None:
        return []
    size = np.median(series.samples.sum(axis=0), axis=-1)
    names = [(-float(size[place]), name) for place, name in enumerate(series.locations) if name != "all"]
    return [name for _, name in sorted(names)]


def capacity_is_assumed(world: World, crossing: str) -> bool:
    """Whether any part of what a crossing serves in a day rests on an assumption."""
    basis = next((item.basis for item in world.crossings if item.place_id == crossing), None)
    return basis is None or bool(basis.assumption) or not basis.source_id


def day_capacity(world: World, crossing: str) -> float | None:
    """Persons a day that a crossing can serve: hours x desks x persons per desk-hour; None where that is not known."""
    for item in world.crossings:
        if item.place_id == crossing:
            capacity = (item.closes_hour - item.opens_hour) * item.desks * item.persons_desk_hour
            return capacity if capacity > 0 else None
    return None


def destination_table(words: Words, world: World, forecast: Forecast) -> Table | None:
    """Arrivals in the provinces of return over the first week and over the horizon, largest first."""
    series = forecast.series.get("day arrivals")
    if series is None or sum(name != "all" for name in series.locations) < 2:
        return None
    week = min(WEEK, forecast.horizon_days)
    found = [
        (place_label(words, world, name), estimate(series.samples[:week, place].sum(axis=0)),
         estimate(series.samples[:, place].sum(axis=0)))
        for place, name in enumerate(series.locations)
        if name != "all"
    ]  # fmt: skip
    found.sort(key=lambda row: (-row[2].mid, row[0]))
    columns = (
        Column(key="province", label=words.say("province_of_return")),
        Column(key="week", label=words.say("next_days", count=words.count(week)), kind="persons"),
        Column(key="horizon", label=words.say("next_days", count=words.count(forecast.horizon_days)), kind="persons"),
    )
    return Table(id="destinations", title=words.say("destinations_title"), columns=columns, rows=tuple(found))


def _marked_place(words: Words, world: World, crossing: str) -> str:
    place = place_label(words, world, crossing)
    return words.say("assumed_mark", sentence=place) if capacity_is_assumed(world, crossing) else place


def _all_first(series: Series) -> list[tuple[int, str]]:
    order = list(enumerate(series.locations))
    return sorted(order, key=lambda item: (item[1] != "all", item[0]))
