"""The next briefing beside earlier ones: without them it says what their difference could tell."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from sarai.cli.app import build_app

RUN = CliRunner()


def brief(out: Path, as_of: str, *more: str) -> str:
    """What a small briefing says on standard error."""
    words = ["brief", "teaching", "--as-of", as_of, "--members", "50", "--no-keep", "--out", str(out), *more]
    done = RUN.invoke(build_app(), words)
    assert done.exit_code in (0, 1), done.output
    return done.stderr


def test_a_briefing_beside_others_asks_for_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first says nothing, nor when it is made again; the second asks for --earlier, and is content with it."""
    monkeypatch.setenv("SARAI_CACHE", str(tmp_path / "cache"))
    first, second = tmp_path / "briefings" / "1", tmp_path / "briefings" / "2"
    assert "--earlier" not in brief(first, "2031-04-10")
    assert "--earlier" not in brief(first, "2031-04-10")
    assert f"--earlier {tmp_path / 'briefings'}" in brief(second, "2031-04-11")
    assert "--earlier" not in brief(second, "2031-04-11", "--earlier", str(tmp_path / "briefings"))
