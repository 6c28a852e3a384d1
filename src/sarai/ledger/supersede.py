"""Corrections: a new row that supersedes an old one says so, and why, in its note."""

from __future__ import annotations

import re

_MARK = re.compile(r"\bsupersedes ([0-9a-f]{8,64})(?:: (.*))?$")


def supersede_note(row: str, why: str) -> str:
    """The note of a row that corrects the row with this id."""
    return f"supersedes {row}: {why}" if why else f"supersedes {row}"


def read_supersedes(note: str) -> str:
    """Id of the row that a note says is superseded, or an empty string."""
    found = _MARK.search(note)
    return found[1] if found else ""
