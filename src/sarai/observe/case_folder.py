"""Reading a case folder: `load_case` is the way in for every verb; every fault of a folder is raised in one go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from sarai.observe.case_build import build_case
from sarai.observe.case_check import check_case
from sarai.observe.case_migration import migrate_document
from sarai.observe.case_rows import read_tables
from sarai.observe.case_schema import SCHEMA_VERSION
from sarai.observe.case_shape import Shape, check_shape
from sarai.observe.case_table import decode_text
from sarai.observe.case_text import read_yaml
from sarai.observe.decisions_yaml import DECISIONS_FILE, decisions_table
from sarai.world.case import Case
from sarai.world.errors import CaseError, Fault, PersonalDataError, RequestError

CASE_FILE = "case.yaml"
NEEDED_TABLES = ("observations.csv", "sources.csv", "events.csv")
MOST_BYTES = 200_000_000


def built_in_cases() -> tuple[str, ...]:
    """Names of the cases that ship with sarai."""
    root = resources.files("sarai.cases")
    return tuple(sorted(item.name for item in root.iterdir() if item.is_dir() and (item / CASE_FILE).is_file()))


def find_case(name_or_path: str | Path) -> tuple[str, Traversable]:
    """The name and folder of a case. Raises RequestError when it is neither a built-in name nor a folder."""
    text = str(name_or_path)
    if isinstance(name_or_path, str) and text in built_in_cases():
        return text, resources.files("sarai.cases") / text
    path = Path(text).expanduser()
    if path.name == CASE_FILE and path.is_file():
        path = path.parent
    if text and path.is_dir():
        return path.resolve().name, path
    near = get_close_matches(text, built_in_cases(), n=1)
    raise RequestError(
        Fault(
            what="there is no such case",
            found=text,
            wanted=f"a folder that holds {CASE_FILE}, or one of: {', '.join(built_in_cases())}",
            mend=f"did you mean `{near[0]}`?" if near else "look at `sarai cases`, or start one with `sarai new NAME`",
        )
    )


def load_case(name_or_path: str | Path) -> Case:
    """The case of a built-in name or a folder.

    Raises RequestError if there is no such case, PersonalDataError if a table looks like data on individuals, and
    CaseError for everything else that is wrong; each carries every fault of the folder.
    """
    name, folder = find_case(name_or_path)
    return case_from_files(name, read_files(folder))


def case_from_files(name: str, files: Mapping[str, bytes | Fault]) -> Case:
    """The case that the bytes of its files make up, by file name. Raises as `load_case` does."""
    case, faults, personal = read_case(name, files)
    if personal:
        raise PersonalDataError([*personal, *faults])
    if faults or case is None:
        raise CaseError(faults)
    return case


def check_folder(name_or_path: str | Path) -> list[Fault]:
    """Every fault of a case; an empty list when it can be used."""
    name, folder = find_case(name_or_path)
    _, faults, personal = read_case(name, read_files(folder))
    return [*personal, *faults]


def read_files(folder: Traversable) -> dict[str, bytes | Fault]:
    """The bytes of case.yaml and of every table that is there, by file name; a fault where a file cannot be read."""
    out: dict[str, bytes | Fault] = {}
    for item in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if item.name not in (CASE_FILE, DECISIONS_FILE) and not item.name.endswith(".csv"):
            continue
        try:
            data = item.read_bytes()
        except OSError as error:
            reason = error.strerror or "cannot be read"
            out[item.name] = Fault(file=item.name, what="the file cannot be read", found=reason)
            continue
        too_big = Fault(file=item.name, what=f"the file is larger than {MOST_BYTES} bytes")
        out[item.name] = data if len(data) <= MOST_BYTES else too_big
    return out


def read_case(name: str, files: Mapping[str, bytes | Fault]) -> tuple[Case | None, list[Fault], list[Fault]]:
    """The case that files make up, its faults in file order, and the faults of data on individuals apart."""
    faults = [item for item in files.values() if isinstance(item, Fault)]
    data = {file: item for file, item in files.items() if isinstance(item, bytes)}
    for file in (CASE_FILE, *NEEDED_TABLES):
        if file not in files:
            mend = "start from `sarai new NAME`" if file == CASE_FILE else "add the file; the header alone is enough"
            faults.append(Fault(file=file, what="the file is missing", wanted=file, mend=mend))
    if DECISIONS_FILE in data:
        table, more = decisions_table(data.pop(DECISIONS_FILE))
        faults += more
        data["decisions.csv"] = _below(data.get("decisions.csv", b""), table)
    shape, lines, more = _read_case_file(data.get(CASE_FILE))
    faults += more
    rows, more, personal = read_tables(data)
    faults += more
    case = None
    if shape.case is not None:
        tables, more = rows.resolve(shape.case)
        faults += more
        faults += [fault for fault in check_case(shape.case, lines, rows) if not _hides(shape, fault)]
        if not faults and not personal:
            case = build_case(name, shape.case, {s.source_id: s for s in tables["sources"]}, tables)
    return case, sorted({with_mend(fault) for fault in faults}), personal


def _hides(shape: Shape, fault: Fault) -> bool:
    """Whether a fault of case.yaml lies in an item that is broken already: it may be one of the stand-in's."""
    columns = [".".join(str(part) for part in path) for path in shape.broken]
    return fault.file == CASE_FILE and any(f"{fault.column}.".startswith(f"{column}.") for column in columns)


def with_mend(fault: Fault) -> Fault:
    """The fault with something to do about it, where its finder had nothing better to say."""
    mend = f"write {fault.wanted}" if fault.wanted and len(fault.wanted) < 60 else "correct it"
    return fault if fault.mend else replace(fault, mend=f"{mend}, then run `sarai check` again")


def _below(first: bytes, second: bytes) -> bytes:
    """Rows of the second table below those of the first; both have the columns of decisions.csv in their order."""
    if not first:
        return second
    return first.rstrip() + b"\n" + second.partition(b"\n")[2]


def _read_case_file(data: bytes | None) -> tuple[Shape, Mapping[Any, int], list[Fault]]:
    """The shape of case.yaml, its lines, and every fault; a shape without a case where it cannot be read."""
    nothing = Shape(case=None)
    if data is None:
        return nothing, {}, []
    faults: list[Fault] = []
    text = decode_text(data, CASE_FILE, faults)
    if text is None:
        return nothing, {}, faults
    document, lines, faults = read_yaml(text, CASE_FILE)
    if faults and document is None:
        return nothing, lines, faults
    if isinstance(document, dict):
        document, more = migrate_document(document, CASE_FILE, lines.get(("schema",), 1))
        faults += more
        if more:
            document = {**document, "schema": SCHEMA_VERSION}
    shape = check_shape(document, lines, CASE_FILE)
    return shape, lines, [*faults, *shape.faults]
