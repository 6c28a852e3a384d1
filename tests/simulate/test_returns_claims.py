"""A seeded sample of the nightly claims about the returns engine; each also catches its planted fault."""

from __future__ import annotations

import pytest
from verify.claims import load_claims

from makers.claims import hold_sample

CLAIMS = load_claims("returns")
RUNS = {
    "returns.conservation": 120,
    "returns.households": 30_000,
    "returns.mean_field": 4_000,
    "returns.mean_mode": 4_000,
    "returns.paired_differences": 500,
    "returns.queue_of_md_c": 24_000,
    "returns.splitting": 4_000,
    "returns.stay_of_mm_infinity": 8_000,
    "returns.thinning": 8_000,
}


def test_every_claim_has_its_sample() -> None:
    """No claim of the night is left out of the sample."""
    assert set(RUNS) == set(CLAIMS)


@pytest.mark.parametrize("name", sorted(RUNS))
def test_claim_sample_holds_and_catches_its_fault(name: str) -> None:
    """The claim holds on a sample, and turns red with the fault that it says it sees."""
    hold_sample(CLAIMS[name], f"test_claim_sample[{name}]", claims=len(CLAIMS), runs=RUNS[name])
