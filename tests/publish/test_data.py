import csv
import hashlib
import io
import json
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import polars
import pytest

from makers.briefing import make_briefing
from sarai.forecast.hub_folder import read_models
from sarai.forecast.targets import Target
from sarai.publish.flat import flat_bytes
from sarai.publish.render import render_briefing
from sarai.world.errors import RequestError

READER = shutil.which("pdftotext") or ""


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """A briefing in every format."""
    return render_briefing(replace(make_briefing(), formats=("pdf", "markdown", "data")))


def test_every_format_gives_the_same_bytes_twice(files: dict[str, bytes]) -> None:
    """PDF, PNG, Parquet and the rest follow from the briefing alone."""
    assert render_briefing(replace(make_briefing(), formats=("pdf", "markdown", "data"))) == files


def test_the_pdf_is_tagged_and_says_that_it_is_universally_accessible(files: dict[str, bytes]) -> None:
    """Typst's own PDF/UA-1 check has passed, the file is tagged, names its language and is dated by the case."""
    data = files["briefing.pdf"]
    assert data.startswith(b"%PDF-")
    assert b"/MarkInfo" in data and b"/Lang" in data and b"/StructTreeRoot" in data
    assert b"pdfuaid:part" in data and b"20311020" in data.replace(b"-", b"")


def test_hxl_rows_carry_level_date_record_and_licence(files: dict[str, bytes]) -> None:
    """The second row holds HXL tags; every further row its sensitivity, reference date, record and licence."""
    rows = list(csv.reader(io.StringIO(files["data/crossings.hxl.csv"].decode())))
    assert all(tag.startswith("#") for tag in rows[1])
    assert len(rows) > 30
    for row in rows[2:]:
        assert row[-4:] == ["public", "2031-10-20", "0123456789abcdef", "CC-BY-4.0"]
        assert (row[5] == "") is (row[7] == "true")


def test_the_hub_folder_names_its_file_by_round_and_model(files: dict[str, bytes]) -> None:
    """Model output stands where a hub looks for it, and the task file lists the levels that it holds."""
    output = files["hub/model-output/sarai-pool/2031-10-20-sarai-pool.csv"].decode().splitlines()
    tasks = json.loads(files["hub/hub-config/tasks.json"])
    task = tasks["rounds"][0]["model_tasks"][0]
    assert tasks["schema_version"].endswith("v6.0.0/tasks-schema.json")
    assert len(task["output_type"]["quantile"]["output_type_id"]["required"]) == 23
    assert {line.split(",")[5] for line in output[1:]} == {"quantile", "sample"}


def test_the_hub_folder_holds_joint_samples_of_the_crossings(files: dict[str, bytes], tmp_path: Path) -> None:
    """One sample is a world over all days and crossings: its sums add up, and a reader of hubs answers any window."""
    rows = csv.DictReader(io.StringIO(files["hub/model-output/sarai-pool/2031-10-20-sarai-pool.csv"].decode()))
    samples = [row for row in rows if row["output_type"] == "sample"]
    assert {row["target"] for row in samples} == {"day crossings"}
    worlds: dict[tuple[str, str], dict[str, float]] = {}
    for row in samples:
        worlds.setdefault((row["output_type_id"], row["horizon"]), {})[row["location"]] = float(row["value"])
    assert all(abs(2 * at["all"] - sum(at.values())) < 0.3 for at in worlds.values())
    tasks = json.loads(files["hub/hub-config/tasks.json"])["rounds"][0]["model_tasks"]
    said = {task["task_ids"]["target"]["optional"][0]: task["output_type"].get("sample") for task in tasks}
    count = len({row["output_type_id"] for row in samples})
    assert [name for name, sample in said.items() if sample] == ["day crossings"]
    params = (said["day crossings"] or {})["output_type_id_params"]
    assert params["min_samples_per_task"] == params["max_samples_per_task"] == count > 1
    for name, data in files.items():
        if name.startswith("hub/"):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_bytes(data)
    (made,) = read_models(tmp_path / "hub", ("bridge", "pass"), ())
    first = made.reference_date + timedelta(days=2)
    asked = Target(id="t", case="c", series="s", row_ids=("r",), start=first, end=first + timedelta(days=3),
                   crossings=("bridge", "pass"), status="all", persons=1, known=first + timedelta(days=9))  # fmt: skip
    answer = made.answer(asked, ("bridge", "pass"))
    assert answer is not None and answer[1] == "sample" and len(answer[0]) == count


