"""Faults of a case as it would be, told by the file and line from which each new row was read."""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from collections.abc import Sequence
from dataclasses import replace

from sarai.ledger.hashing import row_id
from sarai.ledger.record import SourcedRow
from sarai.ledger.table_text import parse_table
from sarai.world.errors import Fault

FEWEST_ALIKE = 4  # faults that differ only in row and finding, and are told as one
MOST_RANGES = 20  # of rows in one message


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
    """Faults that differ in their row, or in what was found there, as one that names all its rows.

    Those that differ in what was found as well are one only from `FEWEST_ALIKE` on: a few are shown each with its own.
    """
    rows: dict[Fault, list[Fault]] = {}
    for fault in faults:
        rows.setdefault(replace(fault, row=0), []).append(fault)
    alike: dict[Fault, list[list[Fault]]] = {}
    for same, group in rows.items():
        alike.setdefault(replace(same, found="") if group[0].row else same, []).append(group)
    made: list[Fault] = []
    for groups in alike.values():
        together = [[fault for group in groups for fault in group]] if len(groups) >= FEWEST_ALIKE else groups
        made += [_first_of(group) for group in together]
    return made


def _first_of(group: Sequence[Fault]) -> Fault:
    first = group[0]
    further = [fault.row for fault in group[1:]]
    if not further:
        return first
    like = "the same" if len({fault.found for fault in group}) == 1 else "the like"
    said = f"and {like} on {len(further)} further row{'s' if len(further) > 1 else ''}: {_ranges(further)}"
    return replace(first, found=f"{first.found} ({said})".strip())


def _ranges(rows: Sequence[int]) -> str:
    """Row numbers as ranges: 5-9, 12."""
    spans: list[list[int]] = []
    for row in sorted(set(rows)):
        if spans and row == spans[-1][1] + 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    shown = [str(a) if a == b else f"{a}-{b}" for a, b in spans[:MOST_RANGES]]
    return ", ".join([*shown, *(["..."] if len(spans) > MOST_RANGES else [])])
