"""Section: one part of a document, before any format."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sarai.publish.allowed import allowed_tables
from sarai.publish.charts import Figure
from sarai.publish.table import Table


@dataclass(frozen=True, kw_only=True)
class Section:
    """One part of the document.

    groups   headed lists of sentences
    folded   tables shown on demand on screen, and in full in print and workbook
    """

    id: str
    title: str
    paragraphs: tuple[str, ...] = ()
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    folded: tuple[Table, ...] = ()

    def allowed(self, include: Sequence[str]) -> Section:
        """The section without the tables that may not go out."""
        return replace(self, tables=allowed_tables(self.tables, include), folded=allowed_tables(self.folded, include))


def present(tables: Iterable[Table | None]) -> tuple[Table, ...]:
    """The tables that there are and that have rows."""
    return tuple(table for table in tables if table is not None and table.rows)
