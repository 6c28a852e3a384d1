"""A made-up emergency, small enough to reckon by hand: two crossings, three sites, invented places."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from sarai.forecast.forecast import Forecast, Series
from sarai.forecast.look_back import Before, Fared, LookBack
from sarai.plan.needs import make_plan
from sarai.publish.briefing import Briefing
from sarai.reconcile.picture import Picture, SeriesFit
from sarai.world.calendar import Calendar, Event, Wave
from sarai.world.place import Basis, Place, Route
from sarai.world.population import Status, Stratum
from sarai.world.reception import Capacity, Crossing, DestinationShare, Routing, Stage
from sarai.world.report import Report, SeriesRegime, Source
from sarai.world.world import Fact, World

AS_OF = date(2031, 10, 20)
START = date(2031, 8, 22)
CITED = Basis(source_id="bureau_1", known=date(2031, 9, 1))
ASSUMED = Basis(assumption="A1", known=date(2031, 9, 1))


def make_world(*, as_of: date = AS_OF, with_stages: bool = True, with_profile: bool = True) -> World:
    """The world of the made-up emergency."""
    return World(
        name="made-up", title="Return from Northland to Southland", as_of=as_of, timezone="UTC", start=START,
        country_from="PAK", country_to="AFG", places=_places(),
        statuses=(Status(id="card", name="Card holders"), Status(id="none", name="Without a card")),
        strata=(
            Stratum(origin="hill", status="card", low_persons=1000, high_persons=2000, basis=CITED),
            Stratum(origin="hill", status="none", low_persons=9000, high_persons=28000, basis=CITED),
        ),
        crossings=(
            Crossing(place_id="bridge", opens_hour=8, closes_hour=18, desks=4, persons_desk_hour=30,
                     service_log_sd=0.1, basis=CITED),
            Crossing(place_id="pass", opens_hour=8, closes_hour=16, desks=2, persons_desk_hour=30,
                     service_log_sd=0.1, basis=ASSUMED),
        ),
        routes=(
            Route(from_id="hill", to_id="bridge", distance_km=120, speed_km_day=240, basis=CITED),
            Route(from_id="hill", to_id="pass", distance_km=300, speed_km_day=240, basis=CITED),
            Route(from_id="bridge", to_id="valley", distance_km=90, speed_km_day=240, basis=CITED),
        ),
        stages=_stages() if with_stages else (),
        routing=(
            Routing(from_id="bridge", to_id="bridge_zero", status="all", kind="all", share=1.0, basis=CITED),
            Routing(from_id="pass", to_id="pass_zero", status="all", kind="all", share=1.0, basis=CITED),
            Routing(from_id="bridge_zero", to_id="camp_stay", status="all", kind="all", share=0.5, basis=CITED),
            Routing(from_id="bridge_zero", to_id="onward", status="all", kind="all", share=0.5, basis=CITED),
            Routing(from_id="pass_zero", to_id="onward", status="all", kind="all", share=1.0, basis=CITED),
            Routing(from_id="camp_stay", to_id="onward", status="all", kind="all", share=1.0, basis=CITED),
        ) if with_stages else (),
        holding=(),
        destination_shares=(DestinationShare(crossing="all", destination="valley", share=1.0, basis=CITED),),
        calendar=_calendar(), reports=_reports(), series=_series(), sources=_sources(),
        facts=_facts() if with_profile else (), assumptions=("A1",),
    )  # fmt: skip


def make_picture(world: World, *, samples: int = 60) -> Picture:
    """A rise to 2,000 a day at the bridge and a trickle at the pass; the flow is in exact steps, no draws."""
    days = np.arange(world.start.toordinal(), world.as_of.toordinal() + 1)
    spread = np.exp(np.linspace(-0.2, 0.2, samples))
    level = np.stack([np.linspace(100, 2000, days.size), np.linspace(4, 8, days.size)], axis=1)
    flow = level[:, :, None] * spread
    kinds = np.tile(np.array([0.04, 0.06, 0.90])[None, None, :, None], (days.size, 2, 1, samples))
    statuses = np.tile(np.array([0.1, 0.9])[None, None, :, None], (days.size, 2, 1, samples))
    return Picture(
        days=days, crossings=("bridge", "pass"), statuses=("card", "none"), flow=flow, kind_share=kinds,
        status_share=statuses, completeness=np.tile([0.9, 0.2], (days.size, 1)),
        series=(SeriesFit(series="bureau", regime_start=int(days[0]), bias_log_mean=-0.05, bias_log_sd=0.02,
                          noise_log_sd=0.06, report_count=4),),
        bearings=(),
    )  # fmt: skip


def make_forecast(world: World, *, horizon: int = 28, members: int = 200) -> Forecast:
    """A peak twelve days after the as-of date, with a spread of a factor of four."""
    step = np.arange(1, horizon + 1)
    spread = np.exp(np.linspace(-0.7, 0.7, members))
    shape = 2000 + 6000 * np.exp(-(((step - 12) / 4.0) ** 2))
    bridge = shape[:, None] * spread
    crossing = np.stack([bridge + 6, bridge, np.full_like(bridge, 6.0)], axis=1)
    queue = np.stack([np.maximum(0.0, bridge - 6000), np.zeros_like(bridge)], axis=1)
    camp = 0.5 * 2 * bridge
    weeks = horizon // 7
    week = crossing[: weeks * 7].reshape(weeks, 7, 3, members).sum(axis=1)
    reached = np.logical_or.accumulate(camp > 5000, axis=0).mean(axis=1)
    steps = np.diff(np.concatenate([[0.0], reached]))
    return Forecast(
        reference_date=world.as_of, horizon_days=horizon, member_count=members,
        series={
            "day crossings": Series(target="day crossings", locations=("all", "bridge", "pass"), samples=crossing),
            "week crossings": Series(target="week crossings", locations=("all", "bridge", "pass"), samples=week),
            "day departures": Series(target="day departures", locations=("hill",), samples=bridge[:, None, :]),
            "queue at close": Series(target="queue at close", locations=("bridge", "pass"), samples=queue),
            "site occupancy": Series(target="site occupancy", locations=("camp_stay",), samples=camp[:, None, :]),
            "day arrivals": Series(target="day arrivals", locations=("valley",), samples=bridge[:, None, :]),
        },
        breach_stages=("camp_stay",), breach=np.concatenate([steps, [1 - reached[-1]]])[None, :], model="pool",
        weights={"law": 0.6, "persistence": 0.4}, notes=("The pass has been counted on four days only.",),
    )  # fmt: skip


def make_briefing(*, language: str = "en", **world_options: bool) -> Briefing:
    """A whole briefing of the made-up emergency."""
    world = make_world(**world_options)  # type: ignore[arg-type]
    forecast = make_forecast(world)
    return Briefing(
        world=world, picture=make_picture(world), forecast=forecast, plan=make_plan(world, forecast),
        record_id="0123456789abcdef", language=language, past=make_past(),
    )  # fmt: skip


def make_past() -> LookBack:
    """Two later reports, one in the range of the forecast and one above it, and what stood a week before."""
    said = {"origin": "2031-10-13", "crossings": ("bridge",), "series": "bureau", "median": 1400.0, "lower50": 1200.0,
            "upper50": 1600.0, "lower90": 1000.0, "upper90": 1900.0, "log_score": 0.2, "yardstick": 0.4}  # fmt: skip
    fared = (
        Fared(start="2031-10-15", end="2031-10-15", observed=1500.0, **said),  # type: ignore[arg-type]
        Fared(start="2031-10-17", end="2031-10-18", observed=3000.0, **said),  # type: ignore[arg-type]
    )
    before = Before(as_of="2031-10-13", total_through="2031-10-13", total=(50_000.0, 55_000.0, 60_000.0),
                    week=(6_000.0, 8_000.0, 9_000.0), peak="2031-10-31", deadlines={})  # fmt: skip
    return LookBack(fared=fared, before=before)


def _places() -> dict[str, Place]:
    rows = (
        Place(id="hill", name="Hill Province", kind="origin", lat=33.6, lon=72.0, country="PAK", basis=CITED),
        Place(id="bridge", name="Bridge", kind="crossing", lat=34.1, lon=71.1, country="PAK", basis=CITED),
        Place(id="pass", name="High Pass", kind="crossing", lat=30.9, lon=66.5, country="PAK", basis=CITED),
        Place(id="bridge_site", name="Bridge reception", kind="site", lat=34.2, lon=71.0, country="AFG", basis=CITED),
        Place(id="pass_site", name="High Pass reception", kind="site", lat=31.0, lon=66.3, country="AFG", basis=CITED),
        Place(id="camp", name="River camp", kind="site", lat=34.3, lon=70.8, country="AFG", basis=CITED),
        Place(id="valley", name="Valley", kind="destination", lat=34.5, lon=69.2, country="AFG", basis=CITED),
    )
    return {place.id: place for place in rows}


def _stages() -> tuple[Stage, ...]:
    unknown, known = Capacity(value=None), Capacity(value=5000, basis=CITED)
    return (
        Stage(id="bridge_zero", site="bridge_site", kind="zero_point", setting="zero_point", agency="Bureau",
              opens_hour=8, closes_hour=18, capacity=unknown, stay_days=0, basis=CITED),
        Stage(id="camp_stay", site="camp", kind="transit_centre", setting="transit", agency="Bureau", opens_hour=0,
              closes_hour=24, capacity=known, stay_days=2, basis=CITED),
        Stage(id="pass_zero", site="pass_site", kind="zero_point", setting="zero_point", agency="Bureau",
              opens_hour=8, closes_hour=16, capacity=Capacity(value=900, unit="persons_day", assumed=True,
              basis=ASSUMED), stay_days=0, basis=ASSUMED),
    )  # fmt: skip


def _calendar() -> Calendar:
    wave = Wave(
        id="first", title="People without papers", announced=date(2031, 10, 1), deadline=date(2031, 10, 31),
        enforcement=date(2031, 11, 1), deadline_first=date(2031, 10, 31), statuses=("none",), basis=CITED,
    )  # fmt: skip
    event = Event(id="e1", start=date(2031, 10, 1), end=None, kind="announcement", place="Northland",
                  description="Deadline of 31 October announced", magnitude=None, unit="", source_id="bureau_1",
                  known=date(2031, 10, 1), known_inferred=False)  # fmt: skip
    return Calendar(waves=(wave,), events=(event,))


def _reports() -> tuple[Report, ...]:
    return tuple(
        Report(id=f"r{index}", start=day, end=day, crossing="bridge", status="all", kind="return_all",
               persons=100 + 32 * index, families=None, cumulative=False, as_of=day, source_id="bureau_1", note="",
               series="bureau", known=day + timedelta(days=1), known_inferred=False)
        for index, day in enumerate(START + timedelta(days=step) for step in range(59))
    )  # fmt: skip


def _series() -> tuple[SeriesRegime, ...]:
    return (
        SeriesRegime(series="bureau", start=START, end=None, publisher="Bureau of Made-up Counts",
                     scope=("bridge", "pass"), statuses=("all",), unit="persons", origin=None, keeping="differences",
                     rounding=1, bias_log_mean=0.0, bias_log_sd=0.05, noise_log_sd=0.1, known=START),
    )  # fmt: skip


def _sources() -> dict[str, Source]:
    return {
        "bureau_1": Source(source_id="bureau_1", publisher="Bureau of Made-up Counts", title="Daily counts",
                           published=date(2031, 9, 1), url="https://example.org/counts")
    }  # fmt: skip


def _facts() -> tuple[Fact, ...]:
    rows = (
        ("returnees", "women and girls", 48.0), ("returnees", "children under 5", 24.0),
        ("returnees", "left for fear of arrest", 78.0), ("UNHCR-assisted households", "female-headed households", 25.0),
        ("returnees", "children", 60.0), ("returnees", "children", 50.0),
    )  # fmt: skip
    return tuple(
        Fact(id=f"p{index}", table="profile", start=START, end=AS_OF, place="all", topic=topic, item=item, value=value,
             text="", unit="percent", source_id="bureau_1", note="", known=date(2031, 10, 10))
        for index, (topic, item, value) in enumerate(rows)
    )  # fmt: skip
