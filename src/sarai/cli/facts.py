"""Facts: what every file of a command says of itself, beside those of a briefing, which has a record of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sarai.publish.levels import Level
    from sarai.world.world import World


def run_facts(world: World, level: Level, **options: object) -> dict[str, str]:
    """Level, day, licence, and in a line what makes the file again: version, case, hash of what was known, options.

    options   those that move a number, by their names on the command line; None where not given
    """
    from sarai import __version__
    from sarai.ledger.run_record import inputs_sha256
    from sarai.observe.case_writer import snapshot
    from sarai.publish.levels import file_facts

    said = [f"{name} {value}" for name, value in options.items() if value is not None]
    record = ", ".join([f"sarai {__version__}", f"{world.name} {inputs_sha256(snapshot(world))[:12]}", *said])
    return file_facts(level, world.as_of.isoformat(), record)
