"""Write one act into the store: its batch, versions of rows, checkpoints, files offered, files still to write."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import Connection, func, select

from sarai.ledger.change import TableChange, find_change, row_key
from sarai.ledger.hashing import hash_bytes, row_id
from sarai.ledger.moment import Clock, read_moment, write_moment
from sarai.ledger.record import NO_ORIGIN, Action, FileEntry, Origin, RowVersion
from sarai.ledger.schema import batch, checkpoint, journal, offered
from sarai.ledger.schema import row as version_table
from sarai.ledger.table_text import TableText, render_table

Origins = Mapping[str, Mapping[str, Sequence[Origin]]]


@dataclass(frozen=True, kw_only=True)
class PendingFile:
    """A table file that a batch is about to write: its name, its hash before and after, and its bytes."""

    file: str
    before_hash: str
    after_hash: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Act:
    """What one act is: its verb, why, where rows were read (by table and row id), files offered, files to write."""

    verb: str
    why: str = ""
    origins: Origins = field(default_factory=dict)
    files: Sequence[FileEntry] = ()
    pending: Sequence[PendingFile] = ()


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A new reading of one table beside what stands, and what changed."""

    table: TableText
    standing: Sequence[RowVersion]
    change: TableChange
    order_changed: bool
    header_changed: bool

    @property
    def nothing(self) -> bool:
        """Whether the reading says what stands already."""
        return self.change.nothing and not self.order_changed and not self.header_changed


def compare_reading(table: TableText, standing: Sequence[RowVersion], header: Sequence[str]) -> Reading:
    """Set a new reading of a table beside the rows that stand."""
    rows = [table.cells(i) for i in range(len(table.rows))]
    change = find_change(table.name, standing, rows)
    kept = set(change.kept.values())
    before = [version.version for version in standing if version.version in kept]
    return Reading(
        table=table,
        standing=standing,
        change=change,
        order_changed=[change.kept[i] for i in sorted(change.kept)] != before,
        header_changed=tuple(header) != table.header,
    )


def write_batch(connection: Connection, case: str, verb: str, why: str, now: Clock) -> tuple[int, datetime]:
    """Open a batch. It is never recorded before the last one, even if the clock was set back."""
    last = connection.execute(select(func.max(batch.c.recorded)).where(batch.c.case_name == case)).scalar()
    recorded = now().astimezone(UTC)
    if last is not None:
        recorded = max(recorded, read_moment(last))
    row = batch.insert().values(case_name=case, recorded=write_moment(recorded), verb=verb, why=why)
    return _inserted(connection.execute(row)), recorded


def write_reading(
    connection: Connection, number: int, reading: Reading, origins: Mapping[str, Sequence[Origin]]
) -> None:
    """Write the versions of one table and its checkpoint."""
    table, change = reading.table, reading.change
    written = sorted({*change.edited, *change.added})
    taken: dict[str, int] = {}
    values = []
    for i in written:
        cells = {name: cell for name, cell in table.cells(i).items() if cell != ""}
        identity = row_id(cells)
        nth = taken[identity] = taken.get(identity, -1) + 1
        known = origins.get(identity, ())
        line = table.lines[i] if i < len(table.lines) else 0
        origin = known[min(nth, len(known) - 1)] if known else Origin(file=table.name, row=line)
        key = row_key(table.name, cells)
        values.append(version_values(number, table.name, key, "put", cells, origin, change.edited.get(i)))
    key_of = {version.version: version.key for version in reading.standing}
    values += [
        version_values(number, table.name, key_of[gone], "withdraw", {}, NO_ORIGIN, gone) for gone in change.vanished
    ]
    numbers = write_versions(connection, values)
    _write_checkpoint(connection, number, reading, {**change.kept, **dict(zip(written, numbers, strict=False))})


def write_versions(connection: Connection, values: Sequence[Mapping[str, Any]]) -> list[int]:
    """Append versions of rows; returns their numbers in the same order."""
    if not values:
        return []
    made = version_table.insert().returning(version_table.c.id, sort_by_parameter_order=True)
    return [int(number) for number in connection.execute(made, list(values)).scalars()]


def version_values(
    number: int,
    table: str,
    key: str,
    action: Action,
    cells: Mapping[str, str],
    origin: Origin,
    supersedes: int | None,
) -> dict[str, Any]:
    """The fields of one version of a row."""
    return {
        "batch": number,
        "table_name": table,
        "row_key": key,
        "action": action,
        "row_id": row_id(cells) if action == "put" else "",
        "cells": json.dumps(dict(cells), ensure_ascii=False, sort_keys=True),
        "file_hash": origin.file_hash,
        "file": origin.file,
        "sheet": origin.sheet,
        "row_number": origin.row,
        "supersedes": supersedes,
        "erased": 0,
    }


def _write_checkpoint(connection: Connection, number: int, reading: Reading, versions: Mapping[int, int]) -> None:
    order = [versions[i] for i in range(len(reading.table.rows))]
    replaced = {old: versions[i] for i, old in reading.change.edited.items()}
    gone = set(reading.change.vanished)
    plain = [replaced.get(v.version, v.version) for v in reading.standing if v.version not in gone]
    plain += [versions[i] for i in sorted(reading.change.added)]
    values = {
        "batch": number,
        "table_name": reading.table.name,
        "header": json.dumps(reading.table.header, ensure_ascii=False),
        "row_order": None if order == plain else json.dumps(order),
        "digest": hash_bytes(render_table(reading.table.header, reading.table.rows)),
    }
    connection.execute(checkpoint.insert().values(**values))


def write_files(connection: Connection, number: int, act: Act) -> None:
    """Write the files that were offered, and the write-ahead copies of the tables still to be written."""
    for entry in act.files:
        values = {name: getattr(entry, name) for name in ("file_hash", "name", "size_bytes", "verdict", "detail")}
        connection.execute(offered.insert().values(batch=number, **values))
    for file in act.pending:
        fields = {name: getattr(file, name) for name in ("file", "before_hash", "after_hash", "content")}
        connection.execute(journal.insert().values(batch=number, **fields))


def _inserted(result: Any) -> int:
    return int(cast("tuple[int]", result.inserted_primary_key)[0])
