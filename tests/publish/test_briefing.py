import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest

from makers.briefing import make_briefing, make_forecast, make_picture, make_world
from sarai.forecast.forecast import COLUMNS
from sarai.plan.needs import make_plan
from sarai.publish.attack import attack
from sarai.publish.release import parse_release
from sarai.publish.render import render_briefing, write_briefing
from sarai.world.errors import RequestError

BANNED = ("illegal", "alien", "crackdown", "fizzle", "bite ", "overflow", "stock ")


def page(**options: object) -> str:
    """The HTML of the made-up briefing."""
    return render_briefing(make_briefing(**options))["briefing.html"].decode()  # type: ignore[arg-type]


def words_of(html: str) -> str:
    """What a reader sees, without markup, style and drawings."""
    text = re.sub(r"<(style|svg)\b.*?</\1>", " ", html, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def test_equal_briefings_give_equal_bytes() -> None:
    """Rendering reads no clock and draws no number: twice the same briefing is twice the same files."""
    assert render_briefing(make_briefing()) == render_briefing(make_briefing())


def test_the_page_asks_nothing_of_the_network() -> None:
    """No script, no style sheet, no image and no font is fetched from anywhere."""
    html = page()
    assert "<script" not in html and "@import" not in html and "url(" not in html
    assert not re.findall(r'(?:src|data|poster)="https?:', html)
    assert not re.findall(r"<link\b", html)
    assert len(html.encode()) < 5_000_000


def test_the_first_page_answers_the_six_questions_with_figures() -> None:
    """Who, where, when, how many, what breaks and what to do all stand there, with numbers and a range."""
    html = page()
    for key in ("who", "where", "when", "how_many", "what_breaks", "what_to_do"):
        block = re.search(rf'<div class="answer {key}">(.*?)</div>', html, flags=re.S)
        assert block is not None and len(words_of(block.group(1))) > 30
    assert re.search(r"about [\d,]+ \([\d,]+ to [\d,]+\)", words_of(html))


def test_an_unknown_capacity_is_said_and_asked_for() -> None:
    """Where nobody knows what a site can take, the page says so, gives the room that would do and asks."""
    text = words_of(page())
    assert re.search(r"Bridge reception: zero point: [\d,]+ people a day at the fullest", text)
    assert "its capacity is not known" in text and "Find out the capacity of Bridge reception" in text


def test_an_assumed_capacity_is_marked_in_the_headline_of_its_chart() -> None:
    """A reader who sees only the headline must see that the capacity is an assumption."""
    briefing = make_briefing()
    stage = briefing.world.stages[1]
    assumed = replace(stage, capacity=replace(stage.capacity, assumed=True))
    world = replace(briefing.world, stages=(briefing.world.stages[0], assumed, briefing.world.stages[2]))
    forecast = make_forecast(world)
    html = render_briefing(replace(briefing, world=world, plan=make_plan(world, forecast)))["briefing.html"].decode()
    captions = re.findall(r"<figcaption>(.*?)</figcaption>", html)
    assert any("River camp" in caption and "assumed capacity" in caption for caption in captions)
    assert "going above 5,000 people, the capacity assumed here" in words_of(html)


def test_small_cells_of_the_past_are_not_shown() -> None:
    """At the pass a handful cross in a day: no figure under ten is printed in the tables of the past."""
    briefing = make_briefing()
    html = render_briefing(briefing)["briefing.html"].decode()
    table = re.search(r'<section id="crossings".*?</section>', html, flags=re.S)
    assert table is not None and "not shown" in table.group(0)
    release = json.loads(render_briefing(briefing)["release.json"])
    shown = [cell["value"] for cell in release["cells"] if cell["value"] is not None]
    assert shown and min(shown) >= 10


def test_the_profile_says_not_known_where_nothing_was_published() -> None:
    """Proportions come from cited facts only; without them a sentence names every group, without a table."""
    with_facts, without = page(), page(with_profile=False)
    section = re.compile(r'<section id="people".*?</section>', flags=re.S)
    assert "50 % to 60 %" in words_of(section.search(with_facts).group(0))  # type: ignore[union-attr]
    said = words_of(section.search(without).group(0))  # type: ignore[union-attr]
    assert "No publication known on this date" in said and "children under five" in said and "<table" not in said


def test_deported_share_stands_beside_the_cited_fear_of_arrest() -> None:
    """The share that fears arrest is printed beside the deported share, on the first page and under protection."""
    briefing = make_briefing()
    told = replace(briefing.world.reports[0], id="d", kind="deported", persons=12)
    world = replace(briefing.world, reports=(*briefing.world.reports, told))
    html = render_briefing(replace(briefing, world=world))["briefing.html"].decode()
    first = re.search(r'<div class="answer who">(.*?)</div>', html, flags=re.S)
    assert first is not None and "4 %" in words_of(first.group(1)) and "78 %" in words_of(first.group(1))
    protection = re.search(r'<section id="protection".*?</section>', html, flags=re.S)
    assert protection is not None and "78 %" in words_of(protection.group(0))


def test_words_that_never_reach_a_screen_do_not() -> None:
    """The terms that the field rejects appear nowhere in the words of the page."""
    text = words_of(page()).lower()
    assert [word for word in BANNED if word in text] == []


def test_every_chart_has_a_text_twin() -> None:
    """Each drawing has a title, a description and the same figures as a table."""
    html = page()
    figures = re.findall(r"<figure>.*?</figure>", html, flags=re.S)
    assert len(figures) >= 6
    for figure in figures:
        assert "<title" in figure and "<desc" in figure and "<table>" in figure


def test_drawings_are_well_formed() -> None:
    """Each SVG parses as XML and holds no number that is not one."""
    for drawing in re.findall(r"<svg\b.*?</svg>", page(), flags=re.S):
        ElementTree.fromstring(drawing)
        assert "nan" not in drawing.lower() and "inf" not in drawing


def test_hostile_names_are_text_and_not_markup() -> None:
    """A place called like a script stays a name, on the page and in the map."""
    briefing = make_briefing()
    places = dict(briefing.world.places)
    places["hill"] = replace(places["hill"], name="<script>alert(1)</script>")
    html = render_briefing(replace(briefing, world=replace(briefing.world, places=places)))["briefing.html"].decode()
    assert "<script" not in html and "&lt;script&gt;" in html


def test_the_workbook_opens_and_holds_every_table_without_a_formula() -> None:
    """Each table is a sheet with numbers as numbers; no cell is a formula, whatever a source wrote."""
    briefing = make_briefing()
    places = dict(briefing.world.places)
    places["bridge"] = replace(places["bridge"], name="=1+1")
    data = render_briefing(replace(briefing, world=replace(briefing.world, places=places)))["briefing.xlsx"]
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert {"crossings", "profile", "weeks", "needs_7", "needs_daily", "standards"} <= set(book.sheetnames)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert any(cell.value == "=1+1" for cell in cells)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_forecast_csv_has_the_hub_columns_and_monotone_quantiles() -> None:
    """23 quantiles for each target, location and horizon, never falling; the breach cdf ends in `none` at 1."""
    lines = render_briefing(make_briefing())["forecast.csv"].decode().splitlines()
    assert lines[0] == ",".join((*COLUMNS, "level", "record", "licence"))
    rows = [line.split(",") for line in lines[1:]]
    groups: dict[tuple[str, ...], list[float]] = {}
    for row in rows:
        if row[5] == "quantile":
            groups.setdefault(tuple(row[:5]), []).append(float(row[7]))
    assert all(len(values) == 23 and values == sorted(values) for values in groups.values())
    breach = [row for row in rows if row[1] == "first breach"]
    assert breach[-1][6] == "none" and float(breach[-1][7]) == 1.0
    assert {row[1] for row in rows} >= {"day crossings", "week crossings", "queue at close", "site occupancy"}


def test_departures_by_origin_stay_inside_unless_asked_for() -> None:
    """The default forecast.csv gives departures for all origins together; by province only with the flag."""
    briefing = make_briefing()

    def places(files: dict[str, bytes]) -> set[str]:
        rows = (line.split(",") for line in files["forecast.csv"].decode().splitlines())
        return {row[3] for row in rows if row[1] == "day departures"}

    assert places(render_briefing(briefing)) == {"all"}
    asked = render_briefing(replace(briefing, include=("origins",)))
    assert places(asked) == {"hill"}
    assert "Confidential: holds what was asked for beyond the usual" in asked["briefing.html"].decode()
    with pytest.raises(RequestError):
        render_briefing(replace(briefing, include=("population",)))


def test_a_case_without_sites_profile_or_coordinates_is_still_a_briefing() -> None:
    """The smallest case gives an honest page: needs at the crossings, no map, nothing known of the profile."""
    briefing = make_briefing(with_stages=False, with_profile=False)
    bare = {key: replace(place, lat=None, lon=None) for key, place in briefing.world.places.items()}
    html = render_briefing(replace(briefing, world=replace(briefing.world, places=bare)))["briefing.html"].decode()
    assert "there is no map" in html and "No reception stage is described" in html


def test_a_language_without_a_catalogue_is_refused() -> None:
    """The error names the languages that there are."""
    with pytest.raises(RequestError, match="en"):
        render_briefing(replace(make_briefing(), language="xx"))


def test_files_are_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """Where the folder cannot be made, an error names it and nothing is left behind."""
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(RequestError):
        write_briefing(make_briefing(), blocked / "out")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]
    world = make_world()
    paths = write_briefing(make_briefing(), tmp_path / "out")
    assert {path.name for path in paths} >= {"briefing.html", "briefing.xlsx", "forecast.csv", "release.json"}
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(path.name for path in paths)
    assert world.as_of.isoformat() in (tmp_path / "out" / "forecast.csv").read_text()


