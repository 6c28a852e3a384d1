"""What must never leave the house: fields, targets, maps and exports that this file lists, and nothing waives it."""

import csv
import io
import json
import re
from dataclasses import fields, replace

import openpyxl
import pytest

from makers.briefing import CITED, make_briefing
from sarai.plan import plan as plan_types
from sarai.publish.levels import INCLUDES
from sarai.publish.render import render_briefing
from sarai.world.reception import Capacity, HoldingCentre

TARGETS = {
    "day crossings", "week crossings", "day departures", "queue at close", "site occupancy", "day arrivals",
    "first breach", "deadline enforced",
}  # fmt: skip
BANNED_FIELDS = re.compile(
    r"(^|_)(name_of_person|full_name|first_name|surname|passport|tazkira|cnic|national_id|phone|mobile|imei|email|address|"
    r"household_id|case_number|remaining|still_present|awaiting_removal|quota|ranking|arrest_target|regime|bites?)(_|$)"
)
BANNED_WORDS = ("population remaining", "persons remaining", "still present", "awaiting removal", "p(bite)", "quota")
SECRET = "Secret holding hall"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """Every file of a briefing of a case that has a holding centre, with all that may be asked for save those."""
    briefing = make_briefing()
    asked = tuple(name for name in INCLUDES if name != "holding")
    centre = HoldingCentre(id=SECRET, origin="hill", capacity=Capacity(value=4321.0), stay_days=3.0, basis=CITED)
    world = replace(briefing.world, holding=(centre,))
    return render_briefing(replace(briefing, world=world, formats=("pdf", "markdown", "data"), include=asked))


def texts(files: dict[str, bytes]) -> dict[str, str]:
    """The text of every text file, and the cells of the workbook."""
    found = {
        name: data.decode() for name, data in files.items() if not name.endswith((".pdf", ".png", ".parquet", ".xlsx"))
    }
    book = openpyxl.load_workbook(io.BytesIO(files["briefing.xlsx"]))
    found["briefing.xlsx"] = "\n".join(
        str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None
    )
    return found


def test_no_file_names_a_holding_centre_or_its_capacity(files: dict[str, bytes]) -> None:
    """Holding centres are in the model and in no output, whatever else is asked for."""
    assert [name for name, text in texts(files).items() if SECRET in text or "4,321" in text or "4321" in text] == []


def test_forecast_targets_are_those_listed_and_no_other(files: dict[str, bytes]) -> None:
    """A new target must be put on the list by somebody who has thought about it."""
    rows = csv.DictReader(io.StringIO(files["forecast.csv"].decode()))
    assert {row["target"] for row in rows} <= TARGETS


def test_no_output_speaks_of_people_who_remain(files: dict[str, bytes]) -> None:
    """Population remaining by area is never an output, whatever is asked for."""
    for name, text in texts(files).items():
        assert [word for word in BANNED_WORDS if word in text.lower()] == [], name


def test_maps_carry_no_figure_by_place_of_origin(files: dict[str, bytes]) -> None:
    """The map layer has names and kinds, and the drawing no number beside an origin."""
    layer = json.loads(files["data/places.geojson"])
    for feature in layer["features"]:
        assert not any(isinstance(value, (int, float)) and not isinstance(value, bool)
                       for value in feature["properties"].values())  # fmt: skip
    drawing = files["charts/chart-map.svg"].decode()
    labels = re.findall(r"<text[^>]*>([^<]*)</text>", drawing)
    assert labels and not any(any(letter.isdigit() for letter in label) for label in labels)


def test_no_column_of_any_file_is_a_banned_field(files: dict[str, bytes]) -> None:
    """Headings of every CSV, property of every JSON and field of every plan type are held against the list."""
    found: set[str] = set()
    for name, data in files.items():
        if name.endswith(".csv"):
            found.update(next(csv.reader(io.StringIO(data.decode()))))
        elif name.endswith((".json", ".geojson")):
            found.update(re.findall(r'"([A-Za-z_]+)":', data.decode()))
    for kind in (plan_types.Need, plan_types.NeedTotal, plan_types.SiteLoad, plan_types.Plan, plan_types.Standard):
        found.update(field.name for field in fields(kind))
    assert len(found) > 30
    assert sorted(name for name in found - HUB_CONTACT if BANNED_FIELDS.search(name.lower())) == []


HUB_CONTACT = {"email"}
"""The hub's own configuration must name a contact; it holds no person of the emergency."""


def test_status_is_never_crossed_with_place_of_origin(files: dict[str, bytes]) -> None:
    """No table of the release or of the data files has both an origin and a document status."""
    for name, data in files.items():
        if name.endswith(".csv"):
            heads = set(next(csv.reader(io.StringIO(data.decode()))))
            assert not ({"status"} <= heads and {"origin"} & heads), name
    release = json.loads(files["release.json"])
    assert all("origin" not in cell for cell in release["cells"])
