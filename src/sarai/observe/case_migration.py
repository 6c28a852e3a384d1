"""Older layouts of case.yaml, brought up to the present one step at a time.

The rule: `schema` counts up by one with every change that an old file would not survive; `STEPS[n]` turns the document
of schema n into that of n + 1 and touches nothing else; a file is migrated in memory when it is read, never on disk.
A file that is newer than this program is refused with the version it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sarai.observe.case_schema import SCHEMA_VERSION
from sarai.world.errors import Fault

STEPS: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}


def migrate_document(document: dict[str, Any], file: str, row: int) -> tuple[dict[str, Any], list[Fault]]:
    """The document in the present schema, or a fault when its `schema` is not one that can be read."""
    version = document.get("schema")
    wanted = f"schema: {SCHEMA_VERSION}"
    if version is None:
        mend = f"add the line `{wanted}` at the top"
        return document, [Fault(file=file, row=1, column="schema", what="the key is missing", wanted=wanted, mend=mend)]
    if not isinstance(version, int) or isinstance(version, bool) or version < min([*STEPS, SCHEMA_VERSION]):
        what = "no such schema"
        return document, [Fault(file=file, row=row, column="schema", what=what, found=str(version), wanted=wanted)]
    if version > SCHEMA_VERSION:
        what, mend = "the case was written for a newer sarai", "update sarai"
        fault = Fault(file=file, row=row, column="schema", what=what, found=str(version), wanted=wanted, mend=mend)
        return document, [fault]
    while version < SCHEMA_VERSION:
        document = {**STEPS[version](document), "schema": version + 1}
        version += 1
    return document, []
