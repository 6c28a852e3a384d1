"""What must hold in the names of a case in other languages: ids that exist, languages that have a catalogue."""

from __future__ import annotations

from difflib import get_close_matches

from sarai.observe.case_rows import CaseRows
from sarai.observe.case_schema import CaseFile
from sarai.observe.case_table import Row
from sarai.world.errors import Fault
from sarai.world.local_name import SAME_SCRIPT, STATUS, TITLE, WAVE

FILE = "names.csv"
LANGUAGES = ("fr", *SAME_SCRIPT)
LONGEST = 200
JOINER = "\u200c"
"""Keeps two letters of a word apart (Persian): no mark of direction or of a line."""


def check_names(case: CaseFile, rows: CaseRows) -> list[Fault]:
    """Every fault of names.csv, all at once."""
    places = [*case.origins, *case.crossings, *case.sites, *case.destinations]
    ids = [TITLE, *(place.id for place in places), *(f"{STATUS}{status.id}" for status in case.statuses),
           *(f"{WAVE}{wave.id}" for wave in case.calendar.waves)]  # fmt: skip
    seen: set[tuple[str, str]] = set()
    faults: list[Fault] = []
    for row in rows.every(FILE):
        faults += _row(row, ids)
        key = (str(row["id"]), str(row["language"]))
        if key in seen:
            faults.append(Fault(file=FILE, row=row.line, column="id", what="the name stands twice in one language",
                                found=f"{key[0]}, {key[1]}", wanted="one row for an id and a language",
                                mend="delete one of the rows"))  # fmt: skip
        seen.add(key)
    return faults


def can_be_name(text: str) -> bool:
    """Whether a text is one line of letters, not too long."""
    return 0 < len(text) <= LONGEST and all(letter.isprintable() or letter == JOINER for letter in text)


def _row(row: Row, ids: list[str]) -> list[Fault]:
    faults = []
    if row["id"] not in ids:
        near = get_close_matches(str(row["id"]), ids, n=1)
        mend = f"did you mean `{near[0]}`?" if near else "correct the id or delete the row"
        faults.append(_fault(row, "id", "nothing in case.yaml has this id",
                             f"a place of case.yaml, {STATUS}ID, {WAVE}ID or {TITLE}", mend))  # fmt: skip
    if row["language"] not in LANGUAGES:
        faults.append(_fault(row, "language", "briefings are not written in this language", ", ".join(LANGUAGES),
                             "use one of these codes, or add a catalogue first"))  # fmt: skip
    if not can_be_name(str(row["label"] or "").strip()):
        faults.append(_fault(row, "label", "this cannot be a name", f"one line of up to {LONGEST} letters",
                             "write the name in its own letters"))  # fmt: skip
    return faults


def _fault(row: Row, column: str, what: str, wanted: str, mend: str) -> Fault:
    found = str(row[column] or "")[:40]
    return Fault(file=FILE, row=row.line, column=column, what=what, found=found, wanted=wanted, mend=mend)
