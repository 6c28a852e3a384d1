"""Gallery: which charts a briefing carries, each with one sentence and its figures as a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import numpy as np

from sarai.plan.loads import OVERNIGHT_DAYS, capacity_persons
from sarai.publish.ahead import (
    WAITING,
    capacity_is_assumed,
    crossings_by_size,
    day_table,
    place_label,
    samples_of,
)  # fmt: skip
from sarai.publish.briefing import Briefing
from sarai.publish.chart_marks import Mark
from sarai.publish.charts import LEVELS, Figure, Run, Samples, band_chart, run_of
from sarai.publish.disclosure import PAST_STEP, Shown, chart_days, shown_cell
from sarai.publish.figures import Estimate, digit_step, estimate, honest_digits, round_to
from sarai.publish.guarded import guarded_count
from sarai.publish.map import draw_map
from sarai.publish.past import find_windows
from sarai.publish.pressure import SHARE_SHOWN, WORTH_SAYING
from sarai.publish.rivals import STYLES, Said, find_said, series_label, strokes_of
from sarai.publish.spoken import scopes_of
from sarai.publish.table import Cell, Column, Table
from sarai.publish.words import Words
from sarai.world.world import World


def crossing_figures(words: Words, briefing: Briefing, cells: Shown) -> tuple[Figure, ...]:
    """Past and forecast of all crossings together and of each, with bands, the as-of date and the deadlines."""
    found = []
    for name in ("all", *crossings_by_size(briefing.forecast)):
        ahead = samples_of(briefing.forecast, "day crossings", name)
        if ahead is None or ahead.shape[0] == 0 or not _is_worth_a_chart(briefing, name):
            continue
        runs = [*_past_runs(briefing, cells, name), run_of(_tomorrow(briefing), ahead, "ahead")]
        place = place_label(words, briefing.world, name)
        title = words.say("chart_crossing", place=place)
        summary = words.say("chart_crossing_summary", place=place, persons=words.persons(estimate(ahead.max(axis=0))))
        key = f"chart-crossing-{name}"
        svg = band_chart(words, key, title, summary, runs, marks=_marks(words, briefing), unit=words.say("persons_day"))
        table = day_table(words, briefing.forecast, "day crossings", name, title, f"days_{name}")
        found.append(Figure(id=key, title=title, summary=summary, svg=svg, table=table))
    return tuple(found)


def uncharted(briefing: Briefing) -> list[str]:
    """Crossings that take too few of the people to come for a chart; their figures stand in the tables."""
    return [name for name in crossings_by_size(briefing.forecast) if not _is_worth_a_chart(briefing, name)]


def uncharted_tables(words: Words, briefing: Briefing) -> tuple[Table, ...]:
    """Day by day what is likely at the crossings without a chart, for the workbook."""
    tables = (
        day_table(words, briefing.forecast, "day crossings", name,
                  words.say("chart_crossing", place=place_label(words, briefing.world, name)), f"days_{name}")
        for name in uncharted(briefing)
    )  # fmt: skip
    return tuple(table for table in tables if table is not None)


def _is_worth_a_chart(briefing: Briefing, name: str) -> bool:
    ahead, whole = (samples_of(briefing.forecast, "day crossings", place) for place in (name, "all"))
    if ahead is None or whole is None or name == "all":
        return True
    return float(np.median(ahead.sum(axis=0))) >= SHARE_SHOWN * float(np.median(whole.sum(axis=0)))


def queue_figures(words: Words, briefing: Briefing) -> tuple[Figure, ...]:
    """Queues at closing time, for the crossings where one is to be reckoned with."""
    found = []
    for name in crossings_by_size(briefing.forecast):
        ahead = samples_of(briefing.forecast, "queue at close", name)
        if ahead is None or ahead.size == 0 or float((ahead.max(axis=0) >= WAITING).mean()) < WORTH_SAYING:
            continue
        place = place_label(words, briefing.world, name)
        title = words.say("chart_queue", place=place)
        if capacity_is_assumed(briefing.world, name):
            title = words.say("assumed_mark", sentence=title)
        summary = words.say("chart_queue_summary", place=place, persons=words.persons(estimate(ahead.max(axis=0))))
        key = f"chart-queue-{name}"
        runs = [run_of(_tomorrow(briefing), ahead, "queue")]
        svg = band_chart(words, key, title, summary, runs, marks=_marks(words, briefing), unit=words.say("persons"))
        table = day_table(words, briefing.forecast, "queue at close", name, title, f"queue_{name}")
        found.append(Figure(id=key, title=title, summary=summary, svg=svg, table=table))
    return tuple(found)


def load_figures(words: Words, briefing: Briefing) -> tuple[Figure, ...]:
    """People present at each stage where people stay, against its capacity or the words `capacity not known`."""
    found = []
    stages = {stage.id: stage for stage in briefing.world.stages}
    series = briefing.forecast.series.get("site occupancy")
    for name in series.locations if series is not None else ():
        ahead = samples_of(briefing.forecast, "site occupancy", name)
        stage = stages.get(name)
        if ahead is None or ahead.size == 0 or (stage is not None and stage.stay_days < OVERNIGHT_DAYS):
            continue
        capacity = capacity_persons(briefing.world, stage) if stage is not None else None
        assumed = stage is not None and stage.capacity.assumed
        place = place_label(words, briefing.world, name)
        text = words.say("capacity_not_known") if capacity is None else words.say("capacity")
        text = words.say("capacity_is_assumed") if capacity is not None and assumed else text
        title = words.say("chart_load" if capacity is not None else "chart_load_unknown", place=place)
        title = words.say("assumed_mark", sentence=title) if capacity is not None and assumed else title
        summary = words.say("chart_load_summary", place=place, persons=words.persons(estimate(ahead.max(axis=0))),
                            capacity=text if capacity is None else words.count(capacity))  # fmt: skip
        key = f"chart-load-{name}"
        runs = [run_of(_tomorrow(briefing), ahead, "load")]
        svg = band_chart(words, key, title, summary, runs, level=capacity, level_text=text, unit=words.say("persons"))
        table = day_table(words, briefing.forecast, "site occupancy", name, title, f"load_{name}")
        found.append(Figure(id=key, title=title, summary=summary, svg=svg, table=table))
    return tuple(found)


def rival_figures(words: Words, briefing: Briefing, cells: Shown) -> tuple[Figure, ...]:
    """What each source said against the reconciled curve, for all crossings together and for each."""
    picture, world = briefing.picture, briefing.world
    found = []
    first = chart_days(picture, find_windows(world, picture)[-1])[0]
    for name, scope in scopes_of(picture):
        said = _may_be_said(find_said(world, scope, first), cells, name)
        strokes, ids = strokes_of(said)
        series = [series_label(world, item) for item in ids]
        runs = _past_runs(briefing, cells, name)
        if not strokes or not runs:
            continue
        place = place_label(words, world, name)
        title = words.say("chart_rivals", place=place)
        summary = words.say("chart_rivals_summary", place=place, series=words.listing(series))
        key = f"chart-rivals-{name}"
        svg = band_chart(words, key, title, summary, runs,
                         strokes=strokes, unit=words.say("persons_day"))  # fmt: skip
        table = _said_table(words, world, said, title, f"said_{name}")
        legend = (("past", words.say("legend_past")), *((f"s{i % STYLES}", item) for i, item in enumerate(series)))
        found.append(Figure(id=key, title=title, summary=summary, svg=svg, table=table, legend=legend))
    return tuple(found)


def map_figure(words: Words, world: World) -> Figure | None:
    """The map, with its places as a table."""
    svg = draw_map(words, world, "chart-map")
    if svg is None:
        return None
    order = {"origin": 0, "crossing": 1, "site": 2, "destination": 3}
    places = sorted(world.places.values(), key=lambda place: (order[place.kind], place.name))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (place.name, words.say(f"place_{place.kind}"), place.admin1 or place.country,
         words.say("approximate") if place.approximate else "")
        for place in places
        if place.lat is not None
    )  # fmt: skip
    columns = (
        Column(key="name", label=words.say("place")), Column(key="kind", label=words.say("kind_of_place")),
        Column(key="admin1", label=words.say("province")), Column(key="note", label=words.say("note")),
    )  # fmt: skip
    table = Table(id="places", title=words.say("map_title"), columns=columns, rows=rows, level="public")
    summary = words.say("map_summary", count=words.count(len(rows)))
    drawn = {place.kind for place in places if place.lat is not None}
    legend = tuple((f"sym {kind}", words.say(f"legend_{kind}")) for kind in order if kind in drawn)
    return Figure(id="chart-map", title=words.say("map_title"), summary=summary, svg=svg, table=table, legend=legend)


def unplaced(world: World) -> list[str]:
    """Names of the places that the case gives and whose coordinates nobody knows: they are not on the map."""
    return [place.name for place in world.places.values() if place.lat is None and not place.basis.assumption]


def _past_runs(briefing: Briefing, cells: Shown, name: str) -> list[Run]:
    """The reconciled days that may be shown, as printed: rounded, with a gap where a day is held back."""
    picture = briefing.picture
    if name != "all" and name not in picture.crossings:
        return []
    samples = picture.flow.sum(axis=1) if name == "all" else picture.flow[:, picture.crossings.index(name), :]
    runs: list[Run] = []
    levels: list[Samples] = []
    first = date.min
    for day in chart_days(picture, find_windows(briefing.world, picture)[-1]):
        cell = cells.get(day.isoformat(), {}).get((name, "all", "all"))
        if isinstance(cell, Estimate):
            first = first if levels else day
            drawn = _printed(np.quantile(samples[np.searchsorted(picture.days, day.toordinal())], LEVELS))
            levels.append(_around(drawn, cell.rounded().mid))
        elif levels:
            runs.append(Run(first=first, levels=np.array(levels).T, style="past"))
            levels = []
    return [*runs, Run(first=first, levels=np.array(levels).T, style="past")] if levels else runs


def _printed(levels: Samples) -> Samples:
    """Quantiles as a table prints them: in the steps that their range allows."""
    digits = honest_digits(float(levels[0]), float(levels[2]), float(levels[4]))
    return np.array([round_to(float(value), digit_step(float(value), digits, PAST_STEP)) for value in levels])


def _around(levels: Samples, told: float) -> Samples:
    """Levels with the figure of the tables in their middle, the others on their side of it."""
    return np.array([*np.minimum(levels[:2], told), told, *np.maximum(levels[3:], told)])


def _tomorrow(briefing: Briefing) -> date:
    return date.fromordinal(briefing.forecast.reference_date.toordinal() + 1)


def _marks(words: Words, briefing: Briefing) -> list[Mark]:
    marks = [Mark(day=briefing.forecast.reference_date, text=words.say("mark_as_of"), style="as_of")]
    deadlines = sorted({wave.deadline for wave in briefing.world.calendar.waves if not wave.withdrawn})
    marks.extend(Mark(day=day, text=words.say("mark_deadline"), style="deadline") for day in deadlines)
    return marks


def _may_be_said(said: Iterable[Said], cells: Shown, name: str) -> tuple[Said, ...]:
    """What sources said, in the steps of a release; nothing of days that are held back, and no small count."""
    found = []
    for item in said:
        days = (item.last - item.first).days + 1
        counted = guarded_count(item.per_day * days, shown_cell(cells, item.first, item.last, name))
        if counted is not None:
            found.append(replace(item, per_day=counted / days))
    return tuple(found)


def _said_table(words: Words, world: World, said: Iterable[Said], title: str, key: str) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for item in said:
        value = Estimate(low=item.per_day, mid=item.per_day, high=item.per_day)
        rows.append((series_label(world, item.series), item.first, item.last, value))
    columns = (
        Column(key="series", label=words.say("series")), Column(key="first", label=words.say("first_day"), kind="date"),
        Column(key="last", label=words.say("last_day"), kind="date"),
        Column(key="per_day", label=words.say("persons_day"), kind="persons"),
    )  # fmt: skip
    return Table(id=key, title=title, columns=columns, rows=tuple(rows), level="public", lead=3)
