"""Priors from past emergencies: the documented ones without any, and what the emergencies say as they become many."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from sarai.calibrate.past_priors import (
    Estimate,
    PastCase,
    join_waves,
    learn_priors,
    next_prior,
    past_case,
    predict_next,
    sketch_of,
)
from sarai.calibrate.priors_file import apply_priors, priors_text, read_priors, refuse_own
from sarai.model.table import parameter_table
from sarai.observe.case_folder import load_case
from sarai.world.errors import RequestError
from sarai.world.world import Setting

LATE = date(2024, 6, 1)


def made_up(name: str, value: float, sd: float = 0.2) -> PastCase:
    """A past emergency that says something of one parameter."""
    return PastCase(
        name=name, vintage=name, sketch=(), waves=(("w", LATE),), estimates={"rise_days": Estimate(value=value, sd=sd)}
    )  # fmt: skip


def brute(mean: float, sd: float, seen: list[Estimate]) -> tuple[float, float]:
    """The same model on a grid of mu and tau, term by term: no closed form."""
    half = sd / np.sqrt(2.0)
    mu = np.linspace(mean - 6 * sd, mean + 6 * sd, 2001)[:, None]
    tau = np.linspace(0.02, 3.0, 150)[None, :] * sd
    log = -0.5 * ((mu - mean) / half) ** 2 - 0.5 * (tau / half) ** 2
    for item in seen:
        variance = item.sd**2 + tau**2
        log = log - 0.5 * np.log(variance) - 0.5 * (item.value - mu) ** 2 / variance
    weight = np.exp(log - log.max())
    weight /= weight.sum()
    middle = float((weight * mu).sum())
    return middle, float((weight * (tau**2 + mu**2)).sum()) - middle**2


def test_without_an_emergency_the_documented_prior_comes_out() -> None:
    """Nothing seen, nothing changed."""
    for prior in learn_priors([], "0").priors:
        assert prior.mean == prior.documented_mean and prior.emergencies == 0
        assert prior.sd == pytest.approx(prior.documented_sd, rel=1e-12)


def test_the_hierarchy_before_data_is_the_documented_variance() -> None:
    """Half between emergencies and half of their mean: together what is documented, up to the grid of tau."""
    mean, variance = predict_next(0.3, 0.7, [])
    assert mean == pytest.approx(0.3) and variance == pytest.approx(0.49, rel=0.03)


@pytest.mark.parametrize("count", [1, 2, 6])
def test_the_prediction_is_that_of_a_plain_grid(count: int) -> None:
    """mu integrated in closed form equals mu on a grid."""
    seen = [Estimate(value=0.5 + 0.4 * k, sd=0.1 + 0.1 * k) for k in range(count)]
    np.testing.assert_allclose(predict_next(0.1, 0.8, seen), brute(0.1, 0.8, seen), rtol=2e-4)


def test_many_emergencies_overrule_the_documented_prior() -> None:
    """Twenty that agree leave little of it; two that agree move it less than two fifths of the way."""
    row = parameter_table()["rise_days"]
    far = np.log(row.prior.centre) + 1.0
    many = next_prior(row, [Estimate(value=far, sd=0.1)] * 20)
    assert abs(many.mean - far) < 0.05 and many.sd < 0.5 * row.prior.spread
    two = next_prior(row, [Estimate(value=far, sd=0.1)] * 2)
    assert 0.0 < two.mean - np.log(row.prior.centre) < 0.4


def test_waves_of_one_emergency_count_once() -> None:
    """Two waves that say the same are no better known than one."""
    one = {"rise_days": Estimate(value=1.0, sd=0.3)}
    joined = join_waves([one, one])["rise_days"]
    assert (joined.value, joined.sd) == pytest.approx((1.0, 0.3))


def test_the_file_survives_and_does_not_depend_on_the_order() -> None:
    """Written, read, written again: the same bytes, in whatever order the cases were given."""
    cases = [made_up("a", 0.4), made_up("b", 1.2)]
    text = priors_text(learn_priors(cases, "0.1.0"))
    assert text == priors_text(learn_priors(cases[::-1], "0.1.0"))
    assert priors_text(read_priors(text, "p.json")) == text


@pytest.mark.parametrize("spoil", [lambda t: t.replace('"emergencies": 2', '"emergencies": 5'), lambda t: t[:100],
                                   lambda t: "[]", lambda t: t.replace('"schema": 1', '"schema": 9')])  # fmt: skip
def test_a_file_that_was_changed_or_is_none_is_refused(spoil) -> None:  # type: ignore[no-untyped-def]
    """Every number in the file is under its hash."""
    text = priors_text(learn_priors([made_up("a", 0.4), made_up("b", 1.2)], "0.1.0"))
    with pytest.raises(RequestError):
        read_priors(spoil(text), "p.json")


def test_a_case_is_known_again_under_another_name() -> None:
    """By name, and by its reports when it was copied and went on; another emergency is welcome."""
    case = load_case("pakistan-2016")
    world = case.as_of(case.last_known())
    source = replace(made_up("pakistan-2016", 0.4), sketch=sketch_of(world))
    priors = learn_priors([source], "0")
    with pytest.raises(RequestError, match="made from the case"):
        refuse_own(priors, replace(world, reports=()), "p.json")
    with pytest.raises(RequestError, match="made from the case"):
        refuse_own(priors, replace(world, name="a-copy", reports=world.reports[: len(world.reports) // 2]), "p.json")
    other = load_case("pakistan-2023")
    refuse_own(priors, other.as_of(other.last_known()), "p.json")


def test_priors_go_in_where_the_case_says_nothing() -> None:
    """A number of the case stays; the others have centre and spread of the file."""
    case = load_case("pakistan-2016")
    world = case.as_of(case.last_known())
    world = replace(world, settings={**world.settings, "fall_days": Setting(value=9.0)})
    priors = learn_priors([made_up("a", 0.4)], "0")
    seen = apply_priors(world, priors).settings
    assert seen["fall_days"].value == 9.0 and "fall_days.spread" not in seen
    rise = next(prior for prior in priors.priors if prior.name == "rise_days")
    assert seen["rise_days"].value == pytest.approx(np.exp(rise.mean))
    assert seen["rise_days.spread"].value == rise.sd
    assert apply_priors(world, None) is world


def test_an_enforced_deadline_tells_how_a_rush_rises_and_one_without_effect_does_not() -> None:
    """The 2016 case informs the fraction at risk; the movement out of Sudan has no wave and tells nothing."""
    sudan = load_case("sudan-southsudan-2023")
    assert past_case(sudan.as_of, sudan.last_known()).estimates == {}
    old = load_case("pakistan-2016")
    found = past_case(old.as_of, old.last_known())
    assert "at_risk_fraction" in found.estimates and len(found.vintage) == 64


def test_priors_from_the_same_call_to_leave_told_anew_are_refused() -> None:
    """Other reports and another name hide nothing: the two countries and the deadline tell. Other countries do not."""
    case = load_case("pakistan-2023")
    world = case.as_of(case.last_known())
    between, deadlines = (world.country_from, world.country_to), (world.calendar.waves[0].deadline_first,)
    past = PastCase(
        name="retyped", vintage="0", sketch=("x",), waves=(), estimates={}, between=between, deadlines=deadlines
    )
    for change, refused in (({}, True), ({"between": ("Iran", between[1])}, False), ({"deadlines": ()}, False)):
        priors = learn_priors([replace(past, **change)], "0")  # type: ignore[arg-type]
        read = read_priors(priors_text(priors), "p.json")
        if refused:
            with pytest.raises(RequestError, match="made from the case at hand"):
                refuse_own(read, replace(world, name="mine"), "p.json")
        else:
            refuse_own(read, replace(world, name="mine"), "p.json")
