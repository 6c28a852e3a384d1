"""Local name: what a place, status or call to leave is called in a language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

TITLE, STATUS, WAVE = "title", "status:", "wave:"
"""What stands in the place of an id for the title of the case, and before the id of a status or wave."""
SAME_SCRIPT = ("prs", "ps", "ur", "ar")
"""Languages written in Arabic letters: where one has no name of its own, that of another, in this order, is read."""


@dataclass(frozen=True, kw_only=True)
class LocalName:
    """A name in a language, as the catalogues are called; `id` of a place, status:ID, wave:ID, or `title`."""

    id: str
    language: str
    name: str
    source: str = ""
    known: date = date.min
