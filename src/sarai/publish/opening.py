"""The first page: who, where, when, how many, what breaks, what to do, in sentences written from the numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from sarai.forecast.forecast import Forecast
from sarai.plan.plan import NeedTotal, Plan, SiteLoad
from sarai.publish.ahead import (
    WAITING,
    capacity_is_assumed,
    crossings_by_size,
    find_peak,
    next_week,
    place_label,
    samples_of,
)  # fmt: skip
from sarai.publish.figures import Estimate, estimate, round_up
from sarai.publish.past import DEPORTED_KINDS, Window, find_windows, total
from sarai.publish.profile import FEARS_ARREST, find_cited, share_span
from sarai.publish.reception import busiest_sites, leading_needs
from sarai.publish.table import share_figure, share_range
from sarai.publish.words import Words
from sarai.reconcile.picture import KINDS, Picture
from sarai.world.calendar import Wave
from sarai.world.world import World

DEPORTED = KINDS.index("deported")
MOST_CROSSINGS = 3
MOST_STAGES = 4
MOST_UNKNOWN = 2
MOST_NEEDS = 4
WORTH_SAYING = 0.2
SHARE_SHOWN = 0.05


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One of the six questions and the sentences that answer it."""

    key: str
    question: str
    sentences: tuple[str, ...]


def write_opening(words: Words, world: World, picture: Picture, forecast: Forecast, plan: Plan) -> tuple[Answer, ...]:
    """The six answers, each written from this run's numbers."""
    windows = {window.key: window for window in find_windows(world, picture)}
    pairs = (
        ("who", _who(words, world, picture, windows["start"])),
        ("where", _where(words, world, forecast)),
        ("when", _when(words, world, forecast)),
        ("how_many", _how_many(words, picture, forecast, windows)),
        ("what_breaks", _what_breaks(words, world, forecast, plan)),
        ("what_to_do", _what_to_do(words, world, forecast, plan)),
    )
    return tuple(
        Answer(key=key, question=words.say(f"question_{key}"), sentences=tuple(sentences)) for key, sentences in pairs
    )


def headline(words: Words, world: World, picture: Picture, forecast: Forecast) -> str:
    """One sentence for the top of the page: the week to come against the week that was."""
    coming = next_week(forecast, "all")
    if coming is None:
        return words.say("headline_no_week", title=world.title, days=words.count(forecast.horizon_days))
    week = {window.key: window for window in find_windows(world, picture)}["week"]
    return words.say("headline", coming=words.persons(coming), past=words.persons(total(picture, week)),
                     comparison=_comparison(words, coming, total(picture, week)))  # fmt: skip


def _who(words: Words, world: World, picture: Picture, since: Window) -> list[str]:
    statuses = [status.name for status in world.statuses if status.id in picture.statuses]
    sentences = [words.say("who_statuses", statuses=words.listing(statuses))] if len(statuses) > 1 else []
    sentences.extend(_deported_and_fear(words, world, picture, since))
    sentences.append(words.say("no_statement_on_voluntariness"))
    return sentences


def _deported_and_fear(words: Words, world: World, picture: Picture, since: Window) -> list[str]:
    """The deported share beside the cited share that fears arrest; what nobody has reported is not known."""
    fears = share_span(find_cited(world, FEARS_ARREST))
    if not any(report.kind in DEPORTED_KINDS for report in world.reports):
        known = [] if fears is None else [words.say("who_fear", fear=share_range(words, fears))]
        return [words.say("who_deported_unknown"), *known]
    share = share_range(words, _share(picture, since))
    if fears is None:
        return [words.say("who_deported", share=share), words.say("who_fear_unknown")]
    return [words.say("who_deported_fear", share=share, fear=share_range(words, fears))]


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
    whole = np.sum(list(sums.values()), axis=0)
    shares = {name: estimate(value / np.maximum(whole, 1.0)) for name, value in sums.items()}
    ranked = crossings_by_size(forecast)
    sentences = [
        words.say("where_share", place=place_label(words, world, name), share=share_figure(words, shares[name]))
        for name in ranked[:MOST_CROSSINGS]
        if shares[name].mid >= SHARE_SHOWN
    ]
    arrivals = forecast.series.get("day arrivals")
    if arrivals is not None:
        medians = np.median(arrivals.samples.sum(axis=0), axis=-1)
        order = [index for index in np.argsort(-medians, kind="stable") if arrivals.locations[index] != "all"]
        names = [place_label(words, world, arrivals.locations[index]) for index in order[:MOST_CROSSINGS]]
        sentences.append(words.say("where_to", places=words.listing(names)))
    return sentences


def _when(words: Words, world: World, forecast: Forecast) -> list[str]:
    sentences = [_wave_sentence(words, wave, world.as_of) for wave in world.calendar.waves if not wave.withdrawn]
    peak = find_peak(forecast, "all")
    if peak is not None:
        key = "when_peak_day" if peak.earliest == peak.latest else "when_peak"
        sentences.append(words.say(key, likely=words.day(peak.likely), earliest=words.day(peak.earliest),
                                   latest=words.day(peak.latest), size=words.persons(peak.size)))  # fmt: skip
    return sentences or [words.say("when_unknown")]


