"""Bounds: least and most units at a site, refused with the constraint and by how much where no plan fits them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sarai.plan.unmet import SupplyLine
from sarai.world.errors import Fault, RequestError
from sarai.world.line import THINGS, find_refusal

Floats = NDArray[np.float64]
Units = Mapping[tuple[str, str], float]
MOST_UNITS = 1e9
"""A234: beyond what can be."""
NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """Money, and least and most units by (site, supply id)."""

    budget_usd: float
    floors: Units = field(default_factory=dict)
    ceilings: Units = field(default_factory=dict)

    def least(self, lines: Sequence[SupplyLine]) -> Floats:
        """(line,) whole units that must be there."""
        return np.ceil([self.floors.get((line.site, line.supply.id), 0.0) for line in lines])

    def most(self, lines: Sequence[SupplyLine]) -> Floats:
        """(line,) whole units that may be there, infinite where nothing says."""
        return np.floor([self.ceilings.get((line.site, line.supply.id), np.inf) for line in lines])

    def check(self, lines: Sequence[SupplyLine], name: Callable[[str], str] = str) -> None:
        """Raise RequestError with every reason why no plan fits: which constraint, and by how much."""
        faults = [*self._line_faults(lines), *self._contrary(lines, name), *self._money_faults(lines)]
        if faults:
            raise RequestError(faults)

    def _line_faults(self, lines: Sequence[SupplyLine]) -> list[Fault]:
        """Bounds for lines that there are not, and numbers that cannot be units."""
        known = sorted((line.site, line.supply.id) for line in lines)
        unknown = sorted({*self.floors, *self.ceilings} - set(known))
        faults = [
            Fault(column="bounds", what=find_refusal(supply, THINGS) or "no such supply at this site",
                  found=f"{site}:{supply}", wanted=_near(site, supply, known),
                  mend="see the lines of the plan")
            for site, supply in unknown
        ]  # fmt: skip
        for word, units in (("at least", self.floors), ("at most", self.ceilings)):
            faults += [
                Fault(column=word, what="this is no number of units", found=f"{site}:{supply}={value:g}",
                      wanted=f"0 to {MOST_UNITS:,.0f}", mend="give a number of units that can be")
                for (site, supply), value in sorted(units.items())
                if not 0.0 <= value <= MOST_UNITS
            ]  # fmt: skip
        return faults

    def _contrary(self, lines: Sequence[SupplyLine], name: Callable[[str], str]) -> list[Fault]:
        """Floors above ceilings."""
        items = {(line.site, line.supply.id): line.supply.item for line in lines}
        return [
            Fault(
                column="bounds",
                what="no plan fits: more is asked for than the site can have",
                found=f"{name(key[0])}, {items.get(key, key[1])}: at least {self.floors[key]:,.0f}, "
                f"at most {self.ceilings[key]:,.0f}",
                wanted=f"{self.floors[key] - self.ceilings[key]:,.0f} fewer, or room for as many more",
                mend="change one of the two bounds",
            )
            for key in sorted(set(self.floors) & set(self.ceilings))
            if np.ceil(self.floors[key]) > np.floor(self.ceilings[key])
        ]

    def _money_faults(self, lines: Sequence[SupplyLine]) -> list[Fault]:
        """A budget that is none, or below what the floors cost."""
        if not np.isfinite(self.budget_usd) or self.budget_usd < 0.0:
            return [
                Fault(column="budget", what="this is no sum of money", found=str(self.budget_usd),
                      wanted="0 or more US dollars", mend="give the money there is")
            ]  # fmt: skip
        cost = sum(float(least) * line.price for least, line in zip(self.least(lines), lines, strict=True))
        if not cost > self.budget_usd:
            return []
        return [
            Fault(
                column="budget",
                what="no plan fits: the least quantities asked for cost more than the budget",
                found=f"budget {self.budget_usd:,.0f} USD, least quantities {cost:,.0f} USD",
                wanted=f"{np.ceil(cost - self.budget_usd):,.0f} USD more",
                mend="raise the budget or ask for less",
            )
        ]


def _near(site: str, supply: str, known: Sequence[tuple[str, str]]) -> str:
    """What there is at the site, or where the supply is; the sites where neither is known."""
    here = [other for place, other in known if place == site]
    if here:
        return f"at {site}: {', '.join(here)}"
    if not known:
        return "no bound: nothing can be sent in this case"
    places = [place for place, other in known if other == supply] or sorted({place for place, _ in known})
    return f"{'this supply at' if (places[0], supply) in known else 'one of'} {', '.join(places)}"


def read_units(texts: Sequence[str], option: str) -> dict[tuple[str, str], float]:
    """Least or most units written SITE:SUPPLY=UNITS. Raises RequestError with every fault."""
    found: dict[tuple[str, str], float] = {}
    faults = []
    for text in texts:
        place, _, units = text.partition("=")
        site, _, supply = (part.strip() for part in place.partition(":"))
        written = bool(site and supply and NUMBER.fullmatch(units.strip()))
        if written and (site, supply) not in found and float(units) <= MOST_UNITS:
            found[site, supply] = float(units)
        elif written:
            what = "this is bounded twice" if (site, supply) in found else "this is beyond what can be"
            faults.append(Fault(column=option, what=what, found=text, wanted=f"once, at most {MOST_UNITS:,.0f}"))
        else:
            what = "units of a supply at a site are written SITE:SUPPLY=UNITS"
            faults.append(Fault(column=option, what=what, found=text, mend="for example omari_camp:blankets=2000"))
    if faults:
        raise RequestError(faults)
    return found
