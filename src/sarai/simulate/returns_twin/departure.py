"""1. Departure: who leaves home today, who is deported, who is held before the border."""

from __future__ import annotations

import math

from sarai.model.returns import KINDS
from sarai.simulate.beta import clumped_fraction
from sarai.simulate.blocks import clump_fast
from sarai.simulate.draws import exp
from sarai.simulate.layout import CLUMP, DEPORT, FACILITATE, HOLD, LEAVE
from sarai.simulate.returns_twin.journey import Journey
from sarai.simulate.state import WEEK_DAYS

DEPORTED, FACILITATED, OTHER = (KINDS.index(kind) for kind in ("deported", "facilitated", "other"))
TENTHS = 10.0


class Departure(Journey):
    """Hazards of the waves, and what they do to each group of an origin."""

    def leave_home(self) -> None:
        """All origins: who leaves, who is held, to which crossing."""
        self.hazards = [self.wave_hazard(w) for w in range(self.layout.pattern_wave.shape[1])]
        factor, pull = self.day_factor(), self.pull()
        left_today = 0.0
        for o in range(len(self.intensity)):
            first, last = int(self.layout.origin_start[o]), int(self.layout.origin_start[o + 1])
            leaving = [0.0] * self.classes
            for g in range(first, last):
                left_today += self.leave_stratum(o, g, factor, leaving)
            self.release_above_capacity(o, first, last, leaving)
            self.set_out(o, leaving, pull)
        self.recent = self.recent * (1.0 - 1.0 / WEEK_DAYS) + left_today

    def day_factor(self) -> float:
        """Factor of the day on every hazard: discrepancy, optional effects, contagion."""
        total = 0.0
        for persons in self.pool:
            total += persons
        share = self.recent / total if total > 0.0 else 0.0
        return float(exp(self.log_effect[self.t] + self.contagion * (TENTHS * share)))

    def wave_hazard(self, w: int) -> tuple[float, float]:
        """Hazard of a wave today, and the part of it that is enforcement."""
        announced, deadline, enforcement, until = (int(day) for day in self.layout.wave_day[:, w])
        day = int(self.layout.calendar[0, self.t])
        if day < announced or day > until:
            return 0.0, 0.0
        announce, rise, rise_days, fall_days, enforce, onset_days, enforce_days, lag = (row[w] for row in self.wave)
        tau = float(day - deadline) - lag
        before, after = min(tau, 0.0), max(tau, 0.0)
        t2 = max(float(day - enforcement + 1) - lag, 0.0)
        fade = exp(-(after / enforce_days))
        peak = exp(before / rise_days - after / fall_days)
        enforced = enforce * ((1.0 - exp(-(t2 / onset_days))) * exp(-(t2 / enforce_days)))
        return announce * fade + rise * peak + enforced, enforced

    def stratum_hazard(self, g: int) -> tuple[float, float]:
        """Hazard of a stratum from all waves that name it, before the factors of origin, status and day."""
        pattern = int(self.layout.stratum[2, g])
        hazard = enforced = 0.0
        for w, (whole, part) in enumerate(self.hazards):
            if self.layout.pattern_wave[pattern, w]:
                hazard += self.weight[pattern][w] * whole
                enforced += self.weight[pattern][w] * part
        return hazard, enforced

    def leave_stratum(self, o: int, g: int, factor: float, leaving: list[float]) -> float:
        """One stratum: its leavers by class into `leaving`; returns how many left home."""
        s, key = int(self.layout.stratum[1, g]), self.layout.stratum_key[g]
        stock = self.stock[g]
        hazard, enforced = self.stratum_hazard(g)
        intensity, deported_base, deported_enforced, facilitated_share = (row[s] for row in self.status)
        scale = self.intensity[o] * intensity * factor
        steady = self.base[g] / stock if stock > 0.0 else 0.0
        hazard = hazard * scale + steady
        share = enforced * scale / hazard if hazard > 0.0 else 0.0
        p = 1.0 - exp(-hazard)
        if not self.mean:
            u = self.uniform(CLUMP, key)
            exact = self.exact
            p = (clumped_fraction if exact else clump_fast)(u, int(stock) if exact else stock, p, self.household)
        left = self.count(stock, p, LEAVE, key)
        self.stock[g] -= left
        self.record["departures"][o] += left
        self.record["departures_status"][s] += left
        deported = self.count(left, share * deported_enforced + (1.0 - share) * deported_base, DEPORT, key)
        other = left - deported
        label = self.layout.class_of[s]
        if label[FACILITATED] >= 0:
            facilitated = self.count(other, facilitated_share, FACILITATE, key)
            leaving[label[FACILITATED]] = facilitated
            other -= facilitated
        leaving[label[OTHER]] = other
        leaving[label[DEPORTED]] = self.hold(o, g, deported)
        return left

    def hold(self, o: int, g: int, deported: float) -> float:
        """Holding before the border: today's deported enter, those whose stay ends go on. Exogenous."""
        capacity, stay = self.layout.holding[:, o]
        if not (capacity > 0.0 and stay > 0.0):
            return deported
        days = float(stay) * self.hold_factor
        ended = self.count(self.held[g], 1.0 / days if days > 1.0 else 1.0, HOLD, self.layout.stratum_key[g])
        self.held[g] += deported - ended
        return ended

    def release_above_capacity(self, o: int, first: int, last: int, leaving: list[float]) -> None:
        """People held above the capacity of an origin's centres go on the same day, statuses in order."""
        capacity, stay = self.layout.holding[:, o]
        if not (capacity > 0.0 and stay > 0.0) or capacity == math.inf:
            return
        total = 0.0
        for g in range(first, last):
            total += self.held[g]
        excess = total - math.floor(capacity)
        for g in range(first, last):
            if excess > 0.0:
                released = min(self.held[g], excess)
                self.held[g] -= released
                leaving[self.layout.class_of[self.layout.stratum[1, g], DEPORTED]] += released
                excess -= released
