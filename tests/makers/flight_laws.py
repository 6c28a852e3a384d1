"""Laws of flight in which keys could meet: links with walkers, sinks, returns, hops without end, a camp in conflict."""

from __future__ import annotations

from pathlib import Path

from makers.flight import AGES, GENDERS, make_law, tiny
from sarai.model.flight.law import FlightLaw

TABLES: dict[str, str | None] = {
    "input_csv/demographics_age.csv": AGES, "input_csv/demographics_gender.csv": GENDERS,
    "input_csv/major_routes.csv": "North,Inn,Lake\nMill,Inn,Lake,Bridge\nInn,North,Ford,Lake\n",
}  # fmt: skip
WALKS = "#a,b,c,d,max_move_speed,walk_probability\n" + "".join(
    f"{row},,{speed},{walk}\n"
    for row, speed, walk in (
        ("North,Mill,100", "", 0.3), ("Mill,Bridge,250", 90, ""), ("North,Ford,400", "", ""), ("Ford,Lake,500", "",
        0.5),
        ("Mill,Inn,60", "", ""), ("Inn,Bridge,90", "", 0.1), ("Inn,Lake,700", 300, ""), ("Bridge,Lake,120", "", ""),
        ("North,Inn,170", "", ""),
    )
)  # fmt: skip


def walkers_and_sinks(folder: Path) -> FlightLaw:
    """Links with speeds and walkers of their own, closed while people are on them, and camps that are sinks."""
    header, *rows = (
        "#name,region,country,x,y,location_type,conflict_date,pop/cap,deactivation_probability",
        "North,r,Home,1,1,conflict_zone,0,1000,", "Mill,r,Home,2,1,town,0,400,", "Ford,r,Home,2,2,marker,0,0,",
        "Inn,r,Home,3,1,forwarding_hub,0,0,", "Bridge,r,Away,4,1,camp,0,90,0.4", "Lake,r,Away,5,1,idpcamp,0,5000,0.05",
    )  # fmt: skip
    changes: dict[str, str | None] = {
        "input_csv/routes.csv": WALKS, "input_csv/locations.csv": "\n".join([header, *rows]),
        "input_csv/closures.csv": "country,Home,Away,6,9\nlocation,Inn,,12,14\n"
        "camp,Bridge,,15,20\nlink,North,Mill,3,5\n",
        "simsetting.yml": "spawn_rules: {camps_are_sinks: True}\n"
        "move_rules: {awareness_level: 3, camp_movechance: 0.1}",
    }  # fmt: skip
    return make_law(folder, changes)


def groups_of_walkers(folder: Path) -> FlightLaw:
    """People of different groups on links where some walk."""
    rules = "move_rules: {WomenAvoidHazards: True, ChildrenAvoidHazards: True, BoysTakeRisk: True}"
    return make_law(folder, TABLES | {"input_csv/routes.csv": WALKS, "simsetting.yml": rules})


def reopened_link(folder: Path) -> FlightLaw:
    """A link of many days closes and opens again: those whom it sends back meet later travellers at equal distances."""
    places = "A,r,H,1,1,conflict_zone,0,0,,\nB,r,Y,1,1,camp,0,0,,\n"
    rules = ("spawn_rules: {conflict_driven_spawning: {displaced_per_conflict_day: 60}}\n"
             "move_rules: {max_walk_speed: 50}\n")  # fmt: skip
    conflicts = "#Day,A\n" + "".join(f"{day},1\n" for day in range(24))
    changes = tiny(places, "A,B,2000,0,100,0.5\n", rules, days=24, conflicts=conflicts, closures="country,H,Y,2,3\n")
    return make_law(folder, {**changes})


def hops_of_no_length(folder: Path) -> FlightLaw:
    """People go to and fro between two towns at one point, up to dozens of times a day."""
    places = "A,r,H,1,1,conflict_zone,0,0,,\nB,r,H,1,1,town,0,0,,\nC,r,H,1,1,town,0,0,,\n"
    rules = ("spawn_rules: {conflict_driven_spawning: {displaced_per_conflict_day: 400}}\n"
             "move_rules: {default_movechance: 0.9, conflict_weight: 0}\n")  # fmt: skip
    conflicts = "#Day,A\n" + "".join(f"{day},1\n" for day in range(6))
    return make_law(folder, {**tiny(places, "A,B,10\nB,C,0\n", rules, days=6, conflicts=conflicts)})


def camp_in_conflict(folder: Path) -> FlightLaw:
    """A camp whose people of day 0 are of several groups, as are those who set out from there that day."""
    changes: dict[str, str | None] = {
        "input_csv/conflicts.csv": "#Day,North,Bridge\n" + "".join(f"{day},1,1\n" for day in range(30)),
        "simsetting.yml": "spawn_rules: {conflict_driven_spawning: {displaced_per_conflict_day: 40}}\n"
        "move_rules: {WomenAvoidHazards: True, BoysTakeRisk: True}",
    }
    law = make_law(folder, TABLES | changes)
    assert law.people.initial[4] > 0 and law.calendar.spawn[law.calendar.spawn_row[0], 4] > 0.0
    return law


LAWS = {
    "walkers and sinks": walkers_and_sinks, "groups of walkers": groups_of_walkers, "reopened link": reopened_link,
    "hops of no length": hops_of_no_length, "camp in conflict": camp_in_conflict,
}  # fmt: skip
