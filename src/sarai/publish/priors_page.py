"""The page of priors from past emergencies: what each number is, was, and which emergencies moved it."""

from __future__ import annotations

from importlib import resources

import jinja2
import numpy as np

from sarai.calibrate.past_priors import LearnedPrior, PastPriors
from sarai.model.table import parameter_table
from sarai.world.responsible_use import RESPONSIBLE_USE

Z90 = 1.6448536269514722
HEADINGS = ("parameter", "meaning", "unit", "documented", "from past emergencies", "emergencies")
CASE_HEADINGS = ("emergency", "waves, as known on", "vintage")


def range_text(prior: LearnedPrior, mean: float, sd: float) -> str:
    """Median and 90 % range in natural units."""
    ends = mean + sd * np.array([0.0, -Z90, Z90])
    row = parameter_table()[prior.name]
    middle, low, high = np.clip(np.exp(ends) if prior.transform == "log" else ends, row.low, row.high)
    return f"{middle:.3g} ({low:.3g} to {high:.3g})"


def prior_rows(priors: PastPriors) -> list[tuple[str, ...]]:
    """One row a parameter."""
    table = parameter_table()
    return [
        (
            prior.name, table[prior.name].meaning, table[prior.name].unit,
            range_text(prior, prior.documented_mean, prior.documented_sd), range_text(prior, prior.mean, prior.sd),
            str(prior.emergencies),
        )
        for prior in priors.priors
    ]  # fmt: skip


def case_rows(priors: PastPriors) -> list[tuple[str, ...]]:
    """One row an emergency."""
    return [
        (case.name, "; ".join(f"{wave} {day}" for wave, day in case.waves) or "no deadline", case.vintage[:16])
        for case in priors.cases
    ]


def lead_of(priors: PastPriors) -> str:
    """What the reader must know first."""
    return (
        f"Made by sarai {priors.version} from {len(priors.cases)} past emergencies. Medians with the range that holds "
        "nine in ten. A number moves away from the documented one only as far as past emergencies inform it, by a "
        "fifth for each of them. Not for the emergencies named below: there the file is refused."
    )


def priors_markdown(priors: PastPriors) -> str:
    """The page as Markdown."""
    parts = ["# Priors from past emergencies", lead_of(priors), _table(HEADINGS, prior_rows(priors)),
             "## Where they come from", _table(CASE_HEADINGS, case_rows(priors)),
             "\n".join(f"- {line}" for line in RESPONSIBLE_USE)]  # fmt: skip
    return "\n\n".join(parts) + "\n"


def priors_html(priors: PastPriors) -> str:
    """The page as one HTML file that needs no network."""
    files = resources.files("sarai.publish")
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(files.joinpath("priors.html.j2").read_text(encoding="utf-8"))
    return template.render(
        lead=lead_of(priors), tables=((HEADINGS, prior_rows(priors)), (CASE_HEADINGS, case_rows(priors))),
        lines=RESPONSIBLE_USE,
    ) + "\n"  # fmt: skip


def _table(headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [headings, tuple("---" for _ in headings), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
