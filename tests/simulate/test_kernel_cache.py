"""Kept kernels are stamped with every source that they may call."""

from pathlib import Path

from benchmarks import draws

from sarai.simulate import kernel_cache
from sarai.simulate.kernel_cache import folder_digest
from sarai.simulate.returns_kernel import run_block


def test_a_change_in_any_source_of_the_folder_changes_the_stamp(tmp_path: Path) -> None:
    """Contents and names both count; other files do not."""
    (tmp_path / "a.py").write_text("x = 1\n")
    (tmp_path / "b.py").write_text("y = 1\n")
    folder_digest.cache_clear()
    before = folder_digest(tmp_path)
    (tmp_path / "notes.txt").write_text("nothing")
    folder_digest.cache_clear()
    assert folder_digest(tmp_path) == before
    (tmp_path / "b.py").write_text("y = 2\n")
    folder_digest.cache_clear()
    assert folder_digest(tmp_path) != before


def test_the_kernel_of_the_law_has_that_stamp() -> None:
    """The largest kernel, which calls into most files, is kept under the stamp of the whole room."""
    stamp = run_block._cache._cache_file._source_stamp
    assert stamp == folder_digest(kernel_cache.ENGINE) * 2


def test_a_kernel_outside_sarai_has_that_stamp_too() -> None:
    """What a benchmark times is the engine as it stands, not as it stood when the benchmark was first compiled."""
    stamp = draws.draw_rows._cache._cache_file._source_stamp
    assert stamp == folder_digest(Path(draws.__file__).parent) + folder_digest(kernel_cache.ENGINE)
