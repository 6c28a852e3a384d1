"""Standards: the editable, cited table that turns persons into water, shelter, desks and the rest."""

from __future__ import annotations

import csv
import io
from functools import cache
from importlib import resources

from sarai.plan.plan import Standard
from sarai.world.errors import CaseError, Fault
from sarai.world.line import THINGS, find_refusal

FIELDS: tuple[str, ...] = (
    "id", "sector", "item", "unit", "setting", "season", "basis", "use", "per_person", "source", "edition", "page",
    "note",
)  # fmt: skip
ALLOWED: dict[str, tuple[str, ...]] = {
    "setting": ("zero_point", "transit", "camp", "cash_desk", "waiting"),
    "season": ("all", "warm", "cold"),
    "basis": ("arrival", "night", "peak_hour"),
    "use": ("consumed", "held"),
}


@cache
def default_standards() -> tuple[Standard, ...]:
    """The table that ships with sarai (plan/standards.csv), in file order."""
    text = resources.files("sarai.plan").joinpath("standards.csv").read_text(encoding="utf-8")
    return parse_standards(text, "plan/standards.csv")


def parse_standards(text: str, file: str = "standards.csv") -> tuple[Standard, ...]:
    """Read a table of standards.

    text   CSV with the columns of FIELDS; `setting` may hold several values joined by |
    Raises CaseError with every fault found: missing column, unknown word, a figure that is no positive number, an id
    that stands twice, a line without a source, an item that sarai does not size (`world/line.py`).
    """
    reader = csv.DictReader(io.StringIO(text))
    missing = [name for name in FIELDS if name not in (reader.fieldnames or ())]
    if missing:
        wanted = ", ".join(FIELDS)
        raise CaseError(
            [Fault(file=file, row=1, column=name, what="column missing", wanted=wanted) for name in missing]
        )
    faults: list[Fault] = []
    found: list[Standard] = []
    seen: set[str] = set()
    for number, row in enumerate(reader, start=2):
        before = len(faults)
        faults.extend(_row_faults(row, file, number, seen))
        seen.add(row["id"])
        if len(faults) == before:
            found.append(_standard(row))
    if faults:
        raise CaseError(faults)
    return tuple(found)


def standards_for(standards: tuple[Standard, ...], setting: str, season: str) -> tuple[Standard, ...]:
    """The lines that apply in one setting and season, in table order."""
    return tuple(line for line in standards if setting in line.setting.split("|") and line.season in ("all", season))


def _row_faults(row: dict[str, str], file: str, number: int, seen: set[str]) -> list[Fault]:
    faults = []
    for column, words in ALLOWED.items():
        given = (row[column] or "").split("|") if column == "setting" else [row[column] or ""]
        if any(word not in words for word in given):
            faults.append(
                Fault(file=file, row=number, column=column, what="unknown word", found=row[column] or "empty",
                      wanted=" or ".join(words), mend="use one of the words above")
            )  # fmt: skip
    if not _is_positive(row["per_person"]):
        faults.append(
            Fault(file=file, row=number, column="per_person", what="not a positive number",
                  found=row["per_person"] or "empty", wanted="a number above 0", mend="quantity for one person")
        )  # fmt: skip
    if row["id"] in seen:
        faults.append(
            Fault(file=file, row=number, column="id", what="this id stands twice", found=row["id"], mend="rename one")
        )
    refusal = find_refusal(f"{row['id']} {row['item']}", THINGS)
    if refusal:
        faults.append(Fault(file=file, row=number, column="item", what=refusal, found=row["item"], mend="take it out"))
    if not row["source"]:
        faults.append(
            Fault(file=file, row=number, column="source", what="a standard needs its source", found="empty",
                  wanted="a publication, or an assumption number", mend="say where the figure comes from")
        )  # fmt: skip
    return faults


def _is_positive(text: str | None) -> bool:
    try:
        return 0.0 < float(text or "") < float("inf")
    except ValueError:
        return False


def _standard(row: dict[str, str]) -> Standard:
    values = {name: row[name] for name in FIELDS if name != "per_person"}
    return Standard(per_person=float(row["per_person"]), **values)
