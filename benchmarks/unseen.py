"""How good are forecasts of emergencies that nobody has seen? Invented ones, whose truth is not our law, on vintages.

Run: `python -m benchmarks.unseen [--choice 3] [--held-out 2] [--page FILE] [--real]`. Twelve kinds of emergency
(`tests/makers/emergency.py`), each made several times; origins around each deadline as on the scoreboard, horizon 28
days (42 where reports are monthly). What is chosen in sarai may look at the first part of the page, and is then judged
on the second. Written to docs/unseen.md.
"""

from __future__ import annotations

import argparse
import platform
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from verify.made_up import KINDS, Emergency, draw_emergency, draw_hazard_emergency, hazard_flow, make_folder

from benchmarks.unseen_text import DRAWN_HEAD, HAZARDS_HEAD, HEAD, REAL_HEAD
from sarai import __version__
from sarai.calibrate.noise import keyed_uniforms
from sarai.forecast.backtest import MODELS, OriginFit, fit_origin, paths_of_models, target_samples
from sarai.forecast.baselines import BASELINES
from sarai.forecast.forecast import QUANTILE_LEVELS
from sarai.forecast.scores import central_interval, weighted_interval_score
from sarai.forecast.summary import RESAMPLES, interval_of
from sarai.forecast.targets import Target, find_targets, targets_of_origin
from sarai.observe.case_folder import case_from_files, load_case
from sarai.world.case import Case

Floats = NDArray[np.float64]
Change = Callable[[OriginFit], OriginFit]

HERE = Path(__file__).resolve().parent
REAL = tuple(HERE / name for name in ("iran-2025", "pakistan-2025", "saudi-2013", "kenya-2016"))
REAL_HORIZON_DAYS = {"kenya-2016": 56}  # its totals lie up to 46 days apart; LONG_HORIZON_DAYS else
PAGE = HERE.parent / "docs" / "unseen.md"
AROUND_DEADLINE = (-16, -9, -2, 5, 12, 19, 26, 40)  # days after a deadline: the origins of the scoreboard for 2023
WITHOUT_DEADLINE = 8  # origins, evenly spread
HORIZON_DAYS, LONG_HORIZON_DAYS = 28, 42  # the longer one where reports are few: a month's must fit into it
FIRST_DAY = 42
OTHER_SEED = 100  # what is added to the seed of a kind each time it is made again
DRAWN_HELD_OUT = 32  # the first of the wide family that no choice has looked at
HAZARDS_HELD_OUT = 100  # those before it were looked at once; nothing was chosen on them
MEMBERS = 1000
WIS, WIS_LOG, COVER50, COVER90 = range(4)
MEASURES = 4


@dataclass(frozen=True, kw_only=True)
class Scored:
    """One emergency: targets, and for each of `MODELS` the means (origin, measure) over the targets of an origin.

    name   its own; kind: what it shares with others made like it; fate: what became of its deadline
    """

    name: str
    kind: str
    fate: str
    targets: int
    means: dict[str, Floats]

    def best(self, measure: int) -> Floats:
        """(origin,) scores of the baseline that is best over all origins of this emergency."""
        return min((self.means[name][:, measure] for name in BASELINES), key=lambda scores: float(scores.mean()))


def horizon_of(kind: Emergency) -> int:
    """Days that a forecast looks ahead."""
    return LONG_HORIZON_DAYS if kind.reporting == "month" else HORIZON_DAYS


def origins_of(kind: Emergency) -> list[date]:
    """Days on which a forecast is made: around each deadline, or evenly where there is none."""
    last = kind.days - horizon_of(kind)
    if kind.regime == "none":
        days = set(np.linspace(FIRST_DAY, last, WITHOUT_DEADLINE).astype(int).tolist())
    else:
        days = {deadline + after for deadline in kind.deadlines for after in AROUND_DEADLINE}
    return [kind.start + timedelta(days=day) for day in sorted(days) if FIRST_DAY <= day <= last]


def score_invented(kind: Emergency, number: int) -> Scored:
    """Every model on the `number`-th emergency of a kind."""
    made = replace(kind, seed=kind.seed + OTHER_SEED * number)
    case = case_from_files(f"{kind.name}-{number}", make_folder(made))
    fate = "mixed" if kind.empty else kind.regime
    return score(case, origins_of(kind), horizon_of(kind), kind.name, fate)


def score_drawn(number: int) -> Scored | None:
    """Every model on the `number`-th emergency drawn from the wide family; None where no report makes a target."""
    return score_made(draw_emergency(number), number)


