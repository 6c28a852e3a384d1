"""RunRecord: everything that a run stood on, so that it can be rebuilt bit for bit and held against the original."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from sarai.world.errors import Fault, RequestError

RECORD_SCHEMA = 1


def bytes_sha256(data: bytes) -> str:
    """SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def text_sha256(text: str) -> str:
    """SHA-256 of a text, UTF-8, in hexadecimal."""
    return bytes_sha256(text.encode("utf-8"))


def inputs_sha256(files: Mapping[str, str]) -> str:
    """One hash of a set of named texts; does not depend on their order."""
    parts = [f"{name}\0{text_sha256(files[name])}\n" for name in sorted(files)]
    return text_sha256("".join(parts))


@dataclass(frozen=True, kw_only=True)
class RunRecord:
    """What one run stood on and what it wrote.

    options   every option that moves a number (as of, horizon, members, seed, ...)
    versions  of sarai, of the draw scheme and of every library that moves a number; cpu: type of processor
    inputs    the case as known on the as-of date, file name -> text; inputs_hash over all of them
    fitted    fitted parameters, name -> {median, sd} or a list of them
    outputs   file name -> SHA-256 of the bytes written
    lines     the three lines of responsible use
    level     sensitivity: the record holds the reports as they were entered, small cells included
    """

    verb: str
    case: str
    options: Mapping[str, Any]
    versions: Mapping[str, str]
    cpu: str
    inputs: Mapping[str, str]
    inputs_hash: str
    fitted: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[str, ...] = ()
    level: str = "confidential: holds the reports as entered; keep it in the house, forward the other files"
    schema: int = RECORD_SCHEMA

    @property
    def id(self) -> str:
        """Sixteen hexadecimal digits that name the run: what went in, with which options and versions."""
        parts = {"verb": self.verb, "options": self.options, "versions": self.versions, "inputs": self.inputs_hash}
        return text_sha256(json.dumps(parts, sort_keys=True))[:16]

    def to_json(self) -> str:
        """The record as text, keys sorted, so that equal records have equal bytes."""
        return json.dumps({"id": self.id, **asdict(self)}, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def parse_record(text: str, file: str = "record.json") -> RunRecord:
    """Read a record back. Raises RequestError where it is no record or its schema is not known."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise RequestError(
            Fault(file=file, row=error.lineno, what="this is not JSON", found=error.msg, mend="give a record.json")
        ) from error
    known = set(RunRecord.__dataclass_fields__)
    if not isinstance(data, dict) or data.get("schema") != RECORD_SCHEMA or not known <= set(data):
        found = f"schema {data.get('schema')!r}" if isinstance(data, dict) else type(data).__name__
        missing = sorted(known - set(data)) if isinstance(data, dict) else []
        raise RequestError(
            Fault(
                file=file,
                what="this is not a run record that this version can read",
                found=found + (f", without {', '.join(missing)}" if missing else ""),
                wanted=f"schema {RECORD_SCHEMA} with {', '.join(sorted(known))}",
                mend="give the record.json that `sarai brief` wrote",
            )
        )
    data.pop("id", None)
    data["lines"] = tuple(data["lines"])
    return RunRecord(**{name: data[name] for name in known})


def differences(old: RunRecord, new: RunRecord) -> tuple[str, ...]:
    """Sentences that say in what a rebuilt run differs from its record; empty when every byte is the same."""
    said: list[str] = []
    if old.inputs_hash != inputs_sha256(old.inputs):
        said.append("The copy of the inputs in the record was changed after the run: its hash does not fit.")
    if old.inputs_hash != new.inputs_hash:
        changed = [name for name in sorted({*old.inputs, *new.inputs}) if old.inputs.get(name) != new.inputs.get(name)]
        said.append(f"Other inputs: {', '.join(changed) or 'hash only'}.")
    for name in sorted({*old.versions, *new.versions}):
        if old.versions.get(name) != new.versions.get(name):
            was, now = old.versions.get(name, "absent"), new.versions.get(name, "absent")
            said.append(f"Other version of {name}: {was} in the record, {now} here.")
    if old.cpu != new.cpu:
        said.append(f"Other processor: {old.cpu} in the record, {new.cpu} here.")
    for name in sorted({*old.outputs, *new.outputs}):
        if name not in new.outputs:
            said.append(f"{name} is in the record and was not rebuilt.")
        elif name not in old.outputs:
            said.append(f"{name} was rebuilt and is not in the record.")
        elif old.outputs[name] != new.outputs[name]:
            said.append(f"{name} differs from the one in the record.")
    return tuple(said)
