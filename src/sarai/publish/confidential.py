"""Confidential tables: the odds that a deadline is enforced, holding centres and departures by origin, if asked for."""

from __future__ import annotations

from sarai.forecast.forecast import Forecast
from sarai.publish.ahead import wave_title
from sarai.publish.figures import estimate
from sarai.publish.table import Cell, Column, Table
from sarai.publish.words import Words
from sarai.world.reception import HoldingCentre
from sarai.world.world import World


def confidential_tables(words: Words, world: World, forecast: Forecast) -> tuple[Table, ...]:
    """Each names the flag that must ask for it; without rows a table is left out."""
    tables = (
        enforcement_table(words, world, forecast), holding_table(words, world), origin_table(words, world, forecast),
    )  # fmt: skip
    return tuple(table for table in tables if table.rows)


def enforcement_table(words: Words, world: World, forecast: Forecast) -> Table:
    """Each deadline with the share of futures of the law in which it is enforced, on time or later."""
    rows = tuple(
        (wave_title(words, wave), wave.deadline, forecast.enforced[wave.id])
        for wave in world.calendar.waves
        if wave.id in forecast.enforced
    )
    columns = (
        Column(key="wave", label=words.say("call_to_leave")),
        Column(key="deadline", label=words.say("deadline"), kind="date_year"),
        Column(key="chance", label=words.say("chance_enforced"), kind="chance"),
    )
    return Table(id="enforcement", title=words.say("enforcement_title"), columns=columns, rows=rows,
                 level="confidential", asked_by="enforcement", notes=(words.say("enforcement_note"),))  # fmt: skip


def holding_table(words: Words, world: World) -> Table:
    """Holding centres as the case describes them. They enter as facts and are never sized, planned or ranked."""
    columns = (
        Column(key="centre", label=words.say("holding_centre")),
        Column(key="origin", label=words.say("place_origin")),
        Column(key="capacity", label=words.say("capacity")),
        Column(key="stay", label=words.say("days_held"), kind="quantity"),
        Column(key="source", label=words.say("sources")),
    )
    rows = tuple(_holding_row(words, world, centre) for centre in sorted(world.holding, key=lambda one: one.id))
    return Table(id="holding", title=words.say("holding_title"), columns=columns, rows=rows, level="confidential",
                 asked_by="holding", notes=(words.say("holding_note"),))  # fmt: skip


def origin_table(words: Words, world: World, forecast: Forecast) -> Table:
    """Departures expected from each place of origin over the horizon: whom to expect, not where people are."""
    series = forecast.series.get("day departures")
    names = () if series is None or not series.samples.size else series.locations
    rows = tuple(
        (_origin_name(words, world, name), estimate(series.samples[:, place].sum(axis=0)))
        for place, name in enumerate(names)
        if series is not None
    )
    columns = (
        Column(key="origin", label=words.say("place_origin")),
        Column(key="departures", label=words.say("over_horizon", days=words.count(forecast.horizon_days)),
               kind="persons"),
    )  # fmt: skip
    return Table(id="departures", title=words.say("departures_title"), columns=columns, rows=rows, level="confidential",
                 asked_by="origins")  # fmt: skip


def _holding_row(words: Words, world: World, centre: HoldingCentre) -> tuple[Cell, ...]:
    capacity = centre.capacity
    text = words.say("capacity_not_known")
    if capacity.value is not None:
        text = words.say("capacity_persons", count=words.count(capacity.value))
        text = words.say("capacity_assumed", capacity=text) if capacity.assumed else text
    source = world.sources.get(centre.basis.source_id)
    said = source.publisher if source is not None else words.say("assumed_by", id=centre.basis.assumption or "-")
    return centre.id.replace("_", " "), _origin_name(words, world, centre.origin), text, centre.stay_days, said


def _origin_name(words: Words, world: World, name: str) -> str:
    if name == "all":
        return words.say("all_origins")
    return world.places[name].name if name in world.places else name
