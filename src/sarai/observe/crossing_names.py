"""Names of the crossings of a case, so that a file may call them as people do."""

from __future__ import annotations

from pathlib import Path

import yaml

from sarai.observe.personal_words import plain_words


def read_crossings(folder: Path) -> dict[str, str]:
    """Id of a crossing by each of its names (id, name, aliases) in plain words, from case.yaml."""
    path = folder / "case.yaml"
    document = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
    names: dict[str, str] = {}
    for place in (document or {}).get("crossings") or []:
        if isinstance(place, dict) and place.get("id"):
            printed = str(place.get("name") or "")
            for name in [place["id"], printed, *printed.split("/"), *(place.get("aliases") or [])]:
                names.setdefault(plain_words(str(name)), str(place["id"]))
    names.pop("", None)
    return names
