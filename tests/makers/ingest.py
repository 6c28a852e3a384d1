"""One ingest of files into a small case, as the command does it, and what it added."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from makers.folder import OBSERVATIONS
from sarai.observe.case_folder import read_case, read_files
from sarai.observe.ingest import Outcome, Request, ingest_files
from sarai.observe.mapping import parse_mapping
from sarai.world.errors import Fault

TODAY = date(2030, 4, 20)
SOURCE = {"source_id": "agency", "publisher": "Agency", "title": "Update", "published": "2030-04-10"}


def ingest(folder: Path, *files: Path, known: date | None = None, keep_good: bool = False, **mapping: Any) -> Outcome:
    """Ingest as the command does, with the same check of the whole case."""

    def check(after: Mapping[str, bytes]) -> list[Fault]:
        _, faults, personal = read_case(folder.name, {**read_files(folder), **after})
        return [*personal, *faults]

    read = parse_mapping("m.yaml", {"source": SOURCE, **mapping})
    request = Request(files=files, mapping=read, known=known, keep_good=keep_good, today=TODAY)
    return ingest_files(folder, request, check_case=check)


def put(tmp_path: Path, name: str, content: str | bytes) -> Path:
    """A file of this name with this content."""
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def figures(folder: Path) -> list[tuple[str, ...]]:
    """Start, end, crossing, persons, families and cumulative of the rows that ingest added."""
    with (folder / "observations.csv").open(newline="") as lines:
        rows = list(csv.DictReader(lines))[OBSERVATIONS.count("\n") - 1 :]
    names = ("start_date", "end_date", "crossing", "persons", "families", "cumulative")
    return [tuple(row[name] for name in names) for row in rows]
