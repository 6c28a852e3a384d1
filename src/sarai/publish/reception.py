"""Sites and needs: load against capacity, and what to have ready."""

from __future__ import annotations

from sarai.plan.needs import WAITING
from sarai.plan.plan import NeedTotal, Plan, SiteLoad, Standard
from sarai.publish.ahead import place_label
from sarai.publish.figures import round_up
from sarai.publish.table import Cell, Column, Table
from sarai.publish.words import Words
from sarai.world.world import World

FIRST_DAYS = 7
LEAST_NEED = 1.0
MOST_SITES = 5


def load_table(words: Words, world: World, plan: Plan) -> Table:
    """Every stage: largest load, capacity or that it is not known, room that would do, chance of going above."""
    rows: list[tuple[Cell, ...]] = []
    for load in plan.loads:
        rows.append(
            (place_label(words, world, load.stage), round_up(load.peak_p50), round_up(load.peak_p95),
             capacity_text(words, load), round_up(load.needed_p80),
             load.breach_probability if load.breach_probability is not None else words.say("no_chance"),
             load.first_breach_p50 if load.first_breach_p50 is not None else "")
        )  # fmt: skip
    columns = (
        Column(key="stage", label=words.say("site_stage")),
        Column(key="load_p50", label=words.say("largest_load", level="P50"), kind="quantity"),
        Column(key="load_p95", label=words.say("largest_load", level="P95"), kind="quantity"),
        Column(key="capacity", label=words.say("capacity")),
        Column(key="needed", label=words.say("room_that_would_do"), kind="quantity"),
        Column(key="chance", label=words.say("chance_above"), kind="chance"),
        Column(key="date", label=words.say("first_day_above"), kind="date"),
    )
    undated = all(row[-1] == "" for row in rows)
    kept = len(columns) - undated
    notes = () if undated else (words.say("loads_note"),)
    return Table(id="loads", title=words.say("loads_title"), columns=columns[:kept],
                 rows=tuple(row[:kept] for row in rows), notes=notes)  # fmt: skip


def capacity_text(words: Words, load: SiteLoad) -> str:
    """A capacity with its unit; assumed ones say so; unknown ones ask for the figure."""
    if load.capacity is None:
        return words.say("capacity_not_known")
    key = "capacity_day" if load.unit == "persons/day" else "capacity_persons"
    text = words.say(key, count=words.count(load.capacity))
    return words.say("capacity_assumed", capacity=text) if load.capacity_assumed else text


def need_table(words: Words, world: World, plan: Plan, days: int) -> Table:
    """Needs of the first `days` days by sector, site and item, at P50, P80 and P95, with the standard behind each.

    What nobody is likely to need at a place is left out.
    """
    standards = {line.id: line for line in plan.standards}
    lines = [line for line in plan.totals if line.days == days and line.p95 > 0.0]
    lines.sort(key=lambda line: (place_label(words, world, line.site), line.sector, line.item))
    rows = tuple(
        (place_label(words, world, line.site), words.term(line.sector), words.term(line.item),
         _unit(words, line, standards),
         round_up(line.p50), round_up(line.p80), round_up(line.p95), citation(standards.get(line.standard_id)))
        for line in lines
    )  # fmt: skip
    title = words.say("needs_title", count=words.count(days))
    return Table(id=f"needs_{days}", title=title, columns=_need_columns(words), rows=rows, lead=3,
                 notes=(words.say("needs_note"),))  # fmt: skip


def _need_columns(words: Words) -> tuple[Column, ...]:
    return (
        Column(key="site", label=words.say("site")),
        Column(key="sector", label=words.say("sector")),
        Column(key="item", label=words.say("item")),
        Column(key="unit", label=words.say("unit")),
        Column(key="p50", label="P50", kind="quantity"),
        Column(key="p80", label="P80", kind="quantity"),
        Column(key="p95", label="P95", kind="quantity"),
        Column(key="standard", label=words.say("standard")),
    )


