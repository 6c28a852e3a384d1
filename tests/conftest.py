"""What every test shares: the switch of `make golden`, and found examples that are the same on a busy machine."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("sarai", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("sarai")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The switch of `make golden`."""
    parser.addoption("--remake-golden", action="store_true", help="write the frozen outputs anew")
