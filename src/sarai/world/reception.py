"""Reception: stages at sites, what they can take, how people are routed, and where they go on to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sarai.world.place import NO_BASIS, Basis

StageKind = Literal[
    "zero_point", "registration", "reception_centre", "transit_centre", "encashment_centre", "cash_desk"
]
Setting = Literal["zero_point", "transit", "camp"]


@dataclass(frozen=True, kw_only=True)
class Capacity:
    """A capacity. `value` None means not known: the load is then shown instead of a breach date.

    assumed  True when the value is an assumption; it is then marked wherever it is shown
    """

    value: float | None
    unit: Literal["persons", "persons_day", "families", "desks"] = "persons"
    assumed: bool = False
    basis: Basis = NO_BASIS


@dataclass(frozen=True, kw_only=True)
class Crossing:
    """How a crossing works. Hours are local. capacity persons/day = hours x desks x persons_desk_hour."""

    place_id: str
    opens_hour: float
    closes_hour: float
    desks: float
    persons_desk_hour: float
    service_log_sd: float
    basis: Basis = NO_BASIS


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One stage of reception at a site.

    capacity   of the stage: persons present at once, or persons/day for a desk
    stay_days  mean days spent there (0 for a desk passed the same day)
    """

    id: str
    site: str
    kind: StageKind
    setting: Setting
    agency: str
    opens_hour: float
    closes_hour: float
    capacity: Capacity
    stay_days: float
    basis: Basis = NO_BASIS


@dataclass(frozen=True, kw_only=True)
class Routing:
    """Share of people of `status` and `kind` (either may be `all`) who pass from `from_id` to `to_id`.

    `from_id` is a crossing or stage id; `to_id` a stage id or `onward`. Shares from one place for one status and
    kind sum to 1.
    """

    from_id: str
    to_id: str
    status: str
    kind: str
    share: float
    basis: Basis = NO_BASIS


@dataclass(frozen=True, kw_only=True)
class HoldingCentre:
    """A place where deported people are held before the border. Exogenous, confidential, never sized or ranked."""

    id: str
    origin: str
    capacity: Capacity
    stay_days: float
    basis: Basis = NO_BASIS


@dataclass(frozen=True, kw_only=True)
class DestinationShare:
    """Share of people entering at `crossing` (or `all`) who intend to go on to `destination`."""

    crossing: str
    destination: str
    share: float
    basis: Basis = NO_BASIS
