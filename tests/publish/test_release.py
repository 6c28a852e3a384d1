from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from verify.claim_disclosure import moving_briefings

from makers.releases import (
    CROSSINGS,
    KINDS,
    START,
    STATUSES,
    THRESHOLD,
    careless_days,
    publish_days,
    sparse_counts,
)
from sarai.publish.attack import attack, read_releases
from sarai.publish.grid import ALL, UNTOLD, Key, day_windows, fold_days, release_keys
from sarai.publish.holding_back import protect
from sarai.publish.release import RELEASE_FILE, Release, ReleasedCell, make_release, parse_release, span_grid
from sarai.world.errors import RequestError


def test_two_weeks_of_briefings_give_no_small_figure_away() -> None:
    """Daily releases with a fifth of small figures keep nine in ten of the others and let the attacker recover none."""
    releases, whole, small, lost = publish_days(sparse_counts(14))
    assert small >= 0.2 * whole
    assert lost <= 0.1 * (whole - small)
    assert attack(releases).recovered == ()


@pytest.mark.parametrize("memory", [None, 5])
def test_no_release_is_too_old_to_be_held_against(memory: int | None) -> None:
    """Three weeks give nothing away; where each release is held against five earlier ones only, later sums since the
    start narrow what older ones hid, and the attacker finds some."""
    releases, *_ = publish_days(sparse_counts(20, 2, (2, 1, 2)), memory)
    assert bool(attack(releases).recovered) == (memory is not None)


def test_the_attacker_finds_what_a_careless_release_gives_away() -> None:
    """With small figures hidden and nothing else done, the attacker recovers some: its silence means something."""
    counts = sparse_counts(1)
    found = attack(careless_days(counts))
    assert found.recovered
    for item in found.recovered:
        names = zip((CROSSINGS, STATUSES, KINDS), (item.cell.crossing, item.cell.status, item.cell.kind), strict=True)
        picks = [range(len(axis)) if name == "all" else [axis.index(name)] for axis, name in names]
        assert item.low - 1e-6 <= counts[0][np.ix_(*picks)].sum() <= item.high + 1e-6


def test_exact_figures_force_a_second_cell_in_the_line() -> None:
    """With figures printed to the person, one small cell in a line takes another one with it."""
    grid = span_grid(START, START, [(START, START)], ("a", "b", "c"), ("s",), ("k",))
    keys = release_keys(grid, [(START, START)])
    counts = np.array([3.0, 500.0, 40.0])
    _, _, hidden = protect(grid, keys, counts, THRESHOLD, steps=np.ones(len(keys)))
    gone = {key.crossing for key, hide in zip(keys, hidden, strict=True) if hide}
    assert "a" in gone and len(gone) == 2


def test_a_difference_of_two_days_does_not_give_a_day_away() -> None:
    """Today's running total less yesterday's is today's small count; so one of the two is held back or coarse."""
    counts = np.zeros((3, 1, 1, 1))
    counts[:, 0, 0, 0] = [5000.0, 800.0, 4.0]
    releases: list[Release] = []
    for day in range(1, 4):
        as_of = START + timedelta(days=day - 1)
        windows = day_windows(START, as_of)
        grid = span_grid(START, as_of, windows, ("a",), ("s",), ("k",), earlier=releases)
        keys = release_keys(grid, windows)
        base = fold_days(grid, START, counts[:day])
        values, steps, hidden = protect(grid, keys, base, THRESHOLD, steps=np.ones(len(keys)), earlier=releases)
        releases.append(
            make_release(grid, keys, values, steps, hidden, as_of=as_of, record_id="x", threshold=THRESHOLD)
        )
    assert attack(releases).recovered == ()
    assert any(cell.value is None and cell.first != cell.last for cell in releases[-1].cells)


def test_revised_estimates_are_attacked_one_by_one_and_together() -> None:
    """Releases that contradict each other cannot be subtracted exactly; the attack says so and allows for a share."""
    releases, *_ = publish_days(sparse_counts(2))
    other, *_ = publish_days(sparse_counts(2, seed=4))
    found = attack([releases[0], other[1]])
    assert found.revised and found.release_count == 2 and found.drift > 0.0


def test_revised_figures_still_give_away_what_they_differ_by() -> None:
    """Two days printed to the person whose estimates moved by two: neither alone tells the small day, both do."""
    days = [START, START + timedelta(days=1)]
    cells = [
        ReleasedCell(first=days[0].isoformat(), last=last.isoformat(), crossing="a", status=UNTOLD, kind=UNTOLD,
                     value=value, step=1.0)
        for last, value in zip(days, (800.0, 806.0), strict=True)
    ]  # fmt: skip
    small = replace(cells[0], first=days[1].isoformat(), last=days[1].isoformat(), value=None, step=0.0)
    earlier = Release(as_of=days[0].isoformat(), record_id="x", threshold=THRESHOLD, cells=(cells[0],))
    again = replace(cells[0], value=803.0)
    later = Release(as_of=days[1].isoformat(), record_id="y", threshold=THRESHOLD, cells=(cells[1], again, small))
    found = attack([earlier, later])
    assert found.revised and found.drift < 0.01
    assert [item.cell for item in found.recovered] == [small]
    alone = replace(later, cells=(cells[1], small))
    assert attack([alone]).recovered == () and attack([earlier, alone]).recovered != ()


