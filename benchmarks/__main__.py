"""Run every benchmark of speed, or the programs named: `python -m benchmarks [NAME ...]`; `--help` lists them.

Those that write a page or a table (scoreboard, unseen emergencies, evidence of the pool) run only where named.

One that fails (no Chromium for the lab, say) does not keep the others from running; it is named at the end.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
NO_PROGRAM = ("__init__", "__main__", "returns_yardstick")
MAKES_TABLES = (
    "past_deadlines",
    "pool_evidence",
    "real_bands",
    "scoreboard",
    "unseen",
)  # no speed: they write files that are published or read by a law, or the bands behind one


def benchmark_names() -> list[str]:
    """Names of the benchmarks of speed, in order of the alphabet."""
    return sorted(path.stem for path in FOLDER.glob("*.py") if path.stem not in (*NO_PROGRAM, *MAKES_TABLES))


def question(name: str) -> str:
    """What a program asks: the first line of its docstring."""
    tree = ast.parse((FOLDER / f"{name}.py").read_text(encoding="utf-8"))
    return (ast.get_docstring(tree) or "").partition("\n")[0]


def main(names: list[str]) -> int:
    """Run the named benchmarks one after another; exit code 1 where any failed, 2 for an unknown name."""
    known = [*benchmark_names(), *MAKES_TABLES]
    if "--help" in names:
        print("\n".join(f"{name:18} {question(name)}" for name in known))
        return 0
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    failed = []
    for name in names or benchmark_names():
        print(f"\n== {name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], cwd=FOLDER.parent, check=False).returncode:
            failed.append(name)
    if failed:
        print(f"\nfailed: {', '.join(failed)}", file=sys.stderr)
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
