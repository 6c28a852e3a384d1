"""Invented emergencies, ingested from files as published: what is read is what was meant, and the picture is true."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from makers.emergencies import EMERGENCIES, Emergency, chad_like, syria_like, two_borders
from makers.grouped import GROUPED, from_tajikistan, to_cambodia, to_sudan
from makers.published import PUBLISHED, from_angola, from_colombia, from_iran, to_myanmar, to_syria
from makers.rounds import ROUNDS, to_burundi, to_haiti, to_ukraine, to_zimbabwe
from sarai.observe.case_folder import load_case
from sarai.observe.ingest import Request, ingest_files
from sarai.observe.mapping import parse_mapping
from sarai.reconcile.audit import audit
from sarai.reconcile.reconcile import reconcile
from sarai.world.civil import day_number
from sarai.world.decision import Decision
from sarai.world.world import World


def read_emergency(made: Emergency, folder: Path) -> World:
    """The case after all its files were ingested, as known on its last day."""
    made.write_case(folder)
    source = {"source_id": "agency", "publisher": "Agency", "title": "Updates", "published": f"{made.last}"}
    for file in made.files:
        path = folder.parent / file.name
        path.write_bytes(file.data)
        mapping = parse_mapping("m.yaml", {"source": source, **file.mapping})
        request = Request(files=(path,), mapping=mapping, known=made.last, today=date(2040, 1, 1))
        ingest_files(folder, request, check_case=lambda _: [])
    return load_case(str(folder)).as_of(made.last)


# ten days of families in the column of persons are to be accepted before a curve is drawn
SOUND = {name: make for name, make in {**EMERGENCIES, **PUBLISHED, **GROUPED, **ROUNDS}.items() if name != "myanmar"}


@pytest.mark.parametrize("make", SOUND.values(), ids=SOUND)
def test_the_picture_is_within_a_fifth_of_the_truth(make: Callable[[], Emergency], tmp_path: Path) -> None:
    """Total and days within a fifth, and nine of ten days in their band, with guessed biases."""
    made = make()
    picture = reconcile(read_emergency(made, tmp_path / "case"), 200, 1)
    first = day_number(made.first) - int(picture.days[0])
    flow = picture.flow[first : first + len(made.truth), [picture.crossings.index(name) for name in made.crossings]]
    low, middle, high = np.quantile(flow, (0.05, 0.5, 0.95), axis=2)
    assert abs(np.median(flow.sum(axis=(0, 1))) / made.truth.sum() - 1.0) < 0.2
    assert np.sqrt((np.log(middle / made.truth) ** 2).mean()) < 0.2
    assert ((low <= made.truth) & (made.truth <= high)).mean() > 0.9


@pytest.mark.parametrize(
    ("make", "kinds"),
    [
        (syria_like, set()),
        (chad_like, {"rebase"}),
        (two_borders, {"dropped_digit"}),
        (from_iran, set()),
        (to_syria, {"dropped_digit"}),
        (from_angola, {"rebase"}),
        (from_colombia, set()),
        (to_myanmar, {"families_as_persons"}),
        (to_cambodia, {"dropped_digit", "rebase"}),
        (to_sudan, set()),
        (from_tajikistan, {"out_of_order"}),
        (to_haiti, set()),
        (to_ukraine, {"dropped_digit"}),
        (to_burundi, {"rebase"}),
        (to_zimbabwe, set()),
    ],
)
def test_audit_finds_what_was_put_in_and_nothing_else(
    make: Callable[[], Emergency], kinds: set[str], tmp_path: Path
) -> None:
    """The rebase and the dropped digit, untold."""
    assert {finding.kind for finding in audit(read_emergency(make(), tmp_path / "case"))} == kinds


def test_the_picture_is_true_once_families_are_accepted_as_such(tmp_path: Path) -> None:
    """One finding names the ten reports; with the line that it gives, total and days are right, and it is gone."""
    made = to_myanmar()
    world = read_emergency(made, tmp_path / "case")
    (finding,) = audit(world)
    decision = Decision(
        finding=finding.kind, reports=finding.reports, action="use_unit", value="families", why="families in its place",
        by="information officer, field office", known=made.first,
    )  # fmt: skip
    mended = replace(world, decisions=(decision,))
    picture = reconcile(mended, 200, 1)
    first = day_number(made.first) - int(picture.days[0])
    middle = np.median(picture.flow[first : first + len(made.truth)], axis=2)
    assert len(finding.reports) == 10
    assert abs(middle.sum() / made.truth.sum() - 1.0) < 0.1
    assert np.sqrt((np.log(middle[:, ::-1] / made.truth) ** 2).mean()) < 0.15
    assert audit(mended) == ()


def test_a_column_may_count_several_crossings(tmp_path: Path) -> None:
    """A header such as "Torkham + Spin Boldak" is a scope of two crossings."""
    made = two_borders()
    world = read_emergency(made, tmp_path / "case")
    assert {item.crossing for item in world.reports if item.series == "monitor"} == {
        "chaman+torkham",
        "islam_qala+milak",
    }


def test_totals_headed_since_a_day_are_running_totals(tmp_path: Path) -> None:
    """Everybody and the deported since a day are totals since that day, though no word says cumulative."""
    world = read_emergency(from_tajikistan(), tmp_path / "case")
    guards = [item for item in world.reports if item.series == "guards"]
    assert {(item.kind, item.cumulative, item.start) for item in guards} == {
        ("return_all", True, date(2036, 5, 21)),
        ("deported", True, date(2036, 5, 21)),
    }


def test_a_kind_that_one_office_counts_has_the_share_of_its_counts(tmp_path: Path) -> None:
    """Three of five people are deported, by the office that counts them beside two that count everybody."""
    picture = reconcile(read_emergency(to_haiti(), tmp_path / "case"), 200, 1)
    share = np.median(picture.kind_share[:, :, 0], axis=2)
    assert 0.45 < np.median(share) < 0.75


def test_what_a_publisher_revises_is_counted_once(tmp_path: Path) -> None:
    """Six weeks that a later file sets higher: each week enters with its last figure alone."""
    world = read_emergency(to_haiti(), tmp_path / "case")
    weeks = [item for item in world.reports if item.series == "monitor"]
    assert len(weeks) == len({item.start for item in weeks}) == 10
