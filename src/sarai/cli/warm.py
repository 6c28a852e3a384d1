"""`sarai warm`: compile the kernels now, so that the first run does not have to."""

from __future__ import annotations

import time
from typing import Any

import typer

from sarai.cli.talk import say


def register(app: typer.Typer) -> None:
    """Add the verb `warm`."""

    @app.command("warm")
    def warm_kernels() -> None:
        """Compile the simulation for this machine and keep it; later runs start at once.

        Example: sarai warm
        """
        import numpy as np

        from sarai.model.returns import build_returns
        from sarai.observe.case_folder import load_case
        from sarai.simulate.prior import draw_prior
        from sarai.simulate.simulate import simulate_returns

        begin = time.perf_counter()
        loaded = load_case("teaching")
        model = build_returns(loaded.as_of(loaded.last_known()))
        days: dict[str, Any] = {"first_day": model.first_day, "last_day": model.first_day + 1}
        parameters = draw_prior(model, np.arange(2, dtype=np.uint64), seed=1, **days)
        simulate_returns(model, parameters, seed=1, mode="draws", **days)
        simulate_returns(model, parameters, seed=1, mode="mean", **days)
        say(f"The simulation is compiled for this machine ({time.perf_counter() - begin:.1f} s).")
