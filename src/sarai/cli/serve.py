"""`sarai serve`: the lab, a page on this machine for moving one thing and seeing the difference."""

from __future__ import annotations

from typing import Annotated

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

    from sarai.lab.server import create_app

    token = secrets.token_urlsafe(TOKEN_BYTES) if share else None
    say(f"The lab is at http://127.0.0.1:{port}/{f'?token={token}' if token else ''}; stop it with Ctrl-C.")
    host = "0.0.0.0" if share else "127.0.0.1"
    uvicorn.run(
        create_app(session, token), host=host, port=port, log_level="warning", server_header=False, ws="none",
    )  # fmt: skip
