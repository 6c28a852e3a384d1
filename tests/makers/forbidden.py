"""Paths beyond the line, by what they would decide: each is refused with a sentence, wherever it is asked."""

from __future__ import annotations

FORBIDDEN = {
    "goal-seek on departures": ("goal.departures", "target.departures.per_day", "departures.punjab.rate"),
    "a clearance date": ("clearance.punjab.date", "goal.clearance_date"),
    "the remaining population": ("population.punjab.remaining", "remaining.all.persons", "minimise.remaining"),
    "ranking origin areas": ("origins.punjab.rank", "rank.origins", "origin.punjab.priority"),
    "detention": ("detention.hazro.capacity", "holding.hazro.capacity", "stages.detention.capacity"),
    "deportation transport": ("transport.deportation.buses", "deport.torkham.trucks", "removal.torkham.flights"),
    "enforcement": ("enforcement.undocumented.rate", "calendar.undocumented.enforce_rate", "police.punjab.staff",
                    "arrests.punjab.per_day", "raids.punjab.count"),
    "exit processing": ("crossings.torkham.exit_desks", "exit.torkham.desks", "clearance.torkham.per_hour"),
    "phases": ("phases.undocumented.order", "calendar.phases.order", "calendar.undocumented.phase_share",
               "waves.undocumented.size", "quota.punjab.per_day", "phase.second.start"),
    "returns": ("returns.all.per_day", "returns.punjab.rate", "objective.returns", "maximise.returns",
                "optimise.undocumented.deadline"),
    "holding and removal by other words": ("custody.hazro.beds", "prison.hazro.beds", "expulsion.torkham.per_day"),
}  # fmt: skip
