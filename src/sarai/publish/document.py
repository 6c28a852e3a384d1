"""Document: the briefing as sections of sentences, tables and figures, before any format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from sarai.observe.gazetteer import shipped_names
from sarai.publish.ahead import glance_table
from sarai.publish.allowed import allowed_tables
from sarai.publish.briefing import Briefing
from sarai.publish.charts import Figure
from sarai.publish.disclosure import protect_picture
from sarai.publish.gallery import crossing_figures, uncharted_tables
from sarai.publish.levels import LICENCE, check_includes, level_of
from sarai.publish.opening import Answer, headline, write_opening
from sarai.publish.past import find_windows, silent_crossings, total, window_label
from sarai.publish.reception import daily_need_table
from sarai.publish.release import Release, parse_release
from sarai.publish.section import Section
from sarai.publish.sections import briefing_sections
from sarai.publish.spoken import spoken_of
from sarai.publish.table import Table
from sarai.publish.told import publishers
from sarai.publish.words import Words, read_words, sentence
from sarai.world.telling import names_in, told_in
from sarai.world.world import World

FEW_MEMBERS = 100
"""A149: futures below which a 90 % range is not worth its name."""
FAR_BIAS_LOG = 1.6
"""A328: log of the factor from which on a series is so far from the others that a reader must know it first."""
UNREVIEWED = "not_reviewed"
RESPONSIBLE = ("responsible_1", "responsible_2", "responsible_3")


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

    def record_line(self) -> str:
        """Which run it comes from and under which licence."""
        return self.words.say("record", id=self.record_id, licence=LICENCE["title"])

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
    sections = briefing_sections(words, briefing, earlier=earlier, cells=cells, charts=charts)
    return Document(
        words=words, title=world.title, record_id=briefing.record_id,
        headline=headline(words, world, briefing.picture, forecast, cells),
        sensitivity=_sensitivity(words, briefing.include),
        dateline=words.say("dateline", as_of=words.day(world.as_of, year=True), end=words.day(end, year=True)),
        answers=write_opening(words, world, briefing.picture, forecast, briefing.plan, cells),
        hero=hero, glance=glance_table(words, world, forecast, week, last_week,
                                       silent_crossings(world, briefing.picture)),
        sections=tuple(section.allowed(briefing.include) for section in sections),
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


def _sensitivity(words: Words, include: Sequence[str]) -> str:
    return words.say("sensitivity_confidential" if level_of(include) == "confidential" else "sensitivity")
