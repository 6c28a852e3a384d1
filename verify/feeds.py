"""Rival feeds with a known truth: series of reports as agencies file them, with bias, gaps, delays and noise.

Generators: `level` moves as the model thinks (heavy-tailed daily steps); `surge` breaks the model's assumptions: a
deadline curve with weekday effect and clumped days, errors that last from day to day, and biases twice as wide as the
prior says. Either may be given misprints.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np

from sarai.world.calendar import Calendar, Wave
from sarai.world.place import Place
from sarai.world.population import Status
from sarai.world.report import Report, SeriesRegime
from sarai.world.world import World

FIRST_DAY = date(2024, 3, 4)  # a Monday
Truth = np.ndarray


@dataclass(frozen=True, kw_only=True)
class Feed:
    """A world of rival reports and the truth behind it: flow (day, crossing) persons/day from FIRST_DAY."""

    world: World
    truth: Truth
    crossings: tuple[str, ...]
    noise: dict[str, float] = field(default_factory=dict)
    deadline: int | None = None


def make_feed(
    seed: int,
    *,
    days: int = 90,
    crossing_count: int = 3,
    law: str = "level",
    noise: tuple[float, float] = (0.05, 0.3),
    misprints: float = 0.0,
    errors: str = "",
    bias: float = 0.08,
) -> Feed:
    """One feed. `law` is `level` or `surge`; noise: range from which the log sd of each series is drawn.

    bias: log sd of the bias of each authority's series; its prior says so
    errors: `t4` heavy tails, `lasting` normal with a memory, `normal`; by default t4 for `level`, lasting for `surge`
    """
    rng = np.random.default_rng([seed, days, crossing_count, 0 if law == "level" else 1])
    crossings = tuple(f"crossing_{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"[:crossing_count])
    truth = level_truth(rng, days, crossing_count) if law == "level" else surge_truth(rng, days, crossing_count)
    clean = law == "level"
    style = errors or ("t4" if clean else "lasting")
    reports: list[Report] = []
    regimes: list[SeriesRegime] = []
    noises: dict[str, float] = {}
    for name, write in SERIES_WRITERS:
        sd = float(np.exp(rng.uniform(np.log(noise[0]), np.log(noise[1]))))
        noises[name] = sd
        regime, rows = write(rng, name, truth, crossings, sd, clean, style, bias)
        regimes.append(regime)
        reports.extend(rows)
    if misprints:
        reports = [misprint(rng, report) if rng.random() < misprints else report for report in reports]
    deadline = FIRST_DAY + timedelta(days=int(days * 0.4))
    return Feed(
        world=world_of(reports, regimes, crossings, days, None if clean else deadline),
        truth=truth,
        crossings=crossings,
        noise=noises,
        deadline=None if clean else int(days * 0.4),
    )


def level_truth(rng: np.random.Generator, days: int, crossing_count: int) -> Truth:
    """Log flow with Student-t(4) daily steps of scale 0.25 around levels of hundreds to thousands."""
    steps = 0.25 * rng.standard_t(4, (days, crossing_count))
    steps[0] = rng.normal(np.log(1500.0), 0.8, crossing_count)
    path = np.cumsum(steps, axis=0)
    return np.exp(np.clip(path, np.log(20.0), np.log(60000.0)))


def surge_truth(rng: np.random.Generator, days: int, crossing_count: int) -> Truth:
    """A deadline curve: slow rise, sharp peak, decay with a tail; weekday effect; clumped days; a day of closure."""
    deadline = int(days * 0.4)
    tau = np.arange(days) - deadline
    base = rng.uniform(100, 800, crossing_count)
    peak = base * rng.uniform(8, 40, crossing_count)
    rise, fall = rng.uniform(2, 6), rng.uniform(2, 8)
    shape = np.where(tau <= 0, np.exp(tau / rise), 0.75 * np.exp(-tau / fall) + 0.25 * np.exp(-tau / 25.0))
    weekday = np.where(np.arange(days) % 7 == 4, rng.uniform(0.6, 0.9), 1.0)
    clumps = rng.gamma(12.0, 1 / 12.0, (days, crossing_count))
    flow = (base + peak * shape[:, None]) * weekday[:, None] * clumps
    return np.maximum(flow, 1.0)


def regime_of(name: str, scope: tuple[str, ...], **change: object) -> SeriesRegime:
    """A regime with the defaults of this module."""
    first = SeriesRegime(
        series=name, start=FIRST_DAY, end=None, publisher=name, scope=scope, statuses=("all",), unit="persons",
        origin=FIRST_DAY, keeping="differences", rounding=1, bias_log_mean=0.0, bias_log_sd=0.05, noise_log_sd=0.12,
        known=FIRST_DAY,
    )  # fmt: skip
    return replace(first, **change)  # type: ignore[arg-type]


def draw_bias(rng: np.random.Generator, regime: SeriesRegime, clean: bool) -> float:
    """A bias from the prior of the regime, twice as wide where the generator breaks assumptions."""
    return float(rng.normal(regime.bias_log_mean, regime.bias_log_sd * (1.0 if clean else 2.0)))


def draw_errors(rng: np.random.Generator, count: int, sd: float, style: str) -> Truth:
    """Log errors of daily figures: Student t(4), normal, or normal with a memory of 0.5 a day and a wider spread."""
    if style == "t4":
        return sd * rng.standard_t(4, count)
    if style == "normal":
        return rng.normal(0.0, sd, count)
    errors = rng.normal(0.0, sd * 1.2, count)
    for day in range(1, count):
        errors[day] = 0.5 * errors[day - 1] + 0.87 * errors[day]
    return errors


def write_report(
    name: str, start: int, end: int, crossing: str, persons: float, cumulative: bool, delay: int
) -> Report:
    """One report, days counted from FIRST_DAY; its id is the hash of what it says."""
    first, last = FIRST_DAY + timedelta(days=start), FIRST_DAY + timedelta(days=end)
    text = f"{name}|{first}|{last}|{crossing}|{round(persons)}|{cumulative}"
    return Report(
        id=hashlib.blake2b(text.encode(), digest_size=8).hexdigest(), start=first, end=last, crossing=crossing,
        status="all", kind="return_all", persons=round(persons), families=None, cumulative=cumulative, as_of=last,
        source_id=name, note="", series=name, known=last + timedelta(days=delay), known_inferred=False,
    )  # fmt: skip


def write_daily(rng, name, truth, crossings, sd, clean, style, wide):  # type: ignore[no-untyped-def]
    """An authority's count a day and crossing; closed on one weekday, a fifth of other days missing, two days late."""
    regime = regime_of(name, crossings, noise_log_sd=0.12, bias_log_sd=wide)
    bias = draw_bias(rng, regime, clean)
    rows = []
    for place, crossing in enumerate(crossings):
        errors = draw_errors(rng, len(truth), sd, style)
        for day in range(len(truth)):
            if day % 7 == 6 or rng.random() < 0.2:
                continue
            rows.append(
                write_report(name, day, day, crossing, truth[day, place] * np.exp(bias + errors[day]), False, 2)
            )
    return regime, rows


