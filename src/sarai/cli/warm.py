"""`sarai warm`: compile the kernels now, so that the first run does not have to."""

from __future__ import annotations

import time

import typer

from sarai.cli.talk import say, step


def register(app: typer.Typer) -> None:
    """Add the verb `warm`."""

    @app.command("warm")
    def warm_kernels() -> None:
        """Compile all kernels for this machine and keep them; later runs start at once.

        Runs the main job once, small, on the teaching case, and writes nothing.

        Example: sarai warm
        """
        from sarai.brief import brief
        from sarai.observe.case_folder import load_case

        begin = time.perf_counter()
        with step("Compiling the kernels for this machine"):
            loaded = load_case("teaching")
            brief(loaded, loaded.last_known(), horizon_days=2, member_count=2)
        say(f"All kernels are compiled for this machine ({time.perf_counter() - begin:.0f} s).")
