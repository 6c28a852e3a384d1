"""A seeded sample of the nightly claims about journeys and queues; each also catches its planted fault."""

from __future__ import annotations

import numpy as np
import pytest
from verify.claim_passage import lindley_law, passage_law
from verify.claims import load_claims

from makers.claims import hold_sample

CLAIMS = load_claims("passage")
RUNS = {"passage.first_passage": 1_500, "passage.queue_of_lindley": 12_000}


def test_every_claim_has_its_sample() -> None:
    """No claim of the night is left out of the sample."""
    assert set(RUNS) == set(CLAIMS)


@pytest.mark.parametrize("name", sorted(RUNS))
def test_claim_sample_holds_and_catches_its_fault(name: str) -> None:
    """The claim holds on a sample, and turns red with the fault that it says it sees."""
    hold_sample(CLAIMS[name], f"test_claim_sample[{name}]", claims=len(CLAIMS), runs=RUNS[name])


def test_the_laws_that_are_tested_against_are_laws() -> None:
    """They add up to one, and a queue without noise and with room for all is empty."""
    assert passage_law(200).sum() == pytest.approx(1.0)
    assert passage_law(200) @ np.arange(200) == pytest.approx(2.3 + 2.5 + 1.6)
    assert lindley_law(60.0, 63.0, 0.3, 40).sum() == pytest.approx(1.0, abs=1e-9)
    assert lindley_law(10.0, 300.0, 0.01, 5)[0] == pytest.approx(1.0)
