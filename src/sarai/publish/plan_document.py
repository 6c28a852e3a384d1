"""The response plan as a document of its own: a headline, three answers and sections of tables."""

from __future__ import annotations

from datetime import date

from sarai.plan.breach import Breach
from sarai.plan.gap import Gap
from sarai.plan.response_plan import ResponsePlan
from sarai.publish.ahead import place_label
from sarai.publish.document import RESPONSIBLE, Document
from sarai.publish.opening import Answer
from sarai.publish.plan_tables import (
    breach_table,
    cash_table,
    gap_table,
    hour_table,
    money_table,
    need_table,
    protection_table,
    say_breach,
    supply_table,
)
from sarai.publish.release import Release
from sarai.publish.section import Section
from sarai.publish.words import Words, read_words
from sarai.world.world import World


def plan_document(world: World, found: ResponsePlan, record: str) -> Document:
    """The plan as sentences and tables. English: the terms of its rows are those of the tables of the case."""
    words, end = read_words("en"), found.days[-1]
    sections = (
        Section(id="breaches", title="What is too little first", tables=(breach_table(words, world, found),)),
        Section(id="gaps", title="What is missing, and by when to order", tables=(gap_table(words, world, found),)),
        Section(id="money", title="Cost and funding", tables=(money_table(found),),
                folded=(cash_table(words, world, found),)),
        Section(id="hours", title="The busiest day by the hour", folded=(hour_table(words, world, found),)),
        Section(id="protection", title="Protection", tables=(protection_table(found),)),
    )  # fmt: skip
    return Document(
        words=words, title=f"{world.title}: response plan", headline=_headline(words, world, found),
        dateline=words.say("dateline", as_of=words.day(world.as_of, year=True), end=words.day(end, year=True)),
        sensitivity=words.say("sensitivity"), record_id=record, sections=sections,
        answers=_answers(words, world, found),
        responsible=tuple(words.say(key) for key in RESPONSIBLE), degraded=found.plan.notes,
        release=Release(as_of=world.as_of.isoformat(), record_id=record, threshold=0.0, cells=()),
        workbook_only=(need_table(words, world, found), supply_table(found)),
    )  # fmt: skip


def _headline(words: Words, world: World, found: ResponsePlan) -> str:
    known = [one for one in found.breaches if one.first_possible is not None]
    if not known:
        silent, lines = _silent(found)
        if silent and len(silent) == lines:
            return "Nothing is stated of what is in place: the whole need counts as missing"
        lasts = "What is known to be in place lasts in four of five possible worlds"
        return f"{lasts}; of {len(silent)} of {lines} needs nothing is stated" if silent else lasts
    return say_breach(words, world, min(known, key=_first_day))


def _silent(found: ResponsePlan) -> tuple[list[Gap], int]:
    """Needs of which nothing is stated to be in place, the dearest first, and how many needs there are."""
    needed = [gap for gap in found.gaps if gap.need[-1] > 0.0]
    silent = [gap for gap in needed if gap.in_place is None]
    return sorted(silent, key=lambda gap: -gap.cost_usd), len(needed)


def _first_day(one: Breach) -> date:
    return one.first or one.first_possible or date.max


def _answers(words: Words, world: World, found: ResponsePlan) -> tuple[Answer, ...]:
    late = [gap for gap in found.gaps if gap.order_by is not None and gap.missing > 0.0 and gap.in_place is not None]
    late.sort(key=lambda gap: (gap.order_by or date.max, -gap.cost_usd))
    orders = tuple(_order(words, world, gap) for gap in late[:5])
    budget = found.budget
    money = (f"Meeting every need costs {_usd(words, budget.every_need[1])} at P80; what is missing costs "
             f"{_usd(words, budget.missing[1])}.")  # fmt: skip
    funding = (
        "What funds there are is not stated: add funds_usd to response.csv or give --funds."
        if budget.gap is None or budget.funds is None
        else f"Funds of {_usd(words, budget.funds)} leave {_usd(words, budget.gap[1])} of it open at P80."
    )
    silent, lines = _silent(found)
    nothing = "Nothing in most worlds."
    if silent:
        count = f"{len(silent)} of {lines} needs"
        orders += (
            *(_order(words, world, gap) for gap in silent[: 5 - len(orders)] if gap.missing > 0.0),
            f"What is in place is not stated for {count}: they count as missing in full. State it in response.csv.",
        )
        nothing = f"Cannot be said for {count}: what is in place is not stated."
    coming = sorted((one for one in found.breaches if one.first_possible is not None), key=_first_day)
    breaches = tuple(f"{say_breach(words, world, one)}." for one in coming)
    return (
        Answer(key="breaks", question="What is too little first?", sentences=breaches[:4] or (nothing,)),
        Answer(key="order", question="What must be ordered now?", sentences=orders or ("Nothing is missing at P80.",)),
        Answer(key="money", question="What does it cost?", sentences=(money, funding)),
    )


def _order(words: Words, world: World, gap: Gap) -> str:
    """A line that is short, as an order: at once where the day to order by has passed."""
    order_by = gap.order_by or world.as_of
    when = "order at once" if order_by <= world.as_of else f"order by {words.day(order_by)}"
    what = gap.item if gap.unit.split()[-1] in gap.item else f"{gap.unit} of {gap.item}"
    why = "" if gap.in_place is None else f"; {gap.why}"
    return f"{place_label(words, world, gap.site)}: {words.count(_up(gap.missing))} {what}, {when}{why}."


def _usd(words: Words, value: float) -> str:
    return f"{words.count(_up(value))} USD"


def _up(value: float) -> float:
    """Rounded up to two figures: a plan is not finer."""
    if value <= 0.0:
        return 0.0
    size = 10 ** max(0, len(str(int(value))) - 2)
    return float(-(-int(value + 0.999999) // size) * size)
