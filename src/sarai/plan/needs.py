"""Needs: the forecast turned into what must stand ready, by sector, site and day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from sarai.forecast.forecast import Forecast
from sarai.plan.arrivals import Samples, crossing_samples, queue_samples, stage_arrivals
from sarai.plan.loads import OVERNIGHT_DAYS, site_loads
from sarai.plan.plan import Need, NeedTotal, Plan, Standard
from sarai.plan.standards import default_standards, standards_for
from sarai.world.reception import Stage
from sarai.world.world import World

PROBABILITIES = (0.5, 0.8, 0.95)
COLD_MONTHS = frozenset({11, 12, 1, 2, 3})
"""A130: nights that call for cold-season items, November to March north of the tropics."""
TROPIC_LATITUDE = 23.5
PEAK_HOUR_FACTOR = 2.0
"""A138: persons in the busiest hour over the mean of the opening hours."""
TOTAL_DAYS = (7, 28)
WAITING = "waiting"
"""A239: the setting of people who wait to cross overnight; nothing is in place there unless a line says so."""


@dataclass(frozen=True, kw_only=True)
class Demand:
    """Persons who call for one kind of standard at one site, samples (day, member); hours: open in a day.

    flow  of a demand about the busiest hour the persons of the whole day, exactly; None: worked back from that hour
    """

    site: str
    setting: str
    basis: str
    persons: Samples
    desk_rate: float = 0.0
    hours: float = 0.0
    flow: Samples | None = None

    @property
    def people(self) -> Samples:
        """Persons of the whole day (day, member), also where the demand is about the busiest hour."""
        if self.basis != "peak_hour":
            return self.persons
        return self.persons * (self.hours / PEAK_HOUR_FACTOR) if self.flow is None else self.flow


def make_plan(world: World, forecast: Forecast, standards: Sequence[Standard] | None = None) -> Plan:
    """What to have ready on each day of the forecast.

    standards   table to use in place of the one that ships with sarai, for example the case's own standards.csv
    Needs are quantiles over members of persons x per_person; totals add up (or take the largest day) in each member
    first. A site whose load the forecast does not hold is named in the notes and given no line.
    """
    table = tuple(standards) if standards is not None else default_standards()
    days = [forecast.reference_date + timedelta(days=step) for step in range(1, forecast.horizon_days + 1)]
    seasons = [season_of(world, day) for day in days]
    needs: list[Need] = []
    totals: list[NeedTotal] = []
    for demand in find_demands(world, forecast):
        for lines in _lines_by_item(table, demand.setting, demand.basis):
            quantity = _quantity(demand, lines, seasons)
            needs.extend(_daily_needs(demand, lines, days, seasons, quantity))
            totals.extend(_need_totals(demand, lines, seasons, quantity))
    return Plan(
        reference_date=forecast.reference_date, needs=tuple(needs), loads=site_loads(world, forecast),
        standards=table, notes=_notes(world, forecast), totals=tuple(totals), season=seasons[0] if seasons else "warm",
    )  # fmt: skip


def season_of(world: World, day: date) -> str:
    """`cold` or `warm` for a night at the crossings of the case (A130); south of the equator the months are turned."""
    latitudes = [place.lat for place in world.places_of("crossing") if place.lat is not None]
    latitude = float(np.mean(latitudes)) if latitudes else 0.0
    if abs(latitude) < TROPIC_LATITUDE:
        return "warm"
    month = day.month if latitude > 0 else (day.month + 5) % 12 + 1
    return "cold" if month in COLD_MONTHS else "warm"


def find_demands(world: World, forecast: Forecast) -> list[Demand]:
    """Every site and setting that the forecast loads, and those who wait to cross where anybody does."""
    arrivals, nights = stage_arrivals(world, forecast), stage_nights(world, forecast)
    queues = {name: line for name, line in queue_samples(forecast).items() if line.any()}
    return site_demands(world, arrivals, nights, crossing_samples(forecast), queues)


def site_demands(
    world: World,
    arrivals: Mapping[str, Samples],
    nights: Mapping[str, Samples],
    crossed: Mapping[str, Samples],
    queues: Mapping[str, Samples],
) -> list[Demand]:
    """The demands of every site: arrivals and busiest hour, nights, cash desks, and of those who wait to cross.

    arrivals, nights  persons (day, member) who enter each stage, and who are there at night
    crossed, queues   persons (day, member) who cross at each crossing, and who wait there at closing time
    A case without reception stages gets its crossings as zero points, so that arrivals are still served.
    """
    demands: list[Demand] = []
    if not world.stages:
        for name, flow in sorted(crossed.items()):
            demands += _arrival_demands(name, "zero_point", flow, _crossing_hours(world, name), _desk_rate(world))
    for site in sorted({stage.site for stage in world.stages}):
        stages = [stage for stage in world.stages if stage.site == site]
        demands.extend(_demands_of(world, site, stages, arrivals, nights))
    return demands + [
        Demand(site=name, setting=WAITING, basis="night", persons=line) for name, line in sorted(queues.items())
    ]


def stage_nights(world: World, forecast: Forecast) -> dict[str, Samples]:
    """Persons present at night in each stage where people stay: `site occupancy` of the forecast, by stage id.

    Where the forecast gives a site and not its stages, the load stands under the site's first stage with a stay.
    """
    series = forecast.series.get("site occupancy")
    if series is None:
        return {}
    staying = [stage for stage in world.stages if stage.stay_days >= OVERNIGHT_DAYS]
    found: dict[str, Samples] = {}
    for place, name in enumerate(series.locations):
        stage = next((item for item in staying if name in (item.id, item.site)), None)
        if stage is not None:
            found[stage.id] = series.samples[:, place, :]
    return found


def _demands_of(
    world: World, site: str, stages: Sequence[Stage], arrivals: Mapping[str, Samples], nights: Mapping[str, Samples]
) -> list[Demand]:
    demands: list[Demand] = []
    entering = [stage for stage in stages if stage.setting == "zero_point" and stage.id in arrivals]
    if entering:
        busiest = max(entering, key=lambda stage: float(arrivals[stage.id].mean()))
        hours = max(1.0, busiest.closes_hour - busiest.opens_hour)
        demands.extend(_arrival_demands(site, "zero_point", arrivals[busiest.id], hours, _desk_rate(world)))
    for kind in ("cash_desk", "encashment_centre"):
        desks = [stage for stage in stages if stage.kind == kind and stage.id in arrivals]
        demands.extend(
            Demand(site=site, setting="cash_desk", basis="arrival", persons=arrivals[stage.id]) for stage in desks
        )
    for setting in ("transit", "camp"):
        there = [nights[stage.id] for stage in stages if stage.setting == setting and stage.id in nights]
        if there:
            demands.append(Demand(site=site, setting=setting, basis="night", persons=np.sum(there, axis=0)))
    return demands


def _arrival_demands(site: str, setting: str, flow: Samples, hours: float, desk_rate: float) -> list[Demand]:
    busiest = flow * (PEAK_HOUR_FACTOR / hours)
    return [
        Demand(site=site, setting=setting, basis="arrival", persons=flow),
        Demand(
            site=site, setting=setting, basis="peak_hour", persons=busiest, desk_rate=desk_rate, hours=hours, flow=flow
        ),
    ]


def _crossing_hours(world: World, crossing: str) -> float:
    hours = [item.closes_hour - item.opens_hour for item in world.crossings if item.place_id == crossing]
    return max(1.0, hours[0]) if hours else 8.0


def _desk_rate(world: World) -> float:
    """Persons that a desk serves in an hour: the mean of the case's crossings, 0 where the case gives none."""
    rates = [item.persons_desk_hour for item in world.crossings if item.persons_desk_hour > 0]
    return float(np.mean(rates)) if rates else 0.0


