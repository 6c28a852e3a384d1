"""A seeded sample of the claims on the posterior; `make verify` looks at all of them, and longer."""

from __future__ import annotations

from verify.claims import load_claims, run_claim


def test_bands_of_the_numbers_of_the_law_hold_and_narrow_ones_are_seen() -> None:
    """Ten emergencies made from the law itself, twelve numbers each; bands that are a third too narrow turn it red."""
    (item,) = (one for one in load_claims("calibrate").values() if one.name.endswith("bands_of_numbers_hold"))
    verdict = run_claim(item, "test_calibrate_claims", claims=1, runs=10)
    assert verdict.holds and verdict.caught, verdict.looks
