"""Reading `locations.csv` and `routes.csv`."""

from __future__ import annotations

from pathlib import Path

from sarai.model.flight.case import FlightLink, FlightPlace, kind_of
from sarai.model.flight.groups import FARMERS
from sarai.model.flight.settings import LARGEST_KM
from sarai.observe.flee.rows import Findings, Row, check_split, nearest, number, read_rows, whole

PLACE_COLUMNS = ("name", "region", "country", "x", "y", "location_type", "conflict_date", "pop/cap")
LINK_COLUMNS = ("name1", "name2", "distance", "forced_redirection")


def _extra_columns(rows: list[Row], fixed: int) -> tuple[str, ...]:
    """Names of the free attributes, from the last comment row that has any."""
    names: tuple[str, ...] = ()
    for row in rows:
        if row.is_comment and len(row.cells) > fixed:
            names = tuple(cell.strip() for cell in row.cells[fixed:])
    return names


def _attributes(row: Row, fixed: int, names: tuple[str, ...]) -> dict[str, str]:
    pairs = zip(names, row.cells[fixed:], strict=False)
    return {name: cell.strip() for name, cell in pairs if name and cell.strip()}


def read_places(folder: Path, findings: Findings, label: str = "input_csv/locations.csv") -> tuple[FlightPlace, ...]:
    """Places in file order. Faults: short rows, no name, a name twice, no type, numbers that are none."""
    rows = read_rows(folder / "locations.csv", label, findings, filled="a row a place")
    extra = _extra_columns(rows, len(PLACE_COLUMNS))
    places: list[FlightPlace] = []
    line_of: dict[str, int] = {}
    like: dict[str, FlightPlace] = {}
    for row in rows:
        if row.is_comment:
            continue
        place = _read_place(row, extra, label, findings)
        if place is None:
            continue
        if place.name in line_of:
            findings.fault(
                label, row.line, "name", "the name stands twice",
                found=f"{place.name!r}, first in row {line_of[place.name]}",
                wanted="one row a place", mend="rename or remove one of the two",
            )  # fmt: skip
            continue
        other = like.setdefault(" ".join(place.name.split()).casefold(), place)
        if other is not place:
            findings.fault(
                label, row.line, "name", "two names differ only in blanks or capitals",
                found=f"{place.name!r}, and {other.name!r} in row {line_of[other.name]}",
                wanted="one row a place", mend="keep one of the two, or give them different names",
            )  # fmt: skip
        line_of[place.name] = row.line
        places.append(place)
    if rows and not places and not findings.faults:
        findings.fault(
            label, rows[-1].line, "", "there are no places", wanted="at least one row", mend="add the places"
        )
    return tuple(places)


def _read_place(row: Row, extra: tuple[str, ...], label: str, findings: Findings) -> FlightPlace | None:
    """The place of a row. One with a fault is kept, so that other files which name it are not blamed for it."""
    if len(row.cells) < len(PLACE_COLUMNS):
        findings.fault(
            label, row.line, "", "the row is too short", found=f"{len(row.cells)} columns",
            wanted=", ".join(PLACE_COLUMNS), mend="fill in the missing columns, with commas for empty ones",
        )  # fmt: skip
        return None
    name = row.cells[0]
    if not name.strip():
        findings.fault(label, row.line, "name", "the place has no name", mend="give it a name")
    kind = kind_of(row.cells[5])
    if kind is None:
        header = name.strip().lower() in ("name", "#name")
        findings.fault(
            label, row.line, "location_type", "the type of the place is missing or unknown", found=repr(row.cells[5]),
            wanted="camp, idpcamp, conflict_zone, forwarding_hub, marker, flood_zone or town",
            mend="start the header row with #" if header else "write one of these words",
        )  # fmt: skip
    count = whole(row.cells[7], label, row.line, "pop/cap", findings, low=0) if row.cells[7].strip() else 0
    check_split(row, 7, len(PLACE_COLUMNS) + len(extra), label, "pop/cap", findings)
    since = 0
    if kind == "conflict":
        since = whole(row.cells[6], label, row.line, "conflict_date", findings) or 0
    x = number(row.cells[3], label, row.line, "x", findings) if row.cells[3].strip() else 0.0
    y = number(row.cells[4], label, row.line, "y", findings) if row.cells[4].strip() else 0.0
    attributes = _attributes(row, len(PLACE_COLUMNS), extra)
    for key in ("initial_idps", "capacity_per_day"):
        if key in attributes:
            whole(attributes[key], label, row.line, key, findings, low=0)
    for key in ("conflict_intensity", "deactivation_probability", "trade_volume", "hdi"):
        if key in attributes:
            number(attributes[key], label, row.line, key, findings, low=0.0)
    if FARMERS in attributes:
        number(attributes[FARMERS], label, row.line, FARMERS, findings, low=0.0, high=1.0)
    if not name.strip():
        return None
    return FlightPlace(
        name=name, region=row.cells[1] or "unknown", country=row.cells[2] or "unknown", x=x or 0.0, y=y or 0.0,
        kind=kind or "town", conflict_date=since, number=count or 0, attributes=attributes,
    )  # fmt: skip


