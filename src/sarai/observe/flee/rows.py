"""Rows of a comma-separated file of Flee, with the line of each, and the collector of faults and notes."""

from __future__ import annotations

import csv
import re
from codecs import BOM_UTF8
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from itertools import takewhile
from pathlib import Path

from sarai.world.errors import Fault

_WHOLE = re.compile(r"[+-]?\d+\Z")
LARGEST_COUNT = 8_000_000_000  # people alive (A205)
_HEAD, _GROUP = re.compile(r"[+-]?\d{1,3}\Z"), re.compile(r"\d{3}\Z")
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+\Z")
_SEPARATED = re.compile(r"[+-]?\d{1,3}([ ,.'_\u00a0\u202f]\d{3})+\Z")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of a file: number of the line (from 1) and its cells as text."""

    line: int
    cells: tuple[str, ...]

    @property
    def is_comment(self) -> bool:
        """A first cell that starts with #."""
        return self.cells[0].startswith("#")

    def cell(self, index: int) -> str:
        """Cell at an index, empty where the row is shorter."""
        return self.cells[index] if index < len(self.cells) else ""


@dataclass(kw_only=True)
class Findings:
    """What a reading found: faults, which stop it, and notes, which a reader should know."""

    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def fault(
        self, file: str, row: int, column: str, what: str, *, found: str = "", wanted: str = "", mend: str = ""
    ) -> None:
        """Keep one fault."""
        self.faults.append(Fault(file=file, row=row, column=column, what=what, found=found, wanted=wanted, mend=mend))

    def note(self, text: str) -> None:
        """Keep one note, once."""
        if text not in self.notes:
            self.notes.append(text)


def read_rows(
    path: Path, label: str, findings: Findings, *, needed: bool = True, filled: str = ""
) -> list[Row]:  # fmt: skip
    """Lines with any text, comments included. A missing needed file, or one that is not UTF-8, is a fault.

    filled   what the file must hold; a file without any text is then a fault too
    """
    if not path.is_file():
        if needed:
            findings.fault(label, 0, "", "the file is missing", wanted=f"a file {path.name}", mend=f"add {label}")
        return []
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        at = error.start + (len(BOM_UTF8) if data.startswith(BOM_UTF8) else 0)
        findings.fault(
            label, data[:at].count(b"\n") + 1, "", "the file is not UTF-8 text", found=f"byte {data[at]:#04x}",
            wanted="UTF-8, the encoding that Flee reads", mend="save it as UTF-8 text",
        )  # fmt: skip
        return []
    if _is_parted_otherwise(text, label, findings):
        return []
    reader = csv.reader(text.splitlines())
    rows = []
    for cells in reader:
        if any(cell.strip() for cell in cells):
            rows.append(Row(line=reader.line_num, cells=tuple(cells)))
    if filled and not rows:
        findings.fault(
            label, 1, "", "the file is empty", wanted=filled, mend="fill it, or take it from the source again"
        )
    return rows


def _is_parted_otherwise(text: str, label: str, findings: Findings) -> bool:
    """A fault where no line has a comma and every line has another sign between its cells."""
    lines = [line for line in text.splitlines() if line.strip()]
    for sign, name in ((";", "semicolons"), ("\t", "tabs"), ("|", "upright strokes")):
        if lines and "," not in text and all(sign in line for line in lines):
            findings.fault(label, 1, "", f"the cells are parted by {name}", found=lines[0][:60],
                           wanted="commas between cells", mend="save the table as CSV with commas")  # fmt: skip
            return True
    return False


def whole(text: str, file: str, row: int, column: str, findings: Findings, *, low: int | None = None) -> int | None:
    """A whole number, or None with a fault that says how to write it."""
    plain = text.strip()
    if _WHOLE.match(plain):
        value = int(plain)
        if abs(value) > LARGEST_COUNT:
            findings.fault(
                file, row, column, "the number is too large", found=plain, wanted=f"at most {LARGEST_COUNT}",
                mend="correct it",
            )  # fmt: skip
            return None
        if low is not None and value < low:
            findings.fault(
                file, row, column, "the number is too small", found=plain, wanted=f"{low} or more", mend="correct it"
            )
            return None
        return value
    mend = "give a whole number"
    if _SEPARATED.match(plain):
        mend = f"write {re.sub(r'[^0-9+-]', '', plain)}, without separators"
    elif "." in plain and _number_or_none(plain) is not None:
        mend = f"round it, for example to {int(float(plain))}"
    findings.fault(
        file, row, column, "this is not a whole number", found=repr(text), wanted="digits only, as in 12345", mend=mend
    )
    return None


def check_split(row: Row, index: int, width: int, file: str, column: str, findings: Findings) -> None:
    """A fault where a number at `index` is cut in two by its own comma, as 5,000 is.

    width   cells that a row has at most where nothing is cut, or the cells up to one that no three digits can fill
    """
    head, rest = row.cell(index).strip(), [cell.strip() for cell in row.cells[index + 1 :]]
    groups = list(takewhile(_GROUP.match, rest))
    if len(row.cells) <= width or not groups or not _HEAD.match(head):
        return
    findings.fault(
        file, row.line, column, "a comma inside a number makes two cells of it", found=",".join((head, *groups)),
        wanted="digits only", mend=f"write {head}{''.join(groups)}, without separators",
    )  # fmt: skip


def _number_or_none(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if value - value == 0.0 else None


def number(
    text: str, file: str, row: int, column: str, findings: Findings, *, low: float | None = None,
    high: float | None = None,
) -> float | None:  # fmt: skip
    """A finite number, or None with a fault."""
    value = _number_or_none(text.strip())
    if value is None:
        mend = "give a number with a decimal point"
        if _SEPARATED.match(text.strip()):
            mend = f"write {re.sub(r'[^0-9+-]', '', text)}, without separators"
        elif _DECIMAL_COMMA.match(text.strip()):
            mend = f"write {text.strip().replace(',', '.')}, with a decimal point"
        findings.fault(file, row, column, "this is not a number", found=repr(text), wanted="a number", mend=mend)
        return None
    if low is not None and value < low:
        findings.fault(
            file, row, column, "the number is too small", found=text, wanted=f"{low:g} or more", mend="correct it"
        )
        return None
    if high is not None and value > high:
        findings.fault(
            file, row, column, "the number is too large", found=text, wanted=f"at most {high:,.0f}", mend="correct it"
        )
        return None
    return value


def civil_date(text: str, file: str, row: int, column: str, findings: Findings) -> date | None:
    """A date YYYY-MM-DD, or None with a fault."""
    try:
        return datetime.strptime(text.strip(), "%Y-%m-%d").date()
    except ValueError:
        findings.fault(
            file,
            row,
            column,
            "this is not a date",
            found=repr(text),
            wanted="YYYY-MM-DD",
            mend="write it as 2015-05-01",
        )
        return None


def nearest(name: str, known: Sequence[str]) -> str:
    """The sentence that tells what was probably meant."""
    for other in known:
        if other.strip().lower() == name.strip().lower():
            return f"write {other!r}"
    close = get_close_matches(name, list(known), n=1)
    return f"did you mean {close[0]!r}?" if close else f"use one of the {len(known)} names in use, or add {name!r}"
