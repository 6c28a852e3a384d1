"""The store: every version of every row of a case's tables, in the order in which the ledger was told of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, Engine, create_engine, event, select, text
from sqlalchemy.exc import ArgumentError, DatabaseError

from sarai.ledger.hashing import hash_bytes
from sarai.ledger.moment import Clock, read_moment, system_clock
from sarai.ledger.record import FileEntry, Origin, Receipt, RowVersion, Verdict
from sarai.ledger.schema import batch, checkpoint, create_schema, journal, offered
from sarai.ledger.schema import row as version_table
from sarai.ledger.standing import Replay, find_batch, read_standing, read_table_names, read_versions
from sarai.ledger.table_text import TableText, render_table
from sarai.ledger.writing import (
    Act,
    PendingFile,
    Reading,
    compare_reading,
    write_batch,
    write_files,
    write_reading,
)
from sarai.world.errors import Fault, RequestError

_PRAGMAS = ("busy_timeout=60000", "journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON")
REFUSED = ("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")
"""What SQLite calls a disk without room and a place without rights."""


class Ledger:
    """An append-only, bitemporal store of one case. Open it with `open_ledger`; use it as a context, or close it."""

    def __init__(self, engine: Engine, case_name: str, now: Clock = system_clock) -> None:
        self.engine = engine
        self.case_name = case_name
        self.now = now
        with engine.begin() as connection:
            create_schema(connection)

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def record(self, tables: Mapping[str, TableText], act: Act) -> Receipt:
        """Record how the tables stand now: new rows, edits as new versions, vanished rows as withdrawn.

        tables   every table of the case by file name; one that is missing has vanished, with all its rows
        returns  what changed; batch 0 and nothing written when nothing changed and no file was offered
        All of it is one transaction.
        """
        with self.engine.begin() as connection:
            self._take_turn(connection)
            readings = self._compare(connection, tables)
            changed = [reading for reading in readings if not reading.nothing]
            known_already = sum(len(reading.change.kept) for reading in readings)
            if not changed and not act.files:
                return Receipt(batch=0, recorded=self.now(), known_already=known_already)
            number, recorded = write_batch(connection, self.case_name, act.verb, act.why, self.now)
            for reading in changed:
                write_reading(connection, number, reading, act.origins.get(reading.table.name, {}))
            write_files(connection, number, act)
        return Receipt(
            batch=number,
            recorded=recorded,
            added=sum(len(reading.change.added) for reading in changed),
            superseded=sum(len(reading.change.edited) for reading in changed),
            withdrawn=sum(len(reading.change.vanished) for reading in changed),
            known_already=known_already,
        )

    def _take_turn(self, connection: Connection) -> None:
        """One writer at a time: SQLite gives the turn when the transaction begins, a server when asked."""
        if self.engine.dialect.name != "sqlite":
            connection.execute(text("LOCK TABLE batch IN EXCLUSIVE MODE"))

    def _compare(self, connection: Connection, tables: Mapping[str, TableText]) -> list[Reading]:
        readings = []
        for name in sorted({*tables, *read_table_names(connection, self.case_name)}):
            standing, header = read_standing(connection, self.case_name, name, None)
            table = tables.get(name) or TableText(name=name, header=(), rows=())
            readings.append(compare_reading(table, standing, header))
        return readings

    def read_pending(self) -> tuple[PendingFile, ...]:
        """Table files of acts that were committed but perhaps not written, oldest first."""
        with self.engine.begin() as connection:
            query = select(journal).join(batch).where(batch.c.case_name == self.case_name).order_by(journal.c.id)
            return tuple(
                PendingFile(file=p.file, before_hash=p.before_hash, after_hash=p.after_hash, content=bytes(p.content))
                for p in connection.execute(query)
            )

    def drop_pending(self) -> None:
        """Forget the write-ahead copies: the files stand on disk."""
        with self.engine.begin() as connection:
            own = select(batch.c.id).where(batch.c.case_name == self.case_name)
            connection.execute(journal.delete().where(journal.c.batch.in_(own)))

    def replay(self, as_of_recorded: datetime | date | int | None = None) -> Replay:
        """The tables as they stood at a moment, at the end of a UTC day, or after a batch; None means now."""
        with self.engine.begin() as connection:
            number, recorded = find_batch(connection, self.case_name, as_of_recorded)
            tables = {}
            for name in read_table_names(connection, self.case_name):
                standing, header = read_standing(connection, self.case_name, name, number)
                if header:
                    rows = tuple(tuple(version.cells.get(column, "") for column in header) for version in standing)
                    tables[name] = TableText(name=name, header=header, rows=rows)
        return Replay(batch=number, recorded=recorded, tables=tables)

    def rows(self, table: str, as_of_recorded: datetime | date | int | None = None) -> tuple[RowVersion, ...]:
        """The versions of a table's rows that stood then, in table order, each with its origin."""
        with self.engine.begin() as connection:
            number, _ = find_batch(connection, self.case_name, as_of_recorded)
            return tuple(read_standing(connection, self.case_name, table, number)[0])

    def versions(self) -> tuple[RowVersion, ...]:
        """Every version of every row, oldest first."""
        with self.engine.begin() as connection:
            return tuple(read_versions(connection, self.case_name))

    def erased_origins(self) -> frozenset[Origin]:
        """Where redacted rows were read, so that the same file does not bring them back."""
        query = select(version_table).join(batch).where(batch.c.case_name == self.case_name, version_table.c.erased > 0)
        with self.engine.begin() as connection:
            return frozenset(
                Origin(file_hash=v.file_hash, file=v.file, sheet=v.sheet, row=int(v.row_number))
                for v in connection.execute(query)
                if v.file_hash
            )

    def history(self, identity: str) -> tuple[RowVersion, ...]:
        """Every version that led to, or came of, the row with this id (or its first digits), oldest first."""
        every = {version.version: version for version in self.versions()}
        chain = {number for number, version in every.items() if identity and version.id.startswith(identity)}
        while True:
            linked = {number for number, version in every.items() if version.supersedes in chain}
            linked |= {v.supersedes for n in chain if (v := every[n]).supersedes is not None and v.supersedes in every}
            if linked <= chain:
                return tuple(every[number] for number in sorted(chain))
            chain |= linked

    def files(self) -> tuple[FileEntry, ...]:
        """Every file that was offered, oldest first."""
        query = select(offered, batch.c.recorded).join(batch).where(batch.c.case_name == self.case_name)
        with self.engine.begin() as connection:
            return tuple(
                FileEntry(
                    file_hash=found.file_hash,
                    name=found.name,
                    size_bytes=found.size_bytes,
                    verdict=cast("Verdict", found.verdict),
                    detail=found.detail,
                    recorded=read_moment(found.recorded),
                )
                for found in connection.execute(query.order_by(offered.c.id))
            )

    def batches(self) -> tuple[tuple[int, datetime, str, str], ...]:
        """Number, moment, verb and reason of each act, oldest first."""
        query = select(batch).where(batch.c.case_name == self.case_name).order_by(batch.c.id)
        with self.engine.begin() as connection:
            return tuple((int(b.id), read_moment(b.recorded), b.verb, b.why) for b in connection.execute(query))

    def check(self) -> tuple[Fault, ...]:
        """Replay every checkpoint and compare its bytes with the digest written then; erased tables have none."""
        query = select(checkpoint, batch.c.recorded).join(batch).where(batch.c.case_name == self.case_name)
        faults = []
        with self.engine.begin() as connection:
            for point in connection.execute(query.order_by(checkpoint.c.id)).all():
                standing, header = read_standing(connection, self.case_name, point.table_name, int(point.batch))
                data = render_table(header, [[v.cells.get(column, "") for column in header] for v in standing])
                if point.digest and hash_bytes(data) != point.digest:
                    what = f"the table as recorded on {point.recorded} cannot be replayed bit for bit"
                    found, wanted = hash_bytes(data)[:16], point.digest[:16]
                    faults.append(Fault(file=point.table_name, what=what, found=found, wanted=wanted))
        return tuple(faults)


