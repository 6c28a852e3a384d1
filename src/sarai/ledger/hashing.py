"""Hashes: of files, of rows and of whole tables. The same content has the same hash wherever it stands."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

ROW_ID_LENGTH = 16  # A202


def hash_bytes(data: bytes) -> str:
    """SHA-256 of bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def hash_cells(cells: Mapping[str, str]) -> str:
    """SHA-256 of a row: its non-empty cells in the order of their names, so that an added empty column is nothing."""
    kept = {name: cells[name] for name in sorted(cells) if cells[name] != ""}
    return hash_bytes(json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode("utf-8"))


def row_id(cells: Mapping[str, str]) -> str:
    """The id of a row: the first 16 digits of its hash. Two rows that say the same have one id (Report.id)."""
    return hash_cells(cells)[:ROW_ID_LENGTH]
