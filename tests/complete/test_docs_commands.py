"""Every command that the tutorial and the pages on questions show is run as it is written."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("docs/tutorial.md", "docs/how-to/what-if.md")
FENCE = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def commands_of(page: str) -> list[str]:
    """The commands in the page's shell blocks, in order."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return [line for block in FENCE.findall(text) for line in block.splitlines() if line.startswith("sarai ")]


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_a_page_run_in_order(page: str, tmp_path: Path) -> None:
    """A reader who types what the page says gets an answer each time; few members keep the test short."""
    commands = commands_of(page)
    assert len(commands) >= 3
    environment = {**os.environ, "SARAI_MEMBERS": "20"}
    for command in commands:
        words = [sys.executable, "-m", "sarai", *shlex.split(command)[1:]]
        done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode in (0, 1), f"{command}\n{done.stderr[-2000:]}"
        assert done.stdout or done.stderr, command


def test_readme_names_only_verbs_that_exist() -> None:
    """The README shows no verb that the command does not have."""
    import typer.main

    from sarai.cli.app import build_app

    verbs = set(typer.main.get_command(build_app()).commands)  # type: ignore[attr-defined]
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"^sarai (\w+)", text, re.MULTILINE))
    assert shown <= verbs


def test_links_between_pages_lead_somewhere() -> None:
    """No page of the documentation links to a page that is not there."""
    broken = []
    for page in (ROOT / "docs").rglob("*.md"):
        for target in re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)} -> {target}")
    assert broken == []
