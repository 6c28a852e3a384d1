"""The files of a response plan: tables, a workbook, JSON and a page that opens offline, from the same rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sarai.plan.response_plan import ResponsePlan
from sarai.publish.document import Document
from sarai.publish.flat import flat_bytes
from sarai.publish.page import render_page
from sarai.publish.plan_document import plan_document
from sarai.publish.table import Cell, Table
from sarai.publish.workbook import render_workbook
from sarai.world.world import World


def plan_files(world: World, found: ResponsePlan, facts: Mapping[str, str]) -> dict[str, bytes]:
    """Every file of a plan by name: CSV tables, a workbook, JSON and a page that opens offline.

    facts   what each of them says of itself: level, reference date, record, licence
    """
    document = plan_document(world, found, facts["record"])
    tables = document.tables()
    files = {f"{table.id}.csv": _csv(table, facts) for table in tables}
    needs = next(table for table in tables if table.id == "needs")
    files["needs.parquet"] = flat_bytes([column.key for column in needs.columns], _rows(needs), ".parquet", facts)
    files["plan.xlsx"] = render_workbook(document, world.as_of)
    files["plan.html"] = render_page(_without_empty(document)).encode()
    files["plan.json"] = plan_json(world, found, tables, facts).encode()
    return files


def _without_empty(document: Document) -> Document:
    """The document to be read: no column in which every cell is empty. Files of data keep all their columns."""
    sections = tuple(
        replace(part, tables=tuple(map(_filled, part.tables)), folded=tuple(map(_filled, part.folded)))
        for part in document.sections
    )
    return replace(document, sections=sections)


def _filled(table: Table) -> Table:
    kept = [place for place in range(len(table.columns)) if any(row[place] != "" for row in table.rows)]
    if not table.rows or len(kept) == len(table.columns):
        return table
    columns = tuple(table.columns[place] for place in kept)
    return replace(table, columns=columns, rows=tuple(tuple(row[place] for place in kept) for row in table.rows))


def plan_json(world: World, found: ResponsePlan, tables: tuple[Table, ...], facts: Mapping[str, str]) -> str:
    """The same rows as JSON: table id -> list of objects."""
    body: dict[str, Any] = {
        "case": world.name,
        "as_of": world.as_of.isoformat(),
        "last_day": found.days[-1].isoformat(),
        **facts,
    }
    for table in tables:
        keys = [column.key for column in table.columns]
        body[table.id] = [dict(zip(keys, (_plain(cell) for cell in row), strict=True)) for row in table.rows]
    return json.dumps(body, indent=1, ensure_ascii=False) + "\n"


def _csv(table: Table, facts: Mapping[str, str]) -> bytes:
    return flat_bytes([column.key for column in table.columns], _rows(table), facts=facts)


def _rows(table: Table) -> list[list[Any]]:
    return [[_plain(cell) for cell in row] for row in table.rows]


def _plain(cell: Cell) -> Any:
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return round(cell, 2)
    return cell if isinstance(cell, str | int) or cell is None else str(cell)
