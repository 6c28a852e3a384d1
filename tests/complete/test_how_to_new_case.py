"""The how-to on new cases: every command in it runs, in its order, as it stands."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from makers.new_case import COUNTS, CROSSINGS, fill_template

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "new-case.md"
ANSWERS = ["A return", "Norland", "Suland", "North Gate", "34.0, 71.0", "", "", "", "2024-03-01", "2024-04-01", ""]
ANSWERS += ["10000", "90000", "Ministry", "Decree", "2024-03-01", "Etc/UTC"]


def test_the_commands_of_the_page_run(tmp_path: Path) -> None:
    """Each line of a shell block ends with 0; `sarai brief` is left to its own tests."""
    (tmp_path / "answers.txt").write_text("\n".join(ANSWERS) + "\n", encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    assert [line.split()[1] for line in lines] == ["new"] * 5 + ["check", "check", "add", "brief"]
    environment = {**os.environ, "SARAI_CACHE": str(tmp_path / "cache")}
    for line in lines[1:-1]:
        words, _, answers = line.partition(" < ")
        if line.endswith("--from my-case.xlsx"):  # what the page asks the reader to do between two commands
            (tmp_path / "my-case.xlsx").unlink()
            fill_template(tmp_path / "my-case.xlsx", Crossings=CROSSINGS, Counts=COUNTS)
        done = subprocess.run(
            [sys.executable, "-m", *shlex.split(words)],
            input=(tmp_path / answers).read_text(encoding="utf-8") if answers else "",
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=environment,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stderr}"
    checked = subprocess.run(
        [sys.executable, "-m", "sarai", "check", "my-case"], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert "1 reports in 1 series" in checked.stdout, checked.stdout + checked.stderr
