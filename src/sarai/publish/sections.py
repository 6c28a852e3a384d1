"""The sections of a briefing, each written from its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sarai.publish.ahead import destination_table, place_label, queue_table, week_table
from sarai.publish.allowed import allowed_tables
from sarai.publish.briefing import Briefing
from sarai.publish.changes import change_sentences, fared_sentences, fared_table
from sarai.publish.charts import Figure
from sarai.publish.confidential import confidential_tables
from sarai.publish.disclosure import Shown
from sarai.publish.gallery import load_figures, map_figure, queue_figures, rival_figures, uncharted, unplaced
from sarai.publish.past import crossing_table, find_windows, publisher_table, silent_crossings, status_table
from sarai.publish.pressure import unknown_capacities
from sarai.publish.profile import profile_table, unknown_groups
from sarai.publish.protection import protection_tables
from sarai.publish.reception import load_table, need_overview, need_table, standard_table
from sarai.publish.release import Release
from sarai.publish.section import Section, present
from sarai.publish.standing import (
    LIMITS,
    METHODS,
    assumption_table,
    model_sentences,
    series_table,
    source_table,
)
from sarai.publish.told import told_kinds
from sarai.publish.whatif import scenario_tables
from sarai.publish.words import Words, sentence
from sarai.reconcile.picture import KINDS


def briefing_sections(
    words: Words, briefing: Briefing, *, earlier: Sequence[Release], cells: Shown, charts: Sequence[Figure]
) -> tuple[Section, ...]:
    """Every section in the order of the page: what changed first, what it stands on last.

    earlier   releases of earlier briefings, oldest first
    cells     what of the past may be shown
    charts    figures of the crossings but for the one on the first page
    """
    return (
        _changes(words, briefing, earlier, cells), _crossings(words, briefing, cells), _people(words, briefing),
        _ahead(words, briefing, charts), _map(words, briefing), _sites(words, briefing), _needs(words, briefing),
        *_whatif(words, briefing), _protection(words, briefing, cells), _fared(words, briefing, cells),
        _rivals(words, briefing, cells), *_asked(words, briefing),
        _standing(words, briefing),
    )  # fmt: skip


def _crossings(words: Words, briefing: Briefing, cells: Shown) -> Section:
    picture, world = briefing.picture, briefing.world
    silent = [place_label(words, world, name) for name in silent_crossings(world, picture)]
    if not world.reports:
        return Section(id="crossings", title=words.say("section_crossings"),
                       paragraphs=(words.say("past_not_counted"),))  # fmt: skip
    said = [words.say("silent_crossings", places=words.listing(silent))] if silent else []
    untold = [words.say(f"kind_{kind}") for kind in KINDS[:2] if kind not in told_kinds(world)]
    if untold:
        said.append(words.say("untold_kinds", kinds=words.listing(untold)))
    status = (status_table(words, world, picture, window, cells) for window in find_windows(world, picture))
    return Section(
        id="crossings", title=words.say("section_crossings"), paragraphs=(words.say("crossings_text"), *said),
        tables=(crossing_table(words, world, picture, cells),),
        folded=present((*status, publisher_table(words, world, picture))),
    )  # fmt: skip


def _changes(words: Words, briefing: Briefing, earlier: Sequence[Release], cells: Shown) -> Section:
    """What changed since the last briefing, or since a week ago where there was none."""
    before, last = briefing.past.before, _since_last(words, earlier)
    said = []
    if before is not None:
        said = change_sentences(words, briefing.world, briefing.picture, briefing.forecast, before, cells)
    day = earlier[-1].as_of if earlier else "" if before is None else before.as_of
    if not day:
        return Section(id="changes", title=words.say("section_changes"), paragraphs=(words.say("changes_unknown"),))
    heading = "changes_since_briefing" if earlier else "changes_since_week"
    heading = words.say(heading, day=words.day(date.fromisoformat(day), year=True))
    return Section(id="changes", title=words.say("section_changes"), groups=((heading, (*last, *said)),))


def _fared(words: Words, briefing: Briefing, cells: Shown) -> Section:
    table = fared_table(words, briefing.world, briefing.picture, briefing.past, cells)
    text = " ".join(fared_sentences(words, briefing.world, briefing.picture, briefing.past, cells))
    return Section(id="fared", title=words.say("section_fared"), paragraphs=(text,), folded=present((table,)))


def _since_last(words: Words, earlier: Sequence[Release]) -> tuple[str, ...]:
    """What the last briefing gave as the total, so that a reader sees what moved."""
    if not earlier:
        return ()
    totals = [
        cell for cell in earlier[-1].cells
        if (cell.crossing, cell.status, cell.kind) == ("all", "all", "all") and cell.value is not None
    ]  # fmt: skip
    if not totals:
        return ()
    cell = min(totals, key=lambda item: item.first)
    return (words.say("last_briefing", persons=words.count(cell.value or 0.0)),)


def _people(words: Words, briefing: Briefing) -> Section:
    table = profile_table(words, briefing.world)
    unknown = unknown_groups(words, briefing.world)
    paragraphs = [words.say("people_text")] if table.rows else []
    if unknown:
        key = "people_unknown" if table.rows else "people_nothing"
        paragraphs.append(words.say(key, groups=words.listing(unknown)))
    return Section(id="people", title=words.say("section_people"), paragraphs=tuple(paragraphs),
                   tables=present((table,)))  # fmt: skip


def _ahead(words: Words, briefing: Briefing, charts: Sequence[Figure]) -> Section:
    world, forecast = briefing.world, briefing.forecast
    silent = silent_crossings(world, briefing.picture)
    tables = present((week_table(words, world, forecast, silent), destination_table(words, world, forecast)))
    folded = present((queue_table(words, world, forecast),))
    few = [place_label(words, world, name) for name in uncharted(briefing)]
    said = (words.say("no_chart", places=words.listing(few)),) if few else ()
    return Section(id="ahead", title=words.say("section_ahead"), paragraphs=(words.say("ahead_text"), *said),
                   figures=(*charts, *queue_figures(words, briefing)), tables=tables, folded=folded)  # fmt: skip


def _map(words: Words, briefing: Briefing) -> Section:
    figure = map_figure(words, briefing.world)
    missing = unplaced(briefing.world) if figure is not None else []
    paragraphs = [words.say("map_text" if figure is not None else "map_missing")]
    if missing:
        paragraphs.append(words.say("map_unplaced", places=words.listing(missing)))
    return Section(id="map", title=words.say("section_map"), paragraphs=tuple(paragraphs),
                   figures=() if figure is None else (figure,))  # fmt: skip


def _sites(words: Words, briefing: Briefing) -> Section:
    table = load_table(words, briefing.world, briefing.plan)
    asked = [place_label(words, briefing.world, load.stage) for load in unknown_capacities(briefing.plan)]
    paragraphs = [words.say("sites_text")]
    if asked:
        paragraphs.append(words.say("ask_capacity", places=words.listing(asked)))
    return Section(id="sites", title=words.say("section_sites"), paragraphs=tuple(paragraphs),
                   figures=load_figures(words, briefing), tables=(table,) if table.rows else ())  # fmt: skip


def _needs(words: Words, briefing: Briefing) -> Section:
    plan = briefing.plan
    spans = sorted({line.days for line in plan.totals})
    tables = [need_table(words, briefing.world, plan, days) for days in spans]
    return Section(
        id="needs", title=words.say("section_needs"), tables=present((need_overview(words, briefing.world, plan),)),
        paragraphs=(words.say("needs_text", season=words.say(f"season_{plan.season}")),
                    *(words.note(note) for note in plan.notes)),
        folded=(*tables, standard_table(words, plan)),
    )  # fmt: skip


def _whatif(words: Words, briefing: Briefing) -> tuple[Section, ...]:
    if not briefing.scenarios:
        return ()
    tables = scenario_tables(words, briefing.scenarios)
    return (Section(id="whatif", title=words.say("section_whatif"), paragraphs=(words.say("whatif_text"),),
                    tables=tables),)  # fmt: skip


def _protection(words: Words, briefing: Briefing, cells: Shown) -> Section:
    tables = protection_tables(words, briefing.world, briefing.picture, briefing.forecast, cells)
    return Section(id="protection", title=words.say("section_protection"), tables=tables,
                   paragraphs=(words.say("protection_text"),))  # fmt: skip


def _rivals(words: Words, briefing: Briefing, cells: Shown) -> Section:
    return Section(id="rivals", title=words.say("section_rivals"), paragraphs=(words.say("rivals_text"),),
                   figures=rival_figures(words, briefing, cells),
                   folded=(series_table(words, briefing.world, briefing.picture),))  # fmt: skip


def _asked(words: Words, briefing: Briefing) -> tuple[Section, ...]:
    """What is confidential and was asked for by name; no section where nothing was."""
    tables = allowed_tables(confidential_tables(words, briefing.world, briefing.forecast), briefing.include)
    if not tables:
        return ()
    return (Section(id="confidential", title=words.say("section_confidential"), tables=tables,
                    paragraphs=(words.say("confidential_text"),)),)  # fmt: skip


def _standing(words: Words, briefing: Briefing) -> Section:
    groups = (
        (words.say("group_methods"), tuple(words.say(key) for key in METHODS)),
        (words.say("group_model"), tuple(sentence(line) for line in model_sentences(words, briefing.forecast))),
        (words.say("group_limits"), tuple(words.say(key) for key in LIMITS)),
    )
    folded = present((source_table(words, briefing.world), assumption_table(words, briefing.world)))
    return Section(
        id="standing", title=words.say("section_standing"), groups=groups, paragraphs=(words.say("base_map"),),
        folded=folded,
    )  # fmt: skip
