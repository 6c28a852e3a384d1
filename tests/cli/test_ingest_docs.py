"""The page on ingest: its files are written, its commands are run in order, each ends as the page says."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "ingest.md"
BLOCK = re.compile(r'```(\w+)(?: title="([^"]+)")?(?: exit=(\d))?\n(.*?)```', re.DOTALL)


def test_every_command_of_the_page_ends_as_it_says(tmp_path: Path) -> None:
    """From the copy of the case to the export, with the page's own files."""
    run = 0
    for language, title, code, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if title:
            (tmp_path / title).write_text(text, encoding="utf-8")
        if language != "console":
            continue
        for line in text.splitlines():
            words = shlex.split(line.removeprefix("$ sarai "))
            done = subprocess.run(
                [sys.executable, "-m", "sarai", *words], capture_output=True, text=True, cwd=tmp_path, check=False
            )
            assert done.returncode == int(code or 0), f"{line}\n{done.stdout}{done.stderr}"
            assert "Traceback" not in done.stderr
            run += 1
    assert run >= 14
