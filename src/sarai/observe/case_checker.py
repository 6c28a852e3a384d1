"""What gathers the faults of one case, each with its row of case.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from sarai.observe.case_rows import CaseRows
from sarai.observe.case_schema import CaseFile
from sarai.observe.case_text import Path
from sarai.world.errors import Fault

FILE = "case.yaml"


class CaseChecker:
    """Gathers the faults of one case."""

    def __init__(self, case: CaseFile, lines: Mapping[Path, int], rows: CaseRows) -> None:
        self.case, self.lines, self.rows = case, lines, rows
        self.faults: list[Fault] = []
        self.sources = {row["source_id"] for row in rows.every("sources.csv")}

    def add(self, path: Path, what: str, found: object = "", wanted: str = "", mend: str = "") -> None:
        """A fault in case.yaml at a path."""
        row = next((self.lines[path[:n]] for n in range(len(path), -1, -1) if path[:n] in self.lines), 1)
        column = ".".join(str(part) for part in path)
        self.faults.append(
            Fault(file=FILE, row=row, column=column, what=what, found=str(found), wanted=wanted, mend=mend)
        )

    def refer(self, path: Path, name: str, known: Iterable[str], what: str) -> None:
        """A reference must lead somewhere."""
        names = sorted(known)
        if name not in names:
            near = get_close_matches(name, names, n=1)
            mend = f"did you mean `{near[0]}`?" if near else "define it, or correct the name"
            self.add(path, what, name, ", ".join(names) or "none is defined", mend)