def read_links(
    folder: Path, places: tuple[FlightPlace, ...], findings: Findings, label: str = "input_csv/routes.csv"
) -> tuple[FlightLink, ...]:
    """Roads in file order. Faults: unknown places (not where none is known), parallel links, loops, lengths."""
    rows = read_rows(folder / "routes.csv", label, findings, filled="a row a road")
    extra = _extra_columns(rows, len(LINK_COLUMNS))
    index = {place.name: i for i, place in enumerate(places)}
    seen: dict[tuple[int, int], int] = {}
    links: list[FlightLink] = []
    for row in rows:
        if row.is_comment:
            continue
        link = _read_link(row, extra, index, label, findings)
        if link is None:
            continue
        pair = (min(link.first, link.second), max(link.first, link.second))
        if pair in seen:
            findings.fault(
                label, row.line, "name1, name2", "a second link joins the same two places",
                found=f"{row.cells[0]} - {row.cells[1]}, first in row {seen[pair]}", wanted="one link a pair",
                mend="keep the one that is used, or put a marker place on the other",
            )  # fmt: skip
            continue
        seen[pair] = row.line
        links.append(link)
    return tuple(links)


def _read_link(
    row: Row, extra: tuple[str, ...], index: dict[str, int], label: str, findings: Findings
) -> FlightLink | None:
    if len(row.cells) < 3:
        findings.fault(
            label, row.line, "", "the row is too short", found=f"{len(row.cells)} columns",
            wanted="name1, name2, distance", mend="fill in the missing columns",
        )  # fmt: skip
        return None
    before = len(findings.faults)
    for column, name in zip(LINK_COLUMNS, row.cells[:2], strict=False):
        if index and name not in index:
            findings.fault(
                label,
                row.line,
                column,
                "no such place in locations.csv",
                found=repr(name),
                mend=nearest(name, list(index)),
            )
    if row.cells[0] == row.cells[1]:
        findings.fault(
            label, row.line, "name2", "a link must join two places", found=row.cells[0], mend="remove the row"
        )
    check_split(row, 2, 3, label, "distance", findings)
    length = number(row.cells[2], label, row.line, "distance", findings, low=0.0, high=LARGEST_KM)
    redirect = row.cell(3).strip()
    if redirect not in ("", "0", "1", "2"):
        findings.fault(
            label, row.line, "forced_redirection", "unknown value", found=redirect, wanted="0, 1 or 2", mend="write 0"
        )
    elif redirect in ("1", "2"):
        more = (
            " (in Flee a 1 enters the link twice, which doubles the weight of routes over it)"
            if redirect == "1"
            else ""
        )
        findings.note(f"{label}, row {row.line}: forced_redirection does not redirect; an ordinary link{more}")
    attributes = _attributes(row, len(LINK_COLUMNS), extra)
    speed = walk = None
    if "max_move_speed" in attributes:
        speed = number(
            attributes["max_move_speed"], label, row.line, "max_move_speed", findings, low=0.001, high=LARGEST_KM
        )
    if "walk_probability" in attributes:
        walk = number(attributes["walk_probability"], label, row.line, "walk_probability", findings, low=0.0)
        if walk is not None and walk > 1.0:
            findings.fault(
                label, row.line, "walk_probability", "a probability is at most 1", found=f"{walk:g}", mend="correct it"
            )
    if len(findings.faults) > before or length is None or not index:
        return None
    return FlightLink(
        first=index[row.cells[0]], second=index[row.cells[1]], length_km=length, max_move_speed=speed,
        walk_probability=walk or 0.0,
    )  # fmt: skip
