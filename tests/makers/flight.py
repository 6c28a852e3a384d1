"""Small cases in Flee's folder format, written by hand for tests."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import pytest

from sarai.model.flight.case import FlightCase
from sarai.model.flight.law import FlightLaw, build_law
from sarai.model.flight.quirks import FLEE, Quirks
from sarai.observe.flee.folder import read_flee_case
from sarai.simulate.flight.ensemble import FlightEnsemble
from sarai.simulate.flight.run import simulate_flight

FILES: dict[str, str] = {
    "input_csv/locations.csv": """#name,region,country,x,y,location_type,conflict_date,pop/cap
North,r,Home,1,1,conflict_zone,0,1000
Mill,r,Home,2,1,town,0,400
Ford,r,Home,2,2,marker,0,0
Inn,r,Home,3,1,forwarding_hub,0,0
Bridge,r,Away,4,1,camp,0,90
Lake,r,Away,5,1,camp,0,5000
""",
    "input_csv/routes.csv": """#name1,name2,distance,forced_redirection
North,Mill,100,
Mill,Bridge,250,0
North,Ford,400
Ford,Lake,500
Mill,Inn,60
Inn,Bridge,90
Inn,Lake,700
Bridge,Lake,120
North,Inn,170
""",
    "input_csv/closures.csv": "#closure_type,name1,name2,closure_start,closure_end\ncountry,Home,Away,12,15\n",
    "input_csv/conflicts.csv": "#Day, North, Mill\n"
    + "".join(f"{day}, 1, {1 if 8 <= day < 18 else 0}\n" for day in range(30)),
    "input_csv/sim_period.csv": "StartDate,2012-03-01\nLength,25\n",
    "input_csv/registration_corrections.csv": "",
    "source_data/data_layout.csv": "total,all.csv\nBridge,bridge.csv\nLake,lake.csv\n",
    "source_data/all.csv": "Date,count\n2012-03-01,16\n2012-03-31,616\n",
    "source_data/bridge.csv": "#Date,count\n2012-03-01,8\n2012-03-31,308\n",
    "source_data/lake.csv": "2012-03-01,8\n2012-03-21,208\n2012-03-26,198\n2012-03-31,308\n",
    "simsetting.yml": "move_rules:\n  max_move_speed: 200\n",
}
AGES = "age,Default,Mill\n5,20,5\n30,60,70\n70,20,25\n"
GENDERS = "gender,Default\nmale,0.5\nfemale,0.5\n"


def write_case(folder: Path, changes: dict[str, str | None] | None = None) -> Path:
    """A whole case; `changes` replaces files, or leaves out those that are None."""
    for name, text in (FILES | (changes or {})).items():
        if text is None:
            continue
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def make_case(folder: Path, changes: dict[str, str | None] | None = None) -> FlightCase:
    """A case as read."""
    return read_flee_case(write_case(folder, changes))


def make_law(folder: Path, changes: dict[str, str | None] | None = None, quirks: Quirks = FLEE) -> FlightLaw:
    """A law, ready to run."""
    return build_law(make_case(folder, changes), quirks)


def tiny(
    places: str, routes: str, settings: str, *, days: int, conflicts: str = "", closures: str = ""
) -> dict[str, str]:
    """Changes that make a case of given places and routes with nobody in data: rows without headers."""
    names = [row.split(",")[0] for row in places.strip().splitlines()]
    camps = [row.split(",")[0] for row in places.strip().splitlines() if "camp" in row]
    zero = "2012-03-01,0\n"
    return {
        "input_csv/locations.csv": "#name,region,country,x,y,type,date,number,initial_idps,deactivation_probability\n"
        + places,
        "input_csv/routes.csv": "#name1,name2,distance,forced_redirection,max_move_speed,walk_probability\n" + routes,
        "input_csv/closures.csv": closures,
        "input_csv/conflicts.csv": conflicts or f"#Day,{names[0]}\n" + "0,0\n" * days,
        "input_csv/sim_period.csv": f"StartDate,2012-03-01\nLength,{days}\n",
        "source_data/data_layout.csv": "total,zero.csv\n" + "".join(f"{name},zero.csv\n" for name in camps),
        "source_data/zero.csv": zero,
        "simsetting.yml": settings,
    }


def shared_flee() -> Path:
    """The folder of reference cases and ensembles, or a loud skip."""
    base = Path(os.environ.get("SARAI_SHARED", Path(__file__).parents[2].parent / "shared"))
    if not (base / "flee" / "reference").is_dir():
        pytest.skip(f"no reference cases at {base / 'flee'}; set SARAI_SHARED to the folder that holds flee/")
    return base / "flee"


def run(law: FlightLaw, members: int = 1, seed: int = 1, **more: bool) -> FlightEnsemble:
    """A run of a law."""
    return simulate_flight(law, seed=seed, members=members, **more)  # type: ignore[arg-type]


def place(name: str, kind: str, country: str = "H", number: int = 0, people: str = "", sink: str = "") -> str:
    """One row of locations.csv."""
    return f"{name},r,{country},1,1,{kind},0,{number},{people},{sink}\n"


def line(*names: str, km: float) -> str:
    """Links that join places in a line."""
    return "".join(f"{one},{two},{km:g}\n" for one, two in itertools.pairwise(names))
