"""The file of priors from past emergencies: written, read, refused for the emergency it was made from, put to use."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import numpy as np

from sarai.calibrate.past_priors import Estimate, LearnedPrior, PastCase, PastPriors, deadlines_of, sketch_of
from sarai.model.table import parameter_table
from sarai.world.errors import Fault, RequestError
from sarai.world.world import Setting, World

SCHEMA = 1
KIND = "sarai priors"
SAME_EMERGENCY = 0.2  # A321: two cases that share this part of their sketches are one emergency
SAME_DEADLINE_DAYS = 14  # A321: deadlines between the same two countries that lie as near are one
DIGITS = 10
MAKE = "make it again with `sarai priors --from CASE...`"


def priors_text(priors: PastPriors) -> str:
    """The file: JSON with the cases and hashes it came from, and the hash of all of it. Same priors, same bytes."""
    body = _body(priors)
    return json.dumps({**body, "hash": body_hash(body)}, indent=1, ensure_ascii=False) + "\n"


def priors_hash(priors: PastPriors) -> str:
    """The hash that the file of these priors states."""
    return body_hash(_body(priors))


def _body(priors: PastPriors) -> dict[str, Any]:
    return {
        "kind": KIND, "schema": SCHEMA, "version": priors.version,
        "cases": [_case_record(case) for case in priors.cases],
        "priors": [_rounded(vars(prior)) for prior in priors.priors],
    }  # fmt: skip


def body_hash(body: Mapping[str, Any]) -> str:
    """SHA-256 of everything in the file but the hash itself."""
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _rounded(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: round(value, DIGITS) if isinstance(value, float) else value for key, value in values.items()}


def _case_record(case: PastCase) -> dict[str, Any]:
    return {
        "name": case.name,
        "vintage": case.vintage,
        "sketch": list(case.sketch),
        "between": list(case.between),
        "deadlines": [day.isoformat() for day in case.deadlines],
        "waves": [{"wave": wave, "as_of": day.isoformat()} for wave, day in case.waves],
        "estimates": {name: _rounded(vars(item)) for name, item in sorted(case.estimates.items())},
    }


def read_priors(text: str, file: str) -> PastPriors:
    """Priors from the text of their file. Raises RequestError where it is none, or was changed after it was made."""
    try:
        body = json.loads(text)
        if body["kind"] != KIND or body["schema"] != SCHEMA:
            raise ValueError(f"{body['kind']}, layout {body['schema']}")
        stated = body.pop("hash")
        priors = _read_body(body)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RequestError(
            Fault(file=file, column="--priors", what="this is not a file of priors that this version can read",
                  found=f"{type(error).__name__}: {error}", wanted=f"{KIND}, layout {SCHEMA}", mend=MAKE)
        ) from error  # fmt: skip
    if stated != body_hash(body):
        raise RequestError(
            Fault(file=file, column="--priors", what="the file was changed after it was made", found=str(stated)[:16],
                  wanted=body_hash(body)[:16], mend=f"{MAKE}; numbers of your own belong into the case's settings")
        )  # fmt: skip
    return priors


def _read_body(body: Mapping[str, Any]) -> PastPriors:
    cases = tuple(
        PastCase(
            name=str(item["name"]), vintage=str(item["vintage"]), sketch=tuple(item["sketch"]),
            waves=tuple((str(w["wave"]), date.fromisoformat(w["as_of"])) for w in item["waves"]),
            estimates={name: Estimate(**values) for name, values in item["estimates"].items()},
            between=(str(item.get("between", ["", ""])[0]), str(item.get("between", ["", ""])[1])),
            deadlines=tuple(date.fromisoformat(day) for day in item.get("deadlines", ())),
        )
        for item in body["cases"]
    )  # fmt: skip
    return PastPriors(
        version=str(body["version"]), cases=cases, priors=tuple(LearnedPrior(**item) for item in body["priors"])
    )


def refuse_own(priors: PastPriors, world: World, file: str) -> None:
    """Raise RequestError where the priors were made from the emergency that is to be forecast."""
    faults = [
        Fault(file=file, column="--priors", what=f"these priors were made from the case at hand, {world.name}",
              found=f"sources {', '.join(c.name for c in priors.cases)}", wanted="priors from other emergencies",
              mend=f"make them again with `sarai priors --from CASE... --leave-out {case.name}`")
        for case in priors.cases
        if same_emergency(case, world)
    ]  # fmt: skip
    if faults:
        raise RequestError(faults[:1])


def same_emergency(case: PastCase, world: World) -> bool:
    """Whether a world is the emergency of a case.

    It is known by its name, under another name by the reports that they share, and told from other reports by its two
    countries and a deadline.
    """
    shared = shared_part(case.sketch, sketch_of(world))
    return case.name == world.name or shared >= SAME_EMERGENCY or same_deadline(case, world)


def same_deadline(case: PastCase, world: World) -> bool:
    """Whether a call to leave of the world is one of the case: between the same countries, by about the same day."""
    between = (world.country_from, world.country_to)
    if not all(between) or [name.casefold() for name in case.between] != [name.casefold() for name in between]:
        return False
    pairs = product(case.deadlines, deadlines_of(world))
    return any(abs((first - second).days) <= SAME_DEADLINE_DAYS for first, second in pairs)


def shared_part(first: Sequence[str], second: Sequence[str]) -> float:
    """Share of the smaller of two sketches of report ids that the other one has too, where both can know of it."""
    if not first or not second:
        return 0.0
    reach = min(first[-1], second[-1])
    mine, theirs = ({name for name in ids if name <= reach} for ids in (first, second))
    return len(mine & theirs) / max(min(len(mine), len(theirs)), 1)


def apply_priors(world: World, priors: PastPriors | None) -> World:
    """The same world whose settings hold these priors; what the case sets by itself stays as it says."""
    if priors is None:
        return world
    settings = dict(world.settings)
    for prior in priors.priors:
        mine = [key for key in world.settings if key == prior.name or key.startswith(f"{prior.name}.")]
        if not mine:
            centre = float(np.exp(prior.mean)) if prior.transform == "log" else prior.mean
            row = parameter_table()[prior.name]
            settings[prior.name] = Setting(value=min(max(centre, row.low), row.high))
            settings[f"{prior.name}.spread"] = Setting(value=prior.sd)
    return replace(world, settings=settings)
