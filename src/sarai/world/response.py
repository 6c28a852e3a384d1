"""What is in place to receive people: who does what where (3W), as quantities at sites."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from sarai.world.place import NO_BASIS, Basis

ITEMS: tuple[str, ...] = (
    "family_tents", "blankets", "food_days", "hot_meals", "arrival_kits", "desks", "buses", "health_staff",
    "protection_staff", "reception_staff", "cash_usd", "shelter_places", "gate_water", "gate_latrines", "gate_food",
    "gate_blankets", "gate_health",
)  # fmt: skip
"""What a site can have; those of `gate_` are for people who wait to cross, at a crossing. Only reception and care;
nothing that speeds a departure has a line."""
FUNDS = "funds_usd"
"""Money pledged or given for the response as a whole; stands at the site `all`."""
EVERYWHERE = "all"


@dataclass(frozen=True, kw_only=True)
class Provision:
    """One line of the 3W: a quantity of an item that an agency has at a site from `start` to `end` (None: open).

    per  `once`: in stock on `start`, or there to be used every day (tents, desks, staff, places)
         `day`: that many are delivered on each day (meals, kits, cash)
    """

    site: str
    item: str
    agency: str
    quantity: float
    per: Literal["once", "day"] = "once"
    start: date | None = None
    end: date | None = None
    basis: Basis = NO_BASIS
