"""Settings of a case: each must name a parameter, an entry of it that there is, and a value inside its bounds."""

from __future__ import annotations

from sarai.model.table import parameter_table, setting_bounds
from sarai.observe.case_checker import CaseChecker
from sarai.observe.case_schema import CaseFile, StratumItem

ARRIVAL_HOURS = ("arrival_first_hour", "arrival_last_hour")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def check_settings(c: CaseChecker) -> None:
    """A setting that names nothing would be ignored; one out of bounds would stop the run much later."""
    table = parameter_table()
    entries = known_entries(c.case)
    for index, item in enumerate(c.case.settings):
        path = ("settings", index)
        name, _, entry = item.parameter.partition(".")
        if name != "affinity" and name not in table:
            c.refer((*path, "parameter"), name, [*table, "affinity"], "no such parameter")
            continue
        axis = "affinity" if name == "affinity" else next((a for a in table[name].axis if a != "day"), "")
        if (entry or name == "affinity") and entry != "spread" and entry not in entries.get(axis, ()):
            known = (*sorted(entries.get(axis, ())), "spread")
            c.refer((*path, "parameter"), entry, known, f"{name} has no such entry")
        low, high = setting_bounds(name, entry)
        if not low <= item.value <= high:
            unit = table["crossing_affinity" if name == "affinity" else name].unit
            what, wanted = f"{item.parameter} is out of bounds", f"a number from {low:g} to {high:g} ({unit})"
            c.add((*path, "value"), what, item.value, wanted, "correct the value, or leave the default")
    hours = {name: table[name].prior.centre for name in ARRIVAL_HOURS}
    hours |= {item.parameter: item.value for item in c.case.settings if item.parameter in hours}
    if not hours[ARRIVAL_HOURS[0]] < hours[ARRIVAL_HOURS[1]]:
        found = " to ".join(f"{hours[name]:g}" for name in ARRIVAL_HOURS)
        what, mend = "people arrive between hours that are out of order", f"correct {' or '.join(ARRIVAL_HOURS)}"
        c.add(("settings",), what, found, "first < last, local hours", mend)


def known_entries(case: CaseFile) -> dict[str, set[str]]:
    """Ids along each axis that a parameter can have."""
    population = case.population if isinstance(case.population, list) else []
    strata = [item for item in population if isinstance(item, StratumItem)]
    crossings = {place.id for place in case.crossings}
    origins = {place.id for place in case.origins} | {item.origin for item in strata}
    statuses = {status.id for status in case.statuses} | {item.status for item in strata}
    return {
        "origin": origins,
        "status": statuses,
        "crossing": crossings,
        "wave": {wave.id for wave in case.calendar.waves},
        "weekday": set(WEEKDAYS),
        "stratum": {f"{origin}|{status}" for origin in origins for status in statuses},
        "affinity": {f"{origin}.{crossing}" for origin in origins for crossing in crossings},
    }
