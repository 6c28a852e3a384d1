"""Set up and run every task of the project with nothing but Python: `python dev.py run`, `python dev.py test`, ...

The Makefile calls this file, so Windows without make has the same tasks. Set-up happens by itself, once, in .venv.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

os.environ.setdefault("PYTHONUTF8", "1")  # for what is started here: Windows would give pipes an 8-bit table
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
LOCK = ROOT / "constraints.txt"
MINIMUM = (3, 11)
DEGRADED = 1  # the job is done and says what to take with care
CODE = ("src", "tests", "verify", "benchmarks", "dev.py", "mkdocs_hooks.py")
EXTRAS = {"run": "lab,pdf,docx,gazetteer", "work": "lab,pdf,docx,gazetteer,cluster,test,lint,docs"}


def set_up(extras: str) -> None:
    """Make the virtual environment and install the locked versions, unless that is done already."""
    stamp = VENV / f".ready-{extras}"
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes() + LOCK.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    if sys.version_info < MINIMUM:
        sys.exit(f"sarai needs Python {MINIMUM[0]}.{MINIMUM[1]} or newer; this is {sys.version.split()[0]}.")
    print("Setting up .venv (once; a few minutes on a slow line) ...", file=sys.stderr, flush=True)
    if not PYTHON.exists():
        make_environment()
    target = f"{ROOT}[{EXTRAS[extras]}]"
    install = [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "-c", LOCK, "-e", target]
    if subprocess.run([str(part) for part in install], cwd=ROOT, check=False).returncode:
        sys.exit(
            "The set-up did not finish; the reason stands above. It needs the internet once. Behind a proxy set "
            "HTTPS_PROXY. Then give the same command again: it goes on where it stopped."
        )
    stamp.write_text(wanted)


def make_environment() -> None:
    """An empty virtual environment with pip in it; a half-made one is taken away again."""
    try:
        venv.create(VENV, with_pip=True)
    except (subprocess.CalledProcessError, OSError) as error:
        shutil.rmtree(VENV, ignore_errors=True)
        sys.exit(
            f"Python could not make {VENV} ({error}). On Debian and Ubuntu install python3-venv; elsewhere install "
            "Python from python.org. Is the disk full, or the folder not yours to write?"
        )


def forget_stale_kernels() -> bool:
    """Drop compiled kernels when any source changed: the compiler's cache looks only at a kernel's own file."""
    sources = sorted((ROOT / "src").rglob("*.py"))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    stamp = VENV / ".kernels"
    if stamp.exists() and stamp.read_text() == digest:
        return False
    for compiled in (ROOT / "src").rglob("__pycache__/*.nb[ic]"):
        compiled.unlink()
    stamp.write_text(digest)
    return True


def run(*command: str | Path) -> None:
    """Run a command from the project's root; stop with its exit code if it fails."""
    code = subprocess.run([str(part) for part in command], cwd=ROOT, check=False).returncode
    if code:
        sys.exit(code)


def python(*arguments: str) -> None:
    """Run the environment's Python."""
    run(PYTHON, *arguments)


def task_run() -> None:
    """The main job on the built-in case."""
    set_up("run")
    if forget_stale_kernels():
        python("-m", "sarai", "warm")
    out = ROOT / "briefing"
    job = [PYTHON, "-m", "sarai", "brief", "pakistan-2023", "--as-of", "2023-10-28", "--out", out]
    code = subprocess.run([str(part) for part in job], cwd=ROOT, check=False).returncode
    if code > DEGRADED:
        sys.exit(code)


def task_check() -> None:
    """Format, lint, strict types, import contract."""
    set_up("work")
    python("-m", "ruff", "format", "--check", *CODE)
    python("-m", "ruff", "check", *CODE)
    python("-m", "mypy")
    run(BIN / "lint-imports", "--no-logo")


def task_test() -> None:
    """Everything that must hold before a change lands."""
    task_check()
    forget_stale_kernels()
    python("-m", "pytest", "-n", "2", "--dist", "loadfile", *sys.argv[2:])


def task_docs() -> None:
    """Build the documentation into site/; a broken link or page is an error."""
    set_up("work")
    python("-m", "mkdocs", "build", "--strict", "--quiet")
    print(f"The documentation is in {ROOT / 'site' / 'index.html'}.")


def task_bench() -> None:
    """Speed, as ratios measured in one run. FLEE=path adds a comparison with a checkout of Flee."""
    set_up("work")
    python("-m", "benchmarks", *sys.argv[2:])


def task_verify() -> None:
    """Hours of statistics with a written budget of false alarms."""
    set_up("work")
    python("-m", "verify", *sys.argv[2:])


def task_golden() -> None:
    """Remake the frozen outputs under tests/golden; read the diff before you commit it."""
    set_up("work")
    python("-m", "pytest", "-o", "testpaths=tests", "--remake-golden", "tests/golden")


def task_scoreboard() -> None:
    """Back-test the forecasts on vintages and write docs/scoreboard.md."""
    set_up("work")
    python("-m", "benchmarks.scoreboard", *sys.argv[2:])


TASKS = {name.removeprefix("task_"): task for name, task in list(globals().items()) if name.startswith("task_")}

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in TASKS:
        sys.exit("usage: python dev.py " + "|".join(TASKS))
    TASKS[sys.argv[1]]()