def _lines_by_item(table: tuple[Standard, ...], setting: str, basis: str) -> list[dict[str, Standard]]:
    """Lines of one setting and basis, by item: season -> line."""
    items: dict[str, dict[str, Standard]] = {}
    for season in ("warm", "cold"):
        for line in standards_for(table, setting, season):
            if line.basis == basis:
                items.setdefault(line.item, {})[season] = line
    return list(items.values())


def _quantity(demand: Demand, lines: Mapping[str, Standard], seasons: Sequence[str]) -> Samples:
    """Quantity (day, member) of one item; on a day whose season has no line the item is not needed."""
    factors = []
    for season in seasons:
        line = lines.get(season)
        own_rate = line is not None and line.id == "desks" and demand.desk_rate > 0
        factors.append(1.0 / demand.desk_rate if own_rate else line.per_person if line else 0.0)
    quantity: Samples = demand.persons * np.asarray(factors, dtype=np.float64)[:, None]
    return quantity


def _daily_needs(
    demand: Demand, lines: Mapping[str, Standard], days: Sequence[date], seasons: Sequence[str], quantity: Samples
) -> list[Need]:
    levels = np.quantile(quantity, PROBABILITIES, axis=1)
    found = []
    for index, (day, season) in enumerate(zip(days, seasons, strict=True)):
        line = lines.get(season)
        if line is not None:
            p50, p80, p95 = (float(value) for value in levels[:, index])
            found.append(
                Need(day=day, site=demand.site, sector=line.sector, item=line.item, unit=line.unit,
                     standard_id=line.id, p50=p50, p80=p80, p95=p95)
            )  # fmt: skip
    return found


def _need_totals(
    demand: Demand, lines: Mapping[str, Standard], seasons: Sequence[str], quantity: Samples
) -> list[NeedTotal]:
    found = []
    for days in sorted({min(span, len(seasons)) for span in TOTAL_DAYS}):
        line = lines.get(seasons[0]) or next(iter(lines.values()))
        part = quantity[:days]
        whole = part.sum(axis=0) if line.use == "consumed" else part.max(axis=0)
        p50, p80, p95 = (float(value) for value in np.quantile(whole, PROBABILITIES))
        found.append(
            NeedTotal(days=days, site=demand.site, sector=line.sector, item=line.item, unit=line.unit,
                      standard_id=line.id, p50=p50, p80=p80, p95=p95)
        )  # fmt: skip
    return found


def _notes(world: World, forecast: Forecast) -> tuple[str, ...]:
    notes = []
    if not world.stages:
        notes.append("No reception stage is described; needs are worked out at the crossings.")
    unloaded = sorted(
        stage.id
        for stage in world.stages
        if stage.stay_days >= OVERNIGHT_DAYS and stage.id not in stage_nights(world, forecast)
    )
    if unloaded:
        notes.append(f"The forecast holds no load for: {', '.join(unloaded)}; no need is given for nights there.")
    return tuple(notes)
