"""What would it gain to know from which family an emergency comes? Those drawn from hazards, with their own priors.

Run: `python -m benchmarks.family_known [--hazards 20]`. A bound, not a forecast: the law is told the medians and
spreads from which the numbers of these emergencies were drawn (`tests/makers/hazard_emergency.py`), and not the
numbers. What is then left of the score is what nobody can know of the next emergency. Emergencies, origins, targets and
units are those of the page of unseen emergencies.
"""

from __future__ import annotations

import argparse

from verify.made_up import NUMBERS

from benchmarks.hindsight import fit_told
from benchmarks.unseen import HAZARDS_HELD_OUT, Scored, score_hazards, table_text
from sarai.forecast.backtest import OriginFit


def told_family(fit: OriginFit) -> OriginFit:
    """The origin fitted again with the priors of the family, where a deadline is in force."""
    return fit_told(fit, NUMBERS, False)


def main() -> None:
    """Print a row for each fate of the deadline, as it is and with the priors of the family."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hazards", type=int, default=20, help="emergencies")
    numbers = range(HAZARDS_HELD_OUT, HAZARDS_HELD_OUT + parser.parse_args().hazards)
    for title, change in (("As it is", None), ("With the priors of the family", told_family)):
        scored: list[Scored | None] = [score_hazards(number, change) for number in numbers]
        print(f"{title}\n\n{table_text([one for one in scored if one is not None])}", flush=True)


if __name__ == "__main__":
    main()
