"""CSV and TSV files: encoding by byte-order mark or UTF-8, never guessed; the delimiter is the one that fits best."""

from __future__ import annotations

import codecs
import csv
import io

from sarai.ledger.hashing import hash_bytes
from sarai.observe.bounds import MOST_CELL_CHARACTERS, CellBudget
from sarai.observe.raw_table import RawRow, RawTable, find_formulas, tidy
from sarai.world.errors import Fault, InputError

DELIMITERS = (",", ";", "\t", "|")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_csv(file: str, data: bytes, *, encoding: str | None = None) -> tuple[RawTable, ...]:
    """The one table of a CSV file.

    encoding  None: UTF-8, or what a byte-order mark says; a file that is not that is refused with row and byte
    Raises InputError: wrong encoding, binary content, broken quotes, too many rows, columns or characters.
    """
    text = decode_text(file, data, encoding)
    if "\x00" in text:
        raise InputError(
            Fault(
                file=file,
                row=text[: text.index("\x00")].count("\n") + 1,
                what="this is not a text table: a zero byte stands in it",
                mend="If it is UTF-16 without a mark, declare --encoding utf-16-le; else save it as CSV UTF-8.",
            )
        )
    rows, budget = [], CellBudget(file)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=find_delimiter(text), strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cells):
                budget.take_row(line, len(cells), max(map(len, cells)))
                tidied = tuple(tidy(cell) for cell in cells)
                rows.append(RawRow(line=line, cells=tidied, formulas=find_formulas(tidied)))
            line = reader.line_num + 1
    except csv.Error as error:
        what = "a cell is too long" if "field larger" in str(error) else "a quoted cell does not end as it should"
        wanted = f"at most {MOST_CELL_CHARACTERS:,} characters" if "field larger" in str(error) else ""
        raise InputError(Fault(file=file, row=line, what=what, wanted=wanted)) from error
    return (RawTable(file=file, file_hash=hash_bytes(data), rows=tuple(rows)),)


def decode_text(file: str, data: bytes, encoding: str | None = None) -> str:
    """Bytes as text. Raises InputError naming row and byte where they are not what was declared."""
    name = encoding or next((codec for mark, codec in _MARKS if data.startswith(mark)), "utf-8")
    try:
        return data.decode(name)
    except LookupError as error:
        raise InputError(Fault(column="--encoding", what="there is no such encoding", found=name)) from error
    except UnicodeError as error:
        at = getattr(error, "start", 0)
        fault = Fault(
            file=file,
            row=data[:at].count(b"\n") + 1,
            what=f"the text is not {name}",
            found=f"byte 0x{data[at]:02x} at position {at}" if at < len(data) else "text that breaks off",
            wanted="UTF-8",
            mend="Save the file as CSV UTF-8, or declare its encoding: --encoding cp1252 (French, Spanish), "
            "cp1256 (Arabic, Persian, Urdu), cp1251 (Cyrillic) or cp1254 (Turkish).",
        )
        raise InputError(fault) from error


def find_delimiter(text: str) -> str:
    """The delimiter that gives the most lines of one width above one, among the first 50 filled lines."""
    lines = [line for line in text[:100_000].splitlines() if line.strip()][:50]
    best, most = ",", 0
    for delimiter in DELIMITERS:
        try:
            widths = [len(cells) for cells in csv.reader(lines, delimiter=delimiter)]
        except csv.Error:
            continue
        wide = [width for width in widths if width > 1]
        agree = max((wide.count(width) for width in set(wide)), default=0)
        if agree > most:
            best, most = delimiter, agree
    return best