def need_overview(words: Words, world: World, plan: Plan) -> Table:
    """What to have ready at each site for the first span: items down, the busiest sites across, at P80."""
    days = first_span(plan)
    lines = {(line.item, line.site): line for line in plan.totals if line.days == days and line.p80 > 0.0}
    needed = {key: line for key, line in lines.items() if line.p80 >= LEAST_NEED}
    sites = [site for site in busiest_sites(plan) if any(place == site for _, place in needed)][:MOST_SITES]
    order = {line.id: place for place, line in enumerate(plan.standards)}
    first = {item: line for (item, _), line in reversed(needed.items())}
    items = sorted(first, key=lambda item: order.get(first[item].standard_id, len(order)))
    sectors = list(dict.fromkeys(first[item].sector for item in items))
    items.sort(key=lambda item: sectors.index(first[item].sector))
    rows: list[tuple[Cell, ...]] = []
    for item in items:
        figures = [lines.get((item, site)) for site in sites]
        if any(figures):
            amounts = (round_up(line.p80) if line else "" for line in figures)
            rows.append((words.term(first[item].sector), words.term(item), words.term(first[item].unit), *amounts))
    columns = (
        Column(key="sector", label=words.say("sector")),
        Column(key="item", label=words.say("item")),
        Column(key="unit", label=words.say("unit")),
        *(Column(key=f"site_{site}", label=place_label(words, world, site), kind="quantity") for site in sites),
    )
    title = words.say("needs_overview_title", count=words.count(days))
    return Table(id="needs_overview", title=title, columns=columns, rows=tuple(rows), lead=2,
                 notes=(words.say("needs_note"),))  # fmt: skip


def daily_need_table(words: Words, world: World, plan: Plan) -> Table:
    """Every need by day, for the workbook."""
    standards = {line.id: line for line in plan.standards}
    rows = tuple(
        (need.day, place_label(words, world, need.site), words.term(need.sector), words.term(need.item),
         words.term(need.unit), round_up(need.p50), round_up(need.p80), round_up(need.p95),
         citation(standards.get(need.standard_id)))
        for need in plan.needs
    )  # fmt: skip
    columns = (Column(key="day", label=words.say("day"), kind="date"), *_need_columns(words))
    return Table(id="needs_daily", title=words.say("needs_daily_title"), columns=columns, rows=rows, lead=4)


def standard_table(words: Words, plan: Plan) -> Table:
    """The table of standards as used: edit it and pass it back to change the needs."""
    rows = tuple(
        (words.term(line.sector), words.term(line.item), words.term(line.unit),
         words.listing([words.term(part) for part in line.setting.split("|")]), words.term(line.season),
         words.term(line.basis),
         f"{line.per_person:g}", line.source, line.edition, line.page, line.note)
        for line in plan.standards
    )  # fmt: skip
    keys = ("sector", "item", "unit", "setting", "season", "basis", "per_person", "source", "edition", "page", "note")
    columns = tuple(Column(key=key, label=words.say(f"standard_{key}")) for key in keys)
    return Table(id="standards", title=words.say("standards_title"), columns=columns, rows=rows, lead=2, level="public")


def first_span(plan: Plan) -> int:
    """Days of the first total of needs: a week, or the horizon where that is shorter."""
    return min((line.days for line in plan.totals), default=FIRST_DAYS)


def busiest_sites(plan: Plan) -> list[str]:
    """Sites by the size of their first week, measured by what is handed out or used there; none where people wait."""
    waiting = {line.id for line in plan.standards if line.setting == WAITING}
    first = [line for line in plan.totals if line.days <= FIRST_DAYS and line.standard_id not in waiting]
    size = {site: max(line.p80 for line in first if line.site == site) for site in {line.site for line in first}}
    return sorted(size, key=lambda site: (-size[site], site))


def leading_needs(plan: Plan, site: str, count: int) -> list[NeedTotal]:
    """The first line of each sector for the first week at one site, in the order of the table of standards."""
    order = {line.id: place for place, line in enumerate(plan.standards)}
    lines = [line for line in plan.totals if line.site == site and line.days <= FIRST_DAYS and line.p80 >= LEAST_NEED]
    found: dict[str, NeedTotal] = {}
    for line in sorted(lines, key=lambda line: order.get(line.standard_id, len(order))):
        found.setdefault(line.sector, line)
    return list(found.values())[:count]


def citation(line: Standard | None) -> str:
    """Publication, edition and page in short, or the number of the assumption; in full in the table of standards."""
    if line is None:
        return ""
    if line.edition == "assumption":
        return line.source
    return f"{line.source.replace(' Handbook', '')} {line.edition.split(' ')[0]}, {line.page.split(',')[0]}"


def _unit(words: Words, line: NeedTotal, standards: dict[str, Standard]) -> str:
    standard = standards.get(line.standard_id)
    if standard is not None and standard.use == "held":
        return words.say("unit_held", unit=words.term(line.unit))
    return words.say("unit_consumed", unit=words.term(line.unit), count=words.count(line.days))
