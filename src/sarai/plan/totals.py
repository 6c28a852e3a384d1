"""Totals: who goes without and what is given, over the first days ahead, in several lengths at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sarai.plan.care import QUEUES, Service, add_up

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Spans:
    """The first days ahead in several lengths, ascending: every day is read once for all of them."""

    lengths: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.lengths or any(later <= earlier for earlier, later in zip((0, *self.lengths), self.lengths)):  # noqa: B905
            raise ValueError(f"lengths must be days in ascending order, not {self.lengths}")

    def total(self, values: NDArray[Any]) -> Floats:
        """Sums over the first days, (span, ...), of values (day, ...)."""
        if values.strides[0] == 0:
            whole: Floats = np.multiply.outer(np.array(self.lengths, dtype=np.float64), values[0])
            return whole
        found: Floats = np.cumsum([part.sum(axis=0) for part in self._parts(values)], axis=0, dtype=np.float64)
        return found

    def most(self, values: NDArray[Any]) -> Floats:
        """The largest value of the first days, (span, ...), of values (day, ...)."""
        found = np.maximum.accumulate([part.max(axis=0) for part in self._parts(values)], axis=0)
        return found.astype(np.float64, copy=False)

    def _parts(self, values: NDArray[Any]) -> list[NDArray[Any]]:
        return [values[begin:end] for begin, end in zip((0, *self.lengths), self.lengths)]  # noqa: B905


@dataclass(frozen=True, kw_only=True)
class Totals:
    """What some services leave unmet and what they cost; every result is (span, member)."""

    services: Sequence[Service]
    spans: Spans

    @cached_property
    def unmet(self) -> list[Floats]:
        """Person-days without, for each service."""
        return [self.spans.total(service.unmet) for service in self.services]

    def by_sector(self) -> dict[str, Floats]:
        """Person-days without, by sector. A sector of which nothing is known to be in place is missing."""
        found: dict[str, Floats] = {}
        for service, unmet in zip(self.services, self.unmet, strict=True):
            if service.known:
                sector = service.supply.sector
                found[sector] = found[sector] + unmet if sector in found else unmet
        return found

    def weighted(self, but: Collection[str] = ()) -> Floats:
        """Person-days without, each weighted by how hard it is to go without (supplies.csv), but in some sectors."""
        pairs = zip(self.services, self.unmet, strict=True)
        return add_up([unmet * one.supply.severity for one, unmet in pairs if one.supply.sector not in but])

    def late(self) -> Floats:
        """Person-days of those who wait at desks and for buses since an earlier day."""
        return add_up([self.spans.total(one.late) for one in self.services if one.supply.id in QUEUES])

    def given_cost(self) -> Floats:
        """US dollars for what is known to be in place and used."""
        return add_up([self._given(one) for one in self.services if one.known])

    def gap_cost(self) -> Floats:
        """US dollars that would leave nobody without: held units for the worst day, consumed ones added up."""
        pairs = zip(self.services, self.unmet, strict=True)
        return add_up([self._missing(one, unmet) for one, unmet in pairs if one.known])

    def _given(self, service: Service) -> Floats:
        if service.supply.use == "consumed":
            return self.spans.total(service.used) * service.supply.cost_usd
        held = self.spans.most(service.units)[:, None] * self._held_cost(service)
        return np.broadcast_to(held, (len(held), service.need.shape[1]))

    def _missing(self, service: Service, unmet: Floats) -> Floats:
        if service.supply.use == "consumed":
            return unmet * (service.supply.cost_usd / service.reach)
        return self.spans.most(service.short) * self._held_cost(service)

    def _held_cost(self, service: Service) -> Floats:
        return np.array([[service.supply.cost_over(1.0, days)] for days in self.spans.lengths])
