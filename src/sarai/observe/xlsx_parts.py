"""The parts of a workbook: the list of sheets, shared texts, which styles are dates, and the cells of a sheet."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Literal

from sarai.observe.bounds import MOST_CELL_CHARACTERS, MOST_COLUMNS, MOST_ROWS, CellBudget
from sarai.observe.raw_table import RawRow, find_formulas, tidy
from sarai.observe.xml_stream import XmlFault, stream_xml

DateShown = Literal["day", "month"]
Open = Callable[[str], AbstractContextManager[IO[bytes]]]
MOST_SHARED_TEXTS = 2_000_000  # A208
MOST_SHARED_CHARACTERS = 100_000_000
MOST_MERGED = 100_000
_BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_BUILT_IN_MONTHS = frozenset((17, 55))
_NO_LETTERS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")


@dataclass(frozen=True, kw_only=True)
class SheetPlace:
    """A sheet: its name, the part that holds it, whether it is hidden."""

    name: str
    part: str
    hidden: bool


@dataclass(frozen=True, kw_only=True)
class Workbook:
    """What the workbook part says: its sheets in order, where shared parts are, and its first day."""

    sheets: tuple[SheetPlace, ...]
    strings: str
    styles: str
    from_1904: bool


def read_workbook(open_part: Open) -> Workbook:
    """The sheets of a workbook and where its parts are. Raises XmlFault, KeyError for a part that is not there."""
    targets: dict[str, str] = {}
    kinds: dict[str, str] = {}

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
            targets[attributes.get("Id", "")] = part
            kinds.setdefault(attributes.get("Type", "").rpartition("/")[2], part)

    sheets: list[SheetPlace] = []
    first_days = {"from_1904": False}

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            identity = next((value for name, value in attributes.items() if name.rpartition(" ")[2] == "id"), "")
            part = targets.get(identity, "")
            if "worksheets/" in part:
                hidden = attributes.get("state", "visible") != "visible"
                sheets.append(SheetPlace(name=attributes.get("name", ""), part=part, hidden=hidden))
        elif tag == "workbookPr":
            first_days["from_1904"] = attributes.get("date1904") in {"1", "true"}

    with open_part("xl/_rels/workbook.xml.rels") as stream:
        stream_xml(stream, relation, _nothing, frozenset())
    with open_part("xl/workbook.xml") as stream:
        stream_xml(stream, sheet, _nothing, frozenset())
    return Workbook(
        sheets=tuple(sheets),
        strings=kinds.get("sharedStrings", ""),
        styles=kinds.get("styles", ""),
        from_1904=first_days["from_1904"],
    )


def read_strings(stream: IO[bytes]) -> list[str]:
    """The shared texts, in order; reading aids of East Asian scripts are left out. Raises XmlFault."""
    texts: list[str] = []
    parts: list[str] = []
    state = {"aid": 0, "characters": 0}

    def start(tag: str, _: dict[str, str]) -> None:
        if tag == "si":
            parts.clear()
        elif tag == "rPh":
            state["aid"] += 1

    def end(tag: str, text: str) -> None:
        if tag == "t" and not state["aid"]:
            parts.append(text)
        elif tag == "rPh":
            state["aid"] -= 1
        elif tag == "si":
            texts.append("".join(parts))
            state["characters"] += len(texts[-1])
            if len(texts) > MOST_SHARED_TEXTS or state["characters"] > MOST_SHARED_CHARACTERS:
                raise XmlFault("the workbook has too many texts")

    stream_xml(stream, start, end, frozenset({"t"}))
    return texts


def read_texts(stream: IO[bytes]) -> list[str]:
    """The texts of a part that holds comments or text boxes, run by run joined to paragraphs. Raises XmlFault."""
    texts: list[str] = [""]

    def end(tag: str, text: str) -> None:
        if tag in {"t", "text"}:
            texts[-1] += text
        if tag in {"text", "comment", "p", "threadedComment"}:
            texts.append("")
        if len(texts) > MOST_SHARED_TEXTS:
            raise XmlFault("the workbook has too many texts")

    stream_xml(stream, lambda _, __: None, end, frozenset({"t", "text"}))
    return [text for text in texts if text.strip()]


def read_styles(stream: IO[bytes]) -> dict[int, DateShown]:
    """The cell styles that show a date, by number: a whole day, or a month and its year. Raises XmlFault."""
    custom: dict[str, DateShown | None] = {}
    dates: dict[int, DateShown] = {}
    state = {"in_cells": 0, "number": 0}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "numFmt":
            custom[attributes.get("numFmtId", "")] = shown_by_format(attributes.get("formatCode", ""))
        elif tag == "cellXfs":
            state["in_cells"] = 1
        elif tag == "xf" and state["in_cells"]:
            code = attributes.get("numFmtId", "0")
            if shown := custom[code] if code in custom else _shown_by_number(code):
                dates[state["number"]] = shown
            state["number"] += 1

    def end(tag: str, _: str) -> None:
        if tag == "cellXfs":
            state["in_cells"] = 0

    stream_xml(stream, start, end, frozenset())
    return dates


def _shown_by_number(code: str) -> DateShown | None:
    number = int(code) if code.isdecimal() and len(code) < 9 else -1
    if number in _BUILT_IN_MONTHS:
        return "month"
    return "day" if number in _BUILT_IN_DATES else None


def shown_by_format(code: str) -> DateShown | None:
    """What of a date a number format shows; None where it shows a number. Month and year alone stand for a month."""
    bare = _NO_LETTERS.sub("", code).lower()
    if "general" in bare or not any(letter in bare for letter in "ydmhs"):
        return None
    return "month" if "m" in bare and "y" in bare and not any(letter in bare for letter in "dhs") else "day"


def read_sheet(
    stream: IO[bytes],
    strings: list[str],
    dates: Mapping[int, DateShown],
    from_1904: bool,
    budget: CellBudget,
    sheet: str,
) -> tuple[tuple[RawRow, ...], tuple[tuple[int, int, int, int], ...]]:
    """The rows of a sheet with something in them, and its merged ranges. Raises XmlFault, InputError past a limit."""
    walk = _SheetWalk(strings, dates, from_1904, budget, sheet)
    try:
        stream_xml(stream, walk.start, walk.end, frozenset({"v", "t"}))
    except XmlFault as error:
        error.row = walk.row
        raise
    return tuple(walk.rows), tuple(walk.merged)


class _SheetWalk:
    def __init__(
        self, strings: list[str], dates: Mapping[int, DateShown], from_1904: bool, budget: CellBudget, sheet: str
    ) -> None:
        self.strings, self.dates, self.from_1904, self.budget, self.sheet = strings, dates, from_1904, budget, sheet
        self.rows: list[RawRow] = []
        self.merged: list[tuple[int, int, int, int]] = []
        self.row = self.column = 0
        self.kind = self.value = ""
        self.style = 0
        self.texts: list[str] = []
        self.cells: dict[int, str] = {}
        self.formulas: list[int] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "row":
            self.row = _number(attributes.get("r"), self.row + 1)
            self.column = 0
        elif tag == "c":
            self.column = self._column(attributes.get("r", ""))
            self.kind, self.value, self.texts = attributes.get("t", "n"), "", []
            self.style = _number(attributes.get("s"), 0)
        elif tag == "f":
            self.formulas.append(self.column)
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def end(self, tag: str, text: str) -> None:
        if tag == "v":
            self.value = text
        elif tag == "t":
            self.texts.append(text)
        elif tag == "c":
            self._close_cell()
        elif tag == "row":
            self._close_row()

    def _column(self, reference: str) -> int:
        found = _REFERENCE.fullmatch(reference)
        if not found:
            return self.column + 1
        number = 0
        for letter in found[1]:
            number = 26 * number + ord(letter) - 64
        return number

    def _close_cell(self) -> None:
        cell = tidy(self._text())
        if cell == "":
            return
        if self.column > MOST_COLUMNS or self.row > MOST_ROWS or len(cell) > MOST_CELL_CHARACTERS:
            self.budget.take_row(self.row, self.column, len(cell), sheet=self.sheet)
        self.cells[self.column] = cell

    def _text(self) -> str:
        if self.kind == "s":
            place = _number(self.value, -1)
            if not 0 <= place < len(self.strings):
                raise XmlFault("a cell points to a text that is not there")
            return self.strings[place]
        if self.kind == "inlineStr":
            return "".join(self.texts)
        if self.kind == "b":
            return "true" if self.value == "1" else "false"
        if self.kind in {"n", ""} and self.value:
            return number_text(self.value, self.dates.get(self.style), self.from_1904)
        return self.value

    def _close_row(self) -> None:
        if self.cells:
            width = max(self.cells)
            self.budget.take_row(self.row, width, 0, sheet=self.sheet)
            cells = tuple(self.cells.get(i, "") for i in range(1, width + 1))
            formulas = tuple(sorted({*self.formulas, *find_formulas(cells)}))
            self.rows.append(RawRow(line=self.row, cells=cells, formulas=formulas))
        self.cells, self.formulas = {}, []

    def _merge(self, reference: str) -> None:
        ends = [_REFERENCE.fullmatch(end) for end in reference.split(":")]
        if len(self.merged) >= MOST_MERGED:
            raise XmlFault("the sheet has too many merged cells")
        if len(ends) == 2 and ends[0] and ends[1]:
            columns = [self._column(end[0]) for end in ends if end]
            self.merged.append((int(ends[0][2]), columns[0], int(ends[1][2]), columns[1]))


def number_text(text: str, shown: DateShown | None, from_1904: bool) -> str:
    """A number of a cell as text: an ISO date or month where its style shows one, else the shortest decimal."""
    try:
        number = float(text)
    except ValueError:
        raise XmlFault("a cell that should hold a number holds something else") from None
    if shown and 1 <= number < 2_958_466:
        first = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)
        moment = first + timedelta(seconds=round(number * 86_400))
        if shown == "month":
            return moment.strftime("%Y-%m")
        return moment.strftime("%Y-%m-%d") if number.is_integer() else moment.strftime("%Y-%m-%d %H:%M:%S")
    if abs(number) < 1e15 and number.is_integer():
        return str(int(number))
    return repr(number)


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() and text.isascii() and len(text) < 10 else otherwise


def _nothing(_: str, __: str) -> None:
    return
