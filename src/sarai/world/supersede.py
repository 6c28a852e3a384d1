"""Corrections: a new report that supersedes an old one says so, and why, at the end of its note.

The old row stays, because it is what was known until then: as of a day before the correction it still holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from sarai.world.report import Report

_MARK = re.compile(r"(?:^|; )supersedes ([0-9a-f]{8,64})(?:: ([^;]*))?$")


def supersede_note(note: str, report_id: str, why: str) -> str:
    """The note of a row that corrects the report with this id. A semicolon in `why` becomes a comma."""
    mark = f"supersedes {report_id}" + (f": {why.replace(';', ',')}" if why else "")
    return f"{note}; {mark}" if note else mark


def read_superseded(note: str) -> str:
    """Id of the report that a note says is superseded (its first digits will do), or an empty string."""
    found = _MARK.search(note)
    return found[1] if found else ""


def plain_note(note: str) -> str:
    """The note without the mark of a correction."""
    return _MARK.sub("", note)


def drop_superseded(reports: Iterable[Report]) -> tuple[Report, ...]:
    """The reports without those that another of them supersedes. Give only reports that are known."""
    kept: Sequence[Report] = tuple(reports)
    gone = tuple(filter(None, (read_superseded(report.note) for report in kept)))
    return tuple(report for report in kept if not report.id.startswith(gone)) if gone else tuple(kept)
