"""Corrections: a publication that now gives another figure supersedes its own earlier row, and says why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from sarai.ledger.change import row_key
from sarai.ledger.record import SourcedRow
from sarai.ledger.table_text import parse_table
from sarai.observe.report_rows import TABLE, report_lines
from sarai.world.supersede import read_superseded, supersede_note

NO_REASON = "the publication gives another figure now"


def mark_corrections(folder: Path, rows: Sequence[SourcedRow], why: str, today: date | None) -> list[SourcedRow]:
    """The rows, with a mark on each by which a publication says something else than its row in the table.

    today    when a correction became known, unless the file itself says later; None: what the rows say holds
    Only one against one: where several rows of the file or of the table are about the same thing, all are kept as they
    are, because none of them is known to replace another. A row that a correction in the table has said is left out.
    """
    line_of = report_lines(folder)
    if not line_of:
        return list(rows)
    id_at = {line: identity for identity, line in line_of.items()}
    table = parse_table(TABLE, (folder / TABLE).read_bytes())
    superseded = tuple(filter(None, (read_superseded(table.cells(i).get("note", "")) for i in range(len(table.rows)))))
    standing: dict[str, list[int]] = defaultdict(list)
    for i in range(len(table.rows)):
        if not superseded or not id_at[table.lines[i]].startswith(superseded):
            standing[row_key(TABLE, table.cells(i))].append(i)
    offered = Counter(row_key(TABLE, row.cells) for row in rows)
    every = [table.cells(i) for i in range(len(table.rows))]
    said = {_said(cells) for cells in every}
    corrected = {_said(cells) for cells in every if read_superseded(cells.get("note", ""))}
    marked = []
    for row in rows:
        if _said(row.cells) in corrected:
            continue
        places = standing.get(key := row_key(TABLE, row.cells), [])
        if len(places) == 1 and offered[key] == 1 and _said(row.cells) not in said:
            old = table.cells(places[0])
            note = supersede_note(row.cells["note"], id_at[table.lines[places[0]]], why or NO_REASON)
            known = max(row.cells["known"], today.isoformat()) if today else row.cells["known"]
            row = replace(row, cells={**row.cells, "note": note, "known": max(known, old.get("known", ""))})
        marked.append(row)
    return marked


def _said(cells: Mapping[str, str]) -> tuple[str, ...]:
    """What a row says and what it says it of; a correction that stands already is not made again."""
    return row_key(TABLE, cells), cells.get("persons", ""), cells.get("families", "")
