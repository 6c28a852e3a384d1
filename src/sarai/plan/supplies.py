"""Supplies: what can be made ready on the receiving side, with its cost, resupply time and weight."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass
from functools import cache
from importlib import resources

from sarai.world.errors import Fault, RequestError
from sarai.world.line import THINGS, find_refusal

NUMBERS = ("persons_per_unit", "cost_usd", "resupply_days", "severity")
COUNTS = ("paid_days", "shelf_days", "staff")
"""Columns that may be left out or 0: days that the cost pays for, days that a unit keeps, people one unit takes."""
COLUMNS = ("id", "item", "unit", "setting", "basis", "use", *NUMBERS, "assumption", "note")
SECTORS = (
    "Shelter", "Household items", "Food", "WASH", "Registration", "Transport", "Health", "Protection", "Cash",
)  # fmt: skip
"""What a plan may buy is for reception and care."""
BASES = ("night", "arrival", "peak_hour")
USES = ("held", "consumed")


@dataclass(frozen=True, kw_only=True)
class Supply:
    """One thing that can be made ready. Only reception and care; nothing that speeds a departure has a line.

    basis             people it serves: present at night, arriving in a day, or in the busiest hour
    use               `held`: serves again the next day; `consumed`: used up, and resupplied after resupply_days
    persons_per_unit  persons that one unit serves     cost_usd  US dollars a unit
    severity          weight of a person who goes without for a day, 1 for a night without shelter
    resupply_days     from an order to delivery     paid_days   days that the cost pays for, 0: bought once
    shelf_days        days that a unit keeps, 0: keeps                staff   people that one unit takes
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
    sector: str = ""
    paid_days: int = 0
    shelf_days: int = 0
    staff: float = 0.0
    source: str = ""

    def cost_over(self, units: float, days: int) -> float:
        """US dollars for units over some days: what is paid by time is paid for those days, the rest once."""
        return units * self.cost_usd * (days / self.paid_days if self.paid_days else 1.0)


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
            sector=row.get("sector") or row["item"],
            paid_days=int(float(row.get("paid_days") or 0)),
            shelf_days=int(float(row.get("shelf_days") or 0)),
            staff=float(row.get("staff") or 0),
            source=row.get("source") or row["assumption"],
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
    refusal = find_refusal(f"{row['id']} {row['item']}", THINGS)
    if refusal:
        faults.append(Fault(file=file, row=number, column="item", what=refusal, found=row["item"], mend="take it out"))
    if row.get("sector") and row["sector"] not in SECTORS:
        wanted = ", ".join(SECTORS)
        faults.append(
            Fault(file=file, row=number, column="sector", what="no such sector", found=row["sector"], wanted=wanted)
        )
    for name in NUMBERS:
        if not _is_positive(row[name]):
            faults.append(
                Fault(
                    file=file, row=number, column=name, what="not a positive number", found=row[name], wanted="above 0"
                )
            )
    for name in COUNTS:
        if row.get(name) not in (None, "", "0") and not _is_positive(row[name]):
            faults.append(
                Fault(file=file, row=number, column=name, what="not 0 or more", found=row[name], wanted="0 or more")
            )
    return faults


def _is_positive(text: str | None) -> bool:
    try:
        value = float(text or "")
    except ValueError:
        return False
    return math.isfinite(value) and value > 0.0