def score_hazards(number: int, change: Change | None = None) -> Scored | None:
    """Every model on the `number`-th emergency drawn from hazards; None where no report makes a target."""
    kind = draw_hazard_emergency(number)
    return score_made(kind, number, hazard_flow(kind), change)


def score_made(kind: Emergency, number: int, flow: Floats | None = None, change: Change | None = None) -> Scored | None:
    """Every model on an emergency that was drawn at random; None where no report makes a target."""
    case = case_from_files(f"{kind.name}-{number}", make_folder(kind, flow))
    targets, origins = find_targets(case.as_of(case.last_known())), origins_of(kind)
    if not any(targets_of_origin(targets, origin, horizon_of(kind)) for origin in origins):
        return None
    return score(case, origins, horizon_of(kind), kind.name, kind.regime, change)


def score_real(folder: Path) -> Scored:
    """Every model on a real emergency that was looked up after everything had been chosen."""
    case = load_case(folder)
    horizon_days = REAL_HORIZON_DAYS.get(folder.name, LONG_HORIZON_DAYS)
    return score(case, real_origins(case), horizon_days, folder.name, "real")


def real_origins(case: Case) -> list[date]:
    """Days around each deadline that was ever named, whether it was kept, put off or called off."""
    named = {wave.deadline for wave in case.waves} | {change.deadline for change in case.changes if change.deadline}
    return sorted({deadline + timedelta(days=after) for deadline in named for after in AROUND_DEADLINE})


def score(
    case: Case, origins: Sequence[date], horizon_days: int, kind: str, fate: str, change: Change | None = None
) -> Scored:
    """Every model on one emergency, at the origins after which targets are due; `change` is made to each fit."""
    targets = find_targets(case.as_of(case.last_known()))
    count, found = 0, []
    for origin in origins:
        due = targets_of_origin(targets, origin, horizon_days)
        if due:
            count += len(due)
            fit = fit_origin(case.as_of(origin))
            found.append(score_origin(fit if change is None else change(fit), due, horizon_days))
    print(case.name, count, "targets", flush=True)
    means = dict(zip(MODELS, np.stack(found, axis=1), strict=True))
    return Scored(name=case.name, kind=kind, fate=fate, targets=count, means=means)


def score_origin(fit: OriginFit, due: Sequence[Target], horizon_days: int) -> Floats:
    """(model, measure) means over the targets due at one origin."""
    paths = paths_of_models(fit, MODELS, horizon_days=horizon_days, member_count=MEMBERS, seed=1)
    crossings, seen = fit.posterior.model.crossings, np.array([float(target.persons) for target in due])
    out = np.empty((len(MODELS), MEASURES))
    for place, model in enumerate(MODELS):
        sums = np.stack([target_samples(paths[model], crossings, fit.world.as_of, target) for target in due])
        quantiles = np.quantile(sums, QUANTILE_LEVELS, axis=1).T
        out[place, WIS] = weighted_interval_score(quantiles, seen, QUANTILE_LEVELS).total.mean()
        out[place, WIS_LOG] = weighted_interval_score(np.log1p(quantiles), np.log1p(seen), QUANTILE_LEVELS).total.mean()
        for measure, width in ((COVER50, 0.5), (COVER90, 0.9)):
            low, high = central_interval(quantiles, QUANTILE_LEVELS, width)
            out[place, measure] = np.mean((low <= seen) & (seen <= high))
    return out


def ratio(scored: Iterable[Scored], measure: int, model: str = "pool") -> tuple[float, tuple[float, float]]:
    """Geometric mean over emergencies of a model's score in units of the best baseline, and its 90 % interval.

    The interval resamples emergencies, and in each its origins.
    """
    resampled = [np.log(_drawn(one, one.means[model][:, measure]) / _drawn(one, one.best(measure))) for one in scored]
    value = np.mean([np.log(one.means[model][:, measure].mean() / one.best(measure).mean()) for one in scored])
    low, high = interval_of(_mean_of_drawn(resampled))
    return float(np.exp(value)), (float(np.exp(low)), float(np.exp(high)))


def coverage(scored: Iterable[Scored], measure: int, model: str = "pool") -> tuple[float, tuple[float, float]]:
    """Mean over emergencies of the share of targets inside a band, and its 90 % interval, resampled as `ratio` does."""
    value = np.mean([one.means[model][:, measure].mean() for one in scored])
    return float(value), interval_of(_mean_of_drawn([_drawn(one, one.means[model][:, measure]) for one in scored]))


