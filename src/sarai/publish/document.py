"""Document: the briefing as sections of sentences, tables and figures, before any format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from sarai.observe.gazetteer import shipped_names
from sarai.publish.ahead import destination_table, glance_table, place_label, queue_table, week_table
from sarai.publish.briefing import Briefing
from sarai.publish.changes import change_sentences, fared_sentences, fared_table
from sarai.publish.charts import Figure
from sarai.publish.confidential import confidential_tables
from sarai.publish.disclosure import Shown, allowed_tables, protect_picture
from sarai.publish.gallery import (
    crossing_figures,
    load_figures,
    map_figure,
    queue_figures,
    rival_figures,
    uncharted,
    uncharted_tables,
)  # fmt: skip
from sarai.publish.levels import check_includes, level_of
from sarai.publish.opening import Answer, headline, write_opening
from sarai.publish.past import (
    crossing_table,
    find_windows,
    publisher_table,
    silent_crossings,
    status_table,
    total,
    window_label,
)
from sarai.publish.pressure import unknown_capacities
from sarai.publish.profile import profile_table, unknown_groups
from sarai.publish.protection import protection_tables
from sarai.publish.reception import daily_need_table, load_table, need_overview, need_table, standard_table
from sarai.publish.release import Release, parse_release
from sarai.publish.spoken import spoken_of
from sarai.publish.standing import (
    LIMITS,
    METHODS,
    assumption_table,
    model_sentences,
    series_table,
    source_table,
)  # fmt: skip
from sarai.publish.table import Table
from sarai.publish.told import publishers, told_kinds
from sarai.publish.whatif import scenario_tables
from sarai.publish.words import Words, read_words
from sarai.reconcile.picture import KINDS
from sarai.world.local_name import names_in, told_in
from sarai.world.world import World

FEW_MEMBERS = 100
"""A149: futures below which a 90 % range is not worth its name."""
FAR_BIAS_LOG = 1.6
"""A328: log of the factor from which on a series is so far from the others that a reader must know it first."""
UNREVIEWED = "not_reviewed"
RESPONSIBLE = ("responsible_1", "responsible_2", "responsible_3")


@dataclass(frozen=True, kw_only=True)
class Section:
    """One part of the document.

    groups   headed lists of sentences
    folded   tables shown on demand on screen, and in full in print and workbook
    """

    id: str
    title: str
    paragraphs: tuple[str, ...] = ()
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    folded: tuple[Table, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Document:
    """The whole briefing in one language: `workbook_only` are tables too long for a page, `release` what was shown."""

    words: Words
    title: str
    headline: str
    dateline: str
    sensitivity: str
    record_id: str
    answers: tuple[Answer, ...]
    sections: tuple[Section, ...]
    responsible: tuple[str, ...]
    degraded: tuple[str, ...]
    release: Release
    hero: Figure | None = None
    glance: Table | None = None
    workbook_only: tuple[Table, ...] = field(default=())
    include: tuple[str, ...] = ()

    def figures(self) -> tuple[Figure, ...]:
        """Every chart once, in order of appearance."""
        hero = () if self.hero is None else (self.hero,)
        return (*hero, *(figure for section in self.sections for figure in section.figures))

    def tables(self) -> tuple[Table, ...]:
        """Every table once, in order of appearance; none that may not go out."""
        found: list[Table] = [] if self.glance is None else [self.glance]
        for section in self.sections:
            found.extend((*section.tables, *section.folded))
        found.extend(figure.table for figure in self.figures() if figure.table is not None)
        return allowed_tables((*found, *self.workbook_only), self.include)


def compose(briefing: Briefing) -> Document:
    """Every sentence, table and figure of a briefing, after disclosure control. Pure: same briefing, same document."""
    check_includes(briefing.include)
    words = read_words(briefing.language)
    names = names_in(briefing.world, briefing.language, shipped_names())
    world = told_in(briefing.world, {**assumed_sites(words, briefing.world, names), **names})
    briefing = replace(briefing, world=world)
    forecast = briefing.forecast
    end = forecast.reference_date + timedelta(days=forecast.horizon_days)
    status = () if briefing.picture.status == "ok" else (briefing.picture.status,)
    notes = (*briefing.notes, *status, *_doubts(words, briefing))
    degraded = dict.fromkeys(sentence(part) for note in notes for part in words.note(note).split("; "))
    earlier = earlier_releases(briefing)
    cells, release = protect_picture(
        world, briefing.picture, record_id=briefing.record_id, earlier=earlier,
        spoken=spoken_of(world, briefing.picture, briefing.past),
    )  # fmt: skip
    hero, *charts = crossing_figures(words, briefing, cells) or (None,)
    counted = cells["week"] if world.reports else {}
    last_week = window_label(words, world, find_windows(world, briefing.picture)[1])
    week = {name: cell for (name, status, kind), cell in counted.items() if (status, kind) == ("all", "all")}
    sections = (
        _changes(words, briefing, earlier, cells), _crossings(words, briefing, cells), _people(words, briefing),
        _ahead(words, briefing, charts), _map(words, briefing), _sites(words, briefing), _needs(words, briefing),
        *_whatif(words, briefing), _protection(words, briefing, cells), _fared(words, briefing, cells),
        _rivals(words, briefing, cells), *_asked(words, briefing),
        _standing(words, briefing),
    )  # fmt: skip
    return Document(
        words=words, title=world.title, record_id=briefing.record_id,
        headline=headline(words, world, briefing.picture, forecast, cells),
        sensitivity=_sensitivity(words, briefing.include),
        dateline=words.say("dateline", as_of=words.day(world.as_of, year=True), end=words.day(end, year=True)),
        answers=write_opening(words, world, briefing.picture, forecast, briefing.plan, cells),
        hero=hero, glance=glance_table(words, world, forecast, week, last_week,
                                       silent_crossings(world, briefing.picture)),
        sections=tuple(_allowed(section, briefing.include) for section in sections),
        responsible=tuple(words.say(key) for key in (*RESPONSIBLE, UNREVIEWED)[: 3 if words.reviewed else 4]),
        degraded=tuple(degraded), release=release, include=tuple(briefing.include),
        workbook_only=(*uncharted_tables(words, briefing), daily_need_table(words, world, briefing.plan)),
    )  # fmt: skip


def assumed_sites(words: Words, world: World, names: Mapping[str, str]) -> dict[str, str]:
    """Names of the zero points that are assumed at crossings without reception (A11), in the language."""
    made: dict[str, str] = {}
    for crossing in world.places_of("crossing"):
        site = world.places.get(f"{crossing.id}_zero_point")
        if site is not None and site.basis.assumption == "A11":
            made[site.id] = words.say("zero_point_of", place=names.get(crossing.id, crossing.name))
    return made


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
    status = (status_table(words, world, picture, window, cells[window.key]) for window in find_windows(world, picture))
    return Section(
        id="crossings", title=words.say("section_crossings"), paragraphs=(words.say("crossings_text"), *said),
        tables=(crossing_table(words, world, picture, cells),),
        folded=_present((*status, publisher_table(words, world, picture))),
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
    text = " ".join(fared_sentences(words, briefing.past))
    return Section(id="fared", title=words.say("section_fared"), paragraphs=(text,), folded=_present((table,)))


def _doubts(words: Words, briefing: Briefing) -> list[str]:
    """What a reader must know before any figure: too few futures, totals that no population could give."""
    world, picture = briefing.world, briefing.picture
    doubts = []
    if briefing.forecast.member_count < FEW_MEMBERS:
        doubts.append(words.say("few_members", count=words.count(briefing.forecast.member_count)))
    population = sum(stratum.high_persons for stratum in world.strata)
    if population and total(picture, find_windows(world, picture)[-1]).high > population:
        doubts.append(words.say("above_population"))
    if apart := sorted({fit.series for fit in picture.series if abs(fit.bias_log_mean) > FAR_BIAS_LOG}):
        far = publishers(world, [report for report in world.reports if report.series in apart])
        doubts.append(words.say("series_apart", publishers=words.listing(list(far))))
    return doubts


def earlier_releases(briefing: Briefing) -> list[Release]:
    """The releases of earlier briefings, oldest first."""
    return sorted((parse_release(text) for text in briefing.earlier), key=lambda release: release.as_of)


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
                   tables=_present((table,)))  # fmt: skip


def _ahead(words: Words, briefing: Briefing, charts: Sequence[Figure]) -> Section:
    world, forecast = briefing.world, briefing.forecast
    silent = silent_crossings(world, briefing.picture)
    tables = _present((week_table(words, world, forecast, silent), destination_table(words, world, forecast)))
    folded = _present((queue_table(words, world, forecast),))
    few = [place_label(words, world, name) for name in uncharted(briefing)]
    said = (words.say("no_chart", places=words.listing(few)),) if few else ()
    return Section(id="ahead", title=words.say("section_ahead"), paragraphs=(words.say("ahead_text"), *said),
                   figures=(*charts, *queue_figures(words, briefing)), tables=tables, folded=folded)  # fmt: skip


def _map(words: Words, briefing: Briefing) -> Section:
    figure = map_figure(words, briefing.world)
    paragraphs = (words.say("map_text"),) if figure is not None else (words.say("map_missing"),)
    return Section(id="map", title=words.say("section_map"), paragraphs=paragraphs,
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
        id="needs", title=words.say("section_needs"), tables=_present((need_overview(words, briefing.world, plan),)),
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


def _sensitivity(words: Words, include: Sequence[str]) -> str:
    return words.say("sensitivity_confidential" if level_of(include) == "confidential" else "sensitivity")


def _standing(words: Words, briefing: Briefing) -> Section:
    groups = (
        (words.say("group_methods"), tuple(words.say(key) for key in METHODS)),
        (words.say("group_model"), tuple(sentence(line) for line in model_sentences(words, briefing.forecast))),
        (words.say("group_limits"), tuple(words.say(key) for key in LIMITS)),
    )
    folded = _present((source_table(words, briefing.world), assumption_table(words, briefing.world)))
    return Section(
        id="standing", title=words.say("section_standing"), groups=groups, paragraphs=(words.say("base_map"),),
        folded=folded,
    )  # fmt: skip


def sentence(text: str) -> str:
    """A note as a sentence: a capital in front, a stop behind."""
    text = text.strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", ":")) else f"{text}."


def _allowed(section: Section, include: Sequence[str]) -> Section:
    """A section without the tables that may not go out."""
    return replace(
        section, tables=allowed_tables(section.tables, include), folded=allowed_tables(section.folded, include)
    )


def _present(tables: Iterable[Table | None]) -> tuple[Table, ...]:
    return tuple(table for table in tables if table is not None and table.rows)
