"""What single rules need from other files: attributes of people, farmers, the forecast of floods."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sarai.model.flight.case import DayTable, FlightPlace, Shares
from sarai.model.flight.floods_ahead import counts_days_ahead
from sarai.model.flight.groups import AWARENESS, FARMERS
from sarai.model.flight.settings import FlightSettings
from sarai.observe.flee.rows import Findings

PLACES, SETTINGS = "input_csv/locations.csv", "simsetting.yml"
FORECAST = "move_rules.flood_rules.flood_forecaster"


def wanted_attributes(settings: FlightSettings, inputs: Path) -> tuple[str, ...]:
    """Attributes of people that the rules ask for, by the name of their table.

    Classes of awareness are needed where they have weights; without both, everybody heeds a forecast fully.
    """
    wanted = []
    if settings.children_avoid_hazards or settings.elderly_avoid_hazards:
        wanted.append("age")
    if settings.women_avoid_hazards or (settings.children_avoid_hazards and settings.boys_take_risk):
        wanted.append("gender")
    has_classes = (inputs / f"demographics_{AWARENESS}.csv").is_file()
    if _forecasts(settings) and (has_classes or settings.flood_awareness_weights is not None):
        wanted.append(AWARENESS)
    return tuple(wanted)


def _forecasts(settings: FlightSettings) -> bool:
    return settings.flood_rules and settings.flood_forecaster


def check_attributes(places: tuple[FlightPlace, ...], settings: FlightSettings, findings: Findings) -> None:
    """Faults where a rule has no attribute to work with."""
    if settings.use_economic_pull:
        home = places[0].country if places else ""
        for place in places:
            for key in ("trade_volume", "hdi"):
                if place.country != home and key not in place.attributes:
                    findings.fault(PLACES, 0, key, "use_economic_pull needs this attribute of every foreign place",
                                   found=repr(place.name), mend=f"add a column {key}")  # fmt: skip
    months = settings.harvest_months
    if months and not all(month == int(month) for month in months):
        findings.fault(SETTINGS, 0, "move_rules.harvest_months", "a month is a whole number", found=str(list(months)),
                       wanted="1 to 12", mend="write the number of the month")  # fmt: skip
    if months and places and not any(FARMERS in place.attributes for place in places):
        findings.fault(PLACES, 0, FARMERS, "harvest_months needs to know how many people farm (in Flee all of them do)",
                       wanted="a share from 0 to 1 at places that people leave",
                       mend=f"add a column {FARMERS}, or remove harvest_months")  # fmt: skip


def check_forecast(
    settings: FlightSettings, days: int, floods: DayTable | None, people: Mapping[str, Shares], findings: Findings
) -> None:  # fmt: skip
    """Faults of the settings of a forecast and of the classes of those who heed it."""
    if not _forecasts(settings):
        return
    reach, end, weights = (
        settings.flood_forecaster_timescale, settings.flood_forecaster_end_time, settings.flood_forecaster_weights,
    )  # fmt: skip
    if reach == 0:
        findings.note(f"{FORECAST}: no effect, because flood_forecaster_timescale is 0")
        return
    if AWARENESS not in people and settings.flood_awareness_weights is None:
        findings.note(f"{FORECAST}: there are no classes of awareness; everybody heeds the forecast fully")
    if end is None or weights is None:
        findings.fault(SETTINGS, 0, FORECAST, "a forecast needs its last day and the importance of its days",
                       wanted="flood_forecaster_end_time and flood_forecaster_weights", mend="give both")  # fmt: skip
        return
    last = min(end, days - 1 + reach)
    if len(weights) <= last and not counts_days_ahead(settings):
        wanted = f"{last + 1} for days 0 to {last}, or {reach} for the days ahead"
        findings.fault(SETTINGS, 0, f"{FORECAST}_weights", "the list ends before the forecast does",
                       found=f"{len(weights)} entries", wanted=wanted,
                       mend="lengthen the list, or lower flood_forecaster_end_time")  # fmt: skip
    if floods is not None and len(floods.values) <= last:
        findings.fault("input_csv/flood_level.csv", len(floods.values) + 1, "",
                       "the table ends before the forecast does", found=f"{len(floods.values)} days",
                       wanted=f"{last + 1} days", mend="add rows, or lower flood_forecaster_end_time")  # fmt: skip
    _check_classes(settings, people, findings)


def _check_classes(settings: FlightSettings, people: Mapping[str, Shares], findings: Findings) -> None:
    """Every class of awareness must have a weight."""
    table, weights = people.get(AWARENESS), settings.flood_awareness_weights
    if table is None:
        return
    label = f"input_csv/demographics_{AWARENESS}.csv"
    if weights is None:
        findings.fault(SETTINGS, 0, "move_rules.flood_rules.flood_awareness_weights",
                       "classes of awareness have no weights", found=label, wanted=f"{len(table.values)} weights",
                       mend="give a weight from 0 to 1 for each class")  # fmt: skip
        return
    for k, text in enumerate(table.values):
        known = text.replace(".", "", 1).isdigit() and float(text) in range(len(weights))
        if not known:
            findings.fault(label, k + 2, AWARENESS, "a class without a weight in flood_awareness_weights",
                           found=repr(text), wanted=f"a whole number from 0 to {len(weights) - 1}",
                           mend="correct the class, or lengthen the list of weights")  # fmt: skip
