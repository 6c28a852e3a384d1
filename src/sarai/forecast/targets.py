"""Targets: future reports, frozen before any model is fitted. Reconciled days are never targets.

The rules, so that nobody can choose what is scored:

1. A target is the sum over one window and one scope of crossings, from one regime of one series: a report for a
   period, or the difference of two neighbouring running totals that began on the same day.
2. Only reports of everyone who crossed, whatever their status (so none of a series that counts some statuses only),
   in persons, by series whose own error and unknown bias are small (log sd up to `NOISE_LIMIT` and `BIAS_LIMIT`); where
   a case has no such series, those that come nearest.
3. The knowledge date is the later one of the two totals. Rows with an inferred knowledge date are never scored.
4. Misprints: totals outside the longest rising run of a series, and period counts that contradict, are left out. Of two
   neighbouring totals that fall by less than `SAME_FIGURE` the rounder one is left out: it repeats the other.
5. Differences are left out when the rounding of the totals exceeds half of them.
6. One target per window and scope: the series with the least noise, then the earliest knowledge date, then the id.
7. Scopes that average fewer than `SMALLEST_MEAN` persons a day are forecast but not scored: there single families
   decide.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b
from itertools import groupby, pairwise

from sarai.world.report import EVERYONE, Report, SeriesRegime
from sarai.world.world import World

NOISE_LIMIT = 0.1  # A110
BIAS_LIMIT = 0.15  # A110
SAME_FIGURE = 0.005  # A110
SMALLEST_MEAN = 10.0  # A111: persons a day, the threshold below which published cells are suppressed


@dataclass(frozen=True, kw_only=True)
class Target:
    """One future report: `persons` crossed `crossings` from `start` to `end`, both inclusive, public on `known`.

    row_ids    the report, or the two running totals (earlier first) whose difference it is
    crossings  ids in stable order; the forecast of the target is the sum over them and over the window
    """

    id: str
    case: str
    series: str
    row_ids: tuple[str, ...]
    start: date
    end: date
    crossings: tuple[str, ...]
    status: str
    persons: int
    known: date


def find_targets(world: World) -> tuple[Target, ...]:
    """Every target that the reports of `world` allow, in order of end, start and scope.

    Give a world as of a day after the last report: which of them an origin may use is for `targets_of_origin`.
    """
    candidates = precise_enough([*_period_targets(world), *_difference_targets(world)], world.series)

    def rank(target: Target) -> tuple[float, str, date, str]:
        return (_regime(world.series, target).noise_log_sd, target.series, target.known, target.id)

    best: dict[tuple[date, date, tuple[str, ...], str], Target] = {}
    for target in sorted(candidates, key=rank):
        best.setdefault((target.start, target.end, target.crossings, target.status), target)
    kept = large_enough(list(best.values()))
    return tuple(sorted(kept, key=lambda t: (t.end, t.start, t.crossings, t.status)))


def precise_enough(candidates: list[Target], regimes: Sequence[SeriesRegime]) -> list[Target]:
    """Targets of precise series; in a case that has none, of the series that come nearest (rule 2)."""
    rated = [(target, _regime(regimes, target)) for target in candidates]
    noise = max(NOISE_LIMIT, min((regime.noise_log_sd for _, regime in rated), default=0.0))
    bias = max(BIAS_LIMIT, min((regime.bias_log_sd for _, regime in rated), default=0.0))
    return [target for target, regime in rated if regime.noise_log_sd <= noise and regime.bias_log_sd <= bias]


def large_enough(candidates: list[Target]) -> list[Target]:
    """Targets of scopes that average at least SMALLEST_MEAN persons a day over their windows (rule 7)."""
    persons: dict[tuple[str, ...], int] = {}
    days: dict[tuple[str, ...], int] = {}
    for target in candidates:
        persons[target.crossings] = persons.get(target.crossings, 0) + target.persons
        days[target.crossings] = days.get(target.crossings, 0) + (target.end - target.start).days + 1
    return [t for t in candidates if persons[t.crossings] >= SMALLEST_MEAN * days[t.crossings]]


def _regime(regimes: Iterable[SeriesRegime], target: Target) -> SeriesRegime:
    regime = regime_of(regimes, target.series, target.end)
    assert regime is not None
    return regime


def targets_of_origin(targets: Iterable[Target], origin: date, horizon_days: int) -> tuple[Target, ...]:
    """Targets that lie wholly after `origin`, became known after it, and end within `horizon_days` of it."""
    last = origin + timedelta(days=horizon_days)
    return tuple(t for t in targets if t.known > origin and t.start > origin and t.end <= last)


def regime_of(regimes: Iterable[SeriesRegime], series: str, day: date) -> SeriesRegime | None:
    """The regime of a series that holds on `day`: the last one begun by then and not ended before it."""
    found = [r for r in regimes if r.series == series and r.start <= day and (r.end is None or day <= r.end)]
    return max(found, key=lambda r: r.start) if found else None


def _eligible(report: Report, regime: SeriesRegime | None, world: World) -> bool:
    return (
        regime is not None
        and regime.unit == "persons"
        and ("all" in regime.statuses or {status.id for status in world.statuses} <= set(regime.statuses))
        and report.kind in EVERYONE
        and report.status == "all"
        and report.persons is not None
        and not report.known_inferred
    )


def _scope(report: Report, regime: SeriesRegime) -> tuple[str, ...]:
    return regime.scope if report.crossing == "all" else tuple(sorted(report.crossing.split("+")))


def _make(world: World, rows: Sequence[Report], start: date, persons: int, regime: SeriesRegime) -> Target:
    ids = tuple(row.id for row in rows)
    last = rows[-1]
    name = blake2b("|".join((world.name, *ids)).encode(), digest_size=8).hexdigest()
    return Target(
        id=name,
        case=world.name,
        series=last.series,
        row_ids=ids,
        start=start,
        end=last.end,
        crossings=tuple(sorted(_scope(last, regime))),
        status=last.status,
        persons=persons,
        known=max(row.known for row in rows),
    )


def _period_targets(world: World) -> list[Target]:
    """Reports for a period. Those that differ for the same series, window and scope contradict: none of them counts."""
    found: dict[tuple[str, date, date, tuple[str, ...], str], list[Target]] = {}
    for report in world.reports:
        regime = regime_of(world.series, report.series, report.end)
        if report.cumulative or not _eligible(report, regime, world):
            continue
        assert regime is not None and report.persons is not None
        if regime_of(world.series, report.series, report.start) is not regime:
            continue
        target = _make(world, (report,), report.start, report.persons, regime)
        key = (target.series, target.start, target.end, target.crossings, target.status)
        found.setdefault(key, []).append(target)
    return [min(same, key=lambda t: (t.known, t.id)) for same in found.values() if len({t.persons for t in same}) == 1]


def _difference_targets(world: World) -> list[Target]:
    """Differences of neighbouring running totals of one series, scope, status and first day, in one regime."""
    rows = [r for r in world.reports if r.cumulative and _eligible(r, regime_of(world.series, r.series, r.end), world)]
    rows.sort(key=lambda r: (r.series, r.crossing, r.status, r.kind, r.start, r.end, r.known, r.id))
    made: list[Target] = []
    for _, group in groupby(rows, key=lambda r: (r.series, r.crossing, r.status, r.kind, r.start)):
        for before, after in pairwise(rising_run(without_repeats(one_per_day(group)))):
            regime = regime_of(world.series, after.series, after.end)
            if regime is None or regime_of(world.series, before.series, before.end) is not regime:
                continue
            assert before.persons is not None and after.persons is not None
            gain = after.persons - before.persons
            if regime.rounding > 1 and 2 * regime.rounding > gain:
                continue
            made.append(_make(world, (before, after), before.end + timedelta(days=1), gain, regime))
    return made


def one_per_day(rows: Iterable[Report]) -> list[Report]:
    """The first published total of each end day; rows come sorted by end and knowledge date."""
    return [next(group) for _, group in groupby(rows, key=lambda r: r.end)]


def without_repeats(rows: Sequence[Report]) -> list[Report]:
    """Totals without those that repeat a neighbour in rounder words: 327,000 three days after 327,400."""
    kept: list[Report] = []
    for row in rows:
        before, now = (kept[-1].persons or 0) if kept else 0, row.persons or 0
        if kept and now < before <= now * (1.0 + SAME_FIGURE):
            if trailing_zeros(now) < trailing_zeros(before):
                kept[-1] = row
        else:
            kept.append(row)
    return kept


def trailing_zeros(value: int) -> int:
    """Zeros at which a printed number ends: how round it is."""
    text = str(value)
    return len(text) - len(text.rstrip("0"))


def rising_run(rows: Sequence[Report]) -> list[Report]:
    """The longest run of totals that never falls: what remains without misprints. Ties: the later rows."""
    ends: list[int] = []
    tails: list[int] = []
    back: list[int] = []
    values = [row.persons or 0 for row in rows]
    for index, value in enumerate(values):
        place = bisect_right(ends, value)
        back.append(tails[place - 1] if place else -1)
        if place == len(ends):
            ends.append(value)
            tails.append(index)
        else:
            ends[place] = value
            tails[place] = index
    chain: list[Report] = []
    at = tails[-1] if tails else -1
    while at >= 0:
        chain.append(rows[at])
        at = back[at]
    return chain[::-1]