def open_ledger(place: Path | str, case_name: str, now: Clock = system_clock) -> Ledger:
    """Open the ledger of a case, making it if it is not there.

    place   a file for SQLite, or a database URL such as postgresql+psycopg://host/name for a team
    Raises RequestError if the file is not a ledger or the database does not answer.
    """
    file = None if isinstance(place, str) and "://" in place else Path(place)
    url = str(place) if file is None else f"sqlite:///{file}"
    engine = _connect(url)
    if engine.dialect.name == "sqlite":
        _keep_sqlite_safe(engine)
    try:
        return Ledger(engine, case_name, now)
    except DatabaseError as error:
        engine.dispose()
        if file is not None and _refused(error) and file.is_file() and file.stat().st_size == 0:
            file.unlink()  # what is left of a ledger that could not be made
        raise RequestError(_not_opened(str(place).rsplit("@", 1)[-1], error)) from error


def _not_opened(place: str, error: DatabaseError) -> Fault:
    """Why a ledger cannot be opened: the machine refuses (a full disk, lost rights), or it is no ledger."""
    if _refused(error):
        return Fault(file=place, what="the ledger cannot be opened or made", found=str(error.orig)[:120],
                     mend="Make room or mend the rights, then run the command again; nothing was written.")  # fmt: skip
    return Fault(
        file=place,
        what="the ledger cannot be opened",
        found=type(error.orig).__name__,
        wanted="an SQLite file that sarai made, or a database that answers",
        mend="Move the file away; the next command makes a new ledger from the tables, which are the source.",
    )


def _refused(error: DatabaseError) -> bool:
    """Whether it was the machine that said no, not what lies in the file."""
    return str(getattr(error.orig, "sqlite_errorname", "")).startswith(REFUSED)


def _connect(url: str) -> Engine:
    try:
        return create_engine(url)
    except (ArgumentError, ModuleNotFoundError) as error:
        fault = Fault(
            file=url.split("://")[0],
            what="there is no driver for this database",
            wanted="sqlite, or postgresql+psycopg",
            mend='Install it with: pip install "sarai[team]"',
        )
        raise RequestError(fault) from error


def _keep_sqlite_safe(engine: Engine) -> None:
    """WAL, full synchronisation, real erasure, and transactions that take the write lock when they begin."""

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
