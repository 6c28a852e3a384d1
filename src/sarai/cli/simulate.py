"""`sarai simulate`: what the law says before any report is used."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from sarai.cli.facts import run_facts
from sarai.cli.known import read_known
from sarai.cli.options import (
    DEFAULT_HORIZON_DAYS,
    DEFAULT_MEMBERS,
    DEFAULT_SEED,
    AsOfOption,
    CaseArgument,
    HorizonOption,
    MembersOption,
    OutFileOption,
    SeedOption,
    check_counts,
)
from sarai.cli.talk import say, step
from sarai.world.errors import Fault, RequestError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sarai.model.parameters import Parameters
    from sarai.simulate.stream import Reduced
    from sarai.world.world import World

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
COLUMNS = ("date", "observable", "place", "part", "q05", "q25", "q50", "q75", "q95")
DEADLINES = ("on-time", "late", "not-enforced")
WITHHELD = ("remaining", "held")  # people still present or held are never listed
LATE_DAYS = 7.0  # median of a late start; A79
DeadlineOption = Annotated[
    str, typer.Option("--deadline", metavar="WHICH", help=f"How the deadlines are taken: {', '.join(DEADLINES)}.")
]
FastOption = Annotated[bool, typer.Option("--fast", help="Faster draws, off by less than 1 in 1,000 in law.")]


def register(app: typer.Typer) -> None:
    """Add the verb `simulate`."""

    @app.command("simulate")
    def simulate_case(
        case: CaseArgument,
        as_of: AsOfOption = None,
        horizon: HorizonOption = DEFAULT_HORIZON_DAYS,
        members: MembersOption = DEFAULT_MEMBERS,
        seed: SeedOption = DEFAULT_SEED,
        deadline: DeadlineOption = "on-time",
        fast: FastOption = False,
        out: OutFileOption = None,
    ) -> None:
        """What the law says from its priors alone, before any report is used; `sarai forecast` uses the reports.

        Quantiles of every stage by day: departures, crossings, queues, reception, arrivals in provinces of return.

        Example: sarai simulate pakistan-2023 --as-of 2023-10-28 --out simulated.csv
        """
        check_counts(horizon_days=horizon, members=members, seed=seed)
        check_deadline(deadline)
        from sarai.publish.flat import flat_bytes, write_flat

        with step(f"Simulating {case}"):
            world, reduced = simulate_priors(case, as_of, horizon, members, seed, deadline, "fast" if fast else "exact")
        rows = list(table_rows(reduced))
        if out is None:
            sys.stdout.buffer.write(flat_bytes(COLUMNS, rows))
        else:
            facts = run_facts(world, "restricted", horizon=horizon, members=members, seed=seed, deadline=deadline)
            say(str(write_flat(COLUMNS, rows, out, facts)))
        if not (world.reports or world.calendar.waves):
            say(f"Nothing was known yet on {world.as_of}: no report and no call to leave. These are assumptions alone.")
            raise typer.Exit(code=1)


def check_deadline(deadline: str) -> None:
    """Refuse a word that names no way of taking deadlines."""
    if deadline not in DEADLINES:
        raise RequestError(
            Fault(column="--deadline", what="deadlines are not taken this way", found=deadline,
                  wanted=" or ".join(DEADLINES), mend="write for example --deadline late")
        )  # fmt: skip


def simulate_priors(
    case: str, as_of: str | None, horizon: int, members: int, seed: int, deadline: str,
    accuracy: Literal["exact", "fast"],
) -> tuple[World, Reduced]:  # fmt: skip
    """The world as known, and the quantiles from the first day of the case to `horizon` days past the as-of date."""
    import numpy as np

    from sarai.forecast.reopening import reopened_model
    from sarai.model.returns import build_returns
    from sarai.simulate.ensemble import AXES
    from sarai.simulate.prior import draw_prior
    from sarai.simulate.stream import stream_returns

    world = read_known(case, as_of)
    model = reopened_model(build_returns(world))
    last = max(world.as_of, world.start) + timedelta(days=horizon)
    days: dict[str, Any] = {"first_day": model.first_day, "last_day": last.toordinal(), "seed": seed}
    shown = [name for name in AXES if name not in WITHHELD]
    drawn = draw_prior(model, np.arange(members, dtype=np.uint64), **days)
    parameters = take_deadlines(drawn, deadline, model.priors["rise_rate"].centre)
    return world, stream_returns(model, parameters, levels=LEVELS, accuracy=accuracy, observe=shown, **days)


def take_deadlines(parameters: Parameters, deadline: str, usual_rise: NDArray[np.float64]) -> Parameters:
    """The same members with every wave late or not enforced; on time they stay as they are.

    usual_rise  prior median of the rise of each wave (wave,)
    """
    if deadline == "late":
        return parameters.change(lag_days=0.0 * parameters.lag_days + LATE_DAYS)
    if deadline == "not-enforced":
        from sarai.calibrate.unenforced import unenforced_rise

        rise = unenforced_rise(parameters.rise_rate, usual_rise.reshape(-1, 1))
        return parameters.change(rise_multiplier=rise, enforce_multiplier=0.0 * parameters.enforce_multiplier)
    return parameters


def table_rows(reduced: Reduced) -> Iterator[list[Any]]:
    """One row for each day, observable, place and part, quantiles last."""
    from datetime import date
    from itertools import product

    from sarai.simulate.ensemble import AXES

    for name, values in reduced.quantiles.items():
        ids = [reduced.axes[axis] for axis in AXES[name][1:]]
        for t, day in enumerate(reduced.days):
            for index in product(*(range(len(axis)) for axis in ids)):
                labels = [axis[k] for axis, k in zip(ids, index, strict=True)] + ["all", "all"]
                at: Any = (slice(None), t, *index)
                yield [str(date.fromordinal(int(day))), name, *labels[:2],
                       *(round(float(value), 1) for value in values[at])]  # fmt: skip
