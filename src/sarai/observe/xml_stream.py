"""XML as a stream of starts, texts and ends. No document type, no entity, no tree; sizes are counted as they pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO
from xml.parsers import expat

MOST_ELEMENTS = 12_000_000  # A208
MOST_DEPTH = 64
MOST_TEXT = 32_767 * 4
BLOCK_BYTES = 1 << 16

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str, str], None]


class XmlFault(Exception):
    """The XML is broken, or holds what a table has no need of. `row` of the sheet where known."""

    row = 0


def stream_xml(source: IO[bytes], start: Start, end: End, keep_text: frozenset[str]) -> None:
    """Call `start(tag, attributes)` and `end(tag, text)` for each element; names lose their namespace.

    keep_text  tags whose text is collected; it is empty for all others
    Raises XmlFault: not well-formed, a document type or entity, too deep, too many elements, a text too long.
    """
    walk = _Walk(start, end, keep_text)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.StartElementHandler = walk.open
    parser.EndElementHandler = walk.close
    parser.CharacterDataHandler = walk.text
    parser.StartDoctypeDeclHandler = walk.refuse
    parser.EntityDeclHandler = walk.refuse
    try:
        while block := source.read(BLOCK_BYTES):
            parser.Parse(block, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise XmlFault("the XML in the workbook is broken") from error


class _Walk:
    def __init__(self, start: Start, end: End, keep_text: frozenset[str]) -> None:
        self._start, self._end, self._keep = start, end, keep_text
        self._elements = self._depth = self._length = 0
        self._texts: list[str] | None = None

    def open(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        self._depth += 1
        if self._elements > MOST_ELEMENTS:
            raise XmlFault("the XML has too many elements")
        if self._depth > MOST_DEPTH:
            raise XmlFault("the XML is nested too deeply")
        tag = name.rpartition(" ")[2]
        self._texts, self._length = ([], 0) if tag in self._keep else (None, 0)
        self._start(tag, attributes)

    def close(self, name: str) -> None:
        self._depth -= 1
        text, self._texts = "".join(self._texts or ()), None
        self._end(name.rpartition(" ")[2], text)

    def text(self, data: str) -> None:
        if self._texts is None:
            return
        self._length += len(data)
        if self._length > MOST_TEXT:
            raise XmlFault("a text in the workbook is too long")
        self._texts.append(data)

    def refuse(self, *_: object) -> None:
        raise XmlFault("the XML holds a document type or entities; a workbook has none")
