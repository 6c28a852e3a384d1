"""Classes of distance against the exact law: a sample of the nightly claim, its planted fault, and what is kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from verify.claim_flight_classes import in_classes, lattice_case
from verify.claims import load_claims

from makers.claims import hold_sample
from sarai.model.flight.law import FlightLaw, build_law
from sarai.simulate.flight.arrays import flatten_law
from sarai.simulate.flight.kernel import run_member
from sarai.simulate.flight.member import OK, Output, new_member
from sarai.simulate.flight.run import simulate_flight
from sarai.simulate.keys import SUB_STEPS_PER_DAY, day_word, purpose_key
from sarai.simulate.philox import stream_key

CLAIMS = load_claims("flight_classes")


def test_claim_sample_holds_and_catches_its_fault() -> None:
    """Crowded laws have the means of the exact law on a sample, and another full day is seen."""
    (name,) = CLAIMS
    hold_sample(CLAIMS[name], f"test_claim_sample[{name}]", runs=150)


def test_classes_lose_nobody_and_any_threads_give_the_same_bytes() -> None:
    """As many people as in the exact law, on every day; members alone or side by side are the same."""
    law = build_law(lattice_case())
    crowded = in_classes(law, 8, 32)
    one, two = (simulate_flight(crowded, seed=4, members=4, threads=threads) for threads in (1, 2))
    assert np.array_equal(one.place, two.place) and np.array_equal(one.link, two.link)
    assert np.array_equal(one.total, simulate_flight(law, seed=4, members=4).total)
    assert np.array_equal(one.place.sum(axis=1) + one.link.sum(axis=1), one.total)


def cells_used(law: FlightLaw) -> int:
    """Cells that hold the people of one member on the last evening."""
    flat = flatten_law(law)
    member = new_member(flat, 1 << 18)
    days, places, links = flat.days, flat.places, len(flat.link_start)
    out = Output(
        place=np.zeros((days, places, 1), dtype=np.int32), link=np.zeros((days, links, 1), dtype=np.int32),
        travel=np.zeros((places, 1, 1), dtype=np.int64), total=np.zeros((days, 1), dtype=np.int64),
    )  # fmt: skip
    stream, word = np.uint64(stream_key(3, int(purpose_key("flight")))), day_word(law.case.start)
    assert run_member(flat, member, out, 0, False, True, stream, 0, word, SUB_STEPS_PER_DAY) == OK
    tables = (member.stand_even, member.stand_odd, member.road_even, member.road_odd)
    return sum(int(table.used[0]) for table in tables)


def test_cells_follow_the_network_and_not_the_people() -> None:
    """A hundred times the people fill few more cells by classes; kept to the step they fill many more."""
    exact = build_law(lattice_case())
    crowded = in_classes(exact, 8, 32)
    many, few = cells_used(replace(crowded, rate=exact.rate * 100)), cells_used(crowded)
    assert many < 3 * few, (many, few)
    assert cells_used(replace(exact, rate=exact.rate * 100)) > 5 * cells_used(exact)
