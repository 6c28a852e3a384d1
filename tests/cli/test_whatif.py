"""The verb `whatif`: what it refuses before it runs, and how it says where a fault is."""

from __future__ import annotations

import subprocess
import sys


def ask(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the verb."""
    return subprocess.run(
        [sys.executable, "-m", "sarai", "whatif", *words], capture_output=True, text=True, check=False
    )


def test_with_nothing_to_compare_it_says_what_to_give() -> None:
    """A table of zeros answers no question."""
    done = ask("teaching", "--as-of", "2031-04-08")
    assert done.returncode == 2
    assert "nothing to compare" in done.stderr and "--set" in done.stderr
    assert done.stdout == ""


def test_a_path_is_not_called_a_column_and_its_mend_can_be_typed() -> None:
    """The fault names the path as it was written; the example lies ahead of the as-of date of this case."""
    done = ask("teaching", "--as-of", "2031-04-08", "--set", "calendar.decree.deadline=2031-02-01")
    assert done.returncode == 2
    assert done.stderr.startswith("calendar.decree.deadline: the day has passed")
    assert "for example calendar.decree.deadline=2031-" in done.stderr
