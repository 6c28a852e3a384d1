"""Charts of a back-test are whole SVG files that say in words what they show."""

from __future__ import annotations

from datetime import timedelta
from xml.etree import ElementTree

from makers.score_rows import ORIGIN, score_row
from sarai.publish.score_charts import score_charts

SVG = "{http://www.w3.org/2000/svg}"


def test_three_charts_with_titles_and_marks() -> None:
    """Scores by origin, PIT, reliability: each parses, has a title and a description, and draws its rows."""
    rows = [
        score_row(model=model, origin=ORIGIN + timedelta(days=7 * week), samples=(80.0 + week, 120.0), chance=week / 5)
        for model in ("pool", "law", "persistence", "ets") for week in range(4)
    ]  # fmt: skip
    charts = score_charts(rows)
    assert list(charts) == ["scores.svg", "pit.svg", "reliability.svg"]
    trees = {name: ElementTree.fromstring(svg) for name, svg in charts.items()}
    assert all(tree.find(f"{SVG}title") is not None and tree.find(f"{SVG}desc") is not None for tree in trees.values())
    assert len(trees["scores.svg"].findall(f"{SVG}circle")) == 16
    assert len(trees["pit.svg"].findall(f"{SVG}rect")) == 11
    assert len(trees["reliability.svg"].findall(f"{SVG}circle")) == 4


def test_without_the_pool_two_charts_are_left_out() -> None:
    """No pool, no PIT and no reliability of it; same rows, same bytes."""
    rows = [score_row(model="law"), score_row(model="persistence")]
    assert list(score_charts(rows)) == ["scores.svg"]
    assert score_charts(rows) == score_charts(rows)
