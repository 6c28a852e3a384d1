"""Seeded samples of the claims on ingest in verify/, and the planted faults that they must catch."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("module", "look", "runs"),
    [("claim_ingest_fuzz", "damaged_files", 60), ("claim_ingest_personal", "lists_of_persons", 150)],
)
def test_sample_of_a_claim_holds_and_its_planted_fault_is_caught(
    module: str, look: str, runs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A small run of each claim is green, and red once its fault is planted."""
    monkeypatch.syspath_prepend(str(ROOT))
    claim = getattr(importlib.import_module(f"verify.{module}"), look)
    assert claim(7, runs, False) == 1.0
    assert claim(7, runs, True) == 0.0
    assert "verify.claims" in sys.modules
