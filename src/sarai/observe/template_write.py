"""Write the spreadsheet that a person fills in to start a case: a sheet a topic, examples, lists to pick from."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from sarai.ledger.write_file import write_whole
from sarai.observe.template_sheets import MOST_COUNT_ROWS, SHEETS, START, START_SHEET, TemplateColumn, TemplateSheet
from sarai.world.errors import Fault, RequestError
from sarai.world.responsible_use import RESPONSIBLE_USE

READ_ME = (
    "Fill in the sheet Start and the sheet Crossings; everything else may stay empty and can come later.",
    "Days are written 2024-03-05. The grey line on each sheet is an example and is not read.",
    "Counts of people only. A sheet with names of persons, identity numbers or telephone numbers is refused whole.",
    "Save it, then: sarai new my-case --from this-file.xlsx",
)
WIDTHS = {"text": 26, "day": 14, "count": 16, "number": 16}
EPOCH = datetime(2000, 1, 1)  # equal templates have equal bytes


def write_template(path: Path) -> None:
    """Write the empty spreadsheet. Raises RequestError where it cannot be written or something is there already."""
    if path.suffix.lower() != ".xlsx":
        raise RequestError(Fault(what="a spreadsheet ends in .xlsx", column="--template", found=str(path)))
    if path.exists():
        mend = "choose another name; nothing was written"
        raise RequestError(Fault(what="there is a file of this name already", found=str(path), mend=mend))
    try:
        write_whole(path, template_bytes())
    except OSError as error:
        reason = error.strerror or "it cannot be written"
        mend = "make room or choose another place; nothing was half written"
        raise RequestError(
            Fault(file=str(path), what="the spreadsheet could not be written", found=reason, mend=mend)
        ) from None


def template_bytes() -> bytes:
    """The bytes of the empty spreadsheet; the same each time."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": "A new case of sarai", "author": "sarai", "created": EPOCH})
    formats = {
        "about": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#e8eef4"}),
        "hint": book.add_format({"italic": True, "font_color": "#5a5a5a", "text_wrap": True, "valign": "top"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
    }
    _write_start(book.add_worksheet(START_SHEET), formats)
    for sheet in SHEETS:
        _write_sheet(book.add_worksheet(sheet.name), sheet, formats)
    book.close()
    return target.getvalue()


def _write_start(page: Any, formats: dict[str, Any]) -> None:
    page.set_column(0, 0, 44)
    page.set_column(1, 1, 40)
    page.set_column(2, 2, 48)
    for row, words in enumerate(("Question", "Answer", "Example")):
        page.write_string(0, row, words, formats["head"])
    for number, column in enumerate(START, start=1):
        page.write_string(number, 0, column.header + (" *" if column.needed else ""), formats["wrap"])
        page.write_blank(number, 1, None, formats["day"] if column.cells == "day" else formats["wrap"])
        page.write_string(number, 2, column.example, formats["hint"])
        _validate(page, column, number, 1, number)
    for number, words in enumerate((*READ_ME, *RESPONSIBLE_USE), start=len(START) + 2):
        page.merge_range(number, 0, number, 2, "", formats["wrap"])
        page.write_string(number, 0, words, formats["wrap"])
    page.freeze_panes(1, 0)


def _write_sheet(page: Any, sheet: TemplateSheet, formats: dict[str, Any]) -> None:
    page.write_string(0, 0, sheet.about)
    for number, column in enumerate(sheet.columns):
        page.write_string(1, number, column.example, formats["hint"])
        page.write_string(2, number, column.header + (" *" if column.needed else ""), formats["head"])
        page.set_column(number, number, WIDTHS[column.cells], formats["day"] if column.cells == "day" else None)
        _validate(page, column, 3, number, MOST_COUNT_ROWS)
    page.freeze_panes(3, 1)


def _validate(page: Any, column: TemplateColumn, first: int, number: int, last: int) -> None:
    """A list to pick from where only some words are right."""
    if column.choices:
        page.data_validation(first, number, last, number, {"validate": "list", "source": list(column.choices)})
