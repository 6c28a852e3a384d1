"""The sheet of names in other languages: what a person called a place or status becomes the id that it has."""

from __future__ import annotations

from collections.abc import Mapping

from sarai.observe.case_check_names import LONGEST, can_be_name
from sarai.observe.case_draft import Draft, DraftName
from sarai.observe.draft_files import WAVE_ID, site_id
from sarai.observe.draft_places import AREA_KINDS, CROSSING_KINDS
from sarai.observe.gazetteer import find_place, slug
from sarai.observe.personal_words import plain_words
from sarai.observe.template_rows import Reading
from sarai.world.local_name import STATUS, TITLE, WAVE

SHEET = "Names"


def read_names(reading: Reading, draft: Draft) -> tuple[DraftName, ...]:
    """The rows of the sheet; one that names a crossing and an area alike is a row for each. Faults are gathered.

    draft  with the ids that the case will have
    """
    known = named_ids(draft)
    found: dict[tuple[str, str], DraftName] = {}
    for row in reading.rows[SHEET]:
        language, label = row.text("language"), row.text("label")
        ids = find_ids(row.text("id"), known)
        if row.text("id") and not ids:
            wanted = f"a place or status of the other sheets, {WAVE}{WAVE_ID} or {TITLE}"
            reading.add(row, "id", "nothing of this case is called so", wanted, "write it as it stands there")
        if label and not can_be_name(label):
            reading.add(row, "label", "this cannot be a name", f"one line of up to {LONGEST} letters")
        if any((identity, language) in found for identity in ids):
            reading.add(row, "id", "the name stands twice in one language", "one row", "delete one of the rows")
        for identity in ids:
            found[identity, language] = DraftName(
                id=identity, language=language, label=label, source=row.text("source"), known=row.day("known")
            )
    return tuple(found.values())


def find_ids(text: str, known: Mapping[str, list[str]]) -> list[str]:
    """Ids that a text names, also by a spelling that only the gazetteer has."""
    ids = known.get(plain_words(text), [])
    place = None if ids else find_place(text, (*CROSSING_KINDS, *AREA_KINDS))
    return known.get(plain_words(place.id), []) if place else ids


def named_ids(draft: Draft) -> dict[str, list[str]]:
    """Ids by each word, in plain words, that a row may use for them."""
    pairs = [(TITLE, TITLE)]
    for place in (*draft.crossings, *draft.origins, *draft.destinations):
        pairs += [(text, place.id) for text in (place.id, place.name, *place.aliases)]
    for number, stage in enumerate(draft.stages, start=1):
        pairs += [(text, site_id(draft, number)) for text in (site_id(draft, number), stage.name)]
    for status in draft.statuses:
        identity = f"{STATUS}{slug(status)}"
        pairs += [(text, identity) for text in (identity, slug(status), status)]
    if draft.announced and draft.deadline:
        pairs.append((f"{WAVE}{WAVE_ID}", f"{WAVE}{WAVE_ID}"))
    ids: dict[str, list[str]] = {}
    for text, identity in pairs:
        here = ids.setdefault(plain_words(text), [])
        if identity not in here:
            here.append(identity)
    ids.pop("", None)
    return ids
