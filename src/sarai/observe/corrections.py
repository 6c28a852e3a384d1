"""Rows that a publisher says again, and rows by which it corrects itself: neither may count as a second witness."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sarai.ledger.folder import FolderLedger
from sarai.ledger.hashing import hash_cells
from sarai.ledger.record import RowVersion, SourcedRow
from sarai.ledger.table_text import parse_table
from sarai.observe.report_rows import TABLE, report_lines
from sarai.world.supersede import plain_note, read_superseded, supersede_note

NO_REASON = "the publisher gives another figure now"
_ABOUT = ("series", "crossing", "status", "kind", "start_date", "end_date", "cumulative")
_FIGURE = ("persons", "families")


@dataclass(frozen=True, kw_only=True)
class Sorted:
    """Rows to put, and how many were left out or marked, each with its reason.

    repeated   the publisher's series says so already      corrected  marked as superseding an earlier row
    by_hand    ingested before from the same place, and since edited or removed by a person: not brought back
    """

    rows: list[SourcedRow]
    repeated: int = 0
    by_hand: int = 0
    corrected: int = 0


@dataclass(frozen=True, kw_only=True)
class _Standing:
    """A row that stands: its cells, the id of its report (empty if the case cannot be read), and its source."""

    cells: Mapping[str, str]
    report_id: str


def sort_rows(held: FolderLedger, rows: Mapping[str, Sequence[SourcedRow]], why: str, today: date | None) -> Sorted:
    """Leave out what is said already, and mark what corrects it.

    rows   by table, the new publications too
    today  when a corrected figure of one publication became known, unless the file says later; None: the rows say it
    Two rows are about the same thing if series, crossing, status, kind, window and publisher agree. Only one against
    one is a correction: where several rows of the file or of the table are about the same thing, all are kept as they
    are. A row that is older than the one that stands corrects nothing.
    """
    sources: list[RowVersion | SourcedRow] = [*held.ledger.rows("sources.csv"), *rows.get("sources.csv", ())]
    publishers = {found.cells.get("source_id", ""): found.cells.get("publisher", "") for found in sources}
    new = rows.get(TABLE, ())
    standing = _standing_rows(held, publishers)
    before = {_place(version) for version in held.ledger.versions() if version.origin.file_hash}
    offered = Counter(_about(row.cells, publishers) for row in new)
    kept, repeated, by_hand, corrected = [], 0, 0, 0
    for row in new:
        same = standing.get(_about(row.cells, publishers), [])
        if any(_figure(found.cells) == _figure(row.cells) for found in same):
            repeated += 1
        elif _place(row) in before:
            by_hand += 1
        elif _corrects(row, same) and offered[_about(row.cells, publishers)] == 1:
            kept.append(_marked(row, same[0], why, today))
            corrected += 1
        else:
            kept.append(row)
    return Sorted(rows=kept, repeated=repeated, by_hand=by_hand, corrected=corrected)


def say_sorted(done: Sorted) -> list[str]:
    """One sentence for each reason for which rows were left out or marked."""
    reasons = (
        (done.repeated, "left out: the publisher's series says so already"),
        (done.by_hand, "left out: ingested before, and since edited or removed by hand; not brought back"),
        (done.corrected, "superseding an earlier figure of the same publisher; the note of each says which"),
    )
    return [f"{count} {'row' if count == 1 else 'rows'} {what}" for count, what in reasons if count]


def _standing_rows(held: FolderLedger, publishers: Mapping[str, str]) -> dict[tuple[str, ...], list[_Standing]]:
    """Rows of the table that nothing supersedes, by what they are about."""
    path = held.folder / TABLE
    if not path.exists() or not path.read_bytes().strip():
        return {}
    table = parse_table(TABLE, path.read_bytes())
    id_at = {line: identity for identity, line in report_lines(held.folder).items()}
    every = [_Standing(cells=table.cells(i), report_id=id_at.get(line, "")) for i, line in enumerate(table.lines)]
    gone = tuple(filter(None, (read_superseded(found.cells.get("note", "")) for found in every)))
    standing: dict[tuple[str, ...], list[_Standing]] = defaultdict(list)
    for found in every:
        if not (gone and found.report_id.startswith(gone)):
            standing[_about(found.cells, publishers)].append(found)
    return standing


def _about(cells: Mapping[str, str], publishers: Mapping[str, str]) -> tuple[str, ...]:
    source = cells.get("source_id", "")
    return (*(cells.get(name, "") for name in _ABOUT), publishers.get(source) or source)


def _figure(cells: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(cells.get(name, "") for name in _FIGURE)


def _place(row: SourcedRow | RowVersion) -> tuple[str, str, int, str]:
    """Where a row was read, and what it said there but for since when that was known."""
    said = {name: row.cells.get(name, "") for name in (*_ABOUT, *_FIGURE, "source_id")}
    return row.origin.file_hash, row.origin.sheet, row.origin.row, hash_cells(said)


def _corrects(row: SourcedRow, same: Sequence[_Standing]) -> bool:
    return len(same) == 1 and bool(same[0].report_id) and _is_not_older(row, same[0])


def _is_not_older(row: SourcedRow, found: _Standing) -> bool:
    return row.cells.get("known", "") >= found.cells.get("known", "")


def _marked(row: SourcedRow, found: _Standing, why: str, today: date | None) -> SourcedRow:
    note = supersede_note(plain_note(row.cells.get("note", "")), found.report_id, why or NO_REASON)
    known = row.cells["known"]
    if today is not None and row.cells["source_id"] == found.cells.get("source_id"):
        known = max(known, today.isoformat())
    return replace(row, cells={**row.cells, "note": note, "known": known})
