"""Charts over days: an axis that can be read, however long the period."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest

from sarai.publish.charts import YEAR_DAYS, YEAR_LABEL, band_chart, run_of
from sarai.publish.words import read_words

SVG = "{http://www.w3.org/2000/svg}"
LINE = 16.0 + 230.0 - 26.0  # where the dates stand


def day_labels(days: int, language: str = "en") -> list[tuple[float, float, str]]:
    """Left and right edge and text of the dates below a chart of so many days from 24 February 2022."""
    samples = np.ones((days, 3))
    drawn = band_chart(read_words(language), "key", "Camp", "People.", [run_of(date(2022, 2, 24), samples, "ahead")])
    edges = []
    for text in ElementTree.fromstring(drawn).iter(f"{SVG}text"):
        if float(text.get("y", "0")) != LINE:
            continue
        words, at = text.text or "", float(text.get("x", "0"))
        wide = YEAR_LABEL if len(words.split()) == 3 else YEAR_LABEL / 2
        left = at - (wide if text.get("text-anchor") == "end" else wide / 2)
        edges.append((left, left + wide, words))
    return edges


@pytest.mark.parametrize("days", [30, 200, YEAR_DAYS, 367, 554, 1887, 6000, 30000])
def test_dates_below_a_chart_never_touch(days: int) -> None:
    """Up to a year day and month; above it the year too, and room for it between two of them."""
    labels = day_labels(days)
    assert labels
    assert all((len(text.split()) == 3) == (days > YEAR_DAYS) for _, _, text in labels)
    assert all(right < left for (_, right, _), (left, _, _) in pairwise(labels))


def test_the_year_is_that_of_the_calendar_of_the_language() -> None:
    """24 February 2022 is a day of 1400 in Dari."""
    assert "۱۴۰۰" in day_labels(1887, "prs")[0][2]
