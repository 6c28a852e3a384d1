"""Small case folders for tests, as bytes by file name, and the deletion of everything known after a day."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

from sarai.observe.case_text import read_yaml
from sarai.observe.case_yaml import write_yaml

SMALLEST_YAML = """\
schema: 1
timezone: Asia/Karachi
crossings:
  - id: north_gate
  - id: south_gate
    aliases: [south]
calendar:
  waves:
    - id: first
      announced: 2030-03-01
      deadline: 2030-03-31
      source: ministry
      known: 2030-03-01
population: {low: 100000, high: 300000, source: ministry, known: 2030-03-01}
"""
OBSERVATIONS = """\
start_date,end_date,crossing,status,kind,persons,families,cumulative,as_of,source_id,note,series,known,known_inferred
2030-03-05,2030-03-05,north_gate,all,return_all,120,,false,,post,,post_daily,2030-03-06,false
2030-03-06,2030-03-06,north_gate+south,all,return_all,180,30,false,,post,,post_daily,2030-03-07,false
2030-03-01,2030-03-10,all,all,return_all,1500,,true,2030-03-10,ministry,,ministry_total,2030-03-11,false
"""
SOURCES = """\
source_id,publisher,title,published,url
ministry,Ministry,Directive,2030-03-01,
post,Border post,Daily count,,
"""
EVENTS = """\
date,end_date,kind,place,description,magnitude,unit,source_id,known,known_inferred
2030-03-01,,announcement,,Directive made public,,,ministry,2030-03-01,false
"""


def smallest_case(**replace: str | bytes | None) -> dict[str, bytes]:
    """The smallest valid case; keywords replace a file (`observations`, `case`, ...), None leaves it out."""
    names = {"case": "case.yaml"}
    files: dict[str, str | bytes | None] = {
        "case.yaml": SMALLEST_YAML,
        "observations.csv": OBSERVATIONS,
        "sources.csv": SOURCES,
        "events.csv": EVENTS,
    }
    files |= {names.get(key, f"{key}.csv"): value for key, value in replace.items()}
    return {name: text.encode() if isinstance(text, str) else text for name, text in files.items() if text is not None}


def delete_later(files: dict[str, bytes], day: date) -> dict[str, bytes]:
    """The folder without any row or item known after `day`, and without sources published later."""
    out = {}
    for name, data in files.items():
        if name.endswith(".yaml"):
            document, _, _ = read_yaml(data.decode(), name)
            out[name] = _yaml_text(_without_later(document, day)).encode()
        else:
            out[name] = _rows_until(data.decode(), day).encode()
    return out


def _yaml_text(document: Any) -> str:
    """A mapping, or a list of mappings, as YAML."""
    if isinstance(document, dict):
        return write_yaml(document)
    return "".join(f"{line[2:]}\n" for line in write_yaml({"list": document}).splitlines()[1:])


def _without_later(value: Any, day: date) -> Any:
    if isinstance(value, dict):
        return {key: _without_later(item, day) for key, item in value.items() if not _is_later(item, day)}
    if isinstance(value, list):
        return [_without_later(item, day) for item in value if not _is_later(item, day)]
    return value


def _is_later(value: Any, day: date) -> bool:
    return isinstance(value, dict) and isinstance(value.get("known"), date) and value["known"] > day


def _rows_until(text: str, day: date) -> str:
    rows = list(csv.DictReader(io.StringIO(text)))
    header = next(csv.reader(io.StringIO(text)))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, header, lineterminator="\n")
    writer.writeheader()
    if not {"published", "known"} & set(header):
        return text
    key = "published" if "published" in header else "known"
    writer.writerows(row for row in rows if not (len(row[key]) == 10 and row[key] > day.isoformat()))
    return out.getvalue()
