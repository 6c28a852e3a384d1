"""Drawings on their own: charts as SVG files that carry their own colours, and as PNG."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

VARIABLE = re.compile(r"--([a-z0-9-]+):([^;}]+)")
USE = re.compile(r"var\(--([a-z0-9-]+)\)")
PNG_SCALE = 2.0


def standalone_svg(svg: str) -> str:
    """A chart of the page as a file of its own: the page's rules for charts, in light colours, stand inside it."""
    head, mark, rest = svg.partition(">")
    return f"{head}{mark}<style>{chart_rules()}</style>{rest}"


@cache
def chart_rules() -> str:
    """The rules of briefing.css that concern charts, with the light values of its variables filled in."""
    css = resources.files("sarai.publish").joinpath("briefing.css").read_text(encoding="utf-8")
    light = dict(VARIABLE.findall(css.partition("}")[0]))
    body = css.partition("@media (max-width")[0]
    rules = re.findall(r"(?:^|(?<=\}))\s*((?:\.chart [^{}]+|svg\.chart[^{}]*)\{[^}]*\})", body)
    text = "".join(rule for rule in rules if not rule.startswith("svg.chart"))
    return USE.sub(lambda found: light[found.group(1)], text)


def render_png(svg: str) -> bytes:
    """A chart as PNG at twice its size, on white. Same chart, same bytes for one version of vl-convert."""
    import vl_convert

    white = standalone_svg(svg).replace("<style>", "<style>svg{background:#fff}", 1)
    data: bytes = vl_convert.svg_to_png(white, scale=PNG_SCALE)
    return data
