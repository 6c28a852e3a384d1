"""decisions.yaml: accepted findings as a list that a person adds lines to. Read as rows of the table decisions.csv."""

from __future__ import annotations

import csv
import io
from typing import Any

from sarai.observe.case_table import decode_text
from sarai.observe.case_text import read_yaml
from sarai.world.errors import Fault

DECISIONS_FILE = "decisions.yaml"
DECISION_KEYS = ("finding", "reports", "series", "action", "value", "why", "by", "known")


def decisions_table(data: bytes) -> tuple[bytes, list[Fault]]:
    """The rows of decisions.yaml as CSV bytes with the columns of decisions.csv, and every fault of its shape.

    The file is a list; each entry has finding, action, why, by, known, and reports (a list of ids) or series.
    """
    faults: list[Fault] = []
    text = decode_text(data, DECISIONS_FILE, faults)
    if text is None:
        return b"", faults
    document, lines, faults = read_yaml(text, DECISIONS_FILE)
    if document is None:
        document = []
    if not isinstance(document, list):
        wanted = "a list: each decision begins with a dash"
        return b"", [*faults, Fault(file=DECISIONS_FILE, row=1, what="this is not a list of decisions", wanted=wanted)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(DECISION_KEYS)
    for place, entry in enumerate(document):
        line = lines.get((place,), 0)
        row, more = decision_row(entry, line)
        faults.extend(more)
        if not more:
            writer.writerow(row)
    return out.getvalue().encode(), faults


def decision_row(entry: Any, line: int) -> tuple[list[str], list[Fault]]:
    """One decision as cells, and what is wrong with its keys."""
    if not isinstance(entry, dict):
        wanted = ", ".join(DECISION_KEYS)
        return [], [Fault(file=DECISIONS_FILE, row=line, what="a decision is a set of keys", wanted=wanted)]
    faults = [
        Fault(file=DECISIONS_FILE, row=line, column=str(key), what="this key is not known", found=str(key),
              wanted=", ".join(DECISION_KEYS), mend="correct or remove the key")
        for key in entry
        if key not in DECISION_KEYS
    ]  # fmt: skip
    faults += [
        Fault(file=DECISIONS_FILE, row=line, column=key, what="this key is missing", wanted=key,
              mend="say who by role and duty station, never by name" if key == "by" else "add it")
        for key in ("finding", "action", "why", "by", "known")
        if not entry.get(key)
    ]  # fmt: skip
    reports = entry.get("reports") or []
    joined = "+".join(map(str, reports)) if isinstance(reports, list) else str(reports)
    cells = {**{key: "" if entry.get(key) is None else str(entry[key]) for key in DECISION_KEYS}, "reports": joined}
    return [cells[key] for key in DECISION_KEYS], faults
