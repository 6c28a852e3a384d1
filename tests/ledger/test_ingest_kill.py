"""A seeded sample of the claim in verify/claim_ingest_kill.py, and a planted fault that it must catch."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CLAIM = (sys.executable, "-m", "verify.claim_ingest_kill")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL and fork are not there")


def test_killed_ingest_leaves_all_of_a_file_or_none() -> None:
    """Six kills at random moments: every acknowledged file is whole, no file is half in, the ledger replays."""
    done = subprocess.run([*CLAIM, "6", "7"], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_careless_writing_is_caught() -> None:
    """When tables are written in place, twenty kills find it, and stop at the first that does."""
    done = subprocess.run([*CLAIM, "20", "7", "planted"], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "kill" in done.stdout
