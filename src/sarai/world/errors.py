"""Every error that sarai raises on purpose. The tree:

SaraiError                  exit code 3: our fault unless a subclass says otherwise
└── InputError              exit code 2: the input is wrong; carries every fault found, not only the first
    ├── CaseError           a case folder that cannot be read or does not agree with itself
    ├── PersonalDataError   a table that looks like data on individuals; refused, nothing kept of it
    ├── ReadOnlyError       a writing verb on a built-in case
    └── RequestError        an option, date, path or scenario that makes no sense
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, order=True)
class Fault:
    """One thing wrong with an input, so that a tired person can mend it.

    what    the rule that is broken, in one plain sentence
    file    file name relative to the case folder, or the option name; empty when the fault has no file
    sheet   name of the sheet of a workbook; empty elsewhere
    row     line in the file, counted from 1 with the header as line 1; 0 when the fault has no row
    column  column or key path; found, wanted: the offending value and what would be right; mend: what to do
    """

    file: str = ""
    sheet: str = ""
    row: int = 0
    column: str = ""
    what: str
    found: str = ""
    wanted: str = ""
    mend: str = ""

    def __str__(self) -> str:
        place = ", ".join(
            part
            for part in (
                self.file,
                f"sheet {self.sheet}" if self.sheet else "",
                f"row {self.row}" if self.row else "",
                self._say_column(),
            )
            if part
        )
        lines = [f"{place}: {self.what}" if place else self.what]
        if self.found:
            lines.append(f"  found   {self.found}")
        if self.wanted:
            lines.append(f"  wanted  {self.wanted}")
        if self.mend:
            lines.append(f"  mend    {self.mend}")
        return "\n".join(lines)

    def _say_column(self) -> str:
        """An option or a path of a scenario stands by itself; in a table it is a column."""
        in_table = self.column and (self.file or self.sheet or self.row) and not self.column.startswith("--")
        return f"column {self.column}" if in_table else self.column


class SaraiError(Exception):
    """Base of all errors raised on purpose."""

    exit_code = 3


class InputError(SaraiError):
    """The input is wrong. `faults` holds every fault found, in file order."""

    exit_code = 2

    def __init__(self, faults: Sequence[Fault] | Fault) -> None:
        self.faults: tuple[Fault, ...] = (faults,) if isinstance(faults, Fault) else tuple(faults)
        count = len(self.faults)
        head = "" if count == 1 else f"{count} faults found; nothing was written.\n"
        super().__init__(head + "\n".join(str(fault) for fault in self.faults))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Fault, ...]]]:
        """Its faults go with it where it is raised in another process."""
        return type(self), (self.faults,)


class CaseError(InputError):
    """A case folder that cannot be read or does not agree with itself."""


class PersonalDataError(InputError):
    """A table that looks like data on individuals. sarai holds aggregate counts only."""


class ReadOnlyError(InputError):
    """A writing verb on a built-in case."""


class RequestError(InputError):
    """An option, date, path or scenario that makes no sense."""
