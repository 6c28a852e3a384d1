"""JSON files: a list of records, a list of rows, GeoJSON features, or one of these under a key such as `data`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sarai.ledger.hashing import hash_bytes
from sarai.observe.bounds import MOST_JSON_DEPTH, CellBudget
from sarai.observe.raw_table import RawRow, RawTable, find_formulas, tidy
from sarai.observe.table_csv import decode_text
from sarai.world.errors import Fault, InputError

LIST_KEYS = ("data", "value", "values", "results", "result", "records", "rows", "items", "features")


def read_json(file: str, data: bytes, *, encoding: str | None = None) -> tuple[RawTable, ...]:
    """The tables of a JSON file; the header is line 1 and the first record line 2, as if it were a sheet.

    Nested records become columns `outer.inner`. Raises InputError: not JSON, a repeated key, nested too deeply, no list
    of records, NaN, too many rows or columns.
    """
    text = decode_text(file, data, encoding)
    try:
        document = json.loads(text, object_pairs_hook=_unique_keys, parse_constant=_refuse_constant)
    except (json.JSONDecodeError, RecursionError, _JsonFault) as error:
        row = error.lineno if isinstance(error, json.JSONDecodeError) else 0
        what = {RecursionError: "the JSON is nested too deeply", _JsonFault: str(error)}.get(
            type(error), "this is not JSON"
        )
        mend = (
            "Put records that stand one a line into a list: [ , ]." if getattr(error, "msg", "") == "Extra data" else ""
        )
        raise InputError(Fault(file=file, row=row, what=what, mend=mend)) from error
    except ValueError as error:  # a whole number of thousands of digits
        raise InputError(Fault(file=file, what="a number in the file is too long")) from error
    lists = list(_find_lists(document, ""))
    if not lists:
        fault = Fault(
            file=file, what="there is no list of records in the file", wanted='[{"date": ..., "persons": ...}]'
        )
        raise InputError(fault)
    budget = CellBudget(file)
    beside = tuple(_texts_beside(document, {id(records) for _, records in lists}))
    tables = [_table(file, hash_bytes(data), path, records, budget) for path, records in lists]
    return (replace(tables[0], beside=beside), *tables[1:])


def _texts_beside(item: Any, tables: set[int]) -> Iterator[str]:
    """Keys and values of a document outside the lists that are read as tables."""
    if id(item) in tables:
        return
    if isinstance(item, dict):
        for key, value in item.items():
            yield key if isinstance(value, dict | list) else f"{key}: {_cell(value)}"
            yield from _texts_beside(value, tables)
    elif isinstance(item, list):
        for value in item:
            yield from _texts_beside(value, tables)
    else:
        yield _cell(item)


class _JsonFault(ValueError):
    """Something that JSON allows and a table does not."""


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _JsonFault("a record has one key twice")
    return made


def _refuse_constant(name: str) -> Any:
    raise _JsonFault(f"{name} is not a count")


def _find_lists(document: Any, path: str) -> list[tuple[str, Sequence[Any]]]:
    if isinstance(document, list) and document and all(isinstance(item, dict | list) for item in document):
        return [(path, document)]
    if isinstance(document, dict):
        inside = [(key, item) for key, item in document.items() if isinstance(item, list | dict)]
        lists = [(key, document[key]) for key in LIST_KEYS if isinstance(document.get(key), list)]
        boxes = [(key, item) for key, item in inside if key in LIST_KEYS and isinstance(item, dict)]
        others = [(key, item) for key, item in inside if key not in LIST_KEYS]
        for group in (lists, boxes, others) if path.count(".") < MOST_JSON_DEPTH else ():
            found = [pair for key, item in group[:20] for pair in _find_lists(item, f"{path}.{key}".strip("."))]
            if found or (lists and group is lists):
                return found
    return []


def _table(file: str, file_hash: str, path: str, records: Sequence[Any], budget: CellBudget) -> RawTable:
    flat = [_flatten(record, file) for record in records]
    names = list(dict.fromkeys(name for record in flat for name in record)) if flat else []
    if records and all(isinstance(record, list) for record in records):
        rows = [[_cell(item) for item in record] for record in records]
    else:
        rows = [names, *([record.get(name, "") for name in names] for record in flat)]
    made = []
    for line, cells in enumerate(rows, start=1):
        budget.take_row(line, len(cells), max(map(len, cells), default=0), sheet=path)
        if any(cells):
            tidied = tuple(tidy(cell) for cell in cells)
            made.append(RawRow(line=line, cells=tidied, formulas=find_formulas(tidied)))
    return RawTable(file=file, file_hash=file_hash, rows=tuple(made), sheet=path)


def _flatten(record: Any, file: str, prefix: str = "", depth: int = 0) -> dict[str, str]:
    """Cells of a record by dotted name; the geometry of a map feature is left out, its properties lose their prefix."""
    if depth > MOST_JSON_DEPTH:
        raise InputError(Fault(file=file, what="the JSON is nested too deeply"))
    if not isinstance(record, Mapping):
        return {}
    if prefix == "" and record.get("type") == "Feature":
        record = record.get("properties") or {}
    cells: dict[str, str] = {}
    for key, item in record.items():
        name = f"{prefix}.{key}".strip(".")
        if isinstance(item, Mapping):
            cells |= _flatten(item, file, name, depth + 1)
        else:
            cells[name] = _cell(item)
    return cells


def _cell(item: Any) -> str:
    if item is None:
        return ""
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, float) and item.is_integer() and abs(item) < 1e15:
        return str(int(item))
    return item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)
