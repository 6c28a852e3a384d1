"""A quick start and end: what a short command need not pay for."""

from __future__ import annotations

import gc
import os
import sys

BLAS = "scipy.linalg.cython_blas"
COLLECT_EVERY = 50_000  # A181: objects made before the garbage collector looks for rings; Python's own value is 700


def start_calmly() -> None:
    """Spare the start what it has no use for: searches for garbage among modules, and for plugins of pydantic."""
    gc.set_threshold(COLLECT_EVERY, 20, 20)
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "true")


def end_calmly() -> None:
    """Spare the end of the process the search for rings of garbage among modules: a quarter of a second after numba."""
    gc.freeze()


def start_numba() -> None:
    """Load numba's array functions without SciPy's linear algebra, which costs a fifth of a second at every start.

    numba looks for SciPy's BLAS once, when it loads them, to know whether kernels may ask for `np.cov`; ours use no
    linear algebra. Nothing is done where either is loaded already, and SciPy can be imported afterwards as ever.
    """
    if "numba.np.arraymath" in sys.modules or "scipy.linalg" in sys.modules:
        return
    sys.modules[BLAS] = None  # type: ignore[assignment]  # an import of it now fails at once, without loading SciPy
    try:
        import numba.np.arraymath  # noqa: F401
    finally:
        del sys.modules[BLAS]
