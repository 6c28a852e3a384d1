"""Reading learned settings: one member a row, one unknown a column."""

from __future__ import annotations

from pathlib import Path

from sarai.model.flight.case import FlightCase
from sarai.model.flight.declared import CAMP_PREFIX, DECLARED
from sarai.observe.flee.rows import Findings, nearest, number, read_rows
from sarai.world.errors import CaseError


def read_learned(path: Path, case: FlightCase) -> list[dict[str, float]]:
    """Values by name of every member. Raises CaseError with all faults: unknown columns, values out of bounds."""
    findings = Findings()
    rows = read_rows(path, path.name, findings)
    names = [cell.strip() for cell in rows[0].cells[1:]] if rows else []
    bounds = {item.name: (item.low, item.high) for item in DECLARED}
    bounds |= {CAMP_PREFIX + place.name: (0.0, float("inf")) for place in case.places}
    for name in names:
        if name not in bounds:
            findings.fault(path.name, 1, name, "no such unknown", found=name, mend=nearest(name, list(bounds)))
    if len(rows) < 2 and not findings.faults:
        findings.fault(
            path.name, 0, "", "there is no member", wanted="at least one row", mend="run calibrate --out again"
        )
    members = []
    for row in rows[1:]:
        values = [number(row.cell(k + 1), path.name, row.line, name, findings) for k, name in enumerate(names)]
        for name, value in zip(names, values, strict=True):
            low, high = bounds.get(name, (0.0, float("inf")))
            if value is not None and not low <= value <= high:
                findings.fault(
                    path.name, row.line, name, "the value is out of bounds", found=f"{value:g}",
                    wanted=f"{low:g} to {high:g}", mend="correct it",
                )  # fmt: skip
        members.append({name: value for name, value in zip(names, values, strict=True) if value is not None})
    if findings.faults:
        raise CaseError(findings.faults)
    return members
