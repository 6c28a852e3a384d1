"""`sarai forecast`: what is likely to come to each crossing, queue, site and province of return."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from sarai.cli.facts import run_facts
from sarai.cli.keep import KeepOption, keep
from sarai.cli.options import (
    DEFAULT_MEMBERS,
    DEFAULT_SEED,
    AsOfOption,
    CaseArgument,
    LookAheadOption,
    MembersOption,
    OutFileOption,
    SeedOption,
    check_counts,
    check_request,
    parse_day,
)
from sarai.cli.priors import PriorsOption, load_priors
from sarai.cli.talk import RESTRICTED, say, step
from sarai.cli.warm import ready_kernels

IncludeOption = Annotated[
    list[str] | None,
    typer.Option("--include", metavar="NAME", help="Confidential, left out unless asked for: origins, enforcement."),
]
SamplesOption = Annotated[
    int, typer.Option("--samples", metavar="N", help="Joint samples of the crossings to add to the quantiles.")
]


def register(app: typer.Typer) -> None:
    """Add the verb `forecast`."""

    @app.command("forecast")
    def forecast_case(
        case: CaseArgument,
        as_of: AsOfOption = None,
        horizon: LookAheadOption = None,
        members: MembersOption = DEFAULT_MEMBERS,
        seed: SeedOption = DEFAULT_SEED,
        out: OutFileOption = None,
        samples: SamplesOption = 0,
        include: IncludeOption = None,
        keep_it: KeepOption = True,
        priors: PriorsOption = None,
    ) -> None:
        """Probabilities of what comes to each crossing, queue, site and province of return, in hubverse columns.

        Example: sarai forecast pakistan-2023 --as-of 2023-10-28 --out forecast.csv
        """
        from sarai.observe.case_folder import load_case
        from sarai.publish.flat import check_ending, flat_bytes, write_flat
        from sarai.publish.levels import check_includes, level_of

        check_request(
            lambda: check_counts(
                horizon_days=1 if horizon is None else horizon, members=members, seed=seed, samples=samples
            ),
            lambda: check_includes(include or ()),
            lambda: check_ending(out.suffix.lower() if out else ".csv"),
            lambda: as_of is None or parse_day(as_of),
        )
        loaded = load_case(case)
        ready_kernels()
        from sarai.calibrate.calibrate import calibrate
        from sarai.calibrate.priors_file import apply_priors
        from sarai.forecast.forecast import COLUMNS
        from sarai.forecast.hub import forecast_table
        from sarai.forecast.make import make_forecast
        from sarai.publish.allowed import allowed_forecast
        from sarai.reconcile.reconcile import reconcile

        with step(f"Forecasting {case}"):
            learned = load_priors(priors, loaded)
            world = apply_priors(loaded.as_of(parse_day(as_of) if as_of else loaded.last_known()), learned)
            picture = reconcile(world, min(members, 1000), seed)
            posterior = calibrate(world)
            days = horizon or world.calendar.days_to_look_ahead(world.as_of)
            made = make_forecast(world, picture, posterior, horizon_days=days, member_count=members, seed=seed)
            if keep_it:
                keep(case, world, picture, posterior, made, seed, learned)
            made = allowed_forecast(made, include or ())
            rows = forecast_table(made, sample_count=samples).rows()
        if out is None:
            sys.stdout.buffer.write(flat_bytes(COLUMNS, rows))
        else:
            facts = run_facts(world, level_of(include or ()), horizon=days, members=members, seed=seed, samples=samples)
            say(str(write_flat(COLUMNS, rows, out, facts)))
        say(f"Confidential: it holds what was asked for, {' and '.join(include)}." if include else RESTRICTED)
        for note in made.notes:
            say(note)
        if posterior.status != "ok" or picture.status != "ok":
            raise typer.Exit(code=1)
