"""What every test shares: the switch of `make golden`."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """The switch of `make golden`."""
    parser.addoption("--remake-golden", action="store_true", help="write the frozen outputs anew")
