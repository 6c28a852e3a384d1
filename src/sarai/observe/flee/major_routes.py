"""Reading `major_routes.csv`: roads that everybody knows, each a row of places from its first to its last."""

from __future__ import annotations

import itertools
from pathlib import Path

from sarai.model.flight.case import FlightLink, FlightPlace
from sarai.observe.flee.rows import Findings, Row, nearest, read_rows


def read_major_routes(
    folder: Path, places: tuple[FlightPlace, ...], links: tuple[FlightLink, ...] | None, findings: Findings,
    label: str = "input_csv/major_routes.csv",
) -> tuple[tuple[int, ...], ...]:  # fmt: skip
    """Indices of the places along each major route. Faults: unknown places, steps without a link, places met twice.

    links   None where routes.csv has faults of its own: steps are then not looked up
    """
    index = {place.name: i for i, place in enumerate(places)}
    joined = {frozenset((link.first, link.second)) for link in links or ()}
    found = []
    for row in read_rows(folder / "major_routes.csv", label, findings, needed=False):
        if row.is_comment:
            continue
        names = [cell for cell in row.cells if cell.strip()]
        before = len(findings.faults)
        _check_names(names, row, places, index, label, findings)
        if len(findings.faults) > before or links is None:
            continue
        _check_steps(names, row, index, joined, label, findings)
        if len(findings.faults) == before:
            found.append(tuple(index[name] for name in names))
    return tuple(found)


def _check_names(
    names: list[str], row: Row, places: tuple[FlightPlace, ...], index: dict[str, int], label: str, findings: Findings
) -> None:
    for k, name in enumerate(names):
        if name not in index:
            findings.fault(label, row.line, f"place {k + 1}", "no such place in locations.csv", found=repr(name),
                           mend=nearest(name, list(index)))  # fmt: skip
    for name in sorted({name for name in names if names.count(name) > 1}):
        findings.fault(label, row.line, "", "the route passes a place twice", found=repr(name),
                       mend="split it into two routes")  # fmt: skip
    if len(names) < 2:
        findings.fault(label, row.line, "", "a major route has a first and a last place", found=", ".join(names),
                       wanted="first place, ..., last place", mend="add the places along it")  # fmt: skip
    for name in (names[0], names[-1]):
        if name in index and places[index[name]].kind == "marker":
            findings.fault(label, row.line, "", "nobody goes to a marker, so no route may end there", found=repr(name),
                           mend="end it at a place beyond the marker")  # fmt: skip


def _check_steps(
    names: list[str], row: Row, index: dict[str, int], joined: set[frozenset[int]], label: str, findings: Findings
) -> None:
    for k, (one, two) in enumerate(itertools.pairwise(names)):
        if frozenset((index[one], index[two])) not in joined:
            findings.fault(label, row.line, f"place {k + 2}", "no link of routes.csv joins the two places",
                           found=f"{one} - {two}", mend="add the link, or the places between them")  # fmt: skip
