"""The protection page: nights in the open, waits, people above capacity, arrests, and the standards beside them."""

from __future__ import annotations

import numpy as np

from sarai.forecast.forecast import Forecast
from sarai.plan.loads import OVERNIGHT_DAYS, capacity_persons
from sarai.publish.ahead import day_capacity, place_label, samples_of
from sarai.publish.disclosure import Shown
from sarai.publish.figures import LEAST_STEP, Estimate, estimate
from sarai.publish.guarded import guarded_share
from sarai.publish.past import find_windows
from sarai.publish.profile import ARRESTS, FEARS_ARREST, find_cited, share_span, source_label
from sarai.publish.table import HIDDEN, Cell, Column, Table
from sarai.publish.told import told_kinds, told_statuses
from sarai.publish.words import Words
from sarai.reconcile.picture import KINDS, Picture
from sarai.world.world import World


def protection_tables(
    words: Words, world: World, picture: Picture, forecast: Forecast, cells: Shown
) -> tuple[Table, ...]:
    """Waiting and shelter ahead; deported share beside cited fear of arrest; card holders; reported arrests."""
    return tuple(
        table
        for table in (
            _waiting(words, world, forecast), _shares(words, world, picture, cells), _arrests(words, world),
        )
        if table.rows
    )  # fmt: skip


def _waiting(words: Words, world: World, forecast: Forecast) -> Table:
    rows: list[tuple[Cell, ...]] = []
    queue = forecast.series.get("queue at close")
    for name in queue.locations if queue is not None else ():
        samples = samples_of(forecast, "queue at close", name)
        if samples is None or samples.size == 0 or name == "all":
            continue
        place = place_label(words, world, name)
        rows.append((place, words.say("nights_in_the_open"), estimate(samples.sum(axis=0)), ""))
        capacity = day_capacity(world, name)
        if capacity is not None:
            past_day = np.maximum(0.0, samples - capacity).sum(axis=0)
            rows.append((place, words.say("waits_past_day"), estimate(past_day), ""))
            rows.append((place, words.say("load_per_desk"), *_desk_load(words, world, forecast, name)))
    rows.extend(_without_shelter(words, world, forecast))
    rows = [row for row in rows if not _is_nothing(row[2])]
    columns = (
        Column(key="place", label=words.say("place")),
        Column(key="measure", label=words.say("measure")),
        Column(key="figure", label=words.say("over_horizon", days=words.count(forecast.horizon_days)), kind="persons"),
        Column(key="note", label=words.say("note")),
    )
    return Table(id="protection_waiting", title=words.say("protection_waiting_title"), columns=columns,
                 rows=tuple(rows), lead=2,
                 notes=(words.say("protection_waiting_note"), words.say("few_left_out")))  # fmt: skip


def _is_nothing(figure: Cell) -> bool:
    """A figure that is fewer than ten throughout, or a capacity that nobody knows: asked for under the sites."""
    return figure is None or (isinstance(figure, Estimate) and figure.high < LEAST_STEP)


def _desk_load(words: Words, world: World, forecast: Forecast, crossing: str) -> tuple[Cell, Cell]:
    """Persons for each desk and hour on the busiest day, and the rate that a desk is taken to manage."""
    item = next(entry for entry in world.crossings if entry.place_id == crossing)
    samples = samples_of(forecast, "day crossings", crossing)
    queue = samples_of(forecast, "queue at close", crossing)
    desk_hours = item.desks * (item.closes_hour - item.opens_hour)
    if samples is None or queue is None or desk_hours <= 0:
        return None, ""
    calling = (samples + queue).max(axis=0) / desk_hours
    return estimate(calling), words.say("desk_rate", count=words.count(item.persons_desk_hour))


def _without_shelter(words: Words, world: World, forecast: Forecast) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for stage in world.stages:
        samples = samples_of(forecast, "site occupancy", stage.id)
        capacity = capacity_persons(world, stage)
        if samples is None or stage.stay_days < OVERNIGHT_DAYS:
            continue
        if capacity is None:
            row: tuple[Cell, Cell] = (None, words.say("capacity_not_known"))
        else:
            mark = words.say("capacity_is_assumed") if stage.capacity.assumed else ""
            row = (estimate(np.maximum(0.0, samples - capacity).sum(axis=0)), mark)
        rows.append((place_label(words, world, stage.id), words.say("nights_without_shelter"), *row))
    return rows


def _shares(words: Words, world: World, picture: Picture, cells: Shown) -> Table:
    since = find_windows(world, picture)[-1]
    flow = picture.flow[since.days]
    whole = flow.sum(axis=(0, 1))
    first = words.day(since.first, year=True)
    rows: list[tuple[Cell, ...]] = []
    for index, kind in enumerate(KINDS[:2]):
        share = (flow * picture.kind_share[since.days][:, :, index]).sum(axis=(0, 1)) / whole
        told = kind in told_kinds(world)
        source = words.say("reconciled_since", first=first) if told else words.say("no_report")
        shown = guarded_share(estimate(share), cells.get("start", {}), kind=kind)
        rows.append((words.say(f"share_{kind}"), (shown or HIDDEN) if told else None, source))
    fears = find_cited(world, FEARS_ARREST)
    sources = "; ".join(sorted({source_label(world, item.fact.source_id) for item in fears}))
    rows.append((words.say("share_fears_arrest"), share_span(fears), sources))
    names = {status.id: status.name for status in world.statuses}
    for index, status in enumerate(picture.statuses if told_statuses(world)[0] else ()):
        share = (flow * picture.status_share[since.days][:, :, index]).sum(axis=(0, 1)) / whole
        label = words.say("share_status", status=names.get(status, status))
        shown = guarded_share(_share_estimate(estimate(share)), cells.get("start", {}), status=status)
        rows.append((label, shown or HIDDEN, words.say("reconciled_since", first=first)))
    notes = (words.say("non_refoulement"), words.say("status_note"))[: 2 if told_statuses(world)[0] else 1]
    columns = (
        Column(key="measure", label=words.say("measure")),
        Column(key="share", label=words.say("share"), kind="share"),
        Column(key="source", label=words.say("sources")),
    )
    return Table(id="protection_shares", title=words.say("protection_shares_title"), columns=columns, rows=tuple(rows),
                 level="public", notes=notes)  # fmt: skip


def _share_estimate(figure: Estimate) -> Estimate:
    return Estimate(low=max(0.0, figure.low), mid=figure.mid, high=min(1.0, figure.high))


def _arrests(words: Words, world: World) -> Table:
    """Reported arrests as a national series; nothing below the country, nobody but aggregates."""
    cited = sorted(find_cited(world, ARRESTS), key=lambda item: (str(item.fact.start), str(item.fact.end)))
    rows: list[tuple[Cell, ...]] = []
    for item in cited:
        fact = item.fact
        if item.count is None:
            continue
        rows.append((fact.start or "", fact.end or "", fact.item, item.count, source_label(world, fact.source_id)))
    columns = (
        Column(key="first", label=words.say("first_day"), kind="date_year"),
        Column(key="last", label=words.say("last_day"), kind="date_year"),
        Column(key="measure", label=words.say("as_reported")),
        Column(key="count", label=words.say("persons"), kind="count"),
        Column(key="source", label=words.say("sources")),
    )
    return Table(id="protection_arrests", title=words.say("protection_arrests_title"), columns=columns,
                 rows=tuple(rows), lead=1, level="public")  # fmt: skip