def test_a_second_briefing_holds_itself_against_the_first() -> None:
    """Given the release of an earlier briefing, the page says what that one gave, and nothing can be subtracted."""
    first = make_briefing()
    earlier = render_briefing(first)["release.json"].decode()
    files = render_briefing(replace(first, earlier=(earlier,)))
    assert "Since the last briefing, of 20 October 2031" in words_of(files["briefing.html"].decode())
    assert attack([parse_release(earlier), parse_release(files["release.json"].decode())]).recovered == ()


def test_what_is_degraded_is_said_once_and_first() -> None:
    """A note on a degraded part stands on the first page, as a sentence, however often it was passed on."""
    briefing = make_briefing()
    picture = replace(briefing.picture, status="the path still moved")
    html = render_briefing(replace(briefing, picture=picture, notes=("the path still moved",)))["briefing.html"]
    assert html.decode().count("The path still moved.") == 1


def test_one_member_a_short_horizon_and_a_single_day_still_make_a_briefing() -> None:
    """Before anything is known a briefing is short and honest, and never a crash."""
    world = make_world()
    first = replace(world, as_of=world.start, reports=(), facts=())
    forecast = make_forecast(first, horizon=3, members=1)
    briefing = replace(
        make_briefing(), world=first, picture=make_picture(first, samples=1), forecast=forecast,
        plan=make_plan(first, forecast), formats=("pdf", "markdown", "data"),
    )  # fmt: skip
    html = render_briefing(briefing)["briefing.html"].decode()
    assert "in the next 3 days" in html and "nan" not in words_of(html).lower().split()
    assert "Only 1 possible futures were drawn" in html


