"""Workbooks for tests, made with openpyxl, and raw archives for what openpyxl would not write."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl


def workbook(*rows: Sequence[Any], change: Callable[[Any], None] | None = None, title: str = "Daily") -> bytes:
    """A workbook of one sheet; `change` gets the sheet before it is saved."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    if change:
        change(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repack(data: bytes, **parts: bytes | None) -> bytes:
    """The archive with parts replaced, added or (None) left out; a double underscore in a keyword is a slash."""
    named = {
        name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"): part for name, part in parts.items()
    }
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in named:
                new.writestr(name, old.read(name))
        for name, part in named.items():
            if part is not None:
                new.writestr(name, part)
    return out.getvalue()


def sheet_xml(body: str, head: str = "") -> bytes:
    """The part of a sheet with this body."""
    name = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<?xml version="1.0"?>{head}<worksheet xmlns="{name}">{body}</worksheet>'.encode()
