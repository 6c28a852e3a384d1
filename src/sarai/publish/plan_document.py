"""The response plan as a document of its own: a page, a workbook, tables and JSON from the same rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sarai.plan.breach import Breach
from sarai.plan.gap import Gap
from sarai.plan.response_plan import ResponsePlan
from sarai.publish.ahead import place_label
from sarai.publish.document import RESPONSIBLE, Document
from sarai.publish.flat import flat_bytes
from sarai.publish.opening import Answer
from sarai.publish.page import render_page
from sarai.publish.release import Release
from sarai.publish.section import Section
from sarai.publish.table import Cell, Column, Kind, Table
from sarai.publish.words import Words, read_words
from sarai.publish.workbook import render_workbook
from sarai.world.world import World

LEVELS: tuple[tuple[str, str, Kind], ...] = (
    ("p50", "P50", "quantity"), ("p80", "P80", "quantity"), ("p95", "P95", "quantity"),
)  # fmt: skip


def plan_files(world: World, found: ResponsePlan, facts: Mapping[str, str]) -> dict[str, bytes]:
    """Every file of a plan by name: CSV tables, a workbook, JSON and a page that opens offline.

    facts   what each of them says of itself: level, reference date, record, licence
    """
    document = plan_document(world, found, facts["record"])
    tables = document.tables()
    files = {f"{table.id}.csv": _csv(table, facts) for table in tables}
    needs = next(table for table in tables if table.id == "needs")
    files["needs.parquet"] = flat_bytes([column.key for column in needs.columns], _rows(needs), ".parquet", facts)
    files["plan.xlsx"] = render_workbook(document, world.as_of)
    files["plan.html"] = render_page(_without_empty(document)).encode()
    files["plan.json"] = plan_json(world, found, tables, facts).encode()
    return files


def plan_document(world: World, found: ResponsePlan, record: str) -> Document:
    """The plan as sentences and tables. English: the terms of its rows are those of the tables of the case."""
    words, end = read_words("en"), found.days[-1]
    sections = (
        Section(id="breaches", title="What is too little first", tables=(_breaches(words, world, found),)),
        Section(id="gaps", title="What is missing, and by when to order", tables=(_gaps(words, world, found),)),
        Section(id="money", title="Cost and funding", tables=(_money(found),), folded=(_cash(words, world, found),)),
        Section(id="hours", title="The busiest day by the hour", folded=(_hours(words, world, found),)),
        Section(id="protection", title="Protection", tables=(_protection(found),)),
    )
    return Document(
        words=words, title=f"{world.title}: response plan", headline=_headline(words, world, found),
        dateline=words.say("dateline", as_of=words.day(world.as_of, year=True), end=words.day(end, year=True)),
        sensitivity=words.say("sensitivity"), record_id=record, sections=sections,
        answers=_answers(words, world, found),
        responsible=tuple(words.say(key) for key in RESPONSIBLE), degraded=found.plan.notes,
        release=Release(as_of=world.as_of.isoformat(), record_id=record, threshold=0.0, cells=()),
        workbook_only=(_needs(words, world, found), _supplies(found)),
    )  # fmt: skip


def _without_empty(document: Document) -> Document:
    """The document to be read: no column in which every cell is empty. Files of data keep all their columns."""
    sections = tuple(
        replace(part, tables=tuple(map(_filled, part.tables)), folded=tuple(map(_filled, part.folded)))
        for part in document.sections
    )
    return replace(document, sections=sections)


def _filled(table: Table) -> Table:
    kept = [place for place in range(len(table.columns)) if any(row[place] != "" for row in table.rows)]
    if not table.rows or len(kept) == len(table.columns):
        return table
    columns = tuple(table.columns[place] for place in kept)
    return replace(table, columns=columns, rows=tuple(tuple(row[place] for place in kept) for row in table.rows))


def plan_json(world: World, found: ResponsePlan, tables: tuple[Table, ...], facts: Mapping[str, str]) -> str:
    """The same rows as JSON: table id -> list of objects."""
    body: dict[str, Any] = {
        "case": world.name,
        "as_of": world.as_of.isoformat(),
        "last_day": found.days[-1].isoformat(),
        **facts,
    }
    for table in tables:
        keys = [column.key for column in table.columns]
        body[table.id] = [dict(zip(keys, (_plain(cell) for cell in row), strict=True)) for row in table.rows]
    return json.dumps(body, indent=1, ensure_ascii=False) + "\n"


def _csv(table: Table, facts: Mapping[str, str]) -> bytes:
    return flat_bytes([column.key for column in table.columns], _rows(table), facts=facts)


def _rows(table: Table) -> list[list[Any]]:
    return [[_plain(cell) for cell in row] for row in table.rows]


def _plain(cell: Cell) -> Any:
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return round(cell, 2)
    return cell if isinstance(cell, str | int) or cell is None else str(cell)


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


def say_breach(words: Words, world: World, one: Breach) -> str:
    """The sentence of a breach with the name of the site."""
    return one.say(place_label(words, world, one.site), words.day)


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


def _breaches(words: Words, world: World, found: ResponsePlan) -> Table:
    columns = (
        Column(key="site", label="Site"), Column(key="what", label="What"),
        Column(key="in_place", label="In place", kind="quantity"),
        Column(key="probability", label="Chance within the period", kind="chance"),
        Column(key="first", label="First day, as likely as not", kind="date"),
        Column(key="first_possible", label="First day, one world in five", kind="date"),
        Column(key="units", label="More that puts it off three days", kind="quantity"),
        Column(key="sentence", label="In words"),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (place_label(words, world, one.site), one.what, one.in_place, one.probability, one.first or "",
         one.first_possible or "", one.units, say_breach(words, world, one))
        for one in found.breaches
    ]  # fmt: skip
    return Table(id="breaches", title="When room, desks and buses are too few", columns=columns, rows=tuple(rows),
                 lead=2,
                 notes=("Only what the case says is in place. Room is places, of a whole site.",
                        "No day: not within the period, in half and in four fifths of possible worlds."))  # fmt: skip


def _gaps(words: Words, world: World, found: ResponsePlan) -> Table:
    columns = (
        Column(key="site", label="Site"), Column(key="sector", label="Sector"), Column(key="item", label="Item"),
        Column(key="unit", label="Unit"), *(Column(key=k, label=f"Need {name}", kind=kind) for k, name, kind in LEVELS),
        Column(key="in_place", label="In place", kind="quantity"),
        Column(key="missing", label="Missing, P80", kind="quantity"),
        Column(key="first_short", label="First missing", kind="date"),
        Column(key="lead_days", label="Days to deliver", kind="quantity"),
        Column(key="order_by", label="Order by", kind="date"),
        Column(key="shelf_days", label="Keeps for days"), Column(key="batches", label="Deliveries", kind="quantity"),
        Column(key="staff", label="Staff at P80", kind="quantity"),
        Column(key="cost_usd", label="Cost of what is missing, USD", kind="quantity"), Column(key="why", label="Why"),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (place_label(words, world, gap.site), gap.sector, gap.item, gap.unit, *gap.need, gap.in_place, gap.missing,
         gap.first_short or "", float(gap.lead_days), gap.order_by or "",
         f"{gap.shelf_days}" if gap.shelf_days else "keeps", float(gap.batches), gap.staff, gap.cost_usd, gap.why)
        for gap in sorted(found.gaps, key=lambda gap: (gap.in_place is None, -gap.cost_usd))
        if gap.need[-1] > 0.0
    ]  # fmt: skip
    return Table(id="gaps", title="Need against what is in place (3W)", columns=columns, rows=tuple(rows), lead=3,
                 notes=("Of what is held the largest day, of what is used up the sum of the days.",))  # fmt: skip


def _money(found: ResponsePlan) -> Table:
    budget = found.budget
    columns = (Column(key="line", label="US dollars"), *(Column(key=k, label=n, kind=kind) for k, n, kind in LEVELS))
    funds: tuple[Cell, ...] = (None,) * 3 if budget.funds is None else (budget.funds,) * 3
    rows: tuple[tuple[Cell, ...], ...] = (
        ("Meeting every need", *budget.every_need), ("What is in place and used", *budget.in_place),
        ("What is missing", *budget.missing), ("Funds known", *funds),
        ("Funding gap: every need beyond the funds", *(budget.gap or (None,) * 3)),
    )  # fmt: skip
    return Table(id="money", title="Cost over the period", columns=columns, rows=rows)


def _cash(words: Words, world: World, found: ResponsePlan) -> Table:
    columns = (
        Column(key="site", label="Site"), Column(key="date", label="Day", kind="date"),
        *(Column(key=f"usd_{k}", label=f"USD asked for, {n}", kind=kind) for k, n, kind in LEVELS),
        Column(key="usd_comes", label="USD that comes to hand", kind="quantity"),
        Column(key="unpaid", label="Families unpaid, P80", kind="quantity"),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (place_label(words, world, one.site), one.day, *one.asked, one.comes, one.unpaid_families_p80)
        for one in found.cash
    ]
    return Table(id="cash", title="Cash by day", columns=columns, rows=tuple(rows), lead=2)


def _hours(words: Words, world: World, found: ResponsePlan) -> Table:
    columns = (
        Column(key="site", label="Site"), Column(key="date", label="Day", kind="date"),
        Column(key="hour", label="Hour"),
        Column(key="coming_p50", label="Persons coming, P50", kind="quantity"),
        Column(key="coming_p80", label="Persons coming, P80", kind="quantity"),
        Column(key="open", label="Open", kind="share"),
        Column(key="reach", label="Registered at most", kind="quantity"),
        Column(key="waiting_p80", label="In line at the end, P80", kind="quantity"),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (place_label(words, world, one.site), one.day, f"{one.hour:02d}:00", one.coming_p50, one.coming_p80, one.open,
         one.reach, one.waiting_p80)
        for one in found.hours
    ]  # fmt: skip
    return Table(id="hours", title="Arrivals by hour against opening hours", columns=columns, rows=tuple(rows), lead=3,
                 notes=("No hourly counts were published: twice the mean in the first hour (A138).",))  # fmt: skip


def _protection(found: ResponsePlan) -> Table:
    columns = (
        Column(key="id", label="Key"), Column(key="label", label="Indicator"), Column(key="unit", label="Unit"),
        *(Column(key=k, label=n, kind=kind) for k, n, kind in LEVELS), Column(key="note", label="Note"),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [(one.id, one.label, one.unit, *one.figure, one.note) for one in found.protection]
    return Table(id="protection", title="Protection indicators over the period", columns=columns, rows=tuple(rows),
                 lead=2)  # fmt: skip


def _needs(words: Words, world: World, found: ResponsePlan) -> Table:
    cited = {line.id: line for line in found.plan.standards}
    columns = (
        Column(key="date", label="Day", kind="date"), Column(key="site", label="Site"),
        Column(key="sector", label="Sector"), Column(key="item", label="Item"), Column(key="unit", label="Unit"),
        *(Column(key=k, label=n, kind=kind) for k, n, kind in LEVELS), Column(key="standard", label="Standard"),
        Column(key="source", label="Source"), Column(key="edition", label="Edition"), Column(key="page", label="Page"),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (need.day, need.site, need.sector, need.item, need.unit, need.p50, need.p80, need.p95, need.standard_id,
         cited[need.standard_id].source, cited[need.standard_id].edition,
         cited[need.standard_id].page)
        for need in found.plan.needs
    ]  # fmt: skip
    return Table(id="needs", title="Needs by sector, site and day", columns=columns, rows=tuple(rows), lead=4)


def _supplies(found: ResponsePlan) -> Table:
    columns = (
        Column(key="item", label="Item"), Column(key="unit", label="Unit"),
        Column(key="persons_per_unit", label="Persons a unit", kind="quantity"),
        Column(key="cost_usd", label="USD a unit"), Column(key="paid_days", label="Days paid", kind="quantity"),
        Column(key="lead_days", label="Days to deliver", kind="quantity"),
        Column(key="shelf_days", label="Keeps for days", kind="quantity"), Column(key="source", label="Source"),
        Column(key="assumption", label="Assumption"), Column(key="note", label="Note"),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (one.item, one.unit, one.persons_per_unit, f"{one.cost_usd:g}", float(one.paid_days), float(one.resupply_days),
         float(one.shelf_days), one.source, one.assumption, one.note)
        for one in found.supplies
    ]  # fmt: skip
    return Table(id="supplies", title="What a unit serves and costs", columns=columns, rows=tuple(rows))