def test_one_crossing_alone_is_a_briefing() -> None:
    """A case with one crossing has no line to subtract in, and its own figures are all there are."""
    world = make_world(with_stages=False)
    picture = make_picture(world)
    one = replace(
        picture, crossings=("bridge",), flow=picture.flow[:, :1], kind_share=picture.kind_share[:, :1],
        status_share=picture.status_share[:, :1], completeness=picture.completeness[:, :1],
    )  # fmt: skip
    alone = replace(world, crossings=world.crossings[:1])
    assert "Bridge" in render_briefing(replace(make_briefing(), world=alone, picture=one))["briefing.html"].decode()


def test_a_total_above_the_whole_population_is_called_into_doubt() -> None:
    """Where the reconciled total outgrows everybody who could have come, the first page says so."""
    briefing = make_briefing()
    wild = replace(briefing.picture, flow=briefing.picture.flow * 1e6)
    html = render_briefing(replace(briefing, picture=wild))["briefing.html"].decode()
    assert "above the whole population" in html


def test_deportations_that_nobody_reported_are_not_known() -> None:
    """Where no source speaks of deported people, the first page gives no share of them."""
    first = re.search(r'<div class="answer who">(.*?)</div>', page(), flags=re.S)
    assert first is not None and "Whether and how many were deported is not known" in first.group(1)
    assert "4 %" not in first.group(1)


def test_the_first_page_says_how_many_people_are_named() -> None:
    """The total that a call to leave names, with who says so; none once it is called off or names some areas only."""
    briefing = make_briefing()
    told = "this call to leave concerns 9,000 to 28,000 people in all"
    assert told in render_briefing(briefing)["briefing.html"].decode()
    wave = replace(briefing.world.calendar.waves[0], statuses=("card", "none"))
    for change in ({"withdrawn": True}, {"origins": ("hill",)}):
        calendar = replace(briefing.world.calendar, waves=(replace(wave, **change),))
        html = render_briefing(replace(briefing, world=replace(briefing.world, calendar=calendar)))["briefing.html"]
        assert "people in all" not in html.decode()