def test_what_tells_nothing_gives_nothing_away() -> None:
    """A release in which everything is held back bounds nobody: the attacker has no figure to start from."""
    release = publish_days(sparse_counts(1))[0][0]
    empty = replace(release, cells=tuple(replace(cell, value=None, step=0.0) for cell in release.cells))
    assert attack([empty]).recovered == ()


def test_estimates_that_move_every_day_give_nothing_away() -> None:
    """Twelve releases of estimates that are revised daily: three attackers work out none, nine in ten are kept."""
    assert moving_briefings(4, 12, False) == 1.0


def test_the_attackers_of_moving_estimates_find_what_is_there() -> None:
    """Releases in fine steps that no earlier one is held against are worked out: silence elsewhere means something."""
    assert moving_briefings(4, 12, True) == 0.0


def test_a_release_reads_back_as_it_was_written(tmp_path: object) -> None:
    """Text and value agree, so that a later briefing holds itself against what was really said."""
    releases, *_ = publish_days(sparse_counts(1))
    assert parse_release(releases[0].to_json()) == releases[0]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": 2, "cells": []}', '{"schema": 1, "cells": [{}]}'])
def test_what_is_no_release_is_refused(text: str) -> None:
    """A file of another kind or version is named, not guessed at."""
    with pytest.raises(RequestError, match=RELEASE_FILE):
        parse_release(text)


def test_a_folder_without_releases_is_refused(tmp_path: object) -> None:
    """There is nothing to attack in an empty folder, and that is an error and not a success."""
    from pathlib import Path

    with pytest.raises(RequestError):
        read_releases(Path(str(tmp_path)))


def test_a_figure_of_several_crossings_is_held_against_the_others() -> None:
    """The border, less two crossings that a source counts together, is the third: not all of these may be told."""
    day = date(2031, 1, 1)
    names = ("bridge", "ford", "pass")
    grid = span_grid(day, day, [(day, day)], names, (UNTOLD,), (UNTOLD,))
    assert grid.row(day, day, "bridge+pass", ALL, ALL).tolist() == [0, 2]
    assert grid.row(day, day, "bridge+well", ALL, ALL) is None
    keys = [Key(first=day, last=day, crossing=name, status=ALL, kind=ALL) for name in (ALL, "bridge+ford", *names)]
    counts = np.array([1_000.0, 400.0, 4.0])
    values, steps, hidden = protect(grid, keys, counts, 10.0, steps=np.full(5, 1.0))
    release = make_release(grid, keys, values, steps, hidden, as_of=day, record_id="x", threshold=10.0)
    assert hidden[4] and hidden[:2].any()
    assert attack([release]).recovered == ()
    careless = replace(release, cells=tuple(
        cell if cell.crossing == "pass" else replace(cell, value=value, step=1.0)
        for cell, value in zip(release.cells, values.tolist(), strict=True)
    ))  # fmt: skip
    assert [item.cell.crossing for item in attack([careless]).recovered] == ["pass"]


def test_a_release_is_held_against_although_one_of_its_figures_moved() -> None:
    """Estimates move: of each earlier release one figure no longer fits. What the others tell is still known.

    Printed in twenties; where a release was left out for one figure, this attacker told 62 of 376 figures.
    """
    counts = sparse_counts(12, 2, (2, 1, 2))
    releases: list[Release] = []
    for day in range(1, len(counts) + 1):
        as_of = START + timedelta(days=day - 1)
        windows = day_windows(START, as_of)
        grid = span_grid(START, as_of, windows, CROSSINGS[:2], STATUSES[:1], KINDS, earlier=releases)
        keys, base = release_keys(grid, windows), fold_days(grid, START, counts[:day])
        steps, earlier = np.full(len(keys), 20.0), [moved(release) for release in releases]
        told = protect(grid, keys, base, THRESHOLD, steps=steps, earlier=earlier)
        releases.append(make_release(grid, keys, *told, as_of=as_of, record_id=f"r{day}", threshold=THRESHOLD))
    assert attack([without_largest(release) for release in releases]).recovered == ()


def moved(release: Release) -> Release:
    """The same release with its largest figure a hundred steps away."""
    top = largest(release)
    if top is None:
        return release
    far = replace(top, value=(top.value or 0.0) + 100 * top.step)
    return replace(release, cells=tuple(far if cell == top else cell for cell in release.cells))


def without_largest(release: Release) -> Release:
    """The same release without its largest figure."""
    return replace(release, cells=tuple(cell for cell in release.cells if cell != largest(release)))


def largest(release: Release) -> ReleasedCell | None:
    """The figure of most persons that a release shows; None where it shows none."""
    shown = (cell for cell in release.cells if cell.value is not None)
    return max(shown, key=lambda cell: cell.value or 0.0, default=None)
