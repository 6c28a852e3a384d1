"""What `Case.as_of` keeps, and that nothing known later can be felt."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from makers.folder import SMALLEST_YAML, delete_later, smallest_case
from sarai.observe.case_folder import built_in_cases, case_from_files, find_case, load_case, read_files
from sarai.observe.case_writer import snapshot
from sarai.world.calendar import Wave, WaveChange
from sarai.world.case import Case, apply_changes
from sarai.world.errors import RequestError
from sarai.world.place import Basis

DAYS = ("2010-01-01", "2023-09-14", "2023-10-03", "2023-10-28", "2023-11-03", "2023-12-01", "2024-04-26", "2025-02-01")
WAVE = Wave(
    id="w",
    title="w",
    announced=date(2030, 3, 1),
    deadline=date(2030, 3, 31),
    enforcement=date(2030, 4, 2),
    deadline_first=date(2030, 3, 31),
    statuses=(),
)


@pytest.fixture(scope="module")
def reference() -> Case:
    """The reference case."""
    return load_case("pakistan-2023")


def files_of(name: str) -> dict[str, bytes]:
    """The files of a built-in case."""
    return {file: data for file, data in read_files(find_case(name)[1]).items() if isinstance(data, bytes)}


@pytest.mark.parametrize("name", built_in_cases())
@pytest.mark.parametrize("part", [0.0, 0.1, 0.35, 0.6, 0.9])
def test_deleting_everything_known_later_changes_nothing(name: str, part: float) -> None:
    """A world is the same, and so is every byte of its snapshot, when all that was known later is deleted."""
    case = load_case(name)
    knowns = sorted({row.known for row in case.reports} | {row.known for row in case.events})
    on = knowns[int(part * len(knowns))] - timedelta(days=int(part == 0.0))
    before = case.as_of(on)
    after = case_from_files(name, delete_later(files_of(name), on)).as_of(on)
    assert after == before
    assert snapshot(after) == snapshot(before)
    rebuilt = case_from_files(name, {file: text.encode() for file, text in snapshot(before).items()})
    assert rebuilt.as_of(on) == before


@pytest.mark.parametrize("day", DAYS)
def test_deletion_changes_nothing_on_days_that_matter(reference: Case, day: str) -> None:
    """The same on the days on which the reference case turns."""
    on = date.fromisoformat(day)
    after = case_from_files("pakistan-2023", delete_later(files_of("pakistan-2023"), on)).as_of(on)
    assert after == reference.as_of(on)


def test_deletion_is_felt_on_the_day_after(reference: Case) -> None:
    """The test above can fail: the same deletion does change the world of a later day."""
    on = date(2023, 10, 28)
    later = on + timedelta(days=30)
    assert case_from_files("pakistan-2023", delete_later(files_of("pakistan-2023"), on)).as_of(
        later
    ) != reference.as_of(later)


def test_nothing_in_a_world_is_known_later(reference: Case) -> None:
    """No report, event, fact, estimate, regime or item of a world carries a later `known`."""
    on = date(2023, 11, 15)
    world = reference.as_of(on)
    rows = [*world.reports, *world.calendar.events, *world.facts, *world.estimates, *world.series]
    items = [*world.strata, *world.routes, *world.stages, *world.routing, *world.holding, *world.crossings]
    items += [*world.calendar.waves, *world.calendar.closures, *world.settings.values(), *world.destination_shares]
    assert max(row.known for row in rows) <= on
    assert max(item.basis.known for item in items) <= on


def test_a_snapshot_rebuilds_an_equal_world(reference: Case) -> None:
    """Reading the snapshot of a world and going to the same day gives the same world."""
    for day in DAYS:
        world = reference.as_of(date.fromisoformat(day))
        files = {name: text.encode() for name, text in snapshot(world).items()}
        assert case_from_files(world.name, files).as_of(world.as_of) == world


def test_a_snapshot_of_the_smallest_case_rebuilds_it() -> None:
    """Defaults survive the round trip, with the assumptions that they stand on."""
    world = case_from_files("small", smallest_case()).as_of(date(2030, 3, 20))
    files = {name: text.encode() for name, text in snapshot(world).items()}
    assert case_from_files("small", files).as_of(world.as_of) == world
    assert any(line.startswith("A6: ") for line in world.assumptions)


def test_the_order_of_rows_changes_nothing() -> None:
    """Rows may stand in any order: ids come from content and everything is sorted."""
    files = smallest_case()
    head, *rows = files["observations.csv"].decode().splitlines()
    turned = {**files, "observations.csv": "\n".join([head, *reversed(rows)]).encode()}
    day = date(2030, 4, 1)
    assert case_from_files("small", turned).as_of(day) == case_from_files("small", files).as_of(day)


def test_the_last_known_entry_holds(reference: Case) -> None:
    """Of several entries for one thing the world has the last one known on the day."""
    hours = [
        next(c for c in reference.as_of(date(2023, 11, day)).crossings if c.place_id == "torkham") for day in (2, 3, 4)
    ]
    assert [(h.closes_hour, h.desks) for h in hours] == [(17.0, 30.0), (23.0, 30.0), (23.0, 90.0)]


def test_an_extension_moves_deadline_and_enforcement() -> None:
    """A change moves the deadline, keeps the first one, and enforcement keeps its distance unless it says otherwise."""
    first = WaveChange(wave="w", deadline=date(2030, 4, 30), basis=Basis(known=date(2030, 3, 20)))
    second = WaveChange(wave="w", withdrawn=True, basis=Basis(known=date(2030, 4, 20)))
    other = WaveChange(wave="x", deadline=date(2031, 1, 1), basis=Basis(known=date(2030, 3, 1)))
    moved = apply_changes(WAVE, [second, other, first])
    assert (moved.deadline, moved.enforcement) == (date(2030, 4, 30), date(2030, 5, 2))
    assert (moved.deadline_first, moved.enforcement_first) == (date(2030, 3, 31), date(2030, 4, 2))
    assert moved.extensions == (date(2030, 4, 30),)
    assert moved.withdrawn
    assert moved.changes == (first, second)


def test_a_deadline_set_after_a_phase_was_called_off_puts_it_in_force_again() -> None:
    """The later decision holds; the deadline was moved and the phase stayed called off, without a word."""
    off = WaveChange(wave="w", withdrawn=True, basis=Basis(known=date(2030, 4, 20)))
    again = WaveChange(wave="w", deadline=date(2030, 6, 30), basis=Basis(known=date(2030, 5, 2)))
    wave = apply_changes(WAVE, [off, again])
    assert not wave.withdrawn and wave.deadline == date(2030, 6, 30)
    assert apply_changes(WAVE, [again, replace(off, basis=Basis(known=date(2030, 5, 9)))]).withdrawn


def test_a_regime_ends_when_the_next_known_one_begins(reference: Case) -> None:
    """On 12 November the government series had one regime without an end; on 1 December it had three."""
    early = [r for r in reference.as_of(date(2023, 11, 12)).series if r.series == "gop_media"]
    late = [r for r in reference.as_of(date(2023, 12, 1)).series if r.series == "gop_media"]
    assert [r.end for r in early] == [None]
    assert [r.end for r in late] == [date(2023, 11, 1), date(2023, 11, 27), None]


def test_sources_are_kept_only_where_something_cites_them(reference: Case) -> None:
    """A source that only later rows cite is not in the world."""
    world = reference.as_of(date(2023, 10, 28))
    assert "urdupoint_231104" not in world.sources
    assert "dawn_1784360" in world.sources
    cited = {row.source_id for row in world.reports}
    assert cited <= set(world.sources)


def test_a_total_population_is_spread_and_adds_up() -> None:
    """A population that is one range becomes strata that add up to it."""
    world = case_from_files("small", smallest_case()).as_of(date(2030, 3, 20))
    assert sum(s.low_persons for s in world.strata) == 100_000
    assert sum(s.high_persons for s in world.strata) == 300_000


def test_a_crossing_that_opens_later_is_not_felt_before() -> None:
    """A place with a later `known` leaves no trace in earlier worlds, not even in the scope of a series."""
    later = "- id: south_gate\n    known: 2030-03-07"
    files = smallest_case(case=SMALLEST_YAML.replace("- id: south_gate", later))
    files["series.csv"] = (
        b"series,from,to,publisher,scope,keeping,known\n"
        b"post_daily,2030-03-01,,Post,all,differences,2030-03-06\n"
        b"ministry_total,2030-03-01,,Ministry,all,levels,2030-03-11\n"
    )
    early, late = date(2030, 3, 6), date(2030, 3, 7)
    case = case_from_files("small", files)
    assert [c.place_id for c in case.as_of(early).crossings] == ["north_gate"]
    assert case.as_of(early).series[0].scope == ("north_gate",)
    assert case_from_files("small", delete_later(files, early)).as_of(early) == case.as_of(early)
    assert case.as_of(late).series[0].scope == ("north_gate", "south_gate")


@pytest.mark.parametrize("day", [date.min, date.max])
def test_a_day_out_of_range_is_a_request_that_makes_no_sense(reference: Case, day: date) -> None:
    """Days outside 1900 to 2199 are refused with a sentence."""
    with pytest.raises(RequestError):
        reference.as_of(day)


def test_before_anything_is_known_a_world_still_stands(reference: Case) -> None:
    """Long before the first report there are places and wide ranges, and no report, wave or closure."""
    world = reference.as_of(date(2001, 1, 1))
    assert not world.reports and not world.calendar.waves and not world.calendar.closures
    assert world.strata and world.routes and world.crossings


@pytest.mark.parametrize(
    ("day", "start"), [("2022-06-01", "2022-05-04"), ("2023-09-20", "2023-08-23"), ("2024-01-01", "2023-09-15")]
)
def test_a_world_begins_at_least_four_weeks_before_its_day(reference: Case, day: str, start: str) -> None:
    """A day before or just after the first day of a case still has a past to be simulated."""
    assert reference.as_of(date.fromisoformat(day)).start == date.fromisoformat(start)


def test_the_reference_has_the_size_that_was_asked_for(reference: Case) -> None:
    """7 origins x 4 statuses, 5 crossings, 6 sites or more, 34 destinations, and shares that sum to 1."""
    world = reference.as_of(date(2023, 10, 28))
    sizes = [len(world.places_of(kind)) for kind in ("origin", "crossing", "destination")]
    assert sizes == [7, 5, 34]
    assert len(world.places_of("site")) >= 6
    assert len(world.strata) == 28
    assert all(place.lat is not None and place.lon is not None for place in world.places.values())
    for crossing in world.places_of("crossing"):
        shares = [s.share for s in world.destination_shares if s.crossing == crossing.id]
        assert sum(shares) == pytest.approx(1)


def test_as_of_twice_is_as_of_once(reference: Case) -> None:
    """Seeing a case on the same day twice gives equal worlds."""
    day = date(2023, 11, 20)
    assert reference.as_of(day) == replace(reference).as_of(day)


def test_a_case_without_reports_runs_on_the_day_of_its_publication(reference: Case) -> None:
    """With no report, event or order, a run is of the day of the last publication; with no day at all it is refused."""
    bare = replace(reference, reports=(), events=(), waves=(), start=None)
    published = [source.published for source in reference.sources if source.published is not None]
    assert bare.last_known() == max(published)
    with pytest.raises(RequestError, match="nothing in this case has a day"):
        replace(bare, sources=()).last_known()