def test_places_go_out_without_any_number(files: dict[str, bytes]) -> None:
    """The map layer holds names and kinds only: no figure by place of origin."""
    layer = json.loads(files["data/places.geojson"])
    assert len(layer["features"]) == 7
    for feature in layer["features"]:
        assert set(feature["properties"]) == {"name", "kind", "country", "admin1", "pcode", "approximate"}


def test_the_package_file_describes_each_data_file_with_its_hash(files: dict[str, bytes]) -> None:
    """Path, size and hash of each resource fit the file, and each has a level."""
    package = json.loads(files["datapackage.json"])
    assert {item["path"] for item in package["resources"]} == {
        name for name in files if name.startswith(("data/", "hub/"))
    }
    for item in package["resources"]:
        data = files[item["path"]]
        assert item["hash"] == "sha256:" + hashlib.sha256(data).hexdigest() and item["bytes"] == len(data)
        assert item["sarai:level"] in ("public", "restricted")
        assert re.fullmatch(r"[-a-z0-9._/]+", item["name"])


def test_the_package_keeps_the_rules_of_its_profile(files: dict[str, bytes]) -> None:
    """Frictionless data-package: names in lower case and unique, plain relative paths, licences named, fields as in
    the header of each tabular resource, values of the declared types.
    """
    package = json.loads(files["datapackage.json"])
    assert package["profile"] == "data-package" and re.fullmatch(r"[-a-z0-9._/]+", package["name"])
    assert all(item["name"] and item["path"].startswith("https://") for item in package["licenses"])
    resources = package["resources"]
    assert resources and len({item["name"] for item in resources}) == len(resources)
    for item in resources:
        assert not item["path"].startswith(("/", ".")) and ".." not in item["path"] and "://" not in item["path"]
        assert item["encoding"] == "utf-8" and "/" in item["mediatype"] and item["licenses"]
        if item["profile"] == "tabular-data-resource":
            rows = list(csv.DictReader(io.StringIO(files[item["path"]].decode())))
            assert [field["name"] for field in item["schema"]["fields"]] == list(rows[0])
            numbers = [field["name"] for field in item["schema"]["fields"] if field["type"] in ("number", "integer")]
            assert all(float(row[name]) >= 0 for row in rows for name in numbers)


def test_the_hub_folder_keeps_the_rules_of_its_schemas(files: dict[str, bytes]) -> None:
    """Rules of hubverse v6: ids of a task have `required` and `optional`, quantile levels ascend within 0 and 1, every
    row of the output belongs to a task, values rise with the level, and the file system names round and model.
    """
    tasks, admin = (json.loads(files[f"hub/hub-config/{name}.json"]) for name in ("tasks", "admin"))
    assert admin["schema_version"].endswith("v6.0.0/admin-schema.json") and admin["file_format"] == ["csv"]
    round_ = tasks["rounds"][0]
    assert round_["round_id_from_variable"] and set(round_) >= {"round_id", "model_tasks", "submissions_due"}
    rows = list(csv.DictReader(io.StringIO(files["hub/model-output/sarai-pool/2031-10-20-sarai-pool.csv"].decode())))
    held = 0
    for task in round_["model_tasks"]:
        ids = task["task_ids"]
        assert round_["round_id"] in ids and all(set(one) == {"required", "optional"} for one in ids.values())
        levels = task["output_type"]["quantile"]["output_type_id"]["required"]
        assert levels == sorted(set(levels)) and levels[0] > 0 and levels[-1] < 1
        mine = [row for row in rows if all(row[name] in map(str, one["optional"]) for name, one in ids.items())]
        held += len(mine)
        mine = [row for row in mine if row["output_type"] == "quantile"]
        for start in range(0, len(mine), len(levels)):
            part = mine[start : start + len(levels)]
            assert [float(row["output_type_id"]) for row in part] == levels
            assert [float(row["value"]) for row in part] == sorted(float(row["value"]) for row in part)
    assert held == len(rows) > 1000


