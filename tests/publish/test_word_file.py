import io
import re
import zipfile
from dataclasses import replace

import docx
import pytest

from makers.briefing import make_briefing
from sarai.publish.render import render_briefing


@pytest.mark.parametrize("language", ["en", "prs"])
def test_the_word_file_holds_headings_tables_and_charts_with_their_words(language: str) -> None:
    """What the page says stands in it, tables have header rows, and every picture has alternative text."""
    briefing = replace(make_briefing(language=language), formats=("docx",))
    data = render_briefing(briefing)["briefing.docx"]
    file = docx.Document(io.BytesIO(data))
    headings = [part.text for part in file.paragraphs if part.style.name.startswith("Heading")]
    assert len(headings) > 15 and len(file.tables) > 8
    xml = file.element.body.xml
    pictures = re.findall(r"<wp:docPr [^>]*>", xml)
    assert len(pictures) >= 6 and all('descr="' in picture for picture in pictures)
    assert xml.count("w:tblHeader") == len(file.tables)
    assert ("w:bidi/" in xml) == (language == "prs")


def test_equal_briefings_give_equal_word_files() -> None:
    """No time of day stands in it: twice the same briefing is twice the same bytes."""
    briefing = replace(make_briefing(), formats=("docx",))
    first, second = (render_briefing(briefing)["briefing.docx"] for _ in range(2))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize(("language", "tag"), [("en", "en-GB"), ("fr", "fr-FR"), ("prs", "prs-AF")])
def test_the_word_file_names_its_language_and_holds_no_strange_picture(language: str, tag: str) -> None:
    """A screen reader finds title and language; no thumbnail of the library's empty template lies in the file."""
    briefing = replace(make_briefing(language=language), formats=("docx",))
    data = render_briefing(briefing)["briefing.docx"]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert not [name for name in archive.namelist() if "thumbnail" in name]
        assert "thumbnail" not in archive.read("_rels/.rels").decode()
        languages = re.findall(r"<w:lang [^>]*>", archive.read("word/styles.xml").decode())
    assert languages and all(item.count(f'"{tag}"') == 3 for item in languages)
    assert docx.Document(io.BytesIO(data)).core_properties.title
