"""The tables of a response plan: what is too little, what is missing, what it costs, and every need behind it."""

from __future__ import annotations

from sarai.plan.breach import Breach
from sarai.plan.response_plan import ResponsePlan
from sarai.publish.ahead import place_label
from sarai.publish.table import Cell, Column, Kind, Table
from sarai.publish.words import Words
from sarai.world.world import World

LEVELS: tuple[tuple[str, str, Kind], ...] = (
    ("p50", "P50", "quantity"), ("p80", "P80", "quantity"), ("p95", "P95", "quantity"),
)  # fmt: skip


def say_breach(words: Words, world: World, one: Breach) -> str:
    """The sentence of a breach with the name of the site."""
    return one.say(place_label(words, world, one.site), words.day)


def breach_table(words: Words, world: World, found: ResponsePlan) -> Table:
    """Sites whose room, desks or buses become too few, and what puts that off."""
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


def gap_table(words: Words, world: World, found: ResponsePlan) -> Table:
    """Needs against what is in place: what is missing, and the day to order by; the dearest first."""
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


def money_table(found: ResponsePlan) -> Table:
    """What the period costs, what of it is missing, and what funds leave open."""
    budget = found.budget
    columns = (Column(key="line", label="US dollars"), *(Column(key=k, label=n, kind=kind) for k, n, kind in LEVELS))
    funds: tuple[Cell, ...] = (None,) * 3 if budget.funds is None else (budget.funds,) * 3
    rows: tuple[tuple[Cell, ...], ...] = (
        ("Meeting every need", *budget.every_need), ("What is in place and used", *budget.in_place),
        ("What is missing", *budget.missing), ("Funds known", *funds),
        ("Funding gap: every need beyond the funds", *(budget.gap or (None,) * 3)),
    )  # fmt: skip
    return Table(id="money", title="Cost over the period", columns=columns, rows=rows)


def cash_table(words: Words, world: World, found: ResponsePlan) -> Table:
    """Cash asked for and cash to hand, by site and day."""
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


def hour_table(words: Words, world: World, found: ResponsePlan) -> Table:
    """The busiest day of each site by the hour: who comes, who is registered, who waits."""
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


def protection_table(found: ResponsePlan) -> Table:
    """Protection indicators over the period."""
    columns = (
        Column(key="id", label="Key"), Column(key="label", label="Indicator"), Column(key="unit", label="Unit"),
        *(Column(key=k, label=n, kind=kind) for k, n, kind in LEVELS), Column(key="note", label="Note"),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [(one.id, one.label, one.unit, *one.figure, one.note) for one in found.protection]
    return Table(id="protection", title="Protection indicators over the period", columns=columns, rows=tuple(rows),
                 lead=2)  # fmt: skip


def need_table(words: Words, world: World, found: ResponsePlan) -> Table:
    """Every need by day, site and sector, with the standard that it follows and where that stands."""
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


def supply_table(found: ResponsePlan) -> Table:
    """What a unit serves, costs and takes to deliver, with its source."""
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
