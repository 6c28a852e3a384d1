"""The front door: parse, call one room, print. Data to stdout, talk to stderr; exit codes below."""

from __future__ import annotations

from sarai.cli.app import main

__all__ = ["main"]
