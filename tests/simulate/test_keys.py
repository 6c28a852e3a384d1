"""Keys: stable hashes, days as numbers, alternatives in stable order."""

import datetime as dt
import subprocess
import sys

import pytest

from sarai.simulate.keys import cell_key, day_word, purpose_key, stable_order


def test_cell_keys_are_frozen():
    """The hash of names is part of the scheme: these values were frozen with version 1."""
    assert int(cell_key("leave", "kabul", "undocumented")) == 6_823_511_427_255_327_415
    assert int(purpose_key("departure")) == 6_145_206_494_996_229_783


def test_parts_do_not_run_into_each_other():
    """Where a part ends matters, and so does the order of parts."""
    keys = {
        int(cell_key(*parts))
        for parts in (
            ("a", "bc"),
            ("ab", "c"),
            ("abc",),
            ("a", "b", "c"),
            ("bc", "a"),
            ("a", "bc", ""),
            ("a", "c", "b"),
        )
    }
    assert len(keys) == 7


def test_no_collision_among_a_hundred_thousand():
    """Hundreds of origins, crossings and purposes meet no common key."""
    keys = {int(cell_key("choose", f"origin_{i}", f"crossing_{j}")) for i in range(500) for j in range(200)}
    assert len(keys) == 100_000


def test_another_process_gives_the_same_key():
    """Hash randomisation of Python does not reach the keys."""
    code = "from sarai.simulate.keys import cell_key; print(int(cell_key('leave', 'کابل')))"
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "7"}
    )
    assert int(out.stdout) == int(cell_key("leave", "کابل"))


def test_day_words():
    """Date and ordinal agree, sub-steps follow each other, days never overlap, and what is outside is refused."""
    day = dt.date(2023, 11, 1)
    assert day_word(day) == day.toordinal() * 1024 == day_word(day.toordinal())
    assert day_word(day, 1023) + 1 == day_word(day + dt.timedelta(days=1))
    assert day_word(dt.date.max, 1023) < day_word(2**22 - 1, 1023) == 2**32 - 1
    for bad in ((-1, 0), (2**22, 0), (day, -1), (day, 1024)):
        with pytest.raises(ValueError, match="outside"):
            day_word(*bad)


def test_stable_order():
    """Order of the list does not matter; what was added comes last, whatever its name; faults are refused."""
    assert [["c", "a", "b"][i] for i in stable_order(["c", "a", "b"])] == ["a", "b", "c"]
    assert [["c", "a", "b"][i] for i in stable_order(["c", "a", "b"], added=["a"])] == ["b", "c", "a"]
    with pytest.raises(ValueError, match="twice"):
        stable_order(["a", "a"])
    with pytest.raises(ValueError, match="not in the list"):
        stable_order(["a"], added=["z"])
