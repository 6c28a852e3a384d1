"""Keep what was forecast: put a forecast on the shelf of its case, to be scored as reports arrive."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sarai.cli.talk import say

if TYPE_CHECKING:
    from sarai.calibrate.past_priors import PastPriors
    from sarai.calibrate.posterior import Posterior
    from sarai.forecast.forecast import Forecast
    from sarai.reconcile.picture import Picture
    from sarai.world.world import World

KeepOption = Annotated[
    bool, typer.Option("--keep/--no-keep", help="Keep the forecast, for `sarai scoreboard` to score later.")
]


def keep(
    case: str, world: World, picture: Picture, posterior: Posterior, forecast: Forecast, seed: int,
    learned: PastPriors | None = None,
) -> None:  # fmt: skip
    """Put a forecast on the shelf of its case; a place that cannot be written costs a sentence, not the forecast."""
    from sarai import __version__
    from sarai.calibrate.priors_file import priors_hash
    from sarai.forecast.archive import DOCUMENTED_PRIORS, keep_forecast, kept_bytes
    from sarai.ledger.run_record import inputs_sha256
    from sarai.ledger.shelf import put_on_shelf
    from sarai.observe.case_folder import find_case
    from sarai.observe.case_writer import snapshot

    vintage = inputs_sha256(snapshot(world))
    priors = DOCUMENTED_PRIORS if learned is None else priors_hash(learned)
    kept = keep_forecast(
        world, picture, posterior, forecast, seed=seed, vintage=vintage, version=__version__, priors=priors
    )
    try:
        put_on_shelf(Path(str(find_case(case)[1])), kept.reference_date, kept_bytes(kept))
    except OSError as error:
        say(f"The forecast was not kept for later scoring: {error.strerror or error}.")