def _drawn(one: Scored, scores: Floats) -> Floats:
    """(resample,) means over the origins of one emergency drawn with replacement; the same draws for every model."""
    picks = [_picks(f"{one.name} {place}", scores.size) for place in range(scores.size)]
    return np.mean([scores[pick] for pick in picks], axis=0)


def _mean_of_drawn(values: list[Floats]) -> Floats:
    """(resample,) means over emergencies drawn with replacement."""
    table = np.stack(values)
    picks = [_picks(f"emergency {place}", len(values)) for place in range(len(values))]
    return np.mean([table[pick, np.arange(RESAMPLES)] for pick in picks], axis=0)


def _picks(name: str, count: int) -> NDArray[np.int64]:
    uniforms = keyed_uniforms(1, "bootstrap", np.arange(RESAMPLES, dtype=np.uint64), name)
    return np.minimum((uniforms * count).astype(np.int64), count - 1)


def table_text(scored: list[Scored]) -> str:
    """A row for each kind, and one for each fate of a deadline that several kinds share."""
    lines = [
        "| kind | made | origins | targets | ratio | 90 % | log ratio | 90 % | 50 % band | 90 % band | law | log |",
        "|---|---:|---:|---:|---:|---|---:|---|---|---|---:|---:|",
    ]
    groups = {kind: [one for one in scored if one.kind == kind] for kind in dict.fromkeys(one.kind for one in scored)}
    for fate, title in (("enforced", "**all enforced**"), ("none", "**all without a deadline**")):
        together = [one for one in scored if one.fate == fate]
        if len({one.kind for one in together}) > 1:
            groups[title] = together
    for title, members in groups.items():
        cells = [title, len(members), sum(len(one.means["pool"]) for one in members), sum(m.targets for m in members)]
        for measure in (WIS, WIS_LOG):
            value, ends = ratio(members, measure)
            cells += [f"{value:.2f}", f"{ends[0]:.2f} to {ends[1]:.2f}"]
        for measure in (COVER50, COVER90):
            value, ends = coverage(members, measure)
            cells.append(f"{value:.2f} [{ends[0]:.2f}, {ends[1]:.2f}]")
        cells += [f"{ratio(members, measure, 'law')[0]:.2f}" for measure in (WIS, WIS_LOG)]
        lines.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Make, forecast and score them, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--choice", type=int, default=3, help="emergencies of each kind that choices may look at")
    parser.add_argument("--held-out", type=int, default=2, help="emergencies of each kind that judge them")
    parser.add_argument("--drawn", type=int, default=16, help="emergencies of the wide family, seen and held out")
    parser.add_argument("--hazards", type=int, default=20, help="emergencies drawn from hazards, all held out")
    parser.add_argument("--page", type=Path, default=PAGE, help="where the page is written")
    parser.add_argument("--real", action="store_true", help="only the real ones: print their table, write no page")
    asked = parser.parse_args()
    if asked.real:
        print(table_text([score_real(folder) for folder in REAL]))
        return
    started, lines = time.process_time(), [HEAD.format(version=__version__)]
    for title, numbers in (
        ("Seen: choices may look at these", range(asked.choice)),
        ("Held out: these judge", range(asked.choice, asked.choice + asked.held_out)),
    ):
        if numbers:
            lines += [
                f"## {title}\n",
                table_text([score_invented(kind, number) for kind in KINDS for number in numbers]),
            ]
    lines.append(DRAWN_HEAD)
    for title, first in (("Of these, seen", 0), ("Of these, held out", DRAWN_HELD_OUT)):
        drawn = [score_drawn(number) for number in range(first, first + asked.drawn)]
        lines += [f"### {title}\n", table_text([one for one in drawn if one is not None])]
    hazards = [score_hazards(number) for number in range(HAZARDS_HELD_OUT, HAZARDS_HELD_OUT + asked.hazards)]
    lines += [HAZARDS_HEAD, table_text([one for one in hazards if one is not None])]
    lines += [REAL_HEAD, table_text([score_real(folder) for folder in REAL])]
    spent = time.process_time() - started
    lines.append(f"Made in {spent:,.0f} s of processor time on {platform.machine()}, {platform.system()}.\n")
    asked.page.write_text("\n".join(lines), encoding="utf-8")
    print(asked.page)


if __name__ == "__main__":
    main()
