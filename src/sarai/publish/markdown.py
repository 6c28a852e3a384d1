"""The briefing as Markdown, for editing."""

from __future__ import annotations

from sarai.publish.charts import Figure
from sarai.publish.document import Document
from sarai.publish.table import Table, cell_text
from sarai.publish.words import Words


def render_markdown(document: Document) -> str:
    """Headings, sentences, tables and charts: pictures stand in charts/, their figures in the workbook."""
    words = document.words
    parts = [
        f"# {document.title}", f"*{document.sensitivity}*", document.dateline, f"**{document.headline}**",
        *(f"- {note}" for note in document.degraded),
    ]  # fmt: skip
    for answer in document.answers:
        parts.extend((f"## {answer.question}", "\n".join(f"- {sentence}" for sentence in answer.sentences)))
    if document.glance is not None:
        parts.append(markdown_table(words, document.glance))
    if document.hero is not None:
        parts.append(_chart(document.hero))
    for section in document.sections:
        parts.extend((f"## {section.title}", *section.paragraphs))
        for heading, sentences in section.groups:
            parts.extend((f"### {heading}", "\n".join(f"- {sentence}" for sentence in sentences)))
        parts.extend(_chart(figure) for figure in section.figures)
        parts.extend(markdown_table(words, table) for table in (*section.tables, *section.folded))
    parts.extend(("\n".join(f"- {line}" for line in document.responsible), document.record_line()))
    return "\n\n".join(parts) + "\n"


def _chart(figure: Figure) -> str:
    """A chart as a picture from charts/ with its summary as alternative text, and the summary as a line below."""
    text = figure.summary.replace("[", "(").replace("]", ")")
    return f"**{figure.title}**\n\n![{text}](charts/{figure.id}.png)\n\n{figure.summary}"


def markdown_table(words: Words, table: Table) -> str:
    """A pipe table with its title above and its notes below."""
    lines = [_row([column.label for column in table.columns]), _row(["---"] * len(table.columns))]
    lines.extend(
        _row([cell_text(words, column, cell) for column, cell in zip(table.columns, row, strict=True)])
        for row in table.rows
    )
    return "\n".join((f"**{table.title}**", "", *lines, "", *table.notes)).rstrip()


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
