"""Groups of people: who shares a law of choice, and farmers by the place to which they return for the harvest.

Sources of the rules: Flee (commit 02cd2cbd), `flee/moving.py` for hazards and awareness of floods, `docs/
Simulation_instance_construction.md` for farmers. Attributes are drawn independently as people set out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarai.model.flight.case import FlightCase, Shares
from sarai.model.flight.floods_ahead import has_forecast
from sarai.world.errors import Fault, RequestError

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
CHILD_BELOW, ELDER_ABOVE, BOY_ABOVE = 19, 59, 14  # ages of Flee's rules about hazards (flee/moving.py)
AWARENESS = "floodawareness"  # attribute of demographics_floodawareness.csv
FARMERS = "farmer_fraction"  # attribute of places
LARGEST_GROUPS = 65_536  # A183
NO_HARVEST = -1


@dataclass(frozen=True, kw_only=True)
class Groups:
    """People of one group have equal law as long as they stand at the same place in the same state.

    exponents (group,)  power of the score in their choices     views (group,)  which of `heeds` is theirs
    homes     (group,)  place to which they return for the harvest, NO_HARVEST for those who do not
    shares    (place, group)  of those who leave a place
    heeds     (view,)   share in which a forecast of floods weighs; one view of 0 where there is no forecast
    """

    exponents: Ints
    views: Ints
    homes: Ints
    shares: Floats
    heeds: Floats


def exponent_of(case: FlightCase, age: float, male: bool) -> int:
    """Power of the score in the choices of somebody of this age and sex: 2 shuns hazards twice, 0 does not see them."""
    rules = case.settings
    exponent, avoids = 1, False
    if rules.children_avoid_hazards:
        if age < CHILD_BELOW:
            exponent, avoids = 2 * exponent, True
        if rules.boys_take_risk and male and age > BOY_ABOVE:
            exponent = 0
    if rules.elderly_avoid_hazards and age > ELDER_ABOVE:
        exponent, avoids = 2 * exponent, True
    if rules.women_avoid_hazards and not male and not avoids:
        exponent = 2 * exponent
    return exponent


def build_groups(case: FlightCase) -> Groups:
    """Groups with one law of choice each, those of them who farm once more for each place they come from.

    Up to six classes by age and sex share at most three powers of the score, and people with equal power and equal heed
    of a forecast have equal law, so nothing is lost. Raises RequestError where there are too many groups.
    """
    heeds, awareness = _heeds(case)
    by_law = _by_law(case, awareness)
    laws = [law for law in sorted(by_law) if bool(np.any(by_law[law] > 0))]
    shares = np.stack([by_law[law] for law in laws], axis=1)
    shares = shares / shares.sum(axis=1, keepdims=True)
    farming = np.array([float(place.attributes.get(FARMERS, 0.0)) for place in case.places])
    fields = np.flatnonzero(farming > 0) if case.settings.harvest_months else np.zeros(0, dtype=np.int64)
    count = len(laws) * (1 + len(fields))
    _check_count(count)
    groups = np.zeros((len(case.places), count))
    groups[:, : len(laws)] = shares
    for k, home in enumerate(fields):
        own = slice(len(laws) * (k + 1), len(laws) * (k + 2))
        groups[home, own] = shares[home] * farming[home]
        groups[home, : len(laws)] = shares[home] * (1.0 - farming[home])
    times = 1 + len(fields)
    return Groups(
        exponents=np.tile(np.array([law[0] for law in laws], dtype=np.int64), times),
        views=np.tile(np.array([law[1] for law in laws], dtype=np.int64), times),
        homes=np.repeat(np.concatenate([[NO_HARVEST], fields]).astype(np.int64), len(laws)),
        shares=groups, heeds=heeds,
    )  # fmt: skip


def _check_count(count: int) -> None:
    if count > LARGEST_GROUPS:
        raise RequestError(
            Fault(
                file="input_csv/locations.csv", column=FARMERS, what="farmers of too many places are told apart",
                found=f"{count:,} groups", wanted=f"at most {LARGEST_GROUPS:,}",
                mend="leave the attribute empty where few people set out",
            )
        )  # fmt: skip


def _by_law(case: FlightCase, awareness: list[tuple[int, Floats]]) -> dict[tuple[int, int], Floats]:
    """Share of those who leave each place by power of the score and view of the forecast."""
    found: dict[tuple[int, int], Floats] = {}
    for age, age_share in _values(case, case.demographics.get("age"), "40"):
        for gender, gender_share in _values(case, case.demographics.get("gender"), "any"):
            power = exponent_of(case, float(age), gender.lower() == "male")
            for view, view_share in awareness:
                known = found.get((power, view), np.zeros(len(case.places)))
                found[power, view] = known + age_share * gender_share * view_share
    return found


def _heeds(case: FlightCase) -> tuple[Floats, list[tuple[int, Floats]]]:
    """Distinct shares in which a forecast weighs, and the people of each. Without classes everybody heeds it fully."""
    everybody = np.ones(len(case.places))
    rules = case.settings
    if not has_forecast(rules):
        return np.zeros(1), [(0, everybody)]
    table = case.demographics.get(AWARENESS)
    if table is None or rules.flood_awareness_weights is None:
        return np.ones(1), [(0, everybody)]
    weights = [rules.flood_awareness_weights[int(float(value))] for value in table.values]
    heeds = sorted(set(weights))
    pairs = zip(weights, _values(case, table, ""), strict=True)
    return np.array(heeds), [(heeds.index(weight), share) for weight, (_, share) in pairs]


def _values(case: FlightCase, table: Shares | None, none: str) -> list[tuple[str, Floats]]:
    """Values of an attribute with their share at every place; one value with share 1 where nothing was read."""
    count = len(case.places)
    if table is None:
        return [(none, np.ones(count))]
    shares = np.zeros((len(table.values), count))
    for i, place in enumerate(case.places):
        column = table.weights.get(place.name, table.weights["Default"])
        shares[:, i] = column / column.sum()
    return [(value, shares[k]) for k, value in enumerate(table.values)]
