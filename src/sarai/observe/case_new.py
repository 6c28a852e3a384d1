"""Making a case folder: written whole beside its place and moved there, or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from sarai.ledger.places import is_built_in
from sarai.observe.case_folder import CASE_FILE, find_case, load_case
from sarai.observe.case_reference import schema_text
from sarai.world.errors import CaseError, Fault, ReadOnlyError, RequestError

COPIED = (".yaml", ".csv", ".md")
SCHEMA_LINE = b"# yaml-language-server: $schema=case_schema.json"


def copy_case(source: str | Path, target: str | Path) -> Path:
    """The folder of a new case that is a copy of another one's case.yaml and tables.

    Raises RequestError where the target is there already or cannot be made, CaseError where the source has faults.
    """
    load_case(source)
    folder = find_case(source)[1]
    names = sorted(item.name for item in folder.iterdir() if item.is_file() and item.name.endswith(COPIED))
    files = {name: (folder / name).read_bytes() for name in names}
    if SCHEMA_LINE not in files[CASE_FILE]:
        files[CASE_FILE] = SCHEMA_LINE + b"\n" + files[CASE_FILE].removeprefix(b"\xef\xbb\xbf")
    return write_case({**files, "case_schema.json": schema_text().encode()}, target)


def require_free(target: str | Path) -> Path:
    """The folder that may be made; refuses what is there already, what cannot be there, and built-in cases."""
    folder = Path(target).expanduser()
    if is_built_in(folder):
        raise ReadOnlyError(
            Fault(what="built-in cases are never written", found=str(folder), mend="choose a folder of your own")
        )
    if folder.name in ("", ".", "..") or folder.exists() or folder.is_symlink():
        raise RequestError(
            Fault(what="there is something of this name already", found=str(target), mend="choose another name")
        )
    if not folder.parent.is_dir():
        found = str(folder.parent)
        raise RequestError(Fault(what="there is no such folder", found=found, mend="make the folder first"))
    return folder


def write_case(files: Mapping[str, bytes], target: str | Path) -> Path:
    """Write the files of a case to a folder that is not there yet."""
    folder = require_free(target)
    made: Path | None = None
    try:
        made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        for name, data in files.items():
            (made / name).write_bytes(data)
        made.chmod(0o755)
        made.rename(folder)
    except OSError as error:
        if made is not None:
            shutil.rmtree(made, ignore_errors=True)
        reason = error.strerror or "the folder cannot be written"
        mend = "make room or choose another place, then run the command again"
        raise CaseError(
            Fault(file=str(folder), what="the case could not be written; nothing was kept", found=reason, mend=mend)
        ) from None
    return folder
