"""The returns law of a case: built once, checked once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from makers.worlds import make_world, reference_world
from sarai.model.returns import KINDS, NEVER, build_returns, central_parameters
from sarai.model.table import parameter_table
from sarai.world.calendar import Calendar, Closure, WaveChange
from sarai.world.case import apply_changes
from sarai.world.errors import CaseError, InputError
from sarai.world.place import Basis, Route
from sarai.world.reception import Capacity, DestinationShare, Routing
from sarai.world.world import Setting, World


def test_the_reference_size_is_built() -> None:
    """7 origins x 4 statuses x 5 crossings, 6 sites, 34 destinations."""
    model = build_returns(reference_world())
    assert (len(model.strata), len(model.crossings), len(model.destinations)) == (28, 5, 34)
    assert len({stage.split("-")[0] for stage in model.stages}) == 6


def test_a_hundred_of_each_needs_no_new_code() -> None:
    """A hundred origins, crossings, sites, destinations and waves are built like one."""
    world = make_world(
        origins=100,
        statuses=tuple(f"s{n:03d}" for n in range(10)),
        crossings=100,
        sites=100,
        destinations=100,
        waves=100,
    )
    model = build_returns(world)
    assert len(model.strata) == 1000
    assert len(model.waves) == 100
    shares = np.add.reduceat(model.reception.onward_share, model.reception.source_start[:-1])
    np.testing.assert_allclose(shares, 1.0)


def test_arrays_of_the_model_cannot_be_written() -> None:
    """A model is frozen down to its arrays."""
    model = build_returns(make_world())
    with pytest.raises(ValueError, match="read-only"):
        model.road_days[0, 0] = 1.0


def test_routing_shares_of_every_cell_sum_to_one() -> None:
    """Whoever enters reception is sent somewhere."""
    network = build_returns(reference_world()).reception
    starts = [*network.entry_start[:-1], *network.edge_start[:-1]]
    np.testing.assert_allclose(np.add.reduceat(network.edge_share, starts), 1.0)


def test_a_capacity_is_persons_whatever_it_is_given_in() -> None:
    """Families by their size, desks by their hours and what a desk does in one; what is not known stays unknown."""
    wanted = {
        ("persons", 120.0): (120.0, False),
        ("persons_day", 300.0): (300.0, True),
        ("families", 50.0): (50.0 * 6.0, False),
        ("desks", 3.0): (3.0 * 7.5 * 11.0, True),
        ("persons", None): (np.nan, False),
        ("desks", None): (np.nan, True),
    }
    world = make_world(settings={"household_size": Setting(value=6.0), "desk_persons_hour": Setting(value=11.0)})
    for (unit, value), (persons, daily) in wanted.items():
        stage = replace(
            world.stages[0],
            opens_hour=8.0,
            closes_hour=15.5,
            capacity=Capacity(value=value, unit=unit),  # type: ignore[arg-type]
        )
        network = build_returns(replace(world, stages=(stage, *world.stages[1:]))).reception
        at = network.stages.index(stage.id)
        np.testing.assert_equal(network.stage_capacity[at], persons)
        assert network.capacity_daily[at] == daily


def test_a_closure_without_an_end_lasts_to_the_last_day_there_is() -> None:
    """Not for a year, nor as long as some run: until somebody says that it is over."""
    closures = tuple(Closure(crossing="x000", start=date(2023, 10, 2), end=end) for end in (date(2023, 10, 2), None))
    model = build_returns(make_world(calendar=Calendar(closures=closures)))
    assert sorted(model.closure_end.tolist()) == [date(2023, 10, 2).toordinal(), date.max.toordinal()]


def test_people_move_only_forwards_in_reception() -> None:
    """Every edge of a cell leads to a later cell or onward."""
    network = build_returns(reference_world()).reception
    for cell in range(len(network.cell_stage)):
        for edge in range(network.edge_start[cell], network.edge_start[cell + 1]):
            assert network.edge_to[edge] > cell


def test_a_route_of_the_case_comes_before_the_great_circle() -> None:
    """A given route sets km and days; where there is none the great circle times a detour does."""
    world = make_world(origins=1, crossings=2)
    one = replace(world, routes=(Route(from_id="o000", to_id="x000", distance_km=123.0, speed_km_day=41.0),))
    model = build_returns(one)
    assert model.distance_km[0, 0] == 123.0
    assert model.road_days[0, 0] == 3.0
    assert 100.0 < model.distance_km[0, 1] < 1000.0


def test_settings_replace_the_table() -> None:
    """A setting changes the centre of a prior, one entry of it, or its spread."""
    settings = {"rise_rate": 0.5, "rise_days.wave-1": 9.0, "fall_days.spread": 0.01, "affinity.o000.x001": 1.5}
    model = build_returns(make_world(settings={key: Setting(value=value) for key, value in settings.items()}))
    assert model.priors["rise_rate"].centre[0] == 0.5
    assert model.priors["rise_days"].centre[0] == 9.0
    assert model.priors["fall_days"].spread[0] == 0.01
    assert model.affinity[0, 1] == 1.5


def test_the_usual_flow_is_that_of_the_people_concerned_and_no_more_than_the_default() -> None:
    """130 a day for every million; the default of the table is for more than that."""
    default = parameter_table()["base_persons_day"].prior.centre
    small, large = (build_returns(make_world(persons=persons)) for persons in (20_000, 200_000_000))
    middle = 4 * np.sqrt(16_000 * 25_000)
    assert float(small.priors["base_persons_day"].centre) == pytest.approx(1.3e-4 * middle, rel=1e-12)
    assert 1.3e-4 * middle < default == 1.3e-4 * 2_000_000
    assert float(large.priors["base_persons_day"].centre) == default


def test_who_may_return_with_help() -> None:
    """Holders of a Proof of Registration, and a status whose share the case states; no other."""
    for settings, helped in (({}, ["por"]), ({"facilitated_fraction.acc": Setting(value=0.3)}, ["acc", "por"])):
        model = build_returns(make_world(statuses=("acc", "por", "undocumented"), settings=settings))
        kinds = zip(model.class_status, model.class_kind, strict=True)
        assert [model.statuses[status] for status, kind in kinds if KINDS[kind] == "facilitated"] == helped


def test_a_range_from_nobody_begins_with_one_person() -> None:
    """0 to 900 is read as 1 to 900; 0 to 0 is nobody."""
    world = make_world(origins=1)
    ranges = ((0, 900), (0, 0))
    strata = tuple(
        replace(s, low_persons=low, high_persons=high) for s, (low, high) in zip(world.strata, ranges, strict=True)
    )
    prior = build_returns(replace(world, strata=strata)).priors["population"]
    np.testing.assert_allclose(prior.centre, [30.0, 0.0])
    np.testing.assert_allclose(prior.spread, [np.log(900.0) / (2.0 * 1.6448536269514722), 0.0])


def test_a_wave_that_was_called_off_ends_on_the_as_of_date() -> None:
    """A withdrawn wave keeps its past and has no future."""
    world = make_world()
    waves = tuple(replace(wave, withdrawn=True) for wave in world.calendar.waves)
    model = build_returns(replace(world, calendar=Calendar(waves=waves)))
    assert model.wave_until[0] == world.as_of.toordinal()


def test_a_wave_ends_on_the_day_on_which_it_was_known_to_be_called_off() -> None:
    """It counted as in force until the as-of date, beside a phase that went on."""
    world = make_world()
    off = world.as_of - timedelta(days=10)
    (wave,) = world.calendar.waves
    change = WaveChange(wave=wave.id, withdrawn=True, basis=Basis(known=off))
    called_off, other = apply_changes(wave, [change]), replace(wave, id="other")
    model = build_returns(replace(world, calendar=Calendar(waves=(called_off, other))))
    assert model.wave_until.tolist() == [off.toordinal(), NEVER]
    assert replace(called_off, withdrawn=False).called_off is None


def test_central_parameters_pass_their_own_check() -> None:
    """The centre of the priors lies inside the bounds, for every member."""
    model = build_returns(reference_world())
    parameters = central_parameters(model, np.arange(3, dtype=np.uint64))
    parameters.validate()
    assert parameters.member_count == 3


def broken(name: str) -> World:
    """A world with one thing wrong."""
    world = make_world()
    crossing, stage, wave, stratum = world.crossings[0], world.stages[0], world.calendar.waves[0], world.strata[0]
    changes: dict[str, dict[str, Any]] = {
        "desks": {"crossings": (replace(crossing, desks=-1.0), *world.crossings[1:])},
        "persons_desk_hour": {"crossings": (replace(crossing, persons_desk_hour=float("nan")), *world.crossings[1:])},
        "opening hours": {"crossings": (replace(crossing, opens_hour=18.0), *world.crossings[1:])},
        "no usable capacity": {"stages": (replace(stage, capacity=Capacity(value=-5.0)), *world.stages[1:])},
        "no usable stay": {"stages": (replace(stage, stay_days=float("inf")), *world.stages[1:])},
        "is no range": {"strata": (replace(stratum, low_persons=10, high_persons=5), *world.strata[1:])},
        "<= 2,000,000,000": {"strata": (replace(stratum, high_persons=2_000_000_001), *world.strata[1:])},
        "out of order": {"calendar": Calendar(waves=(replace(wave, announced=date(2024, 1, 1)),))},
        "ends before it starts": {
            "calendar": Calendar(closures=(Closure(crossing="x000", start=date(2023, 10, 2), end=date(2023, 10, 1)),))
        },
        "no usable fraction": {
            "calendar": Calendar(
                closures=(Closure(crossing="x000", start=date(2023, 10, 2), end=None, fraction_closed=1.5),)
            )
        },
        "do not sum to 1": {"routing": (replace(world.routing[0], share=0.5), *world.routing[1:])},
        "destination shares": {"destination_shares": world.destination_shares[1:]},
        "does not define": {
            "routing": (*world.routing, Routing(from_id="x000", to_id="nowhere", status="all", kind="all", share=0.0))
        },
        "out of bounds": {"settings": {"rise_rate": Setting(value=-1.0)}},
        "stands more than once": {"strata": (*world.strata, stratum)},
        "no crossing": {"crossings": ()},
        "no population": {"strata": ()},
        "takes longer than a year": {
            "routes": (Route(from_id="o000", to_id="x000", distance_km=3_670.0, speed_km_day=10.0), *world.routes[1:])
        },
        "no usable distance_km": {
            "routes": (Route(from_id="o000", to_id="x000", distance_km=-1.0, speed_km_day=100.0), *world.routes[1:])
        },
    }
    return replace(world, **changes[name])


@pytest.mark.parametrize(
    "told",
    ["desks", "persons_desk_hour", "opening hours", "no usable capacity", "no usable stay", "is no range",
     "out of order", "ends before it starts", "no usable fraction", "do not sum to 1", "destination shares",
     "does not define", "out of bounds", "stands more than once", "no crossing", "no population",
     "no usable distance_km", "<= 2,000,000,000", "takes longer than a year"],
)  # fmt: skip
def test_a_case_that_makes_no_law_is_refused_with_the_reason(told: str) -> None:
    """Each fault is named, with what was found and how to mend it."""
    with pytest.raises(CaseError, match=told):
        build_returns(broken(told))


def test_all_faults_are_named_at_once() -> None:
    """Two faults give two messages."""
    world = replace(broken("desks"), strata=broken("is no range").strata)
    with pytest.raises(CaseError) as caught:
        build_returns(world)
    assert len(caught.value.faults) == 2


def test_a_stage_may_send_on_to_many() -> None:
    """Three further stages and onward: no circle, and people move only forwards."""
    world = make_world(crossings=1, sites=2)
    shares = {"s000-stay": 0.3, "s001-desk": 0.3, "s001-stay": 0.2, "onward": 0.2}
    rows = [Routing(from_id="x000", to_id="s000-desk", status="all", kind="all", share=1.0)]
    rows += [
        Routing(from_id="s000-desk", to_id=to, status="all", kind="all", share=share) for to, share in shares.items()
    ]
    network = build_returns(replace(world, routing=tuple(rows))).reception
    first = [network.stages[stage] for stage in network.cell_stage].index("s000-desk")
    edges = slice(network.edge_start[first], network.edge_start[first + 1])
    assert sorted(network.edge_share[edges]) == [0.2, 0.2, 0.3, 0.3]
    assert (network.edge_to[edges] > first).all()


def test_a_circle_in_the_routing_is_refused() -> None:
    """Stages that lead people in a circle are named."""
    world = make_world(sites=1, crossings=1)
    back = Routing(from_id="s000-stay", to_id="s000-desk", status="all", kind="all", share=1.0)
    with pytest.raises(InputError, match="circle"):
        build_returns(replace(world, routing=(*world.routing, back)))


def test_a_destination_that_cannot_be_reached_is_refused() -> None:
    """A destination with neither a route nor coordinates is named."""
    world = make_world()
    lost = DestinationShare(crossing="all", destination="lost", share=1.0)
    with pytest.raises(InputError, match="lost cannot be reached"):
        build_returns(replace(world, destination_shares=(lost,)))
