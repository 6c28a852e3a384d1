"""Where people go: room, chance to leave, weights of routes."""

from __future__ import annotations

from sarai.model.flight.fixed import ORDINARY
from sarai.model.flight.law import FlightLaw
from sarai.simulate.flight.choice import HALF_ROOM, UNPRUNED_BELOW
from sarai.simulate.flight.choice import power as compiled_power
from sarai.simulate.flight.twin.member import Member
from sarai.simulate.plain import plain

power = plain(compiled_power)


class Choosing(Member):
    """Weights of a phase."""

    def __init__(self, law: FlightLaw, seed: int, identity: int = 0) -> None:
        super().__init__(law, seed, identity)
        self.row, self.link_row = 0, 0
        self.room = [1.0] * self.law.places

    def _room(self, place: int, persons: int) -> float:
        """m of the law."""
        law = self.law
        limit = float((law.capacity[place] + law.capacity_per_day[place] * (self.day + 1)) * law.scaling)
        if law.capped[self.row, place] == 0 or limit < 1.0 or persons <= law.buffer * limit:
            return 1.0
        return 0.0 if persons >= limit else 1.0 - (persons - law.buffer * limit) / (limit * (1.0 - law.buffer))

    def _chance(self, place: int, group: int) -> float:
        """p of the law for people without a route, after what a forecast of floods makes of it."""
        law, view = self.law, self.law.view[group]
        return float(self._unwarned(place) * law.steady[self.row, view, place] + law.ahead[self.row, view, place])

    def _unwarned(self, place: int) -> float:
        """p of the law without a forecast."""
        law, row = self.law, self.row
        if law.flood_chance[row, place] >= 0:
            return float(law.flood_chance[row, place])
        chance = float(law.chance[row, place])
        if law.chance_factor != 0:
            limit = law.capacity[place] + law.capacity_per_day[place] * (self.day + 1)
            chance *= power(float(max(self.population[place], limit, 0)) / law.chance_base, law.chance_factor)
        hungry = float(law.starving[row, place])
        return hungry + (1.0 - hungry) * chance if hungry > 0 else chance

    def _is_full(self, path: int) -> bool:
        end = self.law.path_end[path]
        return bool(self.law.camp[self.row, end] == 1 and self.room[end] < HALF_ROOM)

    def _is_open(self, path: int) -> bool:
        """Whether every link of a path is open."""
        while path >= self.law.places:
            if self.law.open_links[self.link_row, self.law.path_link[path]] == 0:
                return False
            path = int(self.law.path_after[path])
        return True

    def _units(self, path: int) -> int:
        """Places on a path that use up awareness."""
        units = 0
        while path >= self.law.places:
            path = int(self.law.path_after[path])
            marker = self.law.marker[self.row, self.law.path_origin[path]] == 1
            units += int(not (marker and self.law.free_markers))
        return units

    def _weight(self, path: int, group: int) -> float | None:
        """W of the law; None where the path cannot be chosen."""
        law, end = self.law, self.law.path_end[path]
        if not self._is_open(path) or self._units(path) > law.awareness or law.marker[self.row, end] == 1:
            return None
        appeal = self._appeal(path, group)
        return float(
            power((law.weight_softening + appeal) / float(law.path_km[path]) * self.room[end], law.weight_power)
        )

    def _appeal(self, path: int, group: int) -> float:
        """b of the law."""
        law, end, kind = self.law, self.law.path_end[path], self.law.kind[group]
        appeal = float(law.score[self.row, end]) ** int(law.exponents[kind])
        appeal = appeal * float(law.path_near[path]) * float(law.factor[self.row, law.views[kind], end])
        if law.pop_weight and law.camp[self.row, end] == 0:
            appeal = appeal * power(max(1.0, float(self.population[end])), law.pop_power)
        return float(appeal)

    def _table(self, place: int) -> dict[int, int]:
        """Fixed routes from a place: path by end. The heaviest candidate comes first, ordinary ones before the rest."""
        law = self.law
        table: dict[int, int] = {}
        for k in range(law.routes_start[place], law.routes_start[place + 1]):
            path, via = int(law.routes[k]), int(law.via[k])
            end = int(law.path_end[path])
            known = self._units(path) <= law.awareness if via == ORDINARY else via < 0 or via in table.values()
            if known and end not in table and self._is_open(path) and law.marker[self.row, end] == 0:
                table[end] = path
        return table

    def _fixed_weight(self, path: int, group: int, table: dict[int, int]) -> float | None:
        """W under fixed routes; None where the table has no such entry, or one without weight."""
        law, end = self.law, int(self.law.path_end[path])
        if table.get(end) != path:
            return None
        factor = float(law.factor[self.row, law.view[group], end])
        value = law.weight_softening + float(law.score[self.row, end]) * factor
        value = value / float(law.path_km[path])
        entry = power(value, law.weight_power) if value > 0.0 else 0.0
        return float(entry * self._appeal(path, group)) if entry > 0.0 else None

    def _running(self, place: int, group: int) -> tuple[list[int], list[float]]:
        """Routes from a place and the running sums of their weights, after pruning."""
        law = self.law
        routes = law.routes[law.routes_start[place] : law.routes_start[place + 1]].tolist()
        table = self._table(place) if law.fixed else {}
        weights = [
            self._fixed_weight(path, group, table) if law.fixed else self._weight(path, group) for path in routes
        ]
        known = [weight for weight in weights if weight is not None]
        heaviest, total = max(known, default=0.0), 0.0
        for one in known:
            total += one
        least = heaviest / law.pruning if law.pruning >= UNPRUNED_BELOW else 0.0
        sums = [0.0]
        for weight in weights:
            if weight is None:
                sums.append(sums[-1])
            elif known and total <= 0.0 and law.uniform:
                sums.append(sums[-1] + 1.0)
            else:
                sums.append(sums[-1] + (weight if weight >= least else 0.0))
        return routes, sums
