"""One writer at a time in a case folder. The system frees the lock when the process ends, however it ends."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sarai.world.errors import Fault, RequestError

LONGEST_WAIT_S = 60.0  # A204
LOCK_FILE = ".ledger.lock"


@contextmanager
def hold_lock(folder: Path, *, longest_wait_s: float = LONGEST_WAIT_S) -> Iterator[None]:
    """Hold the writing lock of a case folder. Raises RequestError if another writer keeps it for too long."""
    handle = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        start = time.monotonic()
        while not _try_lock(handle):
            if time.monotonic() - start > longest_wait_s:
                raise RequestError(
                    Fault(
                        file=str(folder),
                        what="another process is writing to this case",
                        mend="Wait until it is done, then run the command again.",
                    )
                )
            time.sleep(0.02)
        yield
    finally:
        os.close(handle)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
