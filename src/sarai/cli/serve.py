"""`sarai serve`: the lab, a page on this machine for moving one thing and seeing the difference."""

from __future__ import annotations

import os
import socket
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
from sarai.cli.warm import ready_kernels

if TYPE_CHECKING:
    from sarai.whatif.scenario import Scenario

HORIZON_DAYS = 60
TOKEN_BYTES = 18
WAITING = 128
LOOPBACK = "127.0.0.1"
TEST_NETWORK = "192.0.2.1"
"""An address that belongs to nobody (RFC 5737)."""


def register(app: typer.Typer) -> None:
    """Add the verb to the command."""
    app.command("serve")(serve_command)


def serve_command(
    case: CaseArgument,
    as_of: AsOfOption = None,
    horizon: HorizonOption = HORIZON_DAYS,
    members: MembersOption = DEFAULT_MEMBERS,
    seed: SeedOption = DEFAULT_SEED,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Port on this machine; 0: any free one.")
    ] = 8765,
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
    from sarai.observe.case_folder import load_case
    from sarai.observe.scenario_file import case_scenarios

    loaded = load_case(case)
    world = loaded.as_of(day or loaded.last_known())
    door = open_door("0.0.0.0" if share else LOOPBACK, port)
    ready_kernels()
    from sarai.lab.session import open_session

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
    address = f"http://{own_address() if share else LOOPBACK}:{door.getsockname()[1]}/"
    say(f"The lab is at {address}{f'?token={token}' if token else ''}; stop it with Ctrl-C.")
    app = create_app(session, token, publish)
    config = uvicorn.Config(app, log_level="warning", server_header=False, ws="none")
    uvicorn.Server(config).run(sockets=[door])


def open_door(host: str, port: int) -> socket.socket:
    """A socket that listens before anything is computed, so that who comes early waits. Raises RequestError."""
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name == "posix":  # a port that was just left can be taken again at once; elsewhere it could be shared
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((host, port))
        door.listen(WAITING)
    except OSError as error:
        door.close()
        from sarai.world.errors import Fault, RequestError

        raise RequestError(
            Fault(column="--port", what="this port cannot be opened; perhaps another lab is running on it",
                  found=f"{port} ({error.strerror or error})", wanted="a free port",
                  mend="stop the other lab, or give another --port; --port 0 takes any free one")
        ) from error  # fmt: skip
    return door


def own_address() -> str:
    """The address under which others on the network find this machine; its name where it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((TEST_NETWORK, 9))  # chooses a route; nothing is sent
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostname()
