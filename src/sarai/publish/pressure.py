"""What breaks and what to do: the last two answers of the first page, from queues, loads and needs."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from sarai.forecast.forecast import Forecast
from sarai.plan.plan import NeedTotal, Plan, SiteLoad
from sarai.publish.ahead import (
    WAITING,
    capacity_is_assumed,
    crossings_by_size,
    day_capacity,
    find_peak,
    place_label,
    samples_of,
)  # fmt: skip
from sarai.publish.figures import estimate, round_up
from sarai.publish.reception import busiest_sites, first_span, leading_needs
from sarai.publish.words import Words
from sarai.world.world import World

MOST_CROSSINGS = 3
MOST_STAGES = 4
MOST_UNKNOWN = 2
MOST_NEEDS = 4
WORTH_SAYING = 0.2
WORTH_ASKING = 0.5
"""A154: share of an assumed capacity that the busiest day must be able to reach before the capacity is asked for."""
SHARE_SHOWN = 0.05


def what_breaks(words: Words, world: World, forecast: Forecast, plan: Plan) -> list[str]:
    """Queues that last overnight, sites likely to go above capacity, and the largest whose capacity is not known."""
    sentences = _queue_sentences(words, world, forecast)
    ranked = sorted(plan.loads, key=lambda load: (-(load.breach_probability or 0.0), -load.peak_p80, load.stage))
    known = [load for load in ranked if load.breach_probability is not None]
    sentences.extend(
        _load_sentence(words, world, load)
        for load in known[:MOST_STAGES]
        if (load.breach_probability or 0.0) >= WORTH_SAYING
    )
    unknown = _one_a_site([load for load in ranked if load.capacity is None])
    sentences.extend(_load_sentence(words, world, load) for load in unknown[:MOST_UNKNOWN])
    return sentences or [words.say("nothing_breaks")]


def what_to_do(words: Words, world: World, forecast: Forecast, plan: Plan) -> list[str]:
    """What to have ready at the busiest sites, and which capacities to find out."""
    sentences = []
    for site in busiest_sites(plan)[:MOST_CROSSINGS]:
        items = [_need_text(words, line) for line in leading_needs(plan, site, MOST_NEEDS)]
        if items:
            sentences.append(words.say("have_ready", place=place_label(words, world, site), items=words.listing(items)))
    if sentences:
        days = first_span(plan)
        end = words.day(forecast.reference_date + timedelta(days=days))
        sentences.insert(0, words.say("do_intro", days=words.count(days), day=end))
    service = [name for name in crossings_by_size(forecast)[:MOST_CROSSINGS]
               if capacity_is_assumed(world, name) and _unknown_service(words, world, forecast, name)]  # fmt: skip
    if service:
        places = words.listing([place_label(words, world, name) for name in service])
        sentences.append(words.say("ask_service", places=places))
    unknown = [place_label(words, world, load.stage) for load in _one_a_site(
        unknown_capacities(plan))]  # fmt: skip
    if unknown:
        sentences.append(words.say("ask_capacity", places=words.listing(_first(words, unknown))))
    return sentences or [words.say("nothing_to_do")]


def unknown_capacities(plan: Plan) -> list[SiteLoad]:
    """Stages whose capacity nobody knows, those with most people first."""
    return sorted((load for load in plan.loads if load.capacity is None), key=lambda load: -load.peak_p80)


def _queue_sentences(words: Words, world: World, forecast: Forecast) -> list[str]:
    """The crossings with most people first; where capacity is only assumed, what would have to be served is said."""
    found = []
    for name in crossings_by_size(forecast)[:MOST_CROSSINGS]:
        samples = samples_of(forecast, "queue at close", name)
        peak = find_peak(forecast, name, "queue at close")
        if samples is None or samples.size == 0 or peak is None:
            continue
        chance, place = float((samples.max(axis=0) >= WAITING).mean()), place_label(words, world, name)
        if capacity_is_assumed(world, name):
            found.extend(_unknown_service(words, world, forecast, name))
        elif chance >= WORTH_SAYING:
            longest = words.persons(estimate(samples.max(axis=0)))
            found.append(
                words.say("queue_sentence", place=place, chance=words.chance(chance), count=words.count(WAITING),
                          longest=longest, day=words.day(peak.likely))
            )  # fmt: skip
    return found


def _unknown_service(words: Words, world: World, forecast: Forecast, name: str) -> list[str]:
    """What a crossing would have to serve on its busiest day, and from how many a day on a queue is taken to form."""
    peak, capacity = find_peak(forecast, name), day_capacity(world, name)
    ahead, whole = (samples_of(forecast, "day crossings", place) for place in (name, "all"))
    if peak is None or capacity is None or ahead is None or whole is None or peak.size.high < WORTH_ASKING * capacity:
        return []
    if float(np.median(ahead.sum(axis=0))) < SHARE_SHOWN * float(np.median(whole.sum(axis=0))):
        return []
    return [
        words.say("queue_assumed", place=place_label(words, world, name), size=words.persons(peak.size),
                  capacity=words.count(round_up(capacity)))
    ]  # fmt: skip


def _one_a_site(loads: list[SiteLoad]) -> list[SiteLoad]:
    """The stage with the largest load of each site, in the order given."""
    largest: dict[str, SiteLoad] = {}
    for load in loads:
        if load.site not in largest or load.peak_p80 > largest[load.site].peak_p80:
            largest[load.site] = load
    return list(largest.values())


def _load_sentence(words: Words, world: World, load: SiteLoad) -> str:
    unit = "day" if load.unit == "persons/day" else "persons"
    gaps = {
        "place": place_label(words, world, load.stage),
        "p50": words.say(f"capacity_{unit}", count=words.count(round_up(load.peak_p50))),
        "p95": words.count(round_up(load.peak_p95)),
        "needed": words.count(round_up(load.needed_p80)),
    }
    if load.capacity is None:
        return words.say("load_unknown_capacity", **gaps)
    gaps |= {
        "capacity": words.say(f"capacity_{unit}", count=words.count(load.capacity)),
        "chance": words.chance(load.breach_probability or 0.0),
    }
    if load.capacity_assumed:
        return words.say("load_assumed_capacity", **gaps)
    if load.first_breach_p50 is not None:
        return words.say("load_breach_date", day=words.day(load.first_breach_p50), **gaps)
    return words.say("load_breach", **gaps)


def _need_text(words: Words, line: NeedTotal) -> str:
    """`180,000 litres of water`; a standard of the case's own is said with its unit and item."""
    quantity, key = words.count(round_up(line.p80)), f"short_{line.standard_id.removesuffix('_cold')}"
    if key in words.messages:
        return words.say(key, quantity=quantity)
    return words.say("need_item", quantity=quantity, unit=words.term(line.unit), item=words.term(line.item))


def _first(words: Words, names: list[str]) -> list[str]:
    """The first few names and how many more there are."""
    if len(names) <= MOST_STAGES:
        return names
    return [*names[:MOST_STAGES], words.say("others", count=words.count(len(names) - MOST_STAGES))]
