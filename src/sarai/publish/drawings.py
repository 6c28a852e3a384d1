"""Drawings on their own: charts as SVG files that carry their own colours, and as PNG."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from xml.sax.saxutils import escape

from sarai.publish.svg import element

VARIABLE = re.compile(r"--([a-z0-9-]+):([^;}]+)")
USE = re.compile(r"var\(--([a-z0-9-]+)\)")
BOX = re.compile(r'viewBox="(\S+) (\S+) (\S+) (\S+)"')
PNG_SCALE = 2.0
PNG_HEAD = 33  # bytes of signature and header chunk, behind which texts may stand (ISO/IEC 15948, 5.6)
NO_FACTS: Mapping[str, str] = MappingProxyType({})


def standalone_svg(svg: str, facts: Mapping[str, str] = NO_FACTS) -> str:
    """A chart of the page as a file of its own: the page's rules for charts, in light colours, stand inside it.

    facts   what the file says of itself (level, reference date, record, licence), as metadata
    """
    head, mark, rest = svg.partition(">")
    told = element("metadata", escape("; ".join(f"{key}: {value}" for key, value in facts.items()))) if facts else ""
    return f"{head}{mark}{told}<style>{chart_rules()}</style>{rest}"


@cache
def chart_rules() -> str:
    """The rules of briefing.css that concern charts, with the light values of its variables filled in."""
    css = resources.files("sarai.publish").joinpath("briefing.css").read_text(encoding="utf-8")
    light = dict(VARIABLE.findall(css.partition("}")[0]))
    body = css.partition("@media (max-width")[0]
    rules = re.findall(r"(?:^|(?<=\}))\s*((?:\.chart [^{}]+|svg\.chart[^{}]*)\{[^}]*\})", body)
    text = "".join(rule for rule in rules if not rule.startswith("svg.chart"))
    return USE.sub(lambda found: light[found.group(1)], text)


def render_png(svg: str, facts: Mapping[str, str] = NO_FACTS) -> bytes:
    """A chart as PNG at twice its size, on white, with `facts` as text chunks.

    Same chart, same bytes for one version of vl-convert.
    """
    import vl_convert

    x, y, width, height = BOX.findall(svg)[0]
    sheet = element("rect", x=x, y=y, width=width, height=height, fill="#fff")
    white = standalone_svg(svg).replace("</style>", f"</style>{sheet}", 1)
    data: bytes = vl_convert.svg_to_png(white, scale=PNG_SCALE)
    texts = b"".join(_chunk(b"tEXt", f"{key}\0{value}".encode("latin-1")) for key, value in facts.items())
    return data[:PNG_HEAD] + texts + data[PNG_HEAD:]


def _chunk(kind: bytes, data: bytes) -> bytes:
    """One chunk of a PNG: length, kind, data, checksum (ISO/IEC 15948, 5.3)."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
