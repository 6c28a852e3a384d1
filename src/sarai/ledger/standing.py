"""What stood when: queries that turn the append-only versions into a table as it was after any batch."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from sarai.ledger.hashing import hash_bytes
from sarai.ledger.moment import end_of, read_moment, write_moment
from sarai.ledger.record import Origin, RowVersion
from sarai.ledger.schema import batch, checkpoint
from sarai.ledger.schema import row as version_table
from sarai.ledger.table_text import TableText, render_table


@dataclass(frozen=True, kw_only=True)
class Replay:
    """The tables as they stood after a batch (0: before the first)."""

    batch: int
    recorded: datetime | None
    tables: Mapping[str, TableText]

    @property
    def files(self) -> dict[str, bytes]:
        """The bytes of each table, rendered in the one canonical way."""
        return {name: render_table(table.header, table.rows) for name, table in sorted(self.tables.items())}

    @property
    def digest(self) -> str:
        """One hash over all tables in file-name order; two replays that agree bit for bit have the same."""
        return hash_bytes("".join(f"{name}={hash_bytes(data)}\n" for name, data in self.files.items()).encode())


def find_batch(connection: Connection, case: str, at: datetime | date | int | None) -> tuple[int, datetime | None]:
    """The last batch at a moment, by the end of a UTC day, or up to a number; None means now. (0, None) before all."""
    query = select(batch.c.id, batch.c.recorded).where(batch.c.case_name == case)
    if isinstance(at, int):
        query = query.where(batch.c.id <= at)
    elif at is not None:
        query = query.where(batch.c.recorded <= write_moment(end_of(at)))
    found = connection.execute(query.order_by(batch.c.id.desc()).limit(1)).first()
    return (int(found.id), read_moment(found.recorded)) if found else (0, None)


def read_table_names(connection: Connection, case: str) -> list[str]:
    """Every table that the ledger has ever seen, in name order."""
    query = select(checkpoint.c.table_name).join(batch).where(batch.c.case_name == case).distinct()
    return sorted(connection.execute(query).scalars())


def read_versions(
    connection: Connection, case: str, table: str | None = None, upto: int | None = None
) -> list[RowVersion]:
    """Every version of every row, of one table or all, up to a batch, oldest first."""
    query = select(version_table, batch.c.recorded, batch.c.why).join(batch).where(batch.c.case_name == case)
    if table is not None:
        query = query.where(version_table.c.table_name == table)
    if upto is not None:
        query = query.where(version_table.c.batch <= upto)
    return [_version(found) for found in connection.execute(query.order_by(version_table.c.id))]


def read_standing(
    connection: Connection, case: str, table: str, upto: int | None
) -> tuple[list[RowVersion], tuple[str, ...]]:
    """The rows that stand after batch `upto` (None: now), in table order, and the header then.

    An edit takes the place of the version that it supersedes, a new row goes to the end; where a batch left another
    order, its checkpoint holds it and the replay starts from there.
    """
    points = select(checkpoint).join(batch).where(batch.c.case_name == case, checkpoint.c.table_name == table)
    if upto is not None:
        points = points.where(checkpoint.c.batch <= upto)
    points = points.order_by(checkpoint.c.id.desc()).limit(1)
    last = connection.execute(points).first()
    if last is None:
        return [], ()
    versions = read_versions(connection, case, table, upto)
    ordered = connection.execute(points.where(checkpoint.c.row_order.is_not(None))).first()
    if ordered is None:
        standing = _follow({}, versions)
    else:
        by_number = {version.version: version for version in versions}
        start = {number: by_number[number] for number in json.loads(ordered.row_order)}
        standing = _follow(start, [version for version in versions if version.batch > int(ordered.batch)])
    return [version for version in standing if version.cells], tuple(json.loads(last.header))


def _follow(start: Mapping[int, RowVersion], versions: list[RowVersion]) -> list[RowVersion]:
    slots: dict[int, RowVersion | None] = dict(start)
    slot_of = {number: number for number in slots}
    for version in versions:
        slot = slot_of.pop(version.supersedes, None) if version.supersedes is not None else None
        if version.action == "put":
            slot_of[version.version] = version.version if slot is None else slot
            slots[slot_of[version.version]] = version
        elif slot is not None:
            slots[slot] = None
    return [version for version in slots.values() if version is not None]


def _version(found: Any) -> RowVersion:
    return RowVersion(
        version=int(found.id),
        table=found.table_name,
        key=found.row_key,
        action=found.action,
        id=found.row_id,
        cells=json.loads(found.cells),
        origin=Origin(file_hash=found.file_hash, file=found.file, sheet=found.sheet, row=int(found.row_number)),
        recorded=read_moment(found.recorded),
        batch=int(found.batch),
        supersedes=int(found.supersedes) if found.supersedes is not None else None,
        why=found.why,
    )
