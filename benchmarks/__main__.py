"""Run every benchmark, or those named: `python -m benchmarks [NAME ...]`. Each is a program of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
NOT_SPEED = {"__init__", "__main__", "returns_yardstick", "scoreboard"}


def benchmark_names() -> list[str]:
    """Names of the benchmarks, in order of the alphabet."""
    return sorted(path.stem for path in FOLDER.glob("*.py") if path.stem not in NOT_SPEED)


def main(names: list[str]) -> int:
    """Run the named benchmarks one after another; the exit code is that of the first that fails."""
    known = benchmark_names()
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    for name in names or known:
        print(f"\n== {name}", flush=True)
        code = subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], cwd=FOLDER.parent, check=False).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
