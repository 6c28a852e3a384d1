"""A command starts without what it has no use for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

UNUSED = ("asyncio", "highspy", "numba.np.arraymath", "scipy.linalg", "scipy.optimize", "scipy.sparse", "sqlalchemy")
PROGRAM = f"""
import sys
from typer.testing import CliRunner
from sarai.cli.app import build_app
done = CliRunner().invoke(build_app(), ["forecast", "teaching", "--members", "20", "--horizon", "3"])
assert done.exit_code in (0, 1), done.output
print([name for name in {UNUSED!r} if name in sys.modules])
"""


def test_a_forecast_loads_neither_a_compiler_nor_solvers_nor_a_database(tmp_path: Path) -> None:
    """Each would cost a tenth of a second and more at every start; kernels come from the disk, where they are kept."""
    environment = {**os.environ, "SARAI_CACHE": str(tmp_path)}
    for _ in range(2):  # the first run may have kernels to compile
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False, env=environment
        )
    assert done.stdout.strip() == "[]", done.stdout + done.stderr
