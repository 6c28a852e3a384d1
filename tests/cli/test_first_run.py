"""A first run compiles its kernels in two processes, once; where they cannot be kept it says so and runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sarai.cli import warm
from sarai.simulate import kernel_cache

MAIN_JOB = """
from sarai.brief import brief
from sarai.cli.warm import compile_engine, compile_evidence
from sarai.observe.case_folder import load_case
from sarai.simulate.kernel import Kernel

compiled, fetch = [], Kernel.compile
Kernel.compile = lambda kernel, kinds: compiled.append(kernel.py_func.__qualname__) or fetch(kernel, kinds)
compile_engine()
compile_evidence()
assert len(compiled) > 20, compiled
compiled.clear()
loaded = load_case("teaching")
brief(loaded, loaded.last_known(), horizon_days=2, member_count=2)
print(compiled)
"""


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Calls of what compiles, which compiles nothing here."""
    calls: list[str] = []
    monkeypatch.setattr(warm, "compile_all", lambda: calls.append("compiled"))
    return calls


def test_nothing_is_compiled_where_kernels_are_kept(
    counted: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A later run says and does nothing."""
    monkeypatch.setattr(kernel_cache, "is_kept", lambda *_: True)
    warm.ready_kernels()
    assert not counted
    assert not capsys.readouterr().err


def test_a_missing_kernel_is_compiled_with_one_line(
    counted: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One of the two is enough."""
    monkeypatch.setattr(kernel_cache, "is_kept", lambda folder, _: folder.name == "simulate")
    warm.ready_kernels()
    assert counted == ["compiled"]
    assert capsys.readouterr().err.splitlines() == [
        "Compiling the kernels for this machine (once; about ten seconds) ..."
    ]


def test_without_a_place_to_keep_kernels_it_says_so(
    counted: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two processes would share nothing: the run goes on alone."""
    monkeypatch.setattr(kernel_cache.caching.CacheImpl, "_locator_classes", [])
    warm.ready_kernels()
    assert not counted
    assert "NUMBA_CACHE_DIR" in capsys.readouterr().err


def test_a_kernel_is_kept_until_a_source_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Known by its stamp: a kernel kept for other sources is none."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr("numba.core.config.CACHE_DIR", str(tmp_path))
    folder = kernel_cache.ENGINE
    place = kernel_cache.find_place(folder)
    assert place is not None
    assert Path(place.get_cache_path()).parent == tmp_path
    assert not kernel_cache.is_kept(folder, "philox.uniform")
    index = kernel_cache.caching.IndexDataCacheFile(
        place.get_cache_path(), "philox.uniform-1.py", place.get_source_stamp()
    )
    index._save_index({"a signature": "a file"})
    assert kernel_cache.is_kept(folder, "philox.uniform")
    assert not kernel_cache.is_kept(folder, "philox.uni")
    monkeypatch.setattr(kernel_cache, "folder_digest", lambda _: b"another")
    assert not kernel_cache.is_kept(folder, "philox.uniform")


def test_the_main_job_needs_no_kernel_that_was_not_compiled_ahead() -> None:
    """A briefing, its reconciliation, calibration and simulation find all kernels that they call."""
    done = subprocess.run([sys.executable, "-c", MAIN_JOB], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr
