"""XLSX workbooks, read as a stream with every size counted: nothing is unpacked whole, no entity is ever expanded.

A workbook is a zip of XML parts (ECMA-376). Only cell values are taken; formulas and merged ranges are noted so that
the reader of tables can refuse them by place.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO

from sarai.ledger.hashing import hash_bytes
from sarai.observe.bounds import MOST_PARTS, MOST_SHEETS, MOST_UNZIPPED_BYTES, CellBudget, too_much
from sarai.observe.raw_table import RawTable
from sarai.observe.xlsx_parts import (
    DateShown,
    Open,
    Workbook,
    read_sheet,
    read_strings,
    read_styles,
    read_texts,
    read_workbook,
)
from sarai.observe.xml_stream import XmlFault
from sarai.world.errors import Fault, InputError

_BESIDE = re.compile(r"xl/(?:threaded)?comments?|xl/drawings/[^/]+$")
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
# what zipfile raises on damaged archives: ValueError and struct.error for offsets that lead nowhere
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, LookupError, RuntimeError, ValueError)


def read_xlsx(file: str, data: bytes) -> tuple[RawTable, ...]:
    """The tables of a workbook, one a sheet, hidden ones too.

    Dates come as ISO text whatever their format; numbers as the shortest decimal. Raises InputError: no workbook,
    macros, a password, entities, too many parts, bytes, sheets, rows or columns.
    """
    if data.startswith(_OLE):
        what = "this is an old .xls file or a workbook with a password"
        raise InputError(
            Fault(file=file, what=what, wanted=".xlsx without a password", mend="Save it as .xlsx or CSV.")
        )
    sheet = ""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_archive(file, archive)
            workbook = read_workbook(_opener(archive))
            strings, styles = _shared(archive, workbook)
            budget = CellBudget(file)
            tables: list[RawTable] = []
            if len(workbook.sheets) > MOST_SHEETS:
                raise InputError(too_much(file, "too many sheets", len(workbook.sheets), MOST_SHEETS, "sheets"))
            beside = _texts_beside(archive)
            for place in workbook.sheets:
                sheet = place.name
                with _opener(archive)(place.part) as stream:
                    rows, merged = read_sheet(stream, strings, styles, workbook.from_1904, budget, sheet)
                tables.append(
                    RawTable(
                        file=file,
                        file_hash=hash_bytes(data),
                        rows=rows,
                        sheet=sheet,
                        merged=merged,
                        hidden=place.hidden,
                        beside=beside if not tables else (),
                    )
                )
    except XmlFault as error:
        raise InputError(Fault(file=file, sheet=sheet, row=error.row, what=str(error))) from error
    except _BROKEN as error:
        raise InputError(
            Fault(file=file, sheet=sheet, what="this workbook is broken", mend="Save it again.")
        ) from error
    return tuple(tables)


def _check_archive(file: str, archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = {part.filename.lower() for part in parts}
    if len(parts) > MOST_PARTS:
        raise InputError(too_much(file, "the archive has too many parts", len(parts), MOST_PARTS, "parts"))
    size = sum(part.file_size for part in parts)
    if size > MOST_UNZIPPED_BYTES:
        raise InputError(too_much(file, "the archive unpacks to too much", size, MOST_UNZIPPED_BYTES, "bytes"))
    if any(name.endswith(("vbaproject.bin", "vbadata.xml")) or "/macrosheets/" in name for name in names):
        fault = Fault(
            file=file, what="the workbook holds macros", wanted="values only", mend="Save it as .xlsx or CSV."
        )
        raise InputError(fault)
    if any(part.flag_bits & 1 for part in parts):
        raise InputError(Fault(file=file, what="the archive has a password", mend="Save it without one."))
    if "xl/workbook.xml" not in names:
        what = "this archive is not an XLSX workbook"
        raise InputError(
            Fault(file=file, what=what, wanted=".xlsx, .csv or .json", mend="Save the table as XLSX or CSV.")
        )


def _texts_beside(archive: zipfile.ZipFile) -> tuple[str, ...]:
    """Comments and text boxes of all sheets."""
    texts: list[str] = []
    for name in archive.namelist():
        if name.endswith(".xml") and _BESIDE.match(name.lower()):
            with archive.open(name) as stream:
                texts += read_texts(stream)
    return tuple(texts)


def _opener(archive: zipfile.ZipFile) -> Open:
    @contextmanager
    def open_part(name: str) -> Iterator[IO[bytes]]:
        with archive.open(name) as stream:
            yield stream

    return open_part


def _shared(archive: zipfile.ZipFile, workbook: Workbook) -> tuple[list[str], Mapping[int, DateShown]]:
    names = set(archive.namelist())
    strings: list[str] = []
    dates: Mapping[int, DateShown] = {}
    if workbook.strings in names:
        with archive.open(workbook.strings) as stream:
            strings = read_strings(stream)
    if workbook.styles in names:
        with archive.open(workbook.styles) as stream:
            dates = read_styles(stream)
    return strings, dates
