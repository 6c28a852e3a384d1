"""`sarai warm`: compile the kernels now, so that the first run does not have to."""

from __future__ import annotations

import subprocess
import sys
import time

import typer

from sarai.cli.talk import say, step

LAST_COMPILED = (("simulate", "returns_kernel.run_block"), ("reconcile", "windows_kernel.fill_shares"))
ENGINE_ALONE = "from sarai.cli.warm import compile_engine; compile_engine()"


def register(app: typer.Typer) -> None:
    """Add the verb `warm`."""

    @app.command("warm")
    def warm_kernels() -> None:
        """Compile all kernels for this machine and keep them; later runs start at once.

        Simulates and reconciles the teaching case, small, and writes nothing. Two processes share the work.

        Example: sarai warm
        """
        begin = time.perf_counter()
        with step("Compiling the kernels for this machine"):
            compile_all()
        say(f"All kernels are compiled for this machine ({time.perf_counter() - begin:.0f} s).")


def ready_kernels() -> None:
    """Before a first run: compile what it needs in two processes at once, where that can be kept for the run.

    Does nothing where the kernels are kept already. Where nothing can be kept, says so; the run compiles as it goes.
    """
    from sarai.simulate import kernel_cache

    if all(kernel_cache.is_kept(kernel_cache.PACKAGE / room, kernel) for room, kernel in LAST_COMPILED):
        return
    if kernel_cache.find_place(kernel_cache.ENGINE) is None:
        say(
            "No folder can be written to keep compiled kernels in, so every run compiles them anew (half a minute). "
            "Set NUMBA_CACHE_DIR to a folder of yours."
        )
        return
    with step("Compiling the kernels for this machine (once; about ten seconds)"):
        compile_all()


def compile_all() -> None:
    """Compile what the main job needs, in two processes."""
    engine = subprocess.Popen(
        [sys.executable, "-c", ENGINE_ALONE], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        compile_evidence()
    finally:
        engine.wait()


def compile_evidence() -> None:
    """Compile what reads the reports: the reconciliation of the teaching case, and calibration's small kernels."""
    import numpy as np

    from sarai.calibrate import linear, noise, operator
    from sarai.observe.case_folder import load_case
    from sarai.reconcile.reconcile import reconcile

    loaded = load_case("teaching")
    reconcile(loaded.as_of(loaded.last_known()), sample_count=2)
    one = np.ones((1, 1))
    factor = linear.cholesky(linear.weighted_gram(one, one[0]))
    linear.solve_upper(factor, linear.solve_lower(factor, one))
    linear.log_determinant(factor)
    linear.multiply(one, one)
    linear.quadratic(one, one[0])
    days, flags = np.zeros(1, dtype=np.int64), np.ones((1, 1), dtype=np.bool_)
    operator.sum_windows(one[:, :, None, None], days, days, flags, flags, one.copy())
    ids = np.zeros(1, dtype=np.uint64)
    noise.keyed_normals(1, "warm", ids, [0], ["warm"])
    noise.keyed_uniforms(1, "warm", ids, "warm")


def compile_engine() -> None:
    """Compile what simulates: one day of two members of the teaching case."""
    import numpy as np

    from sarai.model.returns import build_returns, central_parameters
    from sarai.observe.case_folder import load_case
    from sarai.simulate.simulate import simulate_returns

    loaded = load_case("teaching")
    model = build_returns(loaded.as_of(loaded.last_known()))
    parameters = central_parameters(model, np.arange(2, dtype=np.uint64))
    simulate_returns(model, parameters, first_day=model.first_day, last_day=model.first_day, seed=1)
