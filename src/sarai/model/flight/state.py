"""The state of places from day to day: type, conflict, flood, food; and the scores and weights that follow."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sarai.model.flight.case import DayTable, FlightCase
from sarai.model.flight.quirks import Quirks

Floats = NDArray[np.float64]
NO_CONFLICT = 1e-6  # below this an intensity is none (law of Flee, step 1 of a day)
CAMP_BELOW = 0.005  # a place that people hardly leave is a camp (law of Flee, defaults)
PERCENT = 100.0


class PlaceStates:
    """Arrays over places, changed in place as the days pass. Intensity -1 means no conflict."""

    def __init__(self, case: FlightCase, quirks: Quirks) -> None:
        self.case, self.quirks, self.rules = case, quirks, case.settings
        count = len(case.places)
        self.index = {place.name: i for i, place in enumerate(case.places)}
        home = case.places[0].country
        self.foreign = np.array([place.country != home for place in case.places])
        self.intensity = np.full(count, -1.0)
        self.since = np.full(count, -1, dtype=np.int64)
        self.chance = np.zeros(count)
        self.base_chance = np.zeros(count)
        self.town = np.zeros(count, dtype=np.uint8)
        self.base_town = np.zeros(count, dtype=np.uint8)
        self.camp = np.zeros(count, dtype=np.uint8)
        self.marker = np.zeros(count, dtype=np.uint8)
        self.flood_zone = np.zeros(count, dtype=np.uint8)
        self.capped = np.ones(count, dtype=np.uint8)
        self.starving = np.zeros(count)
        self.level = np.zeros(count)
        self.deprived = np.zeros(count)
        self.is_driven = self.rules.conflict_driven or self.rules.flood_driven
        self.region = np.array([place.region for place in case.places])
        for i, place in enumerate(case.places):
            kind = "town" if place.kind == "conflict" and place.conflict_date > 0 else place.kind
            self._set_kind(i, kind, float(place.attributes.get("conflict_intensity", 1.0)))
            if self.chance[i] < CAMP_BELOW and not self.camp[i] and not self.flood_zone[i]:
                self.camp[i], self.town[i], self.base_town[i] = 1, 0, 0
        self._zones = self.intensity > 0
        self._column_place = self._columns(case.conflicts)
        self._before = np.zeros(len(self._column_place))
        self._factor = np.full(count, np.nan)
        self.touched = True
        self.pull = np.array([case.pulls.get(place.name, 1.0) for place in case.places])

    def _columns(self, table: DayTable | None) -> NDArray[np.int64]:
        names = table.names if table is not None else ()
        return np.array([self.index.get(name, -1) for name in names], dtype=np.int64)

    def _set_kind(self, i: int, kind: str, intensity: float) -> None:
        rules = self.rules
        chances = {
            "camp": rules.camp_movechance, "idpcamp": rules.idpcamp_movechance, "conflict": rules.conflict_movechance,
            "forward": 1.0, "marker": 1.0, "flood_zone": rules.default_movechance, "town": rules.default_movechance,
        }  # fmt: skip
        self.chance[i] = self.base_chance[i] = chances[kind]
        self.camp[i] = kind in ("camp", "idpcamp")
        self.town[i] = self.base_town[i] = kind == "town"
        self.marker[i] = kind == "marker"
        self.flood_zone[i] = kind == "flood_zone"
        self.intensity[i] = intensity if kind == "conflict" else -1.0
        if kind == "conflict":
            self.base_chance[i], self.base_town[i] = rules.default_movechance, 1

    def begin_day(self, day: int) -> bool:
        """Changes of type, food, floods and conflicts of a morning. True where a conflict began or ended.

        `touched` then says whether any state, or the age of any conflict that counts, differs from the day before.
        """
        factor = self.decay(day)
        aged = not np.array_equal(factor, self._factor)
        self._factor = factor
        moved = self.case.food is not None or self.case.floods is not None
        moved = moved or any(when == day for _, _, when in self.case.type_changes)
        changed = self._begin_day(day)
        self.touched = aged or moved or changed or not self.quirks.ignore_change_of_intensity
        return changed

    def _begin_day(self, day: int) -> bool:
        for name, kind, when in self.case.type_changes:
            if when == day:
                self._set_kind(self.index[name], kind, float(self.rules.default_conflict_intensity))
        self._update_food(day)
        if self.case.floods is not None:
            columns = self._columns(self.case.floods)
            self.level[columns] = self.case.floods.values[day]
        return self._update_conflicts(day) if self.case.conflicts is not None else False

    def _update_food(self, day: int) -> None:
        table = self.case.food
        if table is None or table.days is None:
            return
        for j, region in enumerate(table.names):
            share = float(np.interp(day, table.days, table.values[:, j])) / PERCENT
            self.deprived[self.region == region] = share
        if self.rules.flee_when_starving:
            self.starving = self.deprived.copy()

    def _update_conflicts(self, day: int) -> bool:
        table = self.case.conflicts
        assert table is not None
        now = table.values[day]
        before = self._before
        if day > 0 and self.quirks.ignore_change_of_intensity and np.array_equal(now, before):
            return False
        known = self._column_place >= 0
        begins = known & (now > NO_CONFLICT) & ((before < NO_CONFLICT) | (day == 0))
        ends = known & (now < NO_CONFLICT) & (before >= NO_CONFLICT) & (day > 0)
        if day == 0 and not self.quirks.keep_zones_despite_zero:
            ends |= known & (now < NO_CONFLICT) & self._zones[np.maximum(self._column_place, 0)]
        for j in np.flatnonzero(begins):
            i = self._column_place[j]
            self.intensity[i], self.chance[i], self.town[i] = now[j], self.rules.conflict_movechance, 0
            self.since[i] = day
        for j in np.flatnonzero(ends):
            self._end_conflict(int(self._column_place[j]))
        if not self.quirks.ignore_change_of_intensity:
            goes_on = known & (now > NO_CONFLICT) & ~begins
            self.intensity[self._column_place[goes_on]] = now[goes_on]
        self._before = now
        return bool(begins.any() or ends.any())

    def _end_conflict(self, i: int) -> None:
        self.intensity[i] = -1.0
        if self.quirks.restore_town_after_conflict:
            self.chance[i], self.town[i] = self.rules.default_movechance, 1
        else:
            self.chance[i], self.town[i] = self.base_chance[i], self.base_town[i]

    def close_camp(self, i: int) -> None:
        """A camp closes: the place is a town from today on."""
        self._set_kind(i, "town", -1.0)
        if not self.quirks.closed_camp_keeps_capacity:
            self.capped[i] = 0

    def open_camp(self, i: int, for_displaced: bool) -> None:
        """A camp opens at a place."""
        self._set_kind(i, "idpcamp" if for_displaced else "camp", -1.0)
        self.capped[i] = 1

    def decay(self, time: int) -> Floats:
        """Factor of the age of each conflict at `time`; 1 without a decay list."""
        steps = self.rules.conflict_spawn_decay
        if not steps:
            return np.ones(len(self.since))
        age = np.trunc((time - self.since) / self.rules.conflict_spawn_decay_interval).astype(np.int64)
        return np.array(steps)[np.clip(age, 0, len(steps) - 1)]

    def spawn_weights(self, time: int) -> Floats:
        """Weight of departure a person: intensity times decay, and food deprivation where it counts."""
        in_conflict = self.intensity > 0
        weight = np.where(in_conflict, self.intensity * self.decay(time), 0.0)
        if self.rules.starvation_driven_spawning and time > 0:
            reach = in_conflict if self.rules.conflict_zone_spawning_only else np.ones(len(weight), dtype=bool)
            more = np.maximum(weight, np.minimum(weight + self.deprived, 1.0))
            weight = np.where(reach, more, weight)
        return weight

    def spawn_rates(self, day: int) -> Floats:
        """Rate of departure by place where conflicts or floods drive it: intensity, or the value of the flood level."""
        if self.rules.flood_driven:
            table = self.rules.displaced_per_flood_day or (0.0,)
            rate = self._by_level(table)
            return np.where(self.level > 0, np.trunc(rate) if self.rules.flood_spawn_mode == "poisson" else rate, 0.0)
        return np.where(self.intensity > 0, self.intensity, 0.0)

    def _by_level(self, table: tuple[float, ...]) -> Floats:
        return np.array(table)[np.minimum(self.level.astype(np.int64), len(table) - 1)]

    def scores(self, day: int) -> Floats:
        """Attractiveness of every place on a day."""
        rules = self.rules
        score = np.ones(len(self.intensity))
        if rules.use_economic_pull:
            pull = [
                float(p.attributes.get("trade_volume", 0)) + float(p.attributes.get("hdi", 0)) ** 2
                for p in self.case.places
            ]
            score = np.where(self.foreign, 1.0 + np.array(pull), score)
        score = np.where(self.foreign, score * rules.foreign_weight, score)
        if rules.avoid_food_deprived_locations and day > 0:
            score = np.where(self.foreign, score, score * (1.0 - self.deprived**2))
        score = np.where(self.camp == 1, score * rules.camp_weight, score)
        at = np.flatnonzero(self.intensity > 0)
        decay = self.decay(day)
        for i in at:
            score[i] *= rules.conflict_weight ** (decay[i] * self.intensity[i])
        return score

    def factors(self) -> Floats:
        """Weight of a place beside its score: that of its flood level, once, and the pull that calibration gave it."""
        if not self.rules.flood_rules or self.rules.flood_loc_weights is None:
            return self.pull
        return np.asarray(np.where(self.level > 0, self._by_level(self.rules.flood_loc_weights), 1.0) * self.pull)

    def flood_chance(self) -> Floats:
        """Move chance that a flood level sets in place of all others; -1 where it is dry."""
        if not self.rules.flood_rules or self.rules.flood_movechances is None:
            return np.full(len(self.level), -1.0)
        return np.where(self.level > 0, self._by_level(self.rules.flood_movechances), -1.0)