def _wave_sentence(words: Words, wave: Wave, as_of: date) -> str:
    key = "when_deadline_moved" if wave.deadline != wave.deadline_first else "when_deadline"
    if wave.deadline < as_of:
        key = "when_deadline_past"
    return words.say(key, title=wave.title, deadline=words.day(wave.deadline, year=True),
                     announced=words.day(wave.announced), first=words.day(wave.deadline_first))  # fmt: skip


def _how_many(words: Words, picture: Picture, forecast: Forecast, windows: dict[str, Window]) -> list[str]:
    since, week = windows["start"], windows["week"]
    sentences = [
        words.say("past_total", first=words.day(since.first, year=True), persons=words.persons(total(picture, since)),
                  week=words.persons(total(picture, week)))
    ]  # fmt: skip
    coming = next_week(forecast, "all")
    if coming is not None:
        sentences.append(words.say("coming_week", persons=words.persons(coming),
                                   comparison=_comparison(words, coming, total(picture, week))))  # fmt: skip
    samples = samples_of(forecast, "day crossings", "all")
    if samples is not None and samples.shape[0] > 7:
        end = forecast.reference_date + timedelta(days=samples.shape[0])
        sentences.append(words.say("coming_horizon", day=words.day(end),
                                   persons=words.persons(estimate(samples.sum(axis=0)))))  # fmt: skip
    return sentences


def _comparison(words: Words, coming: Estimate, past: Estimate) -> str:
    ratio = coming.mid / max(1.0, past.mid)
    if ratio >= 1.5:
        return words.say("times_more", times=words.decimal_number(ratio, 0 if ratio >= 10 else 1))
    if ratio > 1.1:
        return words.say("more_than_before")
    if ratio >= 0.9:
        return words.say("about_as_before")
    return words.say("fewer_than_before", share=words.percent(ratio))


def _what_breaks(words: Words, world: World, forecast: Forecast, plan: Plan) -> list[str]:
    sentences = _queue_sentences(words, world, forecast)
    ranked = sorted(plan.loads, key=lambda load: (-(load.breach_probability or 0.0), -load.peak_p80, load.stage))
    known = [load for load in ranked if load.breach_probability is not None]
    unknown = [load for load in ranked if load.capacity is None]
    sentences.extend(
        _load_sentence(words, world, load)
        for load in known[:MOST_STAGES]
        if (load.breach_probability or 0.0) >= WORTH_SAYING
    )
    sentences.extend(_load_sentence(words, world, load) for load in unknown[:MOST_UNKNOWN])
    return sentences or [words.say("nothing_breaks")]


def _queue_sentences(words: Words, world: World, forecast: Forecast) -> list[str]:
    """The crossings with most people first; a capacity that rests on an assumption is marked in the sentence."""
    found = []
    for name in crossings_by_size(forecast)[:MOST_CROSSINGS]:
        samples = samples_of(forecast, "queue at close", name)
        if samples is None or samples.size == 0:
            continue
        chance = float((samples.max(axis=0) >= WAITING).mean())
        if chance >= WORTH_SAYING:
            place = place_label(words, world, name)
            if capacity_is_assumed(world, name):
                place = words.say("assumed_mark", sentence=place)
            longest = words.persons(estimate(samples.max(axis=0)))
            found.append(
                words.say("queue_sentence", place=place, chance=words.chance(chance), count=words.count(WAITING),
                          longest=longest)
            )  # fmt: skip
    return found


def _load_sentence(words: Words, world: World, load: SiteLoad) -> str:
    gaps = {
        "place": place_label(words, world, load.stage),
        "p50": words.count(round_up(load.peak_p50)),
        "p95": words.count(round_up(load.peak_p95)),
        "needed": words.count(round_up(load.needed_p80)),
    }
    if load.capacity is None:
        return words.say("load_unknown_capacity", **gaps)
    gaps |= {"capacity": words.count(load.capacity), "chance": words.chance(load.breach_probability or 0.0)}
    if load.capacity_assumed:
        return words.say("load_assumed_capacity", **gaps)
    if load.first_breach_p50 is not None:
        return words.say("load_breach_date", day=words.day(load.first_breach_p50), **gaps)
    return words.say("load_breach", **gaps)


def _what_to_do(words: Words, world: World, forecast: Forecast, plan: Plan) -> list[str]:
    sentences = []
    for site in busiest_sites(plan)[:MOST_CROSSINGS]:
        items = [_need_text(words, line) for line in leading_needs(plan, site, MOST_NEEDS)]
        if items:
            sentences.append(words.say("have_ready", place=place_label(words, world, site), items=words.listing(items)))
    if sentences:
        sentences.append(words.say("do_intro"))
    unknown = [place_label(words, world, load.stage) for load in plan.loads if load.capacity is None]
    if unknown:
        sentences.append(words.say("ask_capacity", places=words.listing(_first(words, unknown))))
    return sentences or [words.say("nothing_to_do")]


def _need_text(words: Words, line: NeedTotal) -> str:
    """`180,000 litres of safe water`, or `34 registration desks` where the unit stands in the name."""
    quantity, item = words.count(round_up(line.p80)), words.term(line.item)
    if line.unit in line.item:
        return words.say("need_item_plain", quantity=quantity, item=item)
    return words.say("need_item", quantity=quantity, unit=words.term(line.unit), item=item)


def _first(words: Words, names: list[str]) -> list[str]:
    """The first few names and how many more there are."""
    if len(names) <= MOST_STAGES:
        return names
    return [*names[:MOST_STAGES], words.say("others", count=words.count(len(names) - MOST_STAGES))]
