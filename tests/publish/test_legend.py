from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import vl_convert

from makers.briefing import make_briefing
from sarai.publish.document import compose
from sarai.publish.drawings import render_png
from sarai.publish.legend import with_legend
from sarai.publish.render import render_briefing

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[tuple[float, str]]:
    """Height and words of every text in a drawing."""
    return [(float(item.get("y", "0")), item.text or "") for item in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_a_chart_that_goes_alone_has_its_title_and_the_key_of_its_colours() -> None:
    """Title above, each entry of the key below with a mark in its colour, all inside the drawing."""
    figure = next(item for item in compose(make_briefing()).figures() if item.id.startswith("chart-rivals"))
    drawn = with_legend(figure, titled=True)
    _, top, _, height = (float(part) for part in ElementTree.fromstring(drawn).get("viewBox", "").split())
    found = texts(drawn)
    assert top < 0 and all(top <= y <= top + height for y, _ in found)
    assert " ".join(text for y, text in found if y < 0) == figure.title
    for style, text in figure.legend:
        assert text in [words for y, words in found if y > 230]
        assert f'class="{"median past" if style == "past" else f"stroke {style}"}"' in drawn.partition(figure.title)[2]


def test_a_page_that_writes_the_title_gets_the_key_alone() -> None:
    """PDF and DOCX name the chart above it; a chart without colours to explain stays as it is."""
    figures = compose(make_briefing()).figures()
    chart = next(item for item in figures if item.legend)
    assert all(y >= 0 for y, _ in texts(with_legend(chart, titled=False)))
    plain = next(item for item in figures if not item.legend)
    assert with_legend(plain, titled=False) == plain.svg


def test_a_long_key_goes_on_in_a_second_row() -> None:
    """No entry of a key runs out of the chart on the right."""
    figure = next(item for item in compose(make_briefing()).figures() if item.legend)
    figure = replace(
        figure, legend=tuple((f"s{place}", "Office for the coordination of returns") for place in range(4))
    )
    rows = [y for y, text in texts(with_legend(figure, titled=False)) if text.startswith("Office")]
    assert len(rows) == 4 and len(set(rows)) >= 2


def test_charts_as_files_are_drawn_with_title_and_key() -> None:
    """The SVG in charts/ is the one with title and key, and its PNG is as high."""
    files = render_briefing(replace(make_briefing(), formats=("charts",)))
    name = next(name for name in files if name.startswith("charts/chart-rivals") and name.endswith(".svg"))
    assert 'viewBox="0 -' in files[name].decode()
    height = int.from_bytes(files[name.replace(".svg", ".png")][20:24], "big")
    assert height > 2 * 230


def test_a_chart_as_png_lies_on_white() -> None:
    """No pixel of a corner is see-through: on a dark screen dark words would be lost."""
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 -2 4 4" class="chart"></svg>'
    sheet = '<rect y="-2" width="4" height="4" fill="#fff"/>'
    white = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 -2 4 4">{sheet}</svg>'
    assert render_png(svg) == bytes(vl_convert.svg_to_png(white, scale=2.0))
