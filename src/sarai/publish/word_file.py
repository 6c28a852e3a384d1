"""The briefing as a DOCX file, for editing: real headings, lists, tables with header rows, charts with their words."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time
from typing import Any

from sarai.publish.charts import Figure
from sarai.publish.document import Document
from sarai.publish.drawings import render_png
from sarai.publish.legend import with_legend
from sarai.publish.table import Table, cell_text
from sarai.publish.words import Words
from sarai.world.errors import Fault, RequestError

LONGEST_TABLE = 80
CHART_CM, MARGIN_CM = 12.0, 1.8
BODY_PT, TABLE_PT = 10, 8
STAMP = (1980, 1, 1, 0, 0, 0)
OFFICE_LANGUAGES = {"en": "en-GB", "fr": "fr-FR", "ar": "ar-SA", "prs": "prs-AF", "ps": "ps-AF", "ur": "ur-PK"}
"""The tags by which word processors choose a dictionary and a voice; a language that is not here goes by its own."""


def render_word(document: Document, as_of: date) -> bytes:
    """The bytes of a .docx file, dated `as_of`. Tables longer than LONGEST_TABLE rows stand in the workbook only.

    Raises RequestError where python-docx is not installed.
    """
    try:
        import docx
        from docx.shared import Cm, Pt
    except ImportError as error:
        raise RequestError(
            Fault(column="--format", what="DOCX needs python-docx, which is not installed", wanted="the extra `docx`",
                  mend="pip install 'sarai[docx]', or ask for markdown")
        ) from error  # fmt: skip
    file = docx.Document()
    file.styles["Normal"].font.size = Pt(BODY_PT)
    for section in file.sections:
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(MARGIN_CM)
    _describe(file, document, as_of)
    _name_language(file, document.words)
    _drop_thumbnail(file)
    _write_opening(file, document)
    for part in document.sections:
        file.add_heading(part.title, level=1)
        for paragraph in part.paragraphs:
            file.add_paragraph(paragraph)
        for heading, sentences in part.groups:
            _write_list(file, heading, sentences)
        for figure in part.figures:
            _write_figure(file, figure)
        for table in (*part.tables, *part.folded):
            _write_table(file, document.words, table)
    for line in (*document.responsible, document.record_line()):
        file.add_paragraph(line)
    if document.words.direction == "rtl":
        _turn_right_to_left(file)
    return _packed(file)


def _describe(file: Any, document: Document, as_of: date) -> None:
    core = file.core_properties
    core.title, core.subject, core.author = document.title, document.dateline, "sarai"
    core.comments = document.record_line()
    core.language = document.words.language
    core.created = core.modified = datetime.combine(as_of, time())
    core.last_modified_by, core.revision = "sarai", 1


def _name_language(file: Any, words: Words) -> None:
    """All text is of the language of the briefing, for a screen reader and a spelling checker."""
    from docx.oxml.ns import qn

    tag = OFFICE_LANGUAGES.get(words.language, words.language)
    for element in file.styles.element.iter(qn("w:lang")):
        for name in ("w:val", "w:bidi", "w:eastAsia"):
            element.set(qn(name), tag)


def _drop_thumbnail(file: Any) -> None:
    """Leave out the picture of an empty page that the library's template brings along."""
    relations = file.part.package.rels
    for name in [name for name, relation in relations.items() if relation.reltype.endswith("/thumbnail")]:
        del relations[name]


def _write_opening(file: Any, document: Document) -> None:
    file.add_paragraph(document.sensitivity)
    file.add_heading(document.title, level=0)
    file.add_paragraph(document.dateline)
    file.add_paragraph().add_run(document.headline).bold = True
    for note in document.degraded:
        file.add_paragraph(note, style="List Bullet")
    for answer in document.answers:
        _write_list(file, answer.question, answer.sentences)
    if document.hero is not None:
        _write_figure(file, document.hero)
    if document.glance is not None:
        _write_table(file, document.words, document.glance)


def _write_list(file: Any, heading: str, sentences: tuple[str, ...]) -> None:
    file.add_heading(heading, level=2)
    for sentence in sentences:
        file.add_paragraph(sentence, style="List Bullet")


def _write_figure(file: Any, figure: Figure) -> None:
    """A picture with its summary as alternative text and as a line below."""
    from docx.shared import Cm

    file.add_paragraph().add_run(figure.title).bold = True
    picture = file.add_picture(io.BytesIO(render_png(with_legend(figure, titled=False))), width=Cm(CHART_CM))
    properties = picture._inline.docPr
    properties.set("descr", figure.summary)
    properties.set("title", figure.title)
    file.add_paragraph(figure.summary)


def _write_table(file: Any, words: Words, table: Table) -> None:
    from docx.oxml import OxmlElement
    from docx.shared import Pt

    if len(table.rows) > LONGEST_TABLE:
        return
    file.add_paragraph().add_run(table.title).bold = True
    grid = file.add_table(rows=1, cols=len(table.columns), style="Light Grid Accent 1")
    lines = [[column.label for column in table.columns]]
    lines.extend([cell_text(words, column, cell) for column, cell in zip(table.columns, row, strict=True)]
                 for row in table.rows)  # fmt: skip
    for place, line in enumerate(lines):
        cells = grid.rows[0].cells if place == 0 else grid.add_row().cells
        for cell, text in zip(cells, line, strict=True):
            cell.paragraphs[0].add_run(text).font.size = Pt(TABLE_PT)
    grid.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for note in table.notes:
        file.add_paragraph().add_run(note).font.size = Pt(TABLE_PT)


def _turn_right_to_left(file: Any) -> None:
    """Every paragraph, run and table reads from the right."""
    from docx.oxml import OxmlElement

    body = file.element.body
    for paragraph in body.iter(f"{{{body.nsmap['w']}}}p"):
        paragraph.get_or_add_pPr().append(OxmlElement("w:bidi"))
    for run in body.iter(f"{{{body.nsmap['w']}}}r"):
        run.get_or_add_rPr().append(OxmlElement("w:rtl"))
    for properties in body.iter(f"{{{body.nsmap['w']}}}tblPr"):
        properties.append(OxmlElement("w:bidiVisual"))


def _packed(file: Any) -> bytes:
    """The file as bytes, with one time stamp on all its parts, so that equal documents give equal bytes."""
    loose = io.BytesIO()
    file.save(loose)
    packed = io.BytesIO()
    with zipfile.ZipFile(loose) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            target.writestr(zipfile.ZipInfo(name, STAMP), source.read(name), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
