"""The briefing of a flight case: one offline page with the furniture of the returns briefing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sarai.forecast.flight_scores import TRAINING_DAYS, WIDTHS, FlightScore
from sarai.model.flight.quirks import MEANING
from sarai.publish.charts import Figure, band_chart, run_of
from sarai.publish.document import Document
from sarai.publish.figures import estimate
from sarai.publish.opening import Answer
from sarai.publish.page import render_page
from sarai.publish.release import Release
from sarai.publish.section import Section
from sarai.publish.table import Cell, Column, Table
from sarai.publish.words import Words, read_words
from sarai.simulate.flight.ensemble import FlightEnsemble

WHOLE_FROM = 100.0  # a score in persons is printed without decimals from here on
MOST_FIGURES = 12  # charts on a page; camps beyond it stand in the table
MODEL_WORDS = {
    f"MASE{days}{tail}": f"{words} ({f'MASE{days}{tail}'})"
    for days in TRAINING_DAYS
    for tail, words in (
        ("", f"the count of day {days} kept"),
        ("-sloped", f"the line of the first {days} days drawn on"),
        ("-ratio", f"the share of day {days} kept"),
    )
}
LAW = (
    "People move over a network of places by the law of Flee, the field's reference simulator, simulated by counts: "
    "nobody is an object, and every number is a whole number of people.",
    "Departures follow the recorded totals of the camps, so this page shows where people would have gone, "
    "not how many would leave. It is a study of a past emergency, no forecast.",
    "The law knows nothing about any person. It says nothing on who should move, and is no reason to move anyone.",
)


def flight_page(ensemble: FlightEnsemble, score: FlightScore | None, record: str, learned: bool) -> str:
    """The whole HTML text; same ensemble, same bytes."""
    words = read_words("en")
    case = ensemble.case
    last = case.date_of(case.days - 1)
    document = Document(
        words=words, title=f"Displacement in the case {case.name}", record_id=record,
        headline=_headline(words, ensemble, score),
        sensitivity="Study of recorded displacement. Aggregate counts only.",
        dateline=f"{words.day(case.start, year=True)} to {words.day(last, year=True)}, {case.days} days,"
                 f" {ensemble.place.shape[2]} simulated courses",
        answers=_answers(words, ensemble, score, learned), sections=_sections(words, ensemble, score),
        responsible=LAW[1:], degraded=(), release=Release(as_of=last.isoformat(), record_id=record, threshold=0.0,
                                                          cells=()),
    )  # fmt: skip
    return render_page(document)


def _headline(words: Words, ensemble: FlightEnsemble, score: FlightScore | None) -> str:
    held = ensemble.camp_counts()[-1].sum(axis=0).astype(np.float64)
    text = f"On the last day {words.persons(estimate(held))} people are in the camps of the simulation"
    recorded = int(np.where(ensemble.has_records, ensemble.recorded[-1], 0).sum())
    divided = (
        ""
        if ensemble.case.settings.hasten == 1
        else f" All counts are divided by {words.count(ensemble.case.settings.hasten)}."
    )
    if score is None or recorded == 0:
        return f"{text}.{divided}"
    return f"{text}; {words.count(recorded)} were recorded.{divided}"


def _answers(words: Words, ensemble: FlightEnsemble, score: FlightScore | None, learned: bool) -> tuple[Answer, ...]:
    case = ensemble.case
    scale = (
        "at full resolution"
        if case.settings.hasten == 1
        else f"with all counts divided by {words.count(case.settings.hasten)}"
    )
    ran = [
        f"{len(case.places)} places and {len(case.links)} links, {scale}.",
        "Settings learned from the first counts." if learned else "Settings as in the folder.",
    ]
    met = ["There are no recorded counts to compare with."]
    if score is not None:
        met = [
            f"The averaged relative difference is {score.error.mean():.3f} (0 is perfect, 2 the worst),"
            f" rescaled {score.rescaled.mean():.3f}.",
            f"The central 95 % range of the courses holds {words.percent(float(score.coverage[-1]))} of the counts."
            " It shows the chance of single moves only, unless settings were learned.",
        ]
    at_places = ensemble.place[-1].sum(axis=0).astype(np.float64)
    outside = words.persons(estimate(at_places - ensemble.camp_counts()[-1].sum(axis=0)))
    under_way = words.persons(estimate(ensemble.total[-1] - at_places))
    where = [f"On the last day {outside} people are at places that are no camps, {under_way} are on a road."]
    return (
        Answer(key="what", question="What was run?", sentences=tuple(ran)),
        Answer(key="how", question="How well does it meet the counts?", sentences=tuple(met)),
        Answer(key="where", question="Where else are people?", sentences=tuple(where)),
    )


def _sections(words: Words, ensemble: FlightEnsemble, score: FlightScore | None) -> tuple[Section, ...]:
    camps = Section(
        id="camps", title="Camps", figures=_figures(words, ensemble), tables=(_camp_table(ensemble),),
        paragraphs=("Bands hold 50 % and 90 % of the simulated courses; the single line is what was recorded.",),
    )  # fmt: skip
    kept = tuple(f"{flee}." for flee, _ in MEANING.values())
    standing = Section(
        id="standing", title="What this stands on", paragraphs=LAW,
        groups=(("What the law keeps of Flee", kept), ("Notes on the folder", ensemble.case.notes or ("None.",))),
    )  # fmt: skip
    scores = () if score is None else (Section(id="scores", title="Scores", tables=(_score_table(score),)),)
    return (camps, *scores, standing)


def _order(ensemble: FlightEnsemble) -> NDArray[np.int64]:
    """Camps by the people recorded on the last day, most first."""
    return np.argsort(-ensemble.recorded[-1], kind="stable")


def _figures(words: Words, ensemble: FlightEnsemble) -> tuple[Figure, ...]:
    figures = []
    counts = ensemble.camp_counts()
    for j in _order(ensemble)[:MOST_FIGURES].tolist():
        name = ensemble.camp_names[j]
        key = f"chart-camp-{j}"
        runs = [run_of(ensemble.case.start, counts[:, j].astype(np.float64), "ahead")]
        legend: tuple[tuple[str, str], ...] = (("ahead", "simulated"),)
        if ensemble.has_records[j]:
            data = ensemble.recorded[:, j : j + 1].astype(np.float64)
            runs.append(run_of(ensemble.case.start, data, "past"))
            legend = (*legend, ("past", "recorded"))
        summary = f"People in {name}, simulated with ranges and recorded, by day."
        figures.append(Figure(id=key, title=name, summary=summary, legend=legend,
                              svg=band_chart(words, key, name, summary, runs, unit="people")))  # fmt: skip
    return tuple(figures)


def _camp_table(ensemble: FlightEnsemble) -> Table:
    counts = ensemble.camp_counts()[-1].astype(np.float64)
    rows: list[tuple[Cell, ...]] = []
    for j in _order(ensemble).tolist():
        recorded = int(ensemble.recorded[-1, j])
        rows.append((ensemble.camp_names[j], float(recorded) if ensemble.has_records[j] else None, estimate(counts[j])))
    columns = (
        Column(key="camp", label="camp"), Column(key="recorded", label="recorded", kind="count"),
        Column(key="simulated", label="simulated", kind="persons"),
    )  # fmt: skip
    return Table(id="camps", title="People in camps on the last day", columns=columns, rows=tuple(rows), level="public")


def _score_table(score: FlightScore) -> Table:
    rows: list[tuple[Cell, ...]] = [
        ("averaged relative difference", f"{score.error.mean():.4f}"),
        ("the same, rescaled to the recorded total", f"{score.rescaled.mean():.4f}"),
        *(
            (f"of this: {name}", f"{values.mean():.4f}")
            for name, values in zip(score.camps, score.camp_error, strict=True)
        ),
        *(
            (f"mean absolute scaled error against {MODEL_WORDS.get(name, name)}", f"{values.mean():.3f}")
            for name, values in zip(score.models, score.scaled_error, strict=True)
            if np.isfinite(values).all()
        ),
        ("weighted interval score, persons a camp and day", f"{score.wis:,.{0 if score.wis >= WHOLE_FROM else 1}f}"),
        *((f"coverage of the central {w:.0%} range", f"{c:.2f}") for w, c in zip(WIDTHS, score.coverage, strict=True)),
    ]
    columns = (Column(key="measure", label="measure"), Column(key="value", label="value"))
    return Table(id="scores", title="Scores over all days", columns=columns, rows=tuple(rows), level="public")
