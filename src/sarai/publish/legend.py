"""Legend: title and key of a chart, drawn into the chart where it goes alone or onto paper."""

from __future__ import annotations

import re
import textwrap

from sarai.publish.charts import Figure
from sarai.publish.svg import element, label, number

LINE, MARGIN, SWATCH = 17.0, 4.0, 12.0
LETTER, TITLE_LETTER = 6.2, 7.4  # units that a letter of the key and of the title takes at most, as a rule
BOX = re.compile(r'viewBox="0 0 (\S+) (\S+)"')


def with_legend(figure: Figure, *, titled: bool) -> str:
    """The SVG of a figure, its key below it and, where `titled`, its title above: a page writes both beside it.

    As it is where there is neither.
    """
    box = BOX.search(figure.svg)
    if box is None or not (titled or figure.legend):
        return figure.svg
    wide, high = float(box[1]), float(box[2])
    heads = textwrap.wrap(figure.title, int(wide / TITLE_LETTER)) if titled else []
    rows = _rows(figure.legend, wide)
    above, below = LINE * len(heads) + MARGIN * bool(heads), LINE * len(rows)
    parts = [label(text, MARGIN, LINE * (place + 0.7) - above, class_="note", style="font-size:13px;font-weight:600")
             for place, text in enumerate(heads)]  # fmt: skip
    for place, row in enumerate(rows):
        parts.extend(_item(style, text, x, high + LINE * (place + 0.5)) for x, style, text in row)
    size = f'viewBox="0 {number(-above)} {number(wide)} {number(high + above + below)}"'
    return BOX.sub(size, figure.svg, count=1).removesuffix("</svg>") + "".join(parts) + "</svg>"


def _rows(items: tuple[tuple[str, str], ...], wide: float) -> list[list[tuple[float, str, str]]]:
    """Entries as (x, style, text) in rows that are no wider than the chart."""
    rows: list[list[tuple[float, str, str]]] = []
    x = wide
    for style, text in items:
        takes = SWATCH + MARGIN + LETTER * len(text) + LINE
        if not rows or x + takes > wide:
            rows.append([])
            x = MARGIN
        rows[-1].append((x, style, text))
        x += takes
    return rows


def _item(style: str, text: str, x: float, y: float) -> str:
    return _swatch(style, x, y) + label(text, x + SWATCH + MARGIN, y + 4, class_="tick")


def _swatch(style: str, x: float, y: float) -> str:
    """The mark of an entry as the chart draws it."""
    middle, kind = x + SWATCH / 2, style.removeprefix("sym ")
    if style == kind:
        line = "median past" if style == "past" else f"stroke {style}"
        return element("line", x1=x, x2=x + SWATCH, y1=y, y2=y, class_=line)
    if kind == "crossing":
        return element("path", d=f"M{number(middle - 6)},{number(y + 5)}l6,-11l6,11Z", class_="symbol crossing")
    if kind == "site":
        return element("rect", x=middle - 4, y=y - 4, width=8, height=8, class_="symbol site")
    return element("circle", cx=middle, cy=y, r=5 if kind == "origin" else 3, class_=f"symbol {kind}")
