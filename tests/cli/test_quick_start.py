"""A command that runs kernels and nothing else starts without linear algebra, which loads later as ever."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
from sarai.cli.quick_start import start_numba
start_numba()
import numba
from numba.core.registry import cpu_target
cpu_target.target_context.refresh()
assert "scipy.linalg" not in sys.modules, "linear algebra was loaded"
import numpy
from scipy import linalg
import scipy.linalg.cython_blas
assert numpy.allclose(linalg.inv(numpy.eye(2)), numpy.eye(2))
start_numba()
assert numba.njit(lambda x: x + 1)(1) == 2
print("whole")
"""


def test_a_kernel_starts_without_linear_algebra_which_loads_later() -> None:
    """The placeholder that keeps SciPy out is gone once numba stands."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "whole", done.stderr
