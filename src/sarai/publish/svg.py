"""Drawing: scales, ticks and SVG elements as text. Colours are classes: light, dark and print share one drawing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

Point = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Scale:
    """A straight map from values to pixels."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Pixel of a value."""
        span = self.high - self.low
        return self.start + (self.end - self.start) * ((value - self.low) / span if span else 0.5)


def nice_ticks(high: float, count: int = 4) -> list[float]:
    """Round values from 0 to at or above `high`, about `count` steps."""
    if high <= 0:
        return [0.0, 1.0]
    raw = high / count
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= raw - 1e-9)
    return [step * index for index in range(math.ceil(high / step - 1e-9) + 1)]


def element(name: str, content: str = "", **attributes: str | float) -> str:
    """One element. Underscores in names become hyphens and a trailing one is dropped; numbers get one decimal."""
    parts = [name]
    for key, value in attributes.items():
        label = key.rstrip("_").replace("_", "-")
        text = value if isinstance(value, str) else number(value)
        parts.append(f"{label}={quoteattr(text)}")
    head = " ".join(parts)
    return f"<{head}>{content}</{name}>" if content else f"<{head}/>"


def label(text: str, x: float, y: float, **attributes: str | float) -> str:
    """A text element, escaped."""
    return element("text", escape(text), x=x, y=y, **attributes)


def number(value: float) -> str:
    """A coordinate with at most one decimal; never `-0`."""
    text = f"{value:.1f}"
    text = text.removesuffix(".0")
    return "0" if text == "-0" else text


def line_path(points: Sequence[Point]) -> str:
    """Path data of an open line."""
    return "M" + "L".join(f"{number(x)},{number(y)}" for x, y in points)


def band_path(upper: Sequence[Point], lower: Sequence[Point]) -> str:
    """Path data of the area between two lines."""
    return line_path([*upper, *reversed(lower)]) + "Z"


def drawing(width: float, height: float, content: str, title: str, summary: str, key: str) -> str:
    """A whole SVG that scales with its column and tells a screen reader what it shows."""
    names = element("title", escape(title), id=f"{key}-title") + element("desc", escape(summary), id=f"{key}-desc")
    return element(
        "svg", names + content, xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {number(width)} {number(height)}",
        role="img", aria_labelledby=f"{key}-title {key}-desc", class_="chart",
    )  # fmt: skip