def test_parquet_carries_level_date_record_and_licence(files: dict[str, bytes]) -> None:
    """The forecast has the columns of the hub and nothing else, so its facts stand in the metadata of the file."""
    for name in ("data/forecast.parquet", "data/needs.parquet"):
        facts = polars.read_parquet_metadata(io.BytesIO(files[name]))
        assert {"level", "reference_date", "record", "licence"} <= set(facts)
    facts = polars.read_parquet_metadata(io.BytesIO(files["data/forecast.parquet"]))
    assert {facts[name] for name in ("level", "record", "licence")} == {"restricted", "0123456789abcdef", "CC-BY-4.0"}


def test_parquet_reads_back(files: dict[str, bytes]) -> None:
    """Needs and forecast open as tables with numbers as numbers."""
    needs = polars.read_parquet(io.BytesIO(files["data/needs.parquet"]))
    assert needs.height > 100 and needs["p95"].dtype == polars.Float64
    assert (needs["p50"] <= needs["p95"]).all()


def test_charts_stand_on_their_own(files: dict[str, bytes]) -> None:
    """An exported SVG carries its colours and refers to no variable of the page; each has a PNG beside it."""
    drawings = [name for name in files if name.endswith(".svg")]
    assert len(drawings) >= 6
    for name in drawings:
        text = files[name].decode()
        ElementTree.fromstring(text)
        assert "var(--" not in text and ".band" in text
        assert files[name.replace(".svg", ".png")].startswith(b"\x89PNG")


def test_markdown_holds_the_same_sentences(files: dict[str, bytes]) -> None:
    """The text for editing has the six questions, the tables and the three lines of responsible use."""
    text = files["briefing.md"].decode()
    assert "## What breaks" in text and "| Crossing |" in text and "Not for choosing whom or where to expel" in text


def test_a_spreadsheet_runs_nothing_from_a_csv() -> None:
    """Texts that begin like a formula are made harmless; numbers are left alone."""
    rows = [("=1+1", "+1", "-x", "@a", "ok", -5.0)]
    line = flat_bytes(("a", "b", "c", "d", "e", "f"), rows).decode().splitlines()[1]
    assert line == "'=1+1,'+1,'-x,'@a,ok,-5.0"


def test_unknown_formats_are_refused() -> None:
    """A format that is not known is named, with those that are."""
    with pytest.raises(RequestError, match="pdf"):
        render_briefing(replace(make_briefing(), formats=("odt",)))
    with pytest.raises(RequestError, match="parquet"):
        flat_bytes(("a",), [(1,)], ".xls")


def test_every_file_says_level_date_record_and_licence() -> None:
    """Whatever is forwarded alone still says how far it may go, of which day it is, from which run and on what terms.

    The files of a hub hold what its schemas allow and nothing else: the package file beside them speaks for them.
    """
    files = render_briefing(replace(make_briefing(), formats=("pdf", "docx", "markdown", "charts", "data")))
    described = {item["path"]: item for item in json.loads(files["datapackage.json"])["resources"]}
    for name, data in files.items():
        if name.endswith(".pdf") and not READER:
            continue
        if name.startswith("hub/"):
            assert described[name]["licenses"] and described[name]["sarai:level"] == "restricted"
            continue
        text = said_by(name, data)
        assert "0123456789abcdef" in text, name
        assert re.search("CC[ -]BY[ -]4.0", text), name
        assert re.search("restricted|public", text, flags=re.IGNORECASE), name
        assert re.search("2031-10-20|20 October 2031", text), name


def said_by(name: str, data: bytes) -> str:
    """What can be read in a file of any form."""
    if name.endswith((".docx", ".xlsx")):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return " ".join(packed.read(part).decode("utf-8", "replace") for part in packed.namelist())
    if name.endswith(".pdf"):
        return subprocess.run([READER, "-", "-"], input=data, capture_output=True, check=True).stdout.decode()
    if name.endswith(".parquet"):
        return json.dumps(polars.read_parquet_metadata(io.BytesIO(data)))
    return data.decode("utf-8", "replace")
