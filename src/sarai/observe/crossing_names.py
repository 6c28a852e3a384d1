"""Names of the crossings of a case, so that a file may call them as people do."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from sarai.observe.gazetteer import find_place
from sarai.observe.personal_words import plain_words
from sarai.world.errors import CaseError, Fault

SHORTEST_NAME = 4  # A224: letters of a name that is looked for inside another
LIKENESS = 0.8  # A224: of two spellings, by difflib


def read_crossings(folder: Path) -> dict[str, str]:
    """Id of a crossing by each of its names (id, name, parts of it between slashes, aliases) in plain words.

    Names that the gazetteer has for a crossing of that id, in Latin and other scripts, are understood too, after those
    of the case itself: no name of one crossing of the case is taken for another.
    Raises CaseError if case.yaml cannot be read at all; what else is wrong with it `sarai check` names.
    """
    names: dict[str, str] = {}
    places = [place for place in _crossings(folder / "case.yaml") if isinstance(place, dict) and place.get("id")]
    for place in places:
        printed = str(place.get("name") or "")
        aliases = place.get("aliases")
        for name in [place["id"], printed, *printed.split("/"), *(aliases if isinstance(aliases, list) else [])]:
            names.setdefault(plain_words(str(name)), str(place["id"]))
    for place in places:
        known = find_place(str(place["id"]), ("border_crossing",))
        for name in (known.name, *known.variants) if known else ():
            names.setdefault(plain_words(name), str(place["id"]))
    names.pop("", None)
    return names


def find_crossings(text: str, crossings: Mapping[str, str]) -> str:
    """Ids, joined by +, of the crossings that a text names ("A + B", "A and B"); empty if any of them is unknown.

    crossings  id of a crossing by each of its names in plain words
    """
    whole = crossings.get(plain_words(text))
    if whole:
        return whole
    for joint in ("+", " and ", "&", "/", ";", " و ", " اور ", " et "):
        text = text.replace(joint, "\x1f")
    parts = [crossings.get(plain_words(part), "") for part in text.split("\x1f") if part.strip()]
    return "+".join(sorted(set(parts))) if parts and all(parts) else ""


def like_crossing(text: str, crossings: Mapping[str, str]) -> str:
    """The one crossing whose name stands in a text or is spelt much like it, for a person to confirm; else empty."""
    words = f" {plain_words(text)} "
    within = {place for name, place in crossings.items() if len(name) >= SHORTEST_NAME and f" {name} " in words}
    if not within:
        close = get_close_matches(words.strip(), list(crossings), n=3, cutoff=LIKENESS)
        within = {crossings[name] for name in close}
    return within.pop() if len(within) == 1 else ""


def _crossings(path: Path) -> list[Any]:
    fault = Fault(file=path.name, what="the file cannot be read", mend="Look at it with `sarai check CASE`.")
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        raise CaseError(fault) from error
    crossings = document.get("crossings") if isinstance(document, dict) else None
    if not isinstance(crossings, list):
        raise CaseError(fault)
    return crossings
