"""A case folder and its ledger: record what stands, append rows to tables atomically, mend what a kill left behind."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from sarai.ledger.hashing import hash_bytes, row_id
from sarai.ledger.lock import hold_lock
from sarai.ledger.moment import Clock, system_clock
from sarai.ledger.places import is_built_in, keeps_own_ledger, ledger_place
from sarai.ledger.record import FileEntry, Origin, Receipt, SourcedRow
from sarai.ledger.store import Ledger, open_ledger
from sarai.ledger.table_text import TableText, append_rows, parse_table, read_folder
from sarai.ledger.write_file import write_whole
from sarai.ledger.writing import Act, PendingFile
from sarai.world.errors import Fault, ReadOnlyError, RequestError
from sarai.world.supersede import plain_note

URL_VARIABLE = "SARAI_LEDGER_URL"  # a team's database in place of the file
LAST_TABLE = "observations.csv"  # written last: until it stands, no row of a file counts
Check = Callable[[Mapping[str, bytes]], None]
Screen = Callable[[Mapping[str, TableText]], None]


def require_writable(folder: Path) -> None:
    """Raise ReadOnlyError for a built-in case, naming the command that copies it; RequestError where rights lack."""
    if not is_built_in(folder) and not os.access(folder, os.W_OK):
        fault = Fault(
            file=str(folder),
            what="the folder of the case cannot be written",
            mend="Copy it to a place that is yours, or ask for the right to write there.",
        )
        raise RequestError(fault)
    if is_built_in(folder):
        fault = Fault(
            file=folder.name,
            what="this case ships with sarai and is never written",
            wanted="a case folder of your own",
            mend=f"Make a copy with `sarai new NAME --from {folder.name}` and write to that.",
        )
        raise ReadOnlyError(fault)


def _place(folder: Path) -> Path | str:
    return os.environ.get(URL_VARIABLE) or ledger_place(folder)


@dataclass(frozen=True, kw_only=True)
class FolderLedger:
    """A case folder whose writing lock is held, with its ledger open and level with its tables."""

    folder: Path
    ledger: Ledger
    screen: Screen

    def append(
        self,
        rows: Mapping[str, Sequence[SourcedRow]],
        act: Act,
        headers: Mapping[str, Sequence[str]],
        check: Check = lambda _: None,
    ) -> Receipt:
        """Put rows at the end of tables and into the ledger: all of them, or after a kill at any moment none.

        rows     by table file; headers: the columns of a table that does not exist yet
        check    called with the bytes of every changed table before anything is written; raises to stop it all
        Rows that stand already, word for word, are not put again.
        """
        fresh = {name: self._fresh(name, found) for name, found in rows.items()}
        known_already = sum(len(rows[name]) - len(fresh[name]) for name in rows)
        before = {name: self._bytes(name) for name in rows}
        after = {
            name: append_rows(before[name], headers[name], [row.cells for row in found])
            for name, found in fresh.items()
            if found
        }
        check(after)
        tables = read_folder(self.folder) | {name: parse_table(name, data) for name, data in after.items()}
        pending = [
            PendingFile(file=name, before_hash=hash_bytes(before[name]), after_hash=hash_bytes(data), content=data)
            for name, data in sorted(after.items(), key=lambda item: (item[0] == LAST_TABLE, item[0]))
        ]
        origins = {name: _origins(found) for name, found in fresh.items()}
        done = Act(verb=act.verb, why=act.why, origins=origins, files=act.files, pending=pending)
        receipt = self.ledger.record(tables, done)
        self.finish()
        return Receipt(
            batch=receipt.batch,
            recorded=receipt.recorded,
            added=sum(len(found) for found in fresh.values()),
            superseded=receipt.superseded,
            withdrawn=receipt.withdrawn,
            known_already=known_already,
            tables={name: len(found) for name, found in fresh.items() if found},
        )

    def finish(self) -> None:
        """Write table files that were committed but do not stand yet; one edited by hand meanwhile is kept as it is."""
        pending = self.ledger.read_pending()
        for file in pending:
            if hash_bytes(self._bytes(file.file)) == file.before_hash:
                write_whole(self.folder / file.file, file.content)
        if pending:
            self.ledger.drop_pending()

    def sync(self) -> Receipt:
        """Record the tables as they stand: edits by hand become new versions, vanished rows are withdrawn."""
        tables = read_folder(self.folder)
        self.screen(tables)
        return self.ledger.record(tables, Act(verb="read", why="tables as they stand in the folder"))

    def note_files(self, files: Sequence[FileEntry]) -> Receipt:
        """Record files of which nothing was taken: refused ones, and ones that were ingested before."""
        return self.ledger.record(read_folder(self.folder), Act(verb="offer", files=files))

    def _bytes(self, name: str) -> bytes:
        path = self.folder / name
        return path.read_bytes() if path.exists() else b""

    def _fresh(self, name: str, rows: Sequence[SourcedRow]) -> list[SourcedRow]:
        data = self._bytes(name)
        table = parse_table(name, data) if data.strip() else TableText(name=name, header=(), rows=())
        standing = {_said(table.cells(i)) for i in range(len(table.rows))}
        redacted = self.ledger.erased_origins()
        fresh = []
        for row in rows:
            said = _said(row.cells)
            if said not in standing and row.origin not in redacted:
                standing.add(said)
                fresh.append(row)
        return fresh


def _said(cells: Mapping[str, str]) -> str:
    """What a row says, whether or not it came as a correction: a file that is offered again says nothing new."""
    return row_id({**cells, "note": plain_note(cells.get("note", ""))})


def _origins(rows: Sequence[SourcedRow]) -> dict[str, list[Origin]]:
    found: dict[str, list[Origin]] = {}
    for row in rows:
        found.setdefault(row.id, []).append(row.origin)
    return found


@contextmanager
def _say_write_errors(folder: Path) -> Iterator[None]:
    """Turn a full disk, lost rights or a damaged ledger into a sentence.

    What was acknowledged stays; the rest did not happen, or is finished by the next command.
    """
    try:
        yield
    except (OSError, DatabaseError) as error:
        inner = error.orig if isinstance(error, DatabaseError) else error
        fault = Fault(
            file=str(folder),
            what="the case or its ledger cannot be written",
            found=(getattr(inner, "strerror", None) or str(inner))[:120],
            mend="Make room or mend the rights, then run the command again; a damaged ledger.sqlite may be moved away.",
        )
        raise RequestError(fault) from error


@contextmanager
def write_case(
    folder: Path, *, screen: Screen, place: Path | str | None = None, now: Clock = system_clock
) -> Iterator[FolderLedger]:
    """Hold a case folder for writing: lock it, finish what a kill left, record edits made by hand, hand it over.

    screen  raises for tables that must not be recorded, such as data on individuals
    place   a database URL for a team instead of the file in the folder; default: $SARAI_LEDGER_URL, else the file
    Raises ReadOnlyError for a built-in case.
    """
    require_writable(folder)
    with (
        _say_write_errors(folder),
        hold_lock(folder),
        open_ledger(place or _place(folder), folder.resolve().name, now) as ledger,
    ):
        held = FolderLedger(folder=folder, ledger=ledger, screen=screen)
        for left in folder.glob(".*.csv.*.tmp"):
            left.unlink(missing_ok=True)
        held.finish()
        held.sync()
        yield held


@contextmanager
def read_case(
    folder: Path, *, screen: Screen, place: Path | str | None = None, now: Clock = system_clock
) -> Iterator[Ledger]:
    """The ledger of a case, level with its tables, for reading; for a built-in case it lies in the user's cache."""
    if keeps_own_ledger(folder):
        with write_case(folder, screen=screen, place=place, now=now) as held:
            yield held.ledger
        return
    home = Path(ledger_place(folder))
    home.parent.mkdir(parents=True, exist_ok=True)
    with _say_write_errors(home.parent), open_ledger(place or home, folder.name, now) as ledger:
        tables = read_folder(folder)
        screen(tables)
        ledger.record(tables, Act(verb="read", why="a case that is not written"))
        yield ledger
