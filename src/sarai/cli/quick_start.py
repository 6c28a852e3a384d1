"""A quick start and end: what a short command need not pay for."""

from __future__ import annotations

import gc
import os
import sys
from typing import Any

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
    """Load kernels from numba's cache without what only compiling needs: a fifth of a second and more at every start.

    Before it looks into its cache, numba loads its implementations of Python and NumPy and, to know whether kernels may
    ask for `np.cov`, SciPy's linear algebra. Machine code that is ready needs neither; the compiler loads the former by
    itself where the cache holds nothing. Does nothing where another numba keeps these names elsewhere.
    """
    from numba.core import caching

    if not hasattr(caching.Cache, "_load_overload"):
        return
    caching.Cache.load_overload = _load_ready  # type: ignore[method-assign]


def _load_ready(cache: Any, signature: Any, target: Any) -> Any:
    """The compiled kernel of a signature from the cache, or None; then numba is made ready to compile it."""
    from numba.core.runtime import nrt

    nrt.rtsys.initialize(target)
    with cache._guard_against_spurious_io_errors():
        ready = cache._load_overload(signature, target)
        if ready is not None:
            return ready
    _load_implementations()
    return None


def _load_implementations() -> None:
    """Load numba's array functions without SciPy's linear algebra, which ours do not use.

    Nothing is done where either is loaded already, and SciPy can be imported afterwards as ever.
    """
    if "numba.np.arraymath" in sys.modules or "scipy.linalg" in sys.modules:
        return
    sys.modules[BLAS] = None  # type: ignore[assignment]  # an import of it now fails at once, without loading SciPy
    try:
        import numba.np.arraymath  # noqa: F401
    finally:
        del sys.modules[BLAS]
