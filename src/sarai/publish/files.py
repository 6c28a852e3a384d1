"""Files out: whole or not at all."""

from __future__ import annotations

import errno
import io
import os
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from sarai.world.errors import Fault, RequestError


def write_files(folder: Path, contents: Mapping[str, bytes]) -> list[Path]:
    """Write several files into `folder` (made if need be), each beside its place first; returns their paths.

    No file is moved into place before all of them have been written in full, so a full disk leaves what was there, and
    no folder that was not. Raises RequestError, naming the place and the reason, where that cannot be done.
    """
    staged: list[tuple[Path, Path]] = []
    made = _missing_folders(folder / name for name in contents)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in contents.items():
            if (folder / name).is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(folder / name))
            staged.append((_stage(folder, name, data), folder / name))
        for temporary, place in staged:
            temporary.replace(place)
    except OSError as error:
        for temporary, _ in staged:
            temporary.unlink(missing_ok=True)
        _take_away(made)
        place = folder if len(contents) > 1 else folder / next(iter(contents))
        raise RequestError(
            Fault(file=str(place), what="nothing can be written there", found=str(error.strerror or error),
                  mend="free space or choose another folder with --out; nothing was half written")
        ) from error  # fmt: skip
    return [place for _, place in staged]


def _missing_folders(places: Iterable[Path]) -> list[Path]:
    """Folders above some files that are not there yet, the deepest first."""
    missing = {folder for place in places for folder in place.parents if not folder.exists()}
    return sorted(missing, key=lambda folder: -len(folder.parts))


def _take_away(folders: Iterable[Path]) -> None:
    """Remove folders that were made for nothing; one that holds something by now stays."""
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()


def pack_files(contents: Mapping[str, bytes]) -> bytes:
    """Several files as one ZIP archive. Same files, same bytes: no clock is read."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in contents.items():
            archive.writestr(zipfile.ZipInfo(name), data, compress_type=zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _stage(folder: Path, name: str, data: bytes) -> Path:
    place = folder / name
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".sarai-", dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
    return Path(temporary)
