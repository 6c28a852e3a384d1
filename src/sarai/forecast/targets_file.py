"""The file of targets: written once, read again by every backtest that is to score the same reports."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
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


def parse_targets(text: str, name: str = "targets file") -> tuple[Target, ...]:
    """Targets from the text of a targets file. Raises RequestError with every fault found."""
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
    targets = [_parse_row(row, number, name, faults) for number, row in enumerate(reader, start=2)]
    if faults:
        raise RequestError(faults)
    return tuple(target for target in targets if target is not None)


def _parse_row(row: dict[str, str], number: int, name: str, faults: list[Fault]) -> Target | None:
    values: dict[str, date | int] = {}
    for column, read, wanted in (
        ("start", date.fromisoformat, "a day written YYYY-MM-DD"),
        ("end", date.fromisoformat, "a day written YYYY-MM-DD"),
        ("known", date.fromisoformat, "a day written YYYY-MM-DD"),
        ("persons", int, "a whole number of persons, 0 or more"),
    ):
        try:
            values[column] = read(row[column] or "")
        except ValueError:
            faults.append(
                Fault(file=name, row=number, column=column, what="not readable", found=row[column] or "", wanted=wanted)
            )
    if len(values) < 4:
        return None
    start, end, known, persons = values["start"], values["end"], values["known"], values["persons"]
    assert isinstance(start, date) and isinstance(end, date) and isinstance(known, date) and isinstance(persons, int)
    if end < start or persons < 0:
        faults.append(
            Fault(file=name, row=number, column="end", what="the window ends before it starts or persons are negative",
                  found=f"{start} to {end}, {persons}", wanted="start <= end and persons >= 0")
        )  # fmt: skip
        return None
    return Target(
        id=row["target_id"], case=row["case"], series=row["series"], row_ids=tuple(row["row_ids"].split("+")),
        start=start, end=end, crossings=tuple(sorted(row["crossings"].split("+"))), status=row["status"],
        persons=persons, known=known,
    )  # fmt: skip


def check_targets(targets: Sequence[Target], world_after: World, first_origin: date) -> None:
    """Refuse targets that overlap the inputs of every origin, are of one status, or name crossings that nobody defines.

    Raises RequestError naming each: a target that was known, or began, by the first origin can be scored nowhere
    without having been an input.
    """
    crossings = {c.place_id for c in world_after.crossings}
    faults = [
        Fault(file="--targets", column="crossings", what=f"target {t.id} names an unknown crossing",
              found="+".join(t.crossings), wanted=", ".join(sorted(crossings)))
        for t in targets if not set(t.crossings) <= crossings
    ]  # fmt: skip
    faults += [
        Fault(file="--targets", column="status", what=f"target {t.id} counts some of those who cross", found=t.status,
              wanted="all: a forecast is of everybody", mend="leave it out")
        for t in targets if t.status != "all"
    ]  # fmt: skip
    faults += [
        Fault(file="--targets", column="known", what=f"target {t.id} overlaps the inputs",
              found=f"window from {t.start}, known {t.known}", wanted=f"both after the first origin, {first_origin}",
              mend="leave it out, or choose earlier origins")
        for t in targets if t.known <= first_origin or t.start <= first_origin
    ]  # fmt: skip
    if faults:
        raise RequestError(faults)
