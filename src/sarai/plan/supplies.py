"""Supplies: what can be made ready on the receiving side, with its cost, resupply time and weight."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass
from functools import cache
from importlib import resources

from sarai.world.errors import Fault, RequestError

NUMBERS = ("persons_per_unit", "cost_usd", "resupply_days", "severity")
COLUMNS = ("id", "item", "unit", "setting", "basis", "use", *NUMBERS, "assumption", "note")
BASES = ("night", "arrival", "peak_hour")
USES = ("held", "consumed")


@dataclass(frozen=True, kw_only=True)
class Supply:
    """One thing that can be made ready. Only reception and care; nothing that speeds a departure has a line.

    basis             people it serves: present at night, arriving in a day, or in the busiest hour
    use               `held`: serves again the next day; `consumed`: used up, and resupplied after resupply_days
    persons_per_unit  persons that one unit serves     cost_usd  US dollars a unit
    severity          weight of a person who goes without for a day, 1 for a night without shelter
    """

    id: str
    item: str
    unit: str
    settings: tuple[str, ...]
    basis: str
    use: str
    persons_per_unit: float
    cost_usd: float
    resupply_days: int
    severity: float
    assumption: str
    note: str


@cache
def default_supplies() -> tuple[Supply, ...]:
    """The table that ships with sarai."""
    return parse_supplies((resources.files("sarai.plan") / "supplies.csv").read_text(encoding="utf-8"))


def parse_supplies(text: str, file: str = "supplies.csv") -> tuple[Supply, ...]:
    """Supplies from CSV text. Raises RequestError with every fault of the table."""
    reader = csv.DictReader(io.StringIO(text))
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise RequestError(
            Fault(file=file, row=1, what="columns are missing", found=", ".join(missing), wanted=", ".join(COLUMNS))
        )
    rows = list(reader)
    faults = [fault for number, row in enumerate(rows, 2) for fault in row_faults(row, number, file)]
    names = [row["id"] for row in rows]
    faults += [
        Fault(file=file, column="id", what="two lines have one id", found=n) for n in {*names} if names.count(n) > 1
    ]
    if faults:
        raise RequestError(faults)
    return tuple(
        Supply(
            id=row["id"],
            item=row["item"],
            unit=row["unit"],
            settings=tuple(row["setting"].split("|")),
            basis=row["basis"],
            use=row["use"],
            persons_per_unit=float(row["persons_per_unit"]),
            cost_usd=float(row["cost_usd"]),
            resupply_days=int(float(row["resupply_days"])),
            severity=float(row["severity"]),
            assumption=row["assumption"],
            note=row["note"],
        )
        for row in rows
    )


def row_faults(row: dict[str, str], number: int, file: str) -> list[Fault]:
    """Faults of one line."""
    faults = [
        Fault(file=file, row=number, column=name, what="no such word", found=row[name], wanted=" or ".join(words))
        for name, words in (("basis", BASES), ("use", USES))
        if row[name] not in words
    ]
    for name in NUMBERS:
        if not _is_positive(row[name]):
            faults.append(
                Fault(
                    file=file, row=number, column=name, what="not a positive number", found=row[name], wanted="above 0"
                )
            )
    return faults


def _is_positive(text: str | None) -> bool:
    try:
        value = float(text or "")
    except ValueError:
        return False
    return math.isfinite(value) and value > 0.0
