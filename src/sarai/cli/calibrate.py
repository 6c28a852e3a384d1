"""`sarai calibrate`: fit the returns law to the reports known on a day, and say what was learned."""

from __future__ import annotations

import sys

import typer

from sarai.cli.facts import run_facts
from sarai.cli.options import AsOfOption, CaseArgument, OutFileOption, check_request, parse_day
from sarai.cli.priors import PriorsOption, load_priors
from sarai.cli.talk import say, step
from sarai.cli.warm import ready_kernels

COLUMNS = (
    "parameter", "key", "unit", "prior05", "prior50", "prior95", "posterior05", "posterior50", "posterior95", "learned",
)  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add the verb `calibrate`."""

    @app.command("calibrate")
    def calibrate_case(
        case: CaseArgument, as_of: AsOfOption = None, out: OutFileOption = None, priors: PriorsOption = None
    ) -> None:
        """Prior and posterior of each parameter of the law, and how well each series of reports fits.

        `learned` is 0 where the reports say nothing and near 1 where they settle the value.

        Example: sarai calibrate pakistan-2023 --as-of 2023-11-20 --out posterior.csv
        """
        from sarai.observe.case_folder import load_case
        from sarai.publish.flat import check_ending, flat_bytes, write_flat

        check_request(
            lambda: check_ending(out.suffix.lower() if out else ".csv"), lambda: as_of is None or parse_day(as_of)
        )
        loaded = load_case(case)
        ready_kernels()
        from sarai.calibrate.calibrate import calibrate
        from sarai.calibrate.priors_file import apply_priors

        with step(f"Calibrating {case}"):
            learned = load_priors(priors, loaded)
            world = loaded.as_of(parse_day(as_of) if as_of else loaded.last_known())
            posterior = calibrate(apply_priors(world, learned))
        rows = [
            (entry.name, entry.key, entry.unit, *(float(f"{x:.5g}") for x in (*entry.prior, *entry.posterior)),
             round(entry.learned, 3))
            for entry in posterior.learned
        ]  # fmt: skip
        if out is None:
            sys.stdout.buffer.write(flat_bytes(COLUMNS, rows))
        else:
            say(str(write_flat(COLUMNS, rows, out, run_facts(world, "restricted"))))
        for series in posterior.misfit:
            say(f"{series.series}: {series.figures} figures, standardised misfit {series.rms:.1f}, "
                f"log bias {series.bias_log:+.2f} ± {series.bias_log_sd:.2f}")  # fmt: skip
        if posterior.silent:
            say("The reports say nothing yet about: " + ", ".join(posterior.silent))
        if posterior.status != "ok":
            say(posterior.status)
            raise typer.Exit(code=1)
