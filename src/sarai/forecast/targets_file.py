"""The file of targets: written once, read again by every backtest that is to score the same reports."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sarai.forecast.targets import Target
from sarai.world.errors import Fault, RequestError
from sarai.world.world import World

COLUMNS = ("target_id", "case", "series", "row_ids", "start", "end", "crossings", "status", "persons", "known")


def format_targets(targets: Iterable[Target], level: str = "") -> str:
    """The targets file: CSV with the columns of `COLUMNS`, one row per target; a sensitivity level stands behind."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    last = (level,) if level else ()
    writer.writerow((*COLUMNS, *(("level",) if level else ())))
    for t in targets:
        writer.writerow(
            (
                t.id, t.case, t.series, "+".join(t.row_ids), t.start, t.end, "+".join(t.crossings), t.status,
                t.persons, t.known, *last,
            )
        )  # fmt: skip
    return out.getvalue()


@dataclass(frozen=True, kw_only=True)
class TargetsFile:
    """A file of targets as read: `rows` are the lines of its targets, `faults` what is wrong with other rows."""

    name: str
    targets: tuple[Target, ...]
    rows: tuple[int, ...]
    faults: tuple[Fault, ...] = ()

    def of_case(self, case: str) -> TargetsFile:
        """The targets of one case; the faults stay with the whole file."""
        kept = [(t, row) for t, row in zip(self.targets, self.rows, strict=True) if t.case == case]
        return TargetsFile(name=self.name, targets=tuple(t for t, _ in kept), rows=tuple(row for _, row in kept))


def parse_targets(text: str, name: str = "targets file") -> TargetsFile:
    """Targets from the text of a file, with every fault of a row. Raises RequestError where columns are missing."""
    reader = csv.DictReader(io.StringIO(text))
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        raise RequestError(
            Fault(
                file=name,
                row=1,
                what="columns are missing",
                found=", ".join(reader.fieldnames or ("nothing",)),
                wanted=", ".join(COLUMNS),
                mend="write the file with `sarai targets CASE`",
            )
        )
    faults: list[Fault] = []
    found: dict[tuple[str, str], tuple[Target, int]] = {}
    for row in reader:
        target = _parse_row({column: row[column] or "" for column in COLUMNS}, reader.line_num, name, faults)
        if target is None:
            continue
        key = (target.case, target.id)
        if key in found:
            faults.append(
                Fault(file=name, row=reader.line_num, column="target_id", what="the target stands twice",
                      found=f"{target.id}, also in row {found[key][1]}", wanted="each target once", mend="delete one")
            )  # fmt: skip
        else:
            found[key] = target, reader.line_num
    return TargetsFile(
        name=name, targets=tuple(target for target, _ in found.values()),
        rows=tuple(row for _, row in found.values()), faults=tuple(faults),
    )  # fmt: skip


def _parse_row(row: Mapping[str, str], number: int, name: str, faults: list[Fault]) -> Target | None:
    """One target, or None where its row is faulty."""
    before = len(faults)
    values: dict[str, date | int] = {}
    for column, read, wanted in (
        ("start", date.fromisoformat, "a day written YYYY-MM-DD"),
        ("end", date.fromisoformat, "a day written YYYY-MM-DD"),
        ("known", date.fromisoformat, "a day written YYYY-MM-DD"),
        ("persons", int, "a whole number of persons, 0 or more"),
    ):
        try:
            values[column] = read(row[column])
        except ValueError:
            faults.append(
                Fault(file=name, row=number, column=column, what="not readable", found=row[column], wanted=wanted)
            )
    for column in ("target_id", "case", "crossings"):
        if not row[column].strip():
            faults.append(Fault(file=name, row=number, column=column, what="the cell is empty", wanted="a name"))
    crossings = tuple(sorted(row["crossings"].split("+")))
    if len(set(crossings)) < len(crossings):
        faults.append(Fault(file=name, row=number, column="crossings", what="a crossing stands twice",
                            found=row["crossings"], wanted="each crossing once"))  # fmt: skip
    start, end, known, persons = (values.get(column) for column in ("start", "end", "known", "persons"))
    if isinstance(start, date) and isinstance(end, date) and end < start:
        faults.append(Fault(file=name, row=number, column="end", what="the window ends before it starts",
                            found=f"{start} to {end}", wanted="start <= end"))  # fmt: skip
    if isinstance(persons, int) and persons < 0:
        faults.append(Fault(file=name, row=number, column="persons", what="a count of persons is negative",
                            found=str(persons), wanted="0 or more"))  # fmt: skip
    if len(faults) > before:
        return None
    assert isinstance(start, date) and isinstance(end, date) and isinstance(known, date) and isinstance(persons, int)
    return Target(
        id=row["target_id"], case=row["case"], series=row["series"], row_ids=tuple(row["row_ids"].split("+")),
        start=start, end=end, crossings=crossings, status=row["status"], persons=persons, known=known,
    )  # fmt: skip


def target_faults(file: TargetsFile, world_after: World, first_origin: date | None) -> list[Fault]:
    """Targets of a file that overlap the inputs of every origin, are of one status, or name crossings nobody defines.

    file          its targets of this case
    first_origin  None where none is known yet: nothing then overlaps
    A target that was known, or began, by the first origin can be scored nowhere without having been an input.
    """
    crossings = {c.place_id for c in world_after.crossings}
    faults: list[Fault] = []

    def add(row: int, column: str, what: str, found: str, wanted: str, mend: str = "") -> None:
        faults.append(Fault(file=file.name, row=row, column=column, what=what, found=found, wanted=wanted, mend=mend))

    for target, row in zip(file.targets, file.rows, strict=True):
        if not set(target.crossings) <= crossings:
            add(row, "crossings", f"target {target.id} names an unknown crossing", "+".join(target.crossings),
                ", ".join(sorted(crossings)))  # fmt: skip
        if target.status != "all":
            add(row, "status", f"target {target.id} counts some of those who cross", target.status,
                "all: a forecast is of everybody", "leave it out")  # fmt: skip
        if first_origin is not None and min(target.known, target.start) <= first_origin:
            add(row, "known", f"target {target.id} overlaps the inputs",
                f"window from {target.start}, known {target.known}", f"both after the first origin, {first_origin}",
                "leave it out, or choose earlier origins")  # fmt: skip
    if not file.targets:
        add(0, "case", "the file holds no target of this case", "", world_after.name,
            f"write it with `sarai targets`, or let the column `case` say {world_after.name}")  # fmt: skip
    return faults
