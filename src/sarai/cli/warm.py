"""`sarai warm`: compile the kernels now, so that the first run does not have to."""

from __future__ import annotations

import subprocess
import sys
import time

import typer

from sarai.cli.talk import say, step

ENGINE_ALONE = "from sarai.cli.warm import compile_engine; compile_engine()"


def register(app: typer.Typer) -> None:
    """Add the verb `warm`."""

    @app.command("warm")
    def warm_kernels() -> None:
        """Compile all kernels for this machine and keep them; later runs start at once.

        Runs the main job once, small, on the teaching case, and writes nothing. Two processes share the work.

        Example: sarai warm
        """
        from sarai.brief import brief
        from sarai.observe.case_folder import load_case
        from sarai.reconcile.reconcile import reconcile

        begin = time.perf_counter()
        with step("Compiling the kernels for this machine"):
            loaded = load_case("teaching")
            engine = subprocess.Popen([sys.executable, "-c", ENGINE_ALONE])
            reconcile(loaded.as_of(loaded.last_known()), sample_count=2)
            engine.wait()  # if it failed, what it left is compiled here
            brief(loaded, loaded.last_known(), horizon_days=2, member_count=2)
        say(f"All kernels are compiled for this machine ({time.perf_counter() - begin:.0f} s).")


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
