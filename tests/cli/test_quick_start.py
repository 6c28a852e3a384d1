"""A command that runs kernels and nothing else starts without what only compiling needs; all of it loads later."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys
from sarai.cli.quick_start import start_numba
start_numba()
import numpy
from sarai.simulate.flight.arrays import path_keys
ints = numpy.zeros(2, dtype=numpy.int64)
keys = path_keys(ints - 1, ints, numpy.array([7, 9], dtype=numpy.uint64))
assert keys.tolist() == [7, 7]
assert "scipy.linalg" not in sys.modules, "linear algebra was loaded"
state = "compiled" if "numba.np.arraymath" in sys.modules else "from the cache"
from scipy import linalg
import scipy.linalg.cython_blas
assert numpy.allclose(linalg.inv(numpy.eye(2)), numpy.eye(2))
from sarai.simulate.kernel import kernel
assert kernel()(lambda x: 1.0 if x < 2.0 else x)(1.5) == 1.0  # one that is not kept compiles after one that is
import numba
assert numba.njit(lambda x: numpy.cumsum(x))(numpy.ones(3)).tolist() == [1.0, 2.0, 3.0]
print(state)
"""


def test_a_kernel_from_the_cache_starts_without_the_compiler_and_a_new_one_compiles(tmp_path: Path) -> None:
    """Neither loads linear algebra; SciPy and the compiler work as ever afterwards."""
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    for state in ("compiled", "from the cache"):
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False, env=environment
        )
        assert done.stdout.strip() == state, done.stderr