def write_totals(rng, name, truth, crossings, sd, clean, style, wide):  # type: ignore[no-untyped-def]
    """A ministry's running total for the first two crossings together, every one to three days, book-keeping errors."""
    scope = crossings[:2]
    regime = regime_of(name, scope, noise_log_sd=0.08, bias_log_sd=wide)
    bias = draw_bias(rng, regime, clean)
    errors = draw_errors(rng, len(truth), sd, style)
    total = np.cumsum(truth[:, :2].sum(axis=1) * np.exp(bias + errors))
    rows, day = [], int(rng.integers(0, 3))
    while day < len(truth):
        rows.append(write_report(name, 0, day, "all", total[day], True, 1))
        day += int(rng.integers(1, 4))
    return regime, rows


def write_weekly(rng, name, truth, crossings, sd, clean, style, wide):  # type: ignore[no-untyped-def]
    """An agency's weekly count over the whole border, five days late."""
    regime = regime_of(name, crossings, noise_log_sd=0.1, bias_log_sd=1.25 * wide)
    bias = draw_bias(rng, regime, clean)
    errors = draw_errors(rng, len(truth) // 7, sd, style)
    rows = [
        write_report(name, 7 * week, 7 * week + 6, "all", truth[7 * week : 7 * week + 7].sum() * np.exp(bias + error),
                     False, 5)
        for week, error in enumerate(errors)
    ]  # fmt: skip
    return regime, rows


def write_levels(rng, name, truth, crossings, sd, clean, style, wide):  # type: ignore[no-untyped-def]
    """A joint running total since the first day, rounded to hundreds, about weekly, four days late."""
    regime = regime_of(name, crossings, keeping="levels", rounding=100, noise_log_sd=0.04, bias_log_sd=0.03)
    bias = draw_bias(rng, regime, clean)
    total = np.cumsum(truth.sum(axis=1)) * np.exp(bias)
    rows, day = [], int(rng.integers(3, 10))
    while day < len(truth):
        value = max(round(total[day] * np.exp(float(draw_errors(rng, 1, 0.02, style)[0])), -2), 100.0)
        rows.append(write_report(name, 0, day, "all", value, True, 4))
        day += int(rng.integers(5, 10))
    return regime, rows


def write_families(rng, name, truth, crossings, sd, clean, style, wide):  # type: ignore[no-untyped-def]
    """A commissioner's count at the first crossing that misses those who travel alone, with a share that drifts."""
    regime = regime_of(name, crossings[:1], bias_log_mean=-1.2, bias_log_sd=0.5, noise_log_sd=0.4)
    share = draw_bias(rng, regime, True) + np.cumsum(rng.normal(0.0, 0.05, len(truth)))
    errors = draw_errors(rng, len(truth), 0.3, style)
    rows = [
        write_report(name, day, day, crossings[0], truth[day, 0] * np.exp(share[day] + errors[day]), False, 1)
        for day in range(len(truth))
        if rng.random() < 0.5
    ]
    return regime, rows


SERIES_WRITERS = (
    ("border_police", write_daily),
    ("interior_ministry", write_totals),
    ("monitoring_agency", write_weekly),
    ("joint_total", write_levels),
    ("commissioner", write_families),
)


def misprint(rng: np.random.Generator, report: Report) -> Report:
    """A figure that lost or doubled a digit, or is off by a factor of two to five."""
    factor = float(rng.choice([0.1, 0.2, 0.5, 2.0, 3.0, 10.0]))
    return replace(report, persons=max(round((report.persons or 0) * factor), 1))


def world_of(
    reports: list[Report], regimes: list[SeriesRegime], crossings: tuple[str, ...], days: int, deadline: date | None
) -> World:
    """A world that holds nothing but places, reports and, where there is one, the deadline."""
    wave = () if deadline is None else (
        Wave(id="deadline", title="deadline", announced=deadline - timedelta(days=28), deadline=deadline,
             enforcement=deadline + timedelta(days=1), deadline_first=deadline, statuses=("all",)),
    )  # fmt: skip
    last = FIRST_DAY + timedelta(days=days - 1)
    return World(
        name="synthetic", title="synthetic", as_of=last, timezone="UTC", start=FIRST_DAY, country_from="AAA",
        country_to="BBB", places={name: Place(id=name, name=name, kind="crossing") for name in crossings},
        statuses=(Status(id="registered", name="registered"), Status(id="other", name="other")), strata=(),
        crossings=(), routes=(), stages=(), routing=(), holding=(), destination_shares=(),
        calendar=Calendar(waves=wave), reports=tuple(r for r in reports if r.known <= last), series=tuple(regimes),
        sources={},
    )  # fmt: skip


def single_series_path(feed: Feed, series: str) -> Truth | None:
    """What one series alone says of the daily flow (day, crossing), or None where it cannot tell crossings apart.

    Its counts as printed; days without one lie on a straight line between the logs of their neighbours.
    """
    days, crossings = feed.truth.shape
    path = np.full((days, crossings), np.nan)
    for item in feed.world.reports:
        if item.series == series and not item.cumulative and item.start == item.end and item.crossing in feed.crossings:
            path[(item.end - FIRST_DAY).days, feed.crossings.index(item.crossing)] = np.log(max(item.persons or 1, 1))
    for place in range(crossings):
        told = np.flatnonzero(~np.isnan(path[:, place]))
        if len(told) == 0:
            return None
        path[:, place] = np.interp(np.arange(days), told, path[told, place])
    return path


def border_path(feed: Feed, series: str) -> Truth | None:
    """What one series alone says of the whole border's daily log flow (day,): counts or mean steps of its totals."""
    by_crossing = single_series_path(feed, series)
    if by_crossing is not None:
        return np.log(np.exp(by_crossing).sum(axis=1))
    path = np.full(len(feed.truth), np.nan)
    mine = sorted((item for item in feed.world.reports if item.series == series and item.crossing == "all"),
                  key=lambda item: item.end)  # fmt: skip
    low, last = 0, -1
    for item in mine:
        first = (item.start - FIRST_DAY).days if not item.cumulative else last + 1
        end = (item.end - FIRST_DAY).days
        gain = (item.persons or 0) - (low if item.cumulative else 0)
        if gain > 0 and end >= first:
            path[first : end + 1] = np.log(gain / (end - first + 1))
            if item.cumulative:
                low, last = item.persons or 0, end
    told = np.flatnonzero(~np.isnan(path))
    return np.interp(np.arange(len(path)), told, path[told]) if len(told) else None
