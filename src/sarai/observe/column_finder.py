"""Which column is what where no mapping says it: by names, by headings of several parts, by what stands below."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from sarai.observe.crossing_names import find_crossings
from sarai.observe.dates import DateStyle, is_dotted_day, read_window, said_style, settle_style
from sarai.observe.headers import ALL_CROSSINGS, column_meaning, is_total, looks_like_number
from sarai.observe.heading import Heading, inherit, read_heading
from sarai.observe.mapping import Mapping as FileMapping
from sarai.observe.mapping import WideColumn
from sarai.observe.personal_words import plain_words
from sarai.observe.sheet import Sheet

DATES = ("date", "end_date", "window", "as_of")
FEWEST_DAYS = 2  # columns that bear a day
SETTLING_ROWS = 200  # A224: rows that may prove the order of day and month for headings


def find_columns(
    sheet: Sheet, mapping: FileMapping, crossings: Mapping[str, str]
) -> tuple[dict[str, int], dict[int, WideColumn], date | None]:
    """Column of each of our names, what each wide column counts, and the first day of a running total."""
    cells = [cell for row in sheet.rows[:SETTLING_ROWS] for cell in row.cells]
    style = settle_style(said_style(mapping.date_style(), " ".join(sheet.header)), [*sheet.header, *cells])
    ignored = {plain_words(name) for name in mapping.ignore}
    open_to_us = [i for i, name in enumerate(sheet.header) if name and plain_words(name) not in ignored]
    of = {sheet.meanings[i]: i for i in open_to_us if sheet.meanings[i]}
    read = _headings(sheet, open_to_us, crossings, style)
    for i, heading in read.items():
        if heading.name and i not in of.values():
            of.setdefault(heading.name, i)
    of = _by_content(sheet, open_to_us, of, read, crossings, style)
    of = _running_totals(sheet, of)
    wide = _wide(read, of)
    adds_up = any(item.day or ("crossing" not in of and item.crossing) for item in wide.values())
    # beside the arrivals of the last 24 hours nobody knows what a `Total` adds up
    adds_up |= any(item.days for item in wide.values()) and is_total(sheet.header[of.get("persons", 0)])
    of = {name: i for name, i in of.items() if i not in wide and not (adds_up and name == "persons")}
    starts = {read[i].since for i in (*of.values(), *wide) if i in read and read[i].since}
    return of, wide, starts.pop() if len(starts) == 1 else None


def _headings(
    sheet: Sheet, columns: Sequence[int], crossings: Mapping[str, str], style: DateStyle
) -> dict[int, Heading]:
    """Each heading that is understood; a part of the column before it with what that one says."""
    read: dict[int, Heading] = {}
    before: Heading | None = None
    for i in columns:
        heading = read_heading(sheet.header[i], crossings, style)
        if heading and heading.of_which:
            heading = inherit(heading, before) if before else None
        elif heading:
            before = heading
        if heading:
            read[i] = heading
    return read


def _wide(read: Mapping[int, Heading], of: Mapping[str, int]) -> dict[int, WideColumn]:
    """Columns of counts about one crossing, kind, status or day, where no column of the table says that of its rows."""
    named = {i for name, i in of.items() if name not in ("persons", "families")}
    shown = {i: heading.wide for i, heading in read.items() if heading.wide and i not in named}
    days = sum(item.day is not None for item in shown.values())
    dated = bool(set(DATES) & set(of))
    return {
        i: item
        for i, item in shown.items()
        if not (item.crossing and "crossing" in of) and not (item.day and (dated or days < FEWEST_DAYS))
    }


def _by_content(
    sheet: Sheet,
    columns: Sequence[int],
    of: Mapping[str, int],
    read: Mapping[int, Heading],
    crossings: Mapping[str, str],
    style: DateStyle,
) -> dict[str, int]:
    """Where no heading says which column holds the dates or the crossings: the only one with nothing else below it."""
    made = dict(of)
    free = [i for i in columns if i not in of.values() and not (i in read and read[i].wide)]
    days = any(heading.wide and heading.wide.day for heading in read.values())
    if not days and not set(DATES) & set(of):
        loose = replace(style, dayfirst=style.dayfirst or False, year=style.year or 2000, weeks=style.weeks or "iso")
        _only(made, "date", [i for i in free if _all_below(sheet, i, lambda cell: _is_window(cell, loose))])
    gates = any(heading.wide and heading.wide.crossing for heading in read.values())
    if not gates and "crossing" not in of and len(set(crossings.values())) > 1:
        _only(made, "crossing", [i for i in free if _all_below(sheet, i, lambda cell: _is_crossing(cell, crossings))])
    return made


def _only(made: dict[str, int], name: str, columns: Sequence[int]) -> None:
    if len(columns) == 1:
        made[name] = columns[0]


def _all_below(sheet: Sheet, i: int, test: Callable[[str], bool]) -> bool:
    cells = [row.cells[i] for row in sheet.rows if i < len(row.cells) and row.cells[i]]
    return bool(cells) and all(map(test, cells))


def _is_window(cell: str, style: DateStyle) -> bool:
    for dayfirst in (style.dayfirst, not style.dayfirst):
        try:
            read_window(cell, replace(style, dayfirst=dayfirst))
        except ValueError:
            continue
        return not looks_like_number(cell) or is_dotted_day(cell)
    return False


def _is_crossing(cell: str, crossings: Mapping[str, str]) -> bool:
    return bool(find_crossings(cell, crossings)) or plain_words(cell) in ALL_CROSSINGS


def _running_totals(sheet: Sheet, of: Mapping[str, int]) -> dict[str, int]:
    """A column called cumulative that holds figures is a running total; one of yes and no says what the row is."""
    place = of.get("cumulative")
    if place is None or "persons_cumulative" in of or not _all_below(sheet, place, looks_like_number):
        return dict(of)
    if all(row.cells[place] in {"0", "1", ""} for row in sheet.rows if place < len(row.cells)):
        return dict(of)
    return {"persons_cumulative" if name == "cumulative" else name: i for name, i in of.items()}


def tell_columns(sheet: Sheet, of: Mapping[str, int], wide: Mapping[int, WideColumn]) -> list[str]:
    """What columns were taken for whose heading alone does not say it, for a person to check."""
    told = [
        f"column {sheet.column_name(i)}: read as {name.replace('_', ' ')}"
        for name, i in of.items()
        if sheet.meanings[i] != name and column_meaning(sheet.header[i]) != name
    ]
    for i, item in wide.items():
        parts = [part for part in (item.crossing, item.kind, item.status) if part]
        window = f"{item.day} to {item.last_day}" if item.last_day else str(item.day or "")
        if item.days:
            window = "of the day of the row" if item.days == 1 else f"of {item.days} days up to that of the row"
        plain = len(parts) == 1 and item.unit == "persons" and not item.cumulative and not window
        if not plain and (parts or item.last_day or item.days or item.unit == "families"):
            running = "running total of " if item.cumulative else ""
            about = ", ".join([*parts, *([window] if window else [])])
            told.append(f"column {sheet.column_name(i)}: read as {running}{item.unit}, {about}")
    return told
