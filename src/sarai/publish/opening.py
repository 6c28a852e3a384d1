"""The first page: who, where, when, how many, what breaks, what to do, in sentences written from the numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from sarai.forecast.forecast import Forecast
from sarai.plan.plan import Plan
from sarai.publish.ahead import WEEK, crossings_by_size, find_peak, next_week, place_label, samples_of, wave_title
from sarai.publish.disclosure import Shown
from sarai.publish.figures import LEAST_STEP, Estimate, digit_step, estimate, round_to
from sarai.publish.grid import ALL
from sarai.publish.guarded import guarded_share
from sarai.publish.past import DEPORTED_KINDS, Window, find_windows
from sarai.publish.pressure import MOST_CROSSINGS, SHARE_SHOWN, what_breaks, what_to_do
from sarai.publish.profile import FEARS_ARREST, find_cited, group_in_sentence, group_span, share_span
from sarai.publish.table import VAGUE_SHARE, share_figure, share_range
from sarai.publish.told import told_statuses
from sarai.publish.words import Words
from sarai.reconcile.picture import KINDS, Picture
from sarai.reconcile.steps import SILENT_DAYS
from sarai.world.calendar import Wave
from sarai.world.world import World

DEPORTED = KINDS.index("deported")
NAMED_DIGITS = 2
MOST_SPREAD = 8.0
"""A158: a past whose upper end is this many times its lower one is too vague to compare a forecast with."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One of the six questions and the sentences that answer it."""

    key: str
    question: str
    sentences: tuple[str, ...]


def write_opening(
    words: Words, world: World, picture: Picture, forecast: Forecast, plan: Plan, cells: Shown
) -> tuple[Answer, ...]:
    """The six answers, each written from this run's numbers; `cells` are those of the past after disclosure control."""
    windows = {window.key: window for window in find_windows(world, picture)}
    pairs = (
        ("who", _who(words, world, picture, windows["start"], cells)),
        ("where", _where(words, world, forecast)),
        ("when", _when(words, world, forecast)),
        ("how_many", _how_many(words, world, forecast, windows, cells)),
        ("what_breaks", what_breaks(words, world, forecast, plan)),
        ("what_to_do", what_to_do(words, world, forecast, plan)),
    )
    return tuple(
        Answer(key=key, question=words.say(f"question_{key}"), sentences=tuple(sentences)) for key, sentences in pairs
    )


def headline(words: Words, world: World, picture: Picture, forecast: Forecast, cells: Shown) -> str:
    """One sentence for the top of the page: the week to come against the week that was."""
    coming = next_week(forecast, "all")
    if coming is None:
        return words.say("headline_no_week", title=world.title, days=words.count(forecast.horizon_days))
    week = {window.key: window for window in find_windows(world, picture)}["week"]
    past = _everyone(cells, "week")
    if not world.reports:
        return words.say("headline_alone", coming=words.persons(coming))
    if week.last < world.as_of:
        return words.say("headline_stale", coming=words.persons(coming), last=_last_told(words, week))
    if past is None or _one_kind(picture):
        return words.say("headline_only", coming=words.persons(coming))
    if not is_told(past):
        return words.say("headline_vague", coming=words.persons(coming), low=words.low_end(past),
                         high=words.count(past.rounded().high))  # fmt: skip
    return words.say("headline", coming=words.persons(coming), past=words.persons(past),
                     comparison=_comparison(words, coming, past))  # fmt: skip


def _everyone(cells: Shown, window: str) -> Estimate | None:
    """All crossings of a window as the tables show them; None where they do not."""
    cell = cells.get(window, {}).get((ALL, ALL, ALL))
    return cell if isinstance(cell, Estimate) else None


def _one_kind(picture: Picture) -> bool:
    """Whether reports count one kind of return alone: the past then lacks whoever else crossed, the future does not."""
    return bool((picture.kind_share == 1.0).all(axis=(0, 1, 3)).any())


def _last_told(words: Words, week: Window) -> str:
    """The last day that a report covers, where the picture ends before the day of the briefing."""
    return words.day(week.last - timedelta(days=SILENT_DAYS), year=True)


def is_told(past: Estimate) -> bool:
    """Whether a figure of the past is narrow enough, as printed, to compare another with it (A158)."""
    return past.rounded().high < MOST_SPREAD * max(past.rounded().low, 1.0)


