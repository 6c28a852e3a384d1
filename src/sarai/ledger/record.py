"""Records: where a row was read, what became of it, and what one act on the ledger did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sarai.ledger.hashing import row_id

Action = Literal["put", "withdraw", "erase"]
Verdict = Literal["accepted", "partly", "unchanged", "refused", "personal"]


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a row was read: hash and name of the file, sheet of a workbook, line with the first as 1 (0: not known)."""

    file_hash: str = ""
    file: str = ""
    sheet: str = ""
    row: int = 0


NO_ORIGIN = Origin()


@dataclass(frozen=True, kw_only=True)
class SourcedRow:
    """A row on its way into a table: its cells as text by column name, and where it was read."""

    cells: Mapping[str, str]
    origin: Origin = NO_ORIGIN

    @property
    def id(self) -> str:
        """Id of the row: a hash of its content."""
        return row_id(self.cells)


@dataclass(frozen=True, kw_only=True)
class RowVersion:
    """One version of one row of one table.

    version     number of the version, rising in the order of recording
    action      put: the row says this from then on; withdraw: it is gone from then on; erase: a value was redacted
    recorded    UTC, when the ledger was told, in batch `batch`
    supersedes  the version of which this one is an edit, or None
    """

    version: int
    table: str
    key: str
    action: Action
    id: str
    cells: Mapping[str, str]
    origin: Origin
    recorded: datetime
    batch: int
    supersedes: int | None = None
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class FileEntry:
    """A file that was offered: only hash, name, size and verdict; of a refused file nothing else is kept.

    detail  for a refused file the places and kinds of fault, never a cell
    """

    file_hash: str
    name: str
    size_bytes: int
    verdict: Verdict
    detail: str = ""
    recorded: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What one act did: rows put, superseded, withdrawn; `batch` 0 when nothing had to be written."""

    batch: int
    recorded: datetime
    added: int = 0
    superseded: int = 0
    withdrawn: int = 0
    known_already: int = 0
    tables: Mapping[str, int] = field(default_factory=dict)
