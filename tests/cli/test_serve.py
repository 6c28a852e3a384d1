"""The verb `serve`: the port is taken before anything is computed, and the address that it prints answers."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import urllib.request

import pytest

from sarai.cli.serve import open_door
from sarai.world.errors import RequestError


def test_a_port_that_is_taken_is_refused_with_a_mend() -> None:
    """A second lab on the same port says so, and what to do."""
    with open_door("127.0.0.1", 0) as door, pytest.raises(RequestError) as found:
        open_door("127.0.0.1", door.getsockname()[1])
    assert "--port" in str(found.value) and "another lab" in str(found.value)


def test_any_free_port_is_printed_as_it_is_and_answers() -> None:
    """`--port 0` takes a free port of this machine; the address printed is the one that answers."""
    command = [sys.executable, "-m", "sarai", "serve", "teaching", "--as-of", "2031-04-08", "--port", "0",
               "--members", "40", "--horizon", "14"]  # fmt: skip
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as lab:
        assert lab.stderr is not None
        try:
            address = next(found[1] for text in lab.stderr if (found := re.search(r"(http://\S+:[1-9]\d*/)", text)))
            with urllib.request.urlopen(f"{address}api/world", timeout=60) as reply:
                assert reply.status == 200
        finally:
            lab.terminate()


def test_a_loopback_door_is_not_open_to_the_network() -> None:
    """Without --share the socket is bound to this machine alone."""
    with open_door("127.0.0.1", 0) as door:
        assert door.family == socket.AF_INET and door.getsockname()[0] == "127.0.0.1"
