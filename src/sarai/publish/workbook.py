"""The briefing as a workbook: one sheet a table, figures as numbers with their ranges, no formula from any input."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

import xlsxwriter

from sarai import __version__
from sarai.publish.document import Document
from sarai.publish.figures import LEAST_STEP, Estimate
from sarai.publish.table import Cell, Column, Hidden, Table, cell_text
from sarai.publish.words import Words

RANGED = frozenset({"persons", "share"})
SHEET_NAME = 31
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
WIDEST, NARROWEST = 60, 9


def render_workbook(document: Document, as_of: date) -> bytes:
    """The bytes of an .xlsx file. Its dates come from `as_of`, so that equal documents give equal bytes."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(target, options)
    book.set_properties(
        {
            "title": document.title, "subject": document.dateline, "author": "sarai",
            "comments": f"sarai {__version__}; {document.record_line()}",
            "created": datetime.combine(as_of, time()),
        }
    )  # fmt: skip
    formats = _formats(book, document.words)
    _write_opening(book, document, formats)
    taken = {"sarai"}
    for table in document.tables():
        _write_table(book, document, table, formats, taken)
    book.close()
    return target.getvalue()


def expand(words: Words, table: Table) -> tuple[list[str], list[list[Any]]]:
    """Headings and rows with every ranged figure as three columns: most likely, low, high. Hidden cells stay words."""
    heads: list[str] = []
    for column in table.columns:
        heads.append(column.label)
        if column.kind == "span":
            heads[-1:] = [words.say("low_of", label=column.label), words.say("high_of", label=column.label)]
        elif _is_ranged(table, column):
            heads.extend((words.say("low_of", label=column.label), words.say("high_of", label=column.label)))
    rows = []
    for row in table.rows:
        cells: list[Any] = []
        for column, cell in zip(table.columns, row, strict=True):
            cells.extend(_values(words, table, column, cell))
        rows.append(cells)
    return heads, rows


def _is_ranged(table: Table, column: Column) -> bool:
    place = table.columns.index(column)
    return column.kind in RANGED and any(isinstance(row[place], Estimate) for row in table.rows)


def _width(table: Table, column: Column) -> int:
    """Columns of the sheet that one column takes: middle, low and high of a ranged one, both ends of a span."""
    return 2 if column.kind == "span" else 3 if _is_ranged(table, column) else 1


def _values(words: Words, table: Table, column: Column, cell: Cell) -> Sequence[Any]:
    pad: tuple[str, ...] = ("", "") if _is_ranged(table, column) else ()
    pad = ("",) if column.kind == "span" else pad
    if cell is None or isinstance(cell, (str, Hidden)):
        return (cell_text(words, column, cell), *pad)
    if isinstance(cell, Estimate):
        if column.kind == "share":
            return (round(cell.mid, 3), round(cell.low, 3), round(cell.high, 3))
        if cell.high < LEAST_STEP:
            return (words.persons(cell), *pad)
        shown, few = cell.rounded(), words.say("fewer_than", value=words.count(LEAST_STEP))
        ends = ((cell.mid, shown.mid), (cell.low, shown.low), (cell.high, shown.high))
        kept = ends[1:] if column.kind == "span" else ends
        return tuple(few if 0.0 < value < LEAST_STEP else step for value, step in kept)
    if isinstance(cell, date):
        return (cell, *pad)
    return (round(cell, 3), *pad)


def _formats(book: Any, words: Words) -> dict[str, Any]:
    align = {"reading_order": 2} if words.direction == "rtl" else {}
    return {
        "title": book.add_format({"bold": True, "font_size": 14, **align}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top", **align}),
        "head": book.add_format({"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1, **align}),
        "text": book.add_format({"valign": "top", **align}),
        "count": book.add_format({"num_format": "#,##0", "valign": "top"}),
        "share": book.add_format({"num_format": "0%", "valign": "top"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
    }


def _write_opening(book: Any, document: Document, formats: dict[str, Any]) -> None:
    sheet = book.add_worksheet("sarai")
    if document.words.direction == "rtl":
        sheet.right_to_left()
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 110)
    sheet.write_string(0, 0, document.title, formats["title"])
    lines = [
        ("", document.dateline), ("", document.sensitivity), ("", document.headline),
        *(("", line) for line in document.degraded),
        *((answer.question, sentence) for answer in document.answers for sentence in answer.sentences),
        *(("", line) for line in document.responsible),
        ("", document.record_line()), ("", f"sarai {__version__}"),
    ]  # fmt: skip
    for place, (head, line) in enumerate(lines, start=1):
        sheet.write_string(place, 0, head, formats["head"])
        sheet.write_string(place, 1, line, formats["wrap"])


def _write_table(book: Any, document: Document, table: Table, formats: dict[str, Any], taken: set[str]) -> None:
    sheet = book.add_worksheet(_sheet_name(table.id, taken))
    words = document.words
    if words.direction == "rtl":
        sheet.right_to_left()
    sheet.write_string(0, 0, table.title, formats["title"])
    footing = " ".join((*table.notes, words.say(f"level_{table.level}"), document.dateline,
                        document.record_line()))  # fmt: skip
    sheet.write_string(1, 0, footing, formats["text"])
    heads, rows = expand(words, table)
    kinds = [column.kind for column in table.columns for _ in range(_width(table, column))]
    for column, head in enumerate(heads):
        sheet.write_string(2, column, head, formats["head"])
        width = max([len(head), *(len(str(row[column])) for row in rows)], default=NARROWEST)
        sheet.set_column(column, column, min(WIDEST, max(NARROWEST, width + 1)))
    for place, row in enumerate(rows, start=3):
        for column, value in enumerate(row):
            _write_cell(sheet, place, column, value, kinds[column], formats)
    sheet.freeze_panes(3, table.lead)
    if rows:
        sheet.add_table(
            2, 0, 2 + len(rows), len(heads) - 1,
            {"name": f"t_{len(taken)}_{re.sub(r'[^A-Za-z0-9]', '_', table.id)}", "style": "Table Style Light 1",
             "columns": [{"header": head} for head in _unique(heads)]},
        )  # fmt: skip


def _unique(heads: Sequence[str]) -> list[str]:
    """Headings that a table of a workbook accepts: none twice."""
    found: list[str] = []
    for head in heads:
        found.append(head if head not in found else f"{head} ({len(found) + 1})")
    return found


def _write_cell(sheet: Any, row: int, column: int, value: Any, kind: str, formats: dict[str, Any]) -> None:
    if isinstance(value, date):
        sheet.write_datetime(row, column, datetime.combine(value, time()), formats["date"])
    elif isinstance(value, str):
        if value:
            sheet.write_string(row, column, value, formats["text"])
    else:
        sheet.write_number(row, column, value, formats["share" if kind in ("share", "chance") else "count"])


def _sheet_name(name: str, taken: set[str]) -> str:
    base = name.translate(FORBIDDEN)[:SHEET_NAME]
    found, turn = base, 2
    while found.lower() in taken:
        found = f"{base[: SHEET_NAME - 3]} {turn}"
        turn += 1
    taken.add(found.lower())
    return found
