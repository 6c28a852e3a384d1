"""Tidy tables out: CSV on standard output, or CSV or Parquet by the ending of a file name."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sarai.publish.files import write_files
from sarai.world.errors import Fault, RequestError

RISKY = frozenset("=+-@\t\r")
ENDINGS = (".csv", ".parquet")


def flat_bytes(
    columns: Sequence[str], rows: Iterable[Sequence[Any]], ending: str = ".csv", facts: Mapping[str, str] | None = None
) -> bytes:
    """A table as CSV (UTF-8, \\n) or Parquet (zstd). Same rows, same bytes. Raises RequestError on another ending.

    facts   stand in the metadata of a Parquet file, and behind each row of a CSV in columns of their own
    """
    check_ending(ending)
    if ending == ".csv":
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        behind = {name: value for name, value in (facts or {}).items() if name not in columns}
        writer.writerow([*columns, *behind])
        writer.writerows(harmless_row([*row, *behind.values()]) for row in rows)
        return text.getvalue().encode()
    import polars

    target = io.BytesIO()
    frame = polars.DataFrame([list(row) for row in rows], schema=list(columns), orient="row",
                             infer_schema_length=None)  # fmt: skip
    frame.write_parquet(target, compression="zstd", statistics=False, metadata=dict(facts or {}))
    return target.getvalue()


def check_ending(ending: str) -> None:
    """Refuse an ending that no table is written in, before anything is computed."""
    if ending not in ENDINGS:
        raise RequestError(
            Fault(column="--out", what="tables are not written in this format", found=ending or "no ending",
                  wanted=" or ".join(ENDINGS), mend="give --out a file name with one of these endings")
        )  # fmt: skip


def write_flat(columns: Sequence[str], rows: Iterable[Sequence[Any]], out: Path, facts: Mapping[str, str]) -> Path:
    """Write a table to a file, whole or not at all; `facts` as of `flat_bytes`."""
    data = flat_bytes(columns, rows, out.suffix.lower(), facts)
    return write_files(out.parent, {out.name: data})[0]


def harmless_row(row: Sequence[Any]) -> list[Any]:
    """A text that a spreadsheet would run as a formula gets a leading apostrophe; numbers stay numbers."""
    return [f"'{value}" if isinstance(value, str) and value[:1] in RISKY else value for value in row]
