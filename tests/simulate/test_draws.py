"""The public face of draws: golden vectors of the scheme, and a seeded sample of each claim of the night."""

import json
from pathlib import Path

import numpy as np
import pytest
from verify.claims import Claim, judge, load_claims, second_look

from makers.claims import hold_sample
from sarai.simulate import draws

GOLDEN = Path(__file__).parent / "draws_golden.json"
CLAIMS = load_claims("binomial") | load_claims("draws")
SCALE = {
    "binomial.binomial_distance": 4,
    "binomial.binomial_ends": 12,
    "binomial.binomial_fast_distance": 3,
    "binomial.binomial_fast_law": 5_000,
    "binomial.binomial_law": 5_000,
    "draws.beta_binomial_law": 10_000,
    "draws.beta_distance": 12,
    "draws.blocks_identical": 8,
    "draws.keys_independent": 200_000,
    "draws.multinomial_distance": 3,
    "draws.multinomial_law": 5_000,
    "draws.poisson_law": 2_000,
}


def test_golden_vectors_freeze_the_scheme():
    """Uniforms and counts of version 1. They may move only together with SCHEME_VERSION."""
    golden = json.loads(GOLDEN.read_text())
    assert golden["scheme"] == draws.SCHEME_VERSION
    for entry in golden["draws"]:
        stream = draws.stream_key(entry["seed"], draws.purpose_key(entry["purpose"]))
        cell = draws.cell_key(*entry["cell"])
        u = draws.uniform_at(stream, entry["member"], entry["day"], cell)
        n, p = entry["n"], entry["p"]
        assert u.hex() == entry["uniform"]
        assert draws.binomial(u, n, p) == entry["binomial"]
        assert draws.binomial_fast(u, n, p) == entry["binomial_fast"]
        assert draws.beta_binomial(u, 1.0 - u, n, p, 6.0) == entry["beta_binomial"]
        assert draws.poisson(u, n * p) == entry["poisson"]
        assert draws.clumped_fraction(u, n, p, 6.0).hex() == entry["clumped_fraction"]


def test_everything_public_exists():
    """Each name that the module offers is there and has a docstring."""
    for name in draws.__all__:
        thing = getattr(draws, name)
        assert isinstance(thing, int) or thing.__doc__


@pytest.mark.parametrize("name", sorted(CLAIMS))
def test_claim_sample(name):
    """A seeded sample of the nightly claim holds and catches its planted fault; the seed is the test's name."""
    hold_sample(CLAIMS[name], f"test_claim_sample[{name}]", claims=len(CLAIMS), runs=SCALE[name])


def test_every_claim_on_draws_has_a_sample():
    """A claim that is added must be given a size for CI."""
    assert set(CLAIMS) == set(SCALE)


def test_two_looks_keep_the_budget():
    """A true claim fails twice in a row as often as its share says; a biased one is seen; a first good look ends it."""
    rng = np.random.default_rng(1)
    honest = Claim(name="honest", states="", sees="", runs=1, look=lambda *_: float(rng.uniform()))
    outcomes = [judge(honest, "x", 10, 1, False) for _ in range(40_000)]
    assert second_look(10) == pytest.approx(0.01)
    alarms = sum(len(looks) == 2 for looks, _ in outcomes)
    assert 320 <= alarms <= 480
    assert sum(not holds for _, holds in outcomes) <= 14  # 4 expected
    assert all(holds for looks, holds in outcomes if len(looks) == 1)
    broken = Claim(name="broken", states="", sees="", runs=1, look=lambda *_: 1e-9)
    assert judge(broken, "x", 100, 1, False) == ((1e-9, 1e-9), False)


def test_one_counterexample_is_enough():
    """A claim that one case refutes stays refuted though a second look would not meet the case again."""
    found = iter([0.0, 1.0, 1.0])
    rare = Claim(name="rare", states="", sees="", runs=1, look=lambda *_: next(found), exact=True)
    assert judge(rare, "x", 10, 1, False) == ((0.0,), False)
    assert judge(rare, "x", 10, 1, False) == ((1.0,), True)
