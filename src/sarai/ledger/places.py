"""Places: where the ledger of a case lies, and where things made from cases that are never written are kept."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from sarai.ledger.hashing import hash_bytes

LEDGER_FILE = "ledger.sqlite"


def built_in_cases() -> Path:
    """The folder of the cases that ship with sarai; nothing in it is ever written."""
    import sarai

    return Path(sarai.__file__).resolve().parent / "cases"


def is_built_in(folder: Path) -> bool:
    """Whether a case folder ships with sarai."""
    return folder.resolve().is_relative_to(built_in_cases())


def keeps_own_ledger(folder: Path) -> bool:
    """Whether the ledger lies in the folder: not that of a built-in case, nor of a folder that cannot be written."""
    return not is_built_in(folder) and os.access(folder, os.W_OK)


def cache_folder() -> Path:
    """Where things made from built-in cases are kept: the user's cache folder, or $SARAI_CACHE."""
    if own := os.environ.get("SARAI_CACHE"):
        return Path(own)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "sarai"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "sarai"
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "sarai"


def ledger_place(folder: Path) -> Path:
    """The ledger file of a case: in its folder, or for a built-in case in the user's cache, keyed by its tables."""
    if keeps_own_ledger(folder):
        return folder / LEDGER_FILE
    tables = sorted(path for path in folder.iterdir() if path.suffix in {".csv", ".yaml"})
    key = hash_bytes("".join(f"{path.name}={hash_bytes(path.read_bytes())}\n" for path in tables).encode())[:16]
    return cache_folder() / "ledger" / f"{folder.name}-{key}.sqlite"
