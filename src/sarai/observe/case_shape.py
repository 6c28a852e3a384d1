"""case.yaml against its schema: every fault with its line, and for an unknown key the nearest known one."""

from __future__ import annotations

import copy
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sarai.observe.case_schema import CaseFile, StratumItem, TotalItem
from sarai.observe.case_text import Path
from sarai.world.civil import FIRST_YEAR, LAST_YEAR
from sarai.world.errors import Fault

BELOW_PROVINCE = {
    "district",
    "district_or_city",
    "city",
    "tehsil",
    "town",
    "village",
    "camp",
    "union_council",
    "address",
}
_UNION_TAGS = {"TotalItem", "list[StratumItem]", "AssumptionItem", "str"}
_WANTED: Mapping[str, tuple[str, str]] = {
    "missing": ("the key is missing", ""),
    "int_type": ("this is no whole number", "a whole number, without quotes or commas"),
    "int_from_float": ("this is no whole number", "a whole number: persons are never fractions"),
    "float_type": ("this is no number", "a number, without quotes"),
    "finite_number": ("the number is not finite", "a finite number"),
    "date_type": (
        "this is no date",
        f"a date that exists, from {FIRST_YEAR} to {LAST_YEAR}, for example 2023-10-28, without quotes",
    ),
    "string_type": ("this is no text", "text"),
    "bool_type": ("this is neither true nor false", "true or false"),
    "list_type": ("this is no list", "a list: one line `- ...` for each entry"),
    "dict_type": ("this is no mapping", "lines `key: value`"),
    "model_type": ("this is no mapping", "lines `key: value`"),
    "string_pattern_mismatch": (
        "this is no valid id",
        "small letters, digits and underscores, for example spin_boldak",
    ),
    "too_short": ("the list is empty", "at least one entry"),
}


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What checking the shape gave.

    case     the case, None where nothing can be checked further
    broken   paths of the items that a stand-in had to fill for `case` to exist; empty when the file is right
    faults   every fault of shape
    """

    case: CaseFile | None
    broken: frozenset[Path] = frozenset()
    faults: tuple[Fault, ...] = ()


def check_shape(document: Any, lines: Mapping[Path, int], file: str) -> Shape:
    """The document as a CaseFile and every fault of its shape.

    Where there are faults, what is wrong is left out or filled by a stand-in, so that the rest can still be checked in
    the same go; faults of items that hold a stand-in are to be left unsaid.
    """
    if not isinstance(document, dict):
        what = "the file holds no case"
        wanted = "keys such as schema, timezone, crossings, calendar, population"
        fault = Fault(file=file, row=1, what=what, wanted=wanted, mend="start from `sarai new NAME`")
        return Shape(case=None, faults=(fault,))
    mended = copy.deepcopy(document)
    broken: set[Path] = set()
    faults: list[Fault] | None = None
    for _ in range(MOST_PASSES):
        try:
            case = CaseFile.model_validate(mended)
            return Shape(case=case, broken=frozenset(broken), faults=tuple(faults or ()))
        except ValidationError as error:
            details = [item for item in error.errors(include_url=False) if _belongs(item, mended)]
        if faults is None:
            faults = [_fault(item, document, lines, file) for item in details]
        for item in details:
            path = tuple(part for part in item["loc"] if part not in _UNION_TAGS)
            broken.add(path[: _ITEM_DEPTH.get(str(path[0]), 2)] if path else path)
            _fill(mended, path, item["type"])
    return Shape(case=None, broken=frozenset(broken), faults=tuple(faults or ()))


def _fill(document: Any, path: Path, kind: str) -> None:
    """Leave out what is not known, and put a stand-in where something is missing or wrong."""
    for part in path[:-1]:
        try:
            document = document[part]
        except (KeyError, IndexError, TypeError):
            return
    try:
        if kind == "extra_forbidden" and isinstance(document, dict):
            document.pop(path[-1], None)
            return
        tried = _STAND_INS.index(document[path[-1]]) + 1 if _is_stand_in(document, path[-1]) else 0
        document[path[-1]] = copy.deepcopy(_STAND_INS[min(tried, len(_STAND_INS) - 1)])
    except (KeyError, IndexError, TypeError):
        return


def _is_stand_in(document: Any, key: Any) -> bool:
    held = document.get(key, _NOTHING) if isinstance(document, dict) else document[key]
    return any(type(held) is type(one) and held == one for one in _STAND_INS)


_NOTHING = object()
# tried in turn until one fits: date, whole number, text, list, mapping, one range of persons, words of the schema
_STAND_INS: list[Any] = [
    date(2000, 1, 1), 1, "stand_in", [], {}, True, {"low": 1, "high": 1}, "province", "other", "persons", "zero_point",
]  # fmt: skip
MOST_PASSES = len(_STAND_INS) + 2
_ITEM_DEPTH = {"calendar": 3, "population": 2, "timezone": 1, "start": 1}  # how deep an item of a section lies


def _belongs(item: ErrorDetails, document: Mapping[str, Any]) -> bool:
    """Of the two forms of `population`, complain about the one that was meant."""
    loc = item["loc"]
    if len(loc) < 2 or loc[0] != "population" or loc[1] not in _UNION_TAGS:
        return True
    return (loc[1] == "TotalItem") == (not isinstance(document.get("population"), list))


def _fault(item: ErrorDetails, document: Any, lines: Mapping[Path, int], file: str) -> Fault:
    path = tuple(part for part in item["loc"] if part not in _UNION_TAGS)
    row = next((lines[path[:n]] for n in range(len(path), -1, -1) if path[:n] in lines), 1)
    column = ".".join(str(part) for part in path)
    if item["type"] == "extra_forbidden":
        return _unknown_key(path, document, row, column, file)
    what, wanted = _WANTED.get(
        item["type"], ("the value does not fit", str(item["msg"]).replace("Input should be ", ""))
    )
    found = "" if item["type"] == "missing" else _show(item.get("input"))
    mend = ""
    if item["type"] == "missing":
        wanted, mend = str(path[-1]), f"add `{path[-1]}:` here"
    if item["type"] in ("greater_than_equal", "greater_than", "less_than_equal", "less_than"):
        negative = isinstance(item.get("input"), int | float) and item["input"] < 0
        what = "the number must not be negative" if negative else "the number is out of its range"
    return Fault(file=file, row=row, column=column, what=what, found=found, wanted=wanted, mend=mend)


def _unknown_key(path: Path, document: Any, row: int, column: str, file: str) -> Fault:
    key = str(path[-1])
    if key in BELOW_PROVINCE and path[0] in ("population", "origins"):
        return Fault(
            file=file,
            row=row,
            column=column,
            what="a stratum below province is refused",
            found=key,
            wanted="origin areas that are provinces or the country",
            mend="add the counts up to the province",
        )
    known = known_keys(path[:-1])
    near = get_close_matches(key, known, n=1, cutoff=0.5)
    mend = f"did you mean `{near[0]}`?" if near else "remove the key, or put its content into `note`"
    return Fault(
        file=file, row=row, column=column, what="unknown key", found=key, wanted=", ".join(sorted(known)), mend=mend
    )


def known_keys(path: Sequence[str | int]) -> list[str]:
    """The keys that may stand under a path of case.yaml."""
    models: list[type[BaseModel]] = [CaseFile]
    for part in path:
        if isinstance(part, int):
            continue
        models = [inner for model in models for inner in _inner_models(model, part)]
    if path and path[0] == "population" and len(path) == 1:
        models = [TotalItem]
    elif path and path[0] == "population":
        models = [StratumItem]
    return [info.alias or name for model in models for name, info in model.model_fields.items()]


def _inner_models(model: type[BaseModel], key: str) -> list[type[BaseModel]]:
    found = [info for name, info in model.model_fields.items() if (info.alias or name) == key]
    return [inner for info in found for inner in models_of(info.annotation)]


def models_of(annotation: Any) -> list[type[BaseModel]]:
    """The mappings that a type of case.yaml holds."""
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        return [annotation] if issubclass(annotation, BaseModel) else []
    return [inner for part in typing.get_args(annotation) for inner in models_of(part)]


def _show(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
