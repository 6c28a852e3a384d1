"""What changed between two readings of a table: rows that stay, that were edited, that vanished and that are new."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sarai.ledger.hashing import hash_bytes, hash_cells
from sarai.ledger.record import RowVersion

# columns that hold what a row says; the others say which row it is. A table without a list uses all of them.
SAYING_COLUMNS = frozenset(
    {
        *("persons", "families", "value", "note", "known", "known_inferred", "as_of", "magnitude"),
        *("description", "title", "url", "published", "publisher"),
    }
)
KEY_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "observations.csv": ("series", "crossing", "status", "kind", "start_date", "end_date", "cumulative", "source_id"),
    "sources.csv": ("source_id",),
}


@dataclass(frozen=True, kw_only=True)
class TableChange:
    """Indices of new rows; edits as (version, index); versions that vanished; `order`: index or version of each row.

    kept  version of each row that stays, by index
    """

    kept: Mapping[int, int]
    edited: Mapping[int, int]
    added: tuple[int, ...]
    vanished: tuple[int, ...]

    @property
    def nothing(self) -> bool:
        """Whether both readings say the same."""
        return not (self.edited or self.added or self.vanished)


def row_key(table: str, cells: Mapping[str, str]) -> str:
    """Hash of the cells that say which row this is; an edit of what it says keeps the key."""
    names = KEY_COLUMNS.get(table) or tuple(sorted(set(cells) - SAYING_COLUMNS))
    return hash_bytes("\x1f".join(f"{name}\x1e{cells.get(name, '')}" for name in names).encode("utf-8"))[:32]


def find_change(table: str, standing: Sequence[RowVersion], rows: Sequence[Mapping[str, str]]) -> TableChange:
    """Compare the rows that stand with a new reading.

    Rows of equal content are the same row. Of the rest, rows of equal key are edits, in order; what is left has
    vanished or is new. Linear in the number of rows.
    """
    by_hash: dict[str, list[RowVersion]] = defaultdict(list)
    for version in reversed(standing):
        by_hash[hash_cells(version.cells)].append(version)
    kept, open_rows = {}, []
    for i, cells in enumerate(rows):
        same = by_hash.get(hash_cells(cells))
        if same:
            kept[i] = same.pop().version
        else:
            open_rows.append(i)
    left = sorted((version for group in by_hash.values() for version in group), key=lambda version: version.version)
    by_key: dict[str, list[RowVersion]] = defaultdict(list)
    for version in reversed(left):
        by_key[version.key].append(version)
    edited, added = {}, []
    for i in open_rows:
        same = by_key.get(row_key(table, rows[i]))
        if same:
            edited[i] = same.pop().version
        else:
            added.append(i)
    vanished = sorted(version.version for group in by_key.values() for version in group)
    return TableChange(kept=kept, edited=edited, added=tuple(added), vanished=tuple(vanished))
