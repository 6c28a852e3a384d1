"""Files out: whole or not at all."""

from __future__ import annotations

import io
import os
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from sarai.world.errors import Fault, RequestError


def write_files(folder: Path, contents: Mapping[str, bytes]) -> list[Path]:
    """Write several files into `folder` (made if need be), each beside its place first; returns their paths.

    No file is moved into place before all of them have been written in full, so a full disk leaves what was there.
    Raises RequestError, naming the folder and the reason, where that cannot be done.
    """
    staged: list[tuple[Path, Path]] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in contents.items():
            staged.append((_stage(folder, name, data), folder / name))
        for temporary, place in staged:
            temporary.replace(place)
    except OSError as error:
        for temporary, _ in staged:
            temporary.unlink(missing_ok=True)
        raise RequestError(
            Fault(file=str(folder), what="the files cannot be written", found=str(error.strerror or error),
                  mend="free space or choose another folder with --out; nothing was half written")
        ) from error  # fmt: skip
    return [place for _, place in staged]


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
