"""What must hold in the 3W table of a case: sites and items that exist, quantities that can be."""

from __future__ import annotations

import math
from difflib import get_close_matches

from sarai.observe.case_rows import CaseRows
from sarai.observe.case_schema import CaseFile
from sarai.observe.case_table import Row
from sarai.world.errors import Fault
from sarai.world.response import EVERYWHERE, FUNDS, ITEMS

FILE = "response.csv"
PER = ("", "once", "day")
LARGEST_QUANTITY = 1e9
"""A230: more than a thousand million of anything at one site is a slip."""


def check_response(case: CaseFile, rows: CaseRows) -> list[Fault]:
    """Every fault of response.csv, all at once."""
    sites = [site.id for site in case.sites] + [crossing.id for crossing in case.crossings]
    sources = {row["source_id"] for row in rows.every("sources.csv")}
    faults: list[Fault] = []
    for row in rows.every(FILE):
        faults += _names(row, sites) + _numbers(row) + _basis(row, sources)
    return faults


def _names(row: Row, sites: list[str]) -> list[Fault]:
    faults = []
    if row["item"] not in (*ITEMS, FUNDS):
        faults.append(_fault(row, "item", "no such item", row["item"], [*ITEMS, FUNDS]))
    known = [EVERYWHERE] if row["item"] == FUNDS else sites
    if row["site"] not in known:
        faults.append(_fault(row, "site", "no such site", row["site"], known))
    if (row["per"] or "") not in PER:
        faults.append(_fault(row, "per", "no such word", row["per"], ["once", "day"]))
    return faults


def _numbers(row: Row) -> list[Fault]:
    faults = []
    quantity = row["quantity"]
    if quantity is not None and not (math.isfinite(quantity) and 0.0 <= quantity <= LARGEST_QUANTITY):
        what = "the quantity is not possible"
        faults.append(Fault(file=FILE, row=row.line, column="quantity", what=what, found=f"{quantity:g}",
                            wanted=f"0 to {LARGEST_QUANTITY:,.0f}", mend="correct the cell"))  # fmt: skip
    if row["start_date"] and row["end_date"] and row["end_date"] < row["start_date"]:
        faults.append(Fault(file=FILE, row=row.line, column="end_date", what="the period ends before it starts",
                            found=f"{row['start_date']} to {row['end_date']}", wanted="the first day first",
                            mend="correct the dates"))  # fmt: skip
    return faults


def _basis(row: Row, sources: set[str]) -> list[Fault]:
    source = row["source_id"]
    if source and source not in sources:
        return [_fault(row, "source_id", "no such source", source, sorted(sources), listed="an id of sources.csv")]
    if not source and not row["assumption"]:
        what, wanted = "the line says not where it comes from", "a source, or the number of an assumption"
        mend = "fill source_id or assumption"
        return [Fault(file=FILE, row=row.line, column="source_id", what=what, wanted=wanted, mend=mend)]
    return []


def _fault(row: Row, column: str, what: str, found: str, known: list[str], listed: str = "") -> Fault:
    near = get_close_matches(found, known, n=1)
    mend = f"did you mean `{near[0]}`?" if near else "correct the cell"
    return Fault(
        file=FILE, row=row.line, column=column, what=what, found=found, wanted=listed or ", ".join(known), mend=mend
    )