def _who(words: Words, world: World, picture: Picture, since: Window, cells: Shown) -> list[str]:
    sentences = [*_named(words, world), *_deported_and_fear(words, world, picture, since, cells)]
    sentences.extend([*_groups(words, world), *_statuses(words, world, picture, since, cells)])
    sentences.append(words.say("no_statement_on_voluntariness"))
    return sentences


def _named(words: Words, world: World) -> list[str]:
    """How many people each call to leave names, in all and never by area, with who says so."""
    sentences = []
    for wave in world.calendar.waves:
        strata = [item for item in world.strata if item.status in wave.statuses]
        low, high = sum(item.low_persons for item in strata), sum(item.high_persons for item in strata)
        if wave.withdrawn or wave.origins or high <= 0:
            continue
        span = [words.count(round_to(value, digit_step(value, NAMED_DIGITS, LEAST_STEP))) for value in (low, high)]
        told = {
            world.sources[item.basis.source_id].publisher for item in strata if item.basis.source_id in world.sources
        }
        source = words.listing(sorted(told)) if told else words.say("assumed")
        sentences.append(
            words.say("who_named", title=wave_title(words, wave), low=span[0], high=span[1], source=source)
        )
    return sentences


def _deported_and_fear(words: Words, world: World, picture: Picture, since: Window, cells: Shown) -> list[str]:
    """The deported share beside the cited share that fears arrest; what nobody has reported is not known."""
    fears = share_span(find_cited(world, FEARS_ARREST))
    told = any(report.kind in DEPORTED_KINDS for report in world.reports)
    first = words.say("who_deported_unknown")
    if told and (picture.kind_share[:, :, DEPORTED] == 1.0).all():
        first = words.say("who_deported_only")
    elif told:
        share = guarded_share(_share(picture, since), cells["start"], kind=KINDS[DEPORTED])
        first = words.say("who_deported_held_back")
        if share is not None:
            first = words.say("who_deported", share=share_range(words, share), first=words.day(since.first))
    if fears is not None:
        return [first, words.say("who_fear", fear=share_range(words, fears))]
    return [first, words.say("who_fear_unknown")] if told else [first]


def _groups(words: Words, world: World) -> list[str]:
    """Published shares of women and girls and of children, where there are any."""
    items = [
        words.say("group_share", group=group_in_sentence(words, key), share=share_range(words, span))
        for key in ("women_girls", "children")
        if (span := group_span(world, key)) is not None
    ]
    return [words.say("who_groups", groups=words.listing(items))] if items else []


def _statuses(words: Words, world: World, picture: Picture, since: Window, cells: Shown) -> list[str]:
    """Document statuses with their shares where reports narrow all of them; else that reports hardly tell."""
    names = {status.id: status.name for status in world.statuses}
    if len(picture.statuses) < 2:
        return []
    flow, share = picture.flow[since.days], picture.status_share[since.days]
    whole = flow.sum(axis=(0, 1))
    told, narrow = [], 0
    for index, status in enumerate(picture.statuses):
        span = estimate((flow * share[:, :, index]).sum(axis=(0, 1)) / whole)
        shown = guarded_share(span, cells.get("start", {}), status=status)
        narrow += span.high - span.low <= VAGUE_SHARE
        if shown is not None:
            told.append(words.say("group_share", group=names.get(status, status), share=share_range(words, shown)))
    if narrow == len(picture.statuses) and told_statuses(world)[0]:
        return [words.say("who_statuses", statuses=words.listing(told))] if len(told) == narrow else []
    statuses = words.listing([names.get(status, status) for status in picture.statuses])
    return [words.say("who_statuses_unknown", statuses=statuses)]


def _share(picture: Picture, window: Window) -> Estimate:
    """Share of people deported in a window, rounded to a whole percent at both ends."""
    flow = picture.flow[window.days]
    deported = (flow * picture.kind_share[window.days][:, :, DEPORTED]).sum(axis=(0, 1))
    return estimate(deported / flow.sum(axis=(0, 1)))


def _where(words: Words, world: World, forecast: Forecast) -> list[str]:
    series = forecast.series.get("day crossings")
    if series is None:
        return [words.say("where_unknown")]
    sums = {name: samples.sum(axis=0) for name in series.locations if name != "all"
            if (samples := samples_of(forecast, "day crossings", name)) is not None}  # fmt: skip
    if len(sums) == 1:
        return [words.say("where_only", place=place_label(words, world, *sums)), *_onward(words, world, forecast)]
    whole = np.sum(list(sums.values()), axis=0)
    shares = {name: estimate(value / np.maximum(whole, 1.0)) for name, value in sums.items()}
    end = words.day(forecast.reference_date + timedelta(days=forecast.horizon_days))
    sentences = [
        words.say("where_share", day=end, place=place_label(words, world, name),
                  share=share_figure(words, shares[name]))
        for name in crossings_by_size(forecast)[:MOST_CROSSINGS]
        if shares[name].mid >= SHARE_SHOWN
    ]  # fmt: skip
    return sentences + _onward(words, world, forecast)


