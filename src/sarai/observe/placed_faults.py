"""Faults of a case as it would be, told by the file and line from which each new row was read."""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from collections.abc import Sequence
from dataclasses import replace

from sarai.ledger.hashing import row_id
from sarai.ledger.record import SourcedRow
from sarai.ledger.table_text import parse_table
from sarai.world.errors import Fault


def place_faults(
    faults: Sequence[Fault], after: MappingType[str, bytes], rows: MappingType[str, Sequence[SourcedRow]]
) -> list[Fault]:
    """Faults of the tables as they would be, told by the file and line that each row was read from."""
    placed = []
    for fault in faults:
        if fault.file in after and fault.row > 1:
            table = parse_table(fault.file, after[fault.file])
            line = table.cells(table.lines.index(fault.row)) if fault.row in table.lines else {}
            origin = next((row.origin for row in rows.get(fault.file, ()) if row.id == row_id(line)), None)
            if origin is not None and origin.file:
                fault = replace(fault, file=origin.file, sheet=origin.sheet, row=origin.row)
        placed.append(fault)
    return sorted(set(placed))


def group_faults(faults: Sequence[Fault]) -> list[Fault]:
    """Faults that differ in their row alone as one, with the first row and the number of further ones."""
    rows: dict[Fault, list[Fault]] = {}
    for fault in faults:
        rows.setdefault(replace(fault, row=0), []).append(fault)
    return [
        replace(same[0], found=f"{same[0].found} (and on {len(same) - 1} further rows)".strip())
        if len(same) > 1
        else same[0]
        for same in rows.values()
    ]
