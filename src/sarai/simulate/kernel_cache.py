# mypy: disable-error-code="no-untyped-call"
"""Compiled kernels that are kept on disk go stale with any source that they may call, not only with their own file.

numba stamps a kept kernel with a hash of the file it stands in. A kernel that calls into another file would go on
running the old code of that file after a change. Here the stamp is a hash of every source in the kernel's folder and in
the room of the engine. Importing this module is enough. It holds for every `@kernel`, wherever it stands; a plain
`njit` function outside sarai keeps numba's own stamp.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from numba.core import caching

ENGINE = Path(__file__).resolve().parent
PACKAGE = ENGINE.parent


@lru_cache(maxsize=64)
def folder_digest(folder: Path) -> bytes:
    """Hash of the names and contents of the Python sources in a folder, subfolders left out."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.digest()


class _Stamped:
    """A place to keep kernels, for those of this package and each `@kernel`, stamped with all that they may call."""

    @classmethod
    def from_function(cls, py_func: Any, py_file: str) -> Any:
        ours = getattr(py_func, "is_kernel", False) or PACKAGE in Path(py_file).resolve().parents
        return super().from_function(py_func, py_file) if ours else None  # type: ignore[misc]

    def get_source_stamp(self) -> bytes:
        folder = Path(self._py_file).resolve().parent  # type: ignore[attr-defined]
        return folder_digest(folder) + folder_digest(ENGINE)


def find_place(folder: Path) -> Any:
    """Where kernels of a folder of sources are kept: numba's locator, or None where no such place can be written."""
    kinds: Any = caching.CacheImpl._locator_classes
    for kind in kinds:
        place = kind.from_function(find_place, str(folder / "__init__.py"))
        if place is not None:
            return place
    return None


def is_kept(folder: Path, kernel: str) -> bool:
    """Whether a kernel, `module.function` in a folder of sources, is compiled and kept, and no source is newer."""
    place = find_place(folder)
    if place is None:
        return False
    path, stamp = place.get_cache_path(), place.get_source_stamp()
    kept = [caching.IndexDataCacheFile(path, each.stem, stamp) for each in Path(path).glob(f"{kernel}-*.nbi")]
    return any(index._load_index() for index in kept)


def stamp_kernels() -> None:
    """Put a stamped form of each of numba's locators before them. Done once, on import."""
    known = caching.CacheImpl._locator_classes
    backed = [kind for kind in known if issubclass(kind, caching._SourceFileBackedLocatorMixin)]
    stamped: list[Any] = [type(f"Stamped{kind.__name__}", (_Stamped, kind), {}) for kind in backed]
    known[:0] = stamped


stamp_kernels()