def _onward(words: Words, world: World, forecast: Forecast) -> list[str]:
    """The provinces of return that most people go on to, with the middle figure of each."""
    end = words.day(forecast.reference_date + timedelta(days=forecast.horizon_days))
    arrivals = forecast.series.get("day arrivals")
    if arrivals is None:
        return []
    found = [(estimate(arrivals.samples[:, place].sum(axis=0)), name) for place, name in enumerate(arrivals.locations)
             if name != "all"]  # fmt: skip
    found.sort(key=lambda item: (-item[0].mid, item[1]))
    if len(found) < 2:
        return []
    places = [
        words.say("place_figure", place=place_label(words, world, name),
                  figure=words.say("about", mid=words.count(figure.rounded().mid)))
        for figure, name in found[:MOST_CROSSINGS]
        if figure.mid >= LEAST_STEP
    ]  # fmt: skip
    return [words.say("where_to", places=words.listing(places), day=end)] if places else []


def _when(words: Words, world: World, forecast: Forecast) -> list[str]:
    sentences = [_wave_sentence(words, wave, world.as_of) for wave in world.calendar.waves]
    if not sentences:
        sentences = [words.say("when_no_deadline")]
    peak = find_peak(forecast, "all")
    if peak is not None:
        key = "when_peak_day" if peak.earliest == peak.latest else "when_peak"
        sentences.append(words.say(key, likely=words.day(peak.likely), earliest=words.day(peak.earliest),
                                   latest=words.day(peak.latest), size=words.persons(peak.size)))  # fmt: skip
    return sentences


def _wave_sentence(words: Words, wave: Wave, as_of: date) -> str:
    key = "when_deadline_moved" if wave.deadline != wave.deadline_first else "when_deadline"
    if wave.deadline < as_of:
        key = "when_deadline_past"
    if wave.withdrawn:
        key = "when_withdrawn"
    return words.say(key, title=wave_title(words, wave), deadline=words.day(wave.deadline, year=True),
                     days=words.count(abs((wave.deadline - as_of).days)), announced=words.day(wave.announced),
                     first=words.day(wave.deadline_first))  # fmt: skip


def _how_many(words: Words, world: World, forecast: Forecast, windows: dict[str, Window], cells: Shown) -> list[str]:
    since, week = windows["start"], windows["week"]
    whole, last_week = _everyone(cells, "start"), _everyone(cells, "week")
    sentences = [words.say("past_held_back")]
    if whole is not None and last_week is not None:
        key = "past_total_only" if since.first >= week.first else "past_total"
        sentences = [
            words.say(key, first=words.day(since.first, year=True), persons=words.persons(whole),
                      week=words.persons(last_week))
        ]  # fmt: skip
    if week.last < world.as_of:
        sentences = [words.say("past_stale", last=_last_told(words, week))]
    if not world.reports:
        sentences = [words.say("past_not_counted")]
    for days, target in ((WEEK, "coming_week"), (forecast.horizon_days, "coming_horizon")):
        samples = samples_of(forecast, "day crossings", "all")
        if samples is None or samples.shape[0] < days or (target == "coming_horizon" and days <= WEEK):
            continue
        end = forecast.reference_date + timedelta(days=days)
        figure = estimate(samples[:days].sum(axis=0))
        sentences.append(words.say(target, day=words.day(end), persons=words.persons(figure)))
    return sentences


def _comparison(words: Words, coming: Estimate, past: Estimate) -> str:
    """How the week to come compares with the figure of the week that was as it is printed: it tells no more of it."""
    ratio = coming.mid / max(1.0, past.rounded().mid)
    if ratio >= 1.5:
        return words.say("times_more", times=words.decimal_number(ratio, 0 if ratio >= 10 else 1))
    if ratio > 1.1:
        return words.say("more_than_before")
    if ratio >= 0.9:
        return words.say("about_as_before")
    return words.say("fewer_than_before", share=words.percent(round(ratio * 20) / 20 if ratio >= 0.05 else ratio))
