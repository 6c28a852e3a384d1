"""A quick start and end: what a short command need not pay for."""

from __future__ import annotations

import gc
import os

COLLECT_EVERY = 50_000  # A181: objects made before the garbage collector looks for rings; Python's own value is 700


def start_calmly() -> None:
    """Spare the start what it has no use for: searches for garbage among modules, and for plugins of pydantic."""
    gc.set_threshold(COLLECT_EVERY, 20, 20)
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "true")


def end_calmly() -> None:
    """Spare the end of the process the search for rings of garbage among modules: a quarter of a second after numba."""
    gc.freeze()
