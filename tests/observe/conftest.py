"""What the tests of this room share: a case to read into."""

from __future__ import annotations

from pathlib import Path

import pytest

from makers.ledger import write_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The smallest valid case on disk."""
    return write_folder(tmp_path / "case")
