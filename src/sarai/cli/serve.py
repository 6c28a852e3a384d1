"""`sarai serve`: the lab, a page on this machine for moving one thing and seeing the difference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from sarai.cli.options import (
    DEFAULT_MEMBERS,
    DEFAULT_SEED,
    AsOfOption,
    CaseArgument,
    HorizonOption,
    MembersOption,
    SeedOption,
    check_counts,
    parse_day,
)
from sarai.cli.talk import say, step

if TYPE_CHECKING:
    from sarai.whatif.scenario import Scenario

HORIZON_DAYS = 60
TOKEN_BYTES = 18


def register(app: typer.Typer) -> None:
    """Add the verb to the command."""
    app.command("serve")(serve_command)


def serve_command(
    case: CaseArgument,
    as_of: AsOfOption = None,
    horizon: HorizonOption = HORIZON_DAYS,
    members: MembersOption = DEFAULT_MEMBERS,
    seed: SeedOption = DEFAULT_SEED,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port on this machine.")] = 8765,
    share: Annotated[
        bool, typer.Option("--share", help="Let others on the network in, each with the token that is printed.")
    ] = False,
) -> None:
    """Open the lab: move a date, a closure or a capacity and see the paired difference at once.

    Only this machine can reach it, unless --share is given; then a token is needed. Stop it with Ctrl-C.

    Example: sarai serve pakistan-2023 --as-of 2023-10-28
    """
    check_counts(horizon_days=horizon, members=members, seed=seed)
    day = parse_day(as_of) if as_of else None
    from sarai.lab.session import open_session
    from sarai.observe.case_folder import load_case
    from sarai.observe.scenario_file import case_scenarios

    loaded = load_case(case)
    world = loaded.as_of(day or loaded.last_known())
    with step(f"Calibrating {case} and running {members} possible worlds"):
        session = open_session(world, case_scenarios(case), horizon_days=horizon, member_count=members, seed=seed)
    import secrets

    import uvicorn

    from sarai.brief import brief
    from sarai.lab.server import create_app
    from sarai.publish.files import pack_files

    def publish(scenarios: Sequence[Scenario]) -> bytes:
        """The files of a briefing that holds the scenarios, packed: run again with exact draws from the case itself."""
        asked = [{"name": one.name, "set": [str(change) for change in one.changes]} for one in scenarios]
        done = brief(
            loaded, world.as_of, horizon_days=horizon, member_count=members, seed=seed, scenarios=asked
        )  # fmt: skip
        return pack_files(done.files)

    token = secrets.token_urlsafe(TOKEN_BYTES) if share else None
    say(f"The lab is at http://127.0.0.1:{port}/{f'?token={token}' if token else ''}; stop it with Ctrl-C.")
    host = "0.0.0.0" if share else "127.0.0.1"
    uvicorn.run(
        create_app(session, token, publish), host=host, port=port, log_level="warning", server_header=False, ws="none",
    )  # fmt: skip
