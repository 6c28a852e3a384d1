"""How wide is the peak from the announcement alone, and what would have to be known to narrow it?

Run: `python -m benchmarks.announcement`. The 2023 return as known on 4 October 2023, the day after the announcement, by
the law: ends of the 90 % band of the busiest day over all crossings, and the same where something were known exactly
that is not. What is known stays at its prior median.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from sarai.calibrate.calibrate import calibrate
from sarai.calibrate.posterior import Posterior
from sarai.calibrate.scope import limit_world
from sarai.calibrate.unknowns import ON_TIME
from sarai.forecast.make import law_paths
from sarai.model.returns import ReturnsModel, build_returns
from sarai.observe.case_folder import load_case
from sarai.world.world import World

DAY = date(2023, 10, 4)
HORIZON_DAYS, MEMBERS = 42, 2000
RUSH = ("rise_rate", "at_risk_fraction")
CASES: tuple[tuple[str, tuple[str, ...], bool], ...] = (
    ("nothing", (), False),
    ("fraction at risk", ("at_risk_fraction",), False),
    ("hazard on the deadline", ("rise_rate",), False),
    ("both", RUSH, False),
    ("that it is enforced on time", (), True),
    ("both, and that it is enforced on time", RUSH, True),
)  # what is known, its parameters, whether the deadline is taken as enforced on time


def band_of_peak(posterior: Posterior) -> tuple[float, float, float]:
    """5, 50 and 95 % points of the busiest day, persons over all crossings."""
    paths = law_paths(posterior, np.arange(MEMBERS, dtype=np.uint64), 1, HORIZON_DAYS)
    low, middle, high = np.quantile(paths.sum(axis=1).max(axis=0), (0.05, 0.5, 0.95))
    return float(low), float(middle), float(high)


def posterior_if_known(world: World, model: ReturnsModel, names: tuple[str, ...], on_time: bool) -> Posterior:
    """The posterior where the named parameters have no spread, and the deadline, if so asked, no doubt."""
    known = {name: replace(model.priors[name], spread=np.zeros_like(model.priors[name].spread)) for name in names}
    posterior = calibrate(world, model=replace(model, priors={**model.priors, **known}))
    if not on_time:
        return posterior
    chosen = [one for one in posterior.components if set(one.regimes) == {ON_TIME}]
    return replace(posterior, components=tuple(replace(one, weight=1.0) for one in chosen))


def main() -> None:
    """Print a row for each thing that might be known."""
    world = load_case("pakistan-2023").as_of(DAY)
    model = build_returns(limit_world(world))
    print("| if this were known | low | median | high | ratio of the ends |\n|---|---:|---:|---:|---:|")
    for title, names, on_time in CASES:
        low, middle, high = band_of_peak(posterior_if_known(world, model, names, on_time))
        print(f"| {title} | {low:,.0f} | {middle:,.0f} | {high:,.0f} | {high / low:.0f} |", flush=True)


if __name__ == "__main__":
    main()
