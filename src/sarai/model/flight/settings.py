"""Settings of the flight law: one row a key of `simsetting.yml`, and the frozen values of a run.

Keys, types and defaults are those of Flee (commit 02cd2cbd, 2026-05-14: `flee/SimulationSettings.py` and
`docs/Simulation_settings_reference.md`). The table is the home of every default; the code holds none of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

LARGEST_KM = 40_075.0  # A182: once around the Earth, for a road and for a day
Value = bool | int | float | str | tuple[float, ...] | None


@dataclass(frozen=True, kw_only=True)
class SettingRow:
    """One key: where it stands, what it may hold, and what sarai does with it.

    key      dotted path in the file                     kind    bool, int, float, list, word
    status   used | no effect | refused                  low, high  inclusive bounds (None: none)
    field    name in FlightSettings; empty unless used   says    the sentence shown by `sarai flee check`
    """

    key: str
    kind: str
    default: Value
    status: str = "used"
    field: str = ""
    low: float | None = None
    high: float | None = None
    words: tuple[str, ...] = ()
    says: str = ""


def _used(key: str, kind: str, default: Value, says: str, **more: object) -> SettingRow:
    name = str(more.pop("field", key.rpartition(".")[2]))
    return SettingRow(key=key, kind=kind, default=default, field=name, says=says, **more)  # type: ignore[arg-type]


def _refused(key: str, says: str, kind: str = "bool", default: Value = False) -> SettingRow:
    return SettingRow(key=key, kind=kind, default=default, status="refused", says=says)


def _quiet(key: str, says: str, kind: str = "any", default: Value = None) -> SettingRow:
    return SettingRow(key=key, kind=kind, default=default, status="no effect", says=says)


_LOG = "a log of Flee; sarai writes daily counts of places and links instead"
_FILE = "the file in input_csv/ is used; this key only moves it"
_MATCH = (
    "Flee counts agents of a religion or ethnic group at a place and divides them by its population, which is 0 for a"
    " camp, and its parallel engine stops there; no law can be made of that, and sarai keeps no such counts of people"
)

SETTING_ROWS: tuple[SettingRow, ...] = (
    _quiet("number_of_steps", "the days come from sim_period.csv or from --days"),
    _used("default_conflict_intensity", "int", 1, "intensity of a place that location_changes.csv puts in conflict",
    low=0),
    _quiet("conflict_input_file", _FILE),
    _quiet("flood_level_input_file", _FILE),
    *(_quiet(f"log_levels.{name}", _LOG) for name in ("agent", "link", "camp", "init", "conflict", "idp_totals",
    "Flood", "flood")),
    _quiet("log_levels.granularity", _LOG),
    _used("spawn_rules.take_from_population", "bool", False, "people who leave are taken from the population"),
    _used("spawn_rules.insert_day0", "bool", True, "camps start with the people counted on day 0"),
    _used("spawn_rules.empty_camps_on_day0", "bool", False, "camps start empty and data count from day 0"),
    _used("spawn_rules.conflict_zone_spawning_only", "bool", True, "people leave from places in conflict only"),
    _used("spawn_rules.flood_zone_spawning_only", "bool", False, "people leave from flooded places only"),
    _used("spawn_rules.camps_are_sinks", "bool", False, "people in camps stop moving with deactivation_probability"),
    _refused(
        "spawn_rules.read_from_agents_csv_file",
        "agents.csv lists single people; sarai holds counts only. Give counts as the attribute initial_idps of a place",
    ),
    _used("spawn_rules.sum_from_camps", "bool", True, "daily numbers are the sum over camp files, not the total row"),
    _used("spawn_rules.starvation_driven_spawning", "bool", False, "food deprivation adds to the spawn weight"),
    _used(
        "spawn_rules.conflict_driven_spawning.spawn_mode", "word", "constant", "people a day and place in conflict",
        field="conflict_spawn_mode", words=("constant", "poisson", "pop_ratio"),
    ),
    _used(
        "spawn_rules.conflict_driven_spawning.displaced_per_conflict_day", "float", None,
        "people (or share of the population, pop_ratio) a day at intensity 1", field="displaced_per_conflict_day",
        low=0.0,
    ),
    _used(
        "spawn_rules.flood_driven_spawn_mode.spawn_mode", "word", "pop_ratio", "people a day and flooded place",
        field="flood_spawn_mode", words=("constant", "poisson", "pop_ratio"),
    ),
    _used(
        "spawn_rules.flood_driven_spawn_mode.displaced_per_flood_day", "list", None,
        "people, or share of the population, by flood level", field="displaced_per_flood_day", low=0.0,
    ),
    _quiet("spawn_rules.average_social_connectivity", "feeds two_system_decision_making only, inert in Flee"),
    _quiet("spawn_rules.flood_driven_spawning",
    "Flee overwrites it; the section flood_driven_spawn_mode switches floods on"),
    _used("spawn_rules.conflict_spawn_decay", "list", None, "factor of spawn weight by age of the conflict", low=0.0),
    _used("spawn_rules.conflict_spawn_decay_interval", "int", 30, "days a step of the decay list", low=1),
    _used("move_rules.max_move_speed", "float", 360.0, "km a day", low=0.001, high=LARGEST_KM),
    _used("move_rules.max_walk_speed", "float", 35.0, "km a day on foot", low=0.001, high=LARGEST_KM),
    _quiet("move_rules.max_crossing_speed", "Flee reads it and never uses it"),
    _used("move_rules.foreign_weight", "float", 1.0, "score factor of foreign places", low=0.0),
    _used("move_rules.camp_weight", "float", 1.0, "score factor of camps", low=0.0),
    _used("move_rules.conflict_weight", "float", 1.0 / 3.16227766017, "score factor of places in conflict", low=0.0),
    _used("move_rules.conflict_movechance", "float", 1.0, "chance a day to leave a place in conflict", low=0.0),
    _used("move_rules.camp_movechance", "float", 0.001, "chance a day to leave a camp", low=0.0),
    _used("move_rules.idpcamp_movechance", "float", 0.1, "chance a day to leave a camp for the displaced", low=0.0),
    _used("move_rules.default_movechance", "float", 0.3, "chance a day to leave a town", low=0.0),
    _used("move_rules.awareness_level", "int", 1, "places ahead that people weigh", low=1, high=5),
    _used("move_rules.capacity_buffer", "float", 0.9, "share of the capacity where a camp starts to deter", low=0.0,
    high=1.0),
    _used("move_rules.capacity_scaling", "float", 1.0, "factor of all capacities", low=0.0),
    _used("move_rules.avoid_short_stints", "bool", False, "people go on through towns after short days"),
    _used("move_rules.start_on_foot", "bool", False, "the first link is walked"),
    _used("move_rules.use_v1_rules", "bool", False, "the five settings of Flee 1"),
    _used("move_rules.softening", "float", 10.0, "km added to every route", low=0.0),
    _used("move_rules.weight_softening", "float", 0.0, "added to every score", low=0.0),
    _used("move_rules.weight_power", "float", 1.0, "power of the route weight"),
    _used("move_rules.distance_power", "float", 1.0, "power of the distance"),
    _used("move_rules.stay_close_to_home", "bool", False, "places near the present place weigh more"),
    _used("move_rules.home_distance_power", "float", 0.5, "power of that nearness"),
    _used("move_rules.use_pop_for_loc_weight", "bool", False, "large towns weigh more"),
    _used("move_rules.pop_power_for_loc_weight", "float", 0.1, "power of the population in that weight"),
    _used("move_rules.movechance_pop_base", "float", 10000.0, "population at which move chances are unchanged",
    low=0.001),
    _used("move_rules.movechance_pop_scale_factor", "float", 0.0, "power of population over base in move chances"),
    _used("move_rules.pruning_threshold", "float", 1.0, "routes lighter than the best over this are dropped", low=0.0),
    _used("move_rules.WomenAvoidHazards", "bool", False, "women weigh safety twice", field="women_avoid_hazards"),
    _used("move_rules.ChildrenAvoidHazards", "bool", False, "under 19 weigh safety twice",
    field="children_avoid_hazards"),
    _used("move_rules.ElderlyAvoidHazards", "bool", False, "over 59 weigh safety twice", field="elderly_avoid_hazards"),
    _used("move_rules.BoysTakeRisk", "bool", False, "males over 14 do not weigh safety", field="boys_take_risk"),
    _refused("move_rules.MatchCampReligion", _MATCH),
    _refused("move_rules.MatchCampEthnicity", _MATCH),
    _refused("move_rules.MatchTownEthnicity", _MATCH),
    _refused("move_rules.MatchConflictEthnicity", _MATCH),
    _quiet("move_rules.avg_religion_fraction", "feeds the matching by religion only"),
    _used("move_rules.fixed_routes", "bool", False, "one route to each destination, the best of the day"),
    _quiet(
        "move_rules.two_system_decision_making",
        "inert in Flee too when read from a file (it compares 1.0 with True)",
    ),
    _used("move_rules.use_economic_pull", "bool", False, "foreign places gain trade_volume + hdi^2"),
    _used("move_rules.harvest_months", "list", (), "months (1 to 12) in which farmers are at home for the harvest",
    low=1.0, high=12.0),
    _used("move_rules.flee_when_starving", "bool", False, "food deprivation raises the move chance"),
    _used("move_rules.avoid_food_deprived_locations", "bool", False, "food deprivation lowers the score at home"),
    _quiet("move_rules.flood_rules.max_flood_level", "Flee reads it and never uses it"),
    _quiet("move_rules.max_flood_level", "Flee reads it in flood_rules only, and never uses it"),
    _used("move_rules.flood_rules.flood_movechances", "list", None, "move chance by flood level", low=0.0, high=1.0),
    _used("move_rules.flood_rules.flood_loc_weights", "list", None, "weight of a place by flood level", low=0.0),
    _quiet("move_rules.flood_rules.flood_link_weights", "announced in Flee and not supported there"),
    _used("move_rules.flood_rules.flood_forecaster", "bool", False, "people heed forecasts of floods"),
    _used("move_rules.flood_rules.flood_forecaster_timescale", "int", 0, "days ahead that a forecast reaches", low=0),
    _used("move_rules.flood_rules.flood_forecaster_end_time", "int", None, "last day that is forecast", low=0),
    _used("move_rules.flood_rules.flood_forecaster_weights", "list", None, "importance of each forecast day", low=0.0,
    high=1.0),
    _used("move_rules.flood_rules.flood_awareness_weights", "list", None, "share in which each class heeds forecasts",
    low=0.0, high=1.0),
    _used("optimisations.hasten", "int", 1, "divisor of populations, capacities and counts", low=1),
)  # fmt: skip

SECTIONS: tuple[str, ...] = (
    "log_levels", "spawn_rules", "spawn_rules.conflict_driven_spawning", "spawn_rules.flood_driven_spawn_mode",
    "move_rules", "move_rules.flood_rules", "optimisations",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class FlightSettings:
    """The values a run uses, one field a `used` row of SETTING_ROWS; see there for units and meaning.

    conflict_driven, flood_driven and flood_rules say whether the section of that name is in the file.
    """

    conflict_driven: bool = False
    flood_driven: bool = False
    flood_rules: bool = False
    default_conflict_intensity: int
    take_from_population: bool
    insert_day0: bool
    empty_camps_on_day0: bool
    conflict_zone_spawning_only: bool
    flood_zone_spawning_only: bool
    camps_are_sinks: bool
    sum_from_camps: bool
    starvation_driven_spawning: bool
    conflict_spawn_mode: str
    displaced_per_conflict_day: float | None
    flood_spawn_mode: str
    displaced_per_flood_day: tuple[float, ...] | None
    conflict_spawn_decay: tuple[float, ...] | None
    conflict_spawn_decay_interval: int
    max_move_speed: float
    max_walk_speed: float
    foreign_weight: float
    camp_weight: float
    conflict_weight: float
    conflict_movechance: float
    camp_movechance: float
    idpcamp_movechance: float
    default_movechance: float
    awareness_level: int
    capacity_buffer: float
    capacity_scaling: float
    avoid_short_stints: bool
    start_on_foot: bool
    use_v1_rules: bool
    softening: float
    weight_softening: float
    weight_power: float
    distance_power: float
    fixed_routes: bool
    stay_close_to_home: bool
    home_distance_power: float
    use_pop_for_loc_weight: bool
    pop_power_for_loc_weight: float
    movechance_pop_base: float
    movechance_pop_scale_factor: float
    pruning_threshold: float
    women_avoid_hazards: bool
    children_avoid_hazards: bool
    elderly_avoid_hazards: bool
    boys_take_risk: bool
    use_economic_pull: bool
    flee_when_starving: bool
    avoid_food_deprived_locations: bool
    flood_movechances: tuple[float, ...] | None
    flood_loc_weights: tuple[float, ...] | None
    flood_forecaster: bool
    flood_forecaster_timescale: int
    flood_forecaster_end_time: int | None
    flood_forecaster_weights: tuple[float, ...] | None
    flood_awareness_weights: tuple[float, ...] | None
    harvest_months: tuple[float, ...]
    hasten: int


V1_RULES: dict[str, Value] = {
    "max_move_speed": 200.0,
    "start_on_foot": False,
    "avoid_short_stints": False,
    "camp_weight": 2.0,
    "conflict_weight": 0.25,
}


def default_settings(**changes: Value) -> FlightSettings:
    """Flee's defaults with some fields changed; `displaced_per_...` follow their mode where not given."""
    values: dict[str, Value] = {row.field: row.default for row in SETTING_ROWS if row.status == "used"}
    values.update(changes)
    if values["use_v1_rules"]:
        values.update(V1_RULES)
    if values["displaced_per_conflict_day"] is None:
        values["displaced_per_conflict_day"] = 0.01 if values["conflict_spawn_mode"] == "pop_ratio" else 500.0
    if values["displaced_per_flood_day"] is None:
        by_level = (0.0, 0.1, 0.2, 0.5, 0.9) if values["flood_spawn_mode"] == "pop_ratio" else (0, 100, 200, 300, 500)
        values["displaced_per_flood_day"] = tuple(float(value) for value in by_level)
    known = {item.name for item in fields(FlightSettings)}
    return FlightSettings(**{name: value for name, value in values.items() if name in known})  # type: ignore[arg-type]
