"""A seeded sample of a claim of the night, as CI takes it; the seed is the name of the test."""

from __future__ import annotations

from verify.claims import Claim, run_claim


def hold_sample(item: Claim, source: str, *, claims: int = 1, runs: int) -> None:
    """The claim holds on a sample, and turns red with the fault that it says it sees."""
    verdict = run_claim(item, source, claims=claims, runs=runs)
    assert verdict.holds, f"{item.name}: p = {verdict.looks}"
    assert verdict.caught, f"{item.name} did not see {item.sees}"
