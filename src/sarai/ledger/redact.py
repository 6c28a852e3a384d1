"""Redaction: a value is erased from the table and from every version of the ledger; a tombstone says that it was there.

This is the one place where a record is changed. What replaces the value holds nothing of it: not its length, and not a
hash by which it could be guessed. Files that left the house (exports, e-mails, backups) are beyond it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select, update

from sarai.ledger.folder import FolderLedger
from sarai.ledger.record import NO_ORIGIN, RowVersion
from sarai.ledger.schema import checkpoint
from sarai.ledger.schema import row as version_table
from sarai.ledger.standing import read_standing, read_versions
from sarai.ledger.table_text import TableText, parse_table, render_table
from sarai.ledger.write_file import write_whole
from sarai.ledger.writing import compare_reading, version_values, write_batch, write_reading, write_versions
from sarai.world.errors import Fault, RequestError

TOMBSTONE = "[redacted]"
QUARANTINE = "quarantine"


@dataclass(frozen=True, kw_only=True)
class Redaction:
    """What was erased: table, versions touched, and column (empty: the whole row)."""

    table: str
    versions: tuple[int, ...]
    column: str


def redact_row(held: FolderLedger, row: str, *, column: str = "", why: str) -> Redaction:
    """Erase a row, or one cell of it, from the table and from every version in the ledger.

    row     id of the row or of an earlier version of it (first digits do), or TABLE:LINE as the table stands
    column  empty: the whole row, which then stands in no replay; else the cell, which is then empty everywhere
    Raises RequestError: no such row, several rows, no such column, no reason given.
    """
    if not why.strip():
        raise RequestError(Fault(column="--why", what="a redaction says why", mend="Name the reason, never the value."))
    chain = _find_chain(held, row)
    table = chain[0].table
    if column and not any(column in version.cells for version in chain):
        raise RequestError(Fault(file=table, column=column, what="the row has no such cell"))
    _erase_in_table(held.folder, table, chain, column)
    _erase_quarantine(held.folder, chain, column)
    with held.ledger.engine.begin() as connection:
        _erase_versions(connection, chain, column)
        _forget_digests(connection, held, table)
        _write_tombstone(connection, held, table, chain, column, why)
    _shred(held)
    return Redaction(table=table, versions=tuple(version.version for version in chain), column=column)


def _find_chain(held: FolderLedger, row: str) -> tuple[RowVersion, ...]:
    """Every version of the one row that is meant."""
    name, _, line = row.rpartition(":")
    if name and line.isdecimal():
        row = _row_at(held, name, int(line))
    chain = held.ledger.history(row)
    puts = [version for version in chain if version.action == "put"]
    heads = {version.id for version in puts if version.id.startswith(row)}
    if not puts or len(heads) > 1:
        what = "several rows have an id that begins so" if heads else "the ledger has no such row"
        raise RequestError(Fault(column="ROW", what=what, found=row, mend="sarai ledger show CASE lists rows and ids."))
    return chain


def _row_at(held: FolderLedger, name: str, line: int) -> str:
    path = held.folder / name
    table = parse_table(name, path.read_bytes()) if path.is_file() else TableText(name=name, header=(), rows=())
    if line not in table.lines:
        raise RequestError(Fault(file=name, row=line, what="the table has no such row"))
    place = table.lines.index(line)
    return held.ledger.rows(name)[place].id


def _erase_in_table(folder: Path, name: str, chain: tuple[RowVersion, ...], column: str) -> None:
    path = folder / name
    if not path.exists():
        return
    table = parse_table(name, path.read_bytes())
    meant = [version.cells for version in chain if version.action == "put"]
    rows = []
    for i, cells in enumerate(table.rows):
        filled = {key: cell for key, cell in table.cells(i).items() if cell != ""}
        if filled not in meant:
            rows.append(cells)
        elif column:
            rows.append(tuple("" if key == column else cell for key, cell in zip(table.header, cells, strict=True)))
    write_whole(path, render_table(table.header, rows))


def _erase_quarantine(folder: Path, chain: tuple[RowVersion, ...], column: str) -> None:
    """Remove quarantine files that repeat an erased text; figures and dates alone point to nobody."""
    names = [column] if column else ["note"]
    values = {version.cells[name] for version in chain for name in names if version.cells.get(name)}
    for path in sorted((folder / QUARANTINE).glob("*.csv")):
        text = path.read_text(encoding="utf-8")
        if any(value in text for value in values):
            path.unlink()


def _erase_versions(connection: Connection, chain: tuple[RowVersion, ...], column: str) -> None:
    for version in chain:
        left = {key: cell for key, cell in version.cells.items() if column and key != column}
        values = {"cells": json.dumps(left, ensure_ascii=False, sort_keys=True), "erased": version_table.c.erased + 1}
        values |= {"row_id": f"erased-{version.version}", "row_key": f"erased-{version.version}"}
        connection.execute(update(version_table).where(version_table.c.id == version.version).values(**values))


def _forget_digests(connection: Connection, held: FolderLedger, table: str) -> None:
    """A digest of a table with the value in it could confirm a guess of the value."""
    own = {version.batch for version in read_versions(connection, held.ledger.case_name)}
    query = select(checkpoint.c.id).where(checkpoint.c.table_name == table, checkpoint.c.batch.in_(own))
    numbers = list(connection.execute(query).scalars())
    connection.execute(update(checkpoint).where(checkpoint.c.id.in_(numbers)).values(digest=""))


def _write_tombstone(
    connection: Connection, held: FolderLedger, table: str, chain: tuple[RowVersion, ...], column: str, why: str
) -> None:
    """A batch that says what was done, and a checkpoint from which later replays can be proved again."""
    ledger = held.ledger
    number, _ = write_batch(connection, ledger.case_name, "redact", why, ledger.now)
    cells = {"table": table, "column": column or "the whole row", "value": TOMBSTONE}
    values = version_values(number, table, f"erased-{chain[-1].version}", "erase", cells, NO_ORIGIN, None)
    write_versions(connection, [values])
    standing, header = read_standing(connection, ledger.case_name, table, None)
    rows = tuple(tuple(version.cells.get(name, "") for name in header) for version in standing)
    now = TableText(name=table, header=header, rows=rows)
    write_reading(connection, number, compare_reading(now, standing, header), {})


def _shred(held: FolderLedger) -> None:
    """Rewrite the file so that no freed page and no write-ahead log holds the value."""
    if held.ledger.engine.dialect.name != "sqlite":
        return
    connection = held.ledger.engine.raw_connection()
    try:
        cursor = connection.cursor()
        for statement in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
            cursor.execute(statement)
            cursor.fetchall()
        cursor.close()
    finally:
        connection.close()
