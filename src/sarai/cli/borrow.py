"""Priors for a new case from the emergencies that ship: learned on request, written as settings of the case."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sarai.cli.talk import say, step

if TYPE_CHECKING:
    from datetime import date

    from sarai.calibrate.past_priors import PastPriors
    from sarai.observe.case_draft import Draft
    from sarai.world.world import World

UNDO = "to go back to the documented priors, delete the settings that name A320"


def borrow_priors(draft: Draft) -> Draft:
    """The draft with priors learned from every shipped emergency but its own; unchanged where none informs one.

    Only numbers that an emergency informs become settings: all others stay documented.
    """
    from sarai.calibrate.priors_file import apply_priors
    from sarai.observe.case_draft import DraftPriors
    from sarai.observe.case_folder import case_from_files
    from sarai.observe.draft_files import draft_files

    case = case_from_files("draft", draft_files(draft))
    world = case.as_of(case.last_known())
    made = learn_from_others(world)
    sources = ", ".join(past.name for past in made.cases if past.estimates)
    if not made.priors:
        say("No other emergency informs the priors: the documented ones stand.")
        return draft
    settings = apply_priors(world, made).settings
    values = tuple((key, float(f"{settings[key].value:.4g}")) for key in sorted(settings) if key not in world.settings)
    sentence = f"Priors of the law are learned from {sources} (sarai {made.version}); {UNDO}."
    say(f"{len(made.priors)} priors are learned from {sources}: they stand under settings in case.yaml, and every")
    say(f"command uses them; {UNDO}.")
    return replace(draft, priors=DraftPriors(settings=values, known=_known(made), sentence=sentence))


def _known(made: PastPriors) -> date:
    """The day on which the last of the emergencies that inform the priors was looked at."""
    return max((day for past in made.cases if past.estimates for _, day in past.waves))


def learn_from_others(world: World) -> PastPriors:
    """Priors that at least one shipped emergency informs; the emergency that this world is a case of is left out."""
    from sarai import __version__
    from sarai.calibrate.past_priors import learn_priors, past_case
    from sarai.forecast.emergencies import learned_from, same_emergencies
    from sarai.observe.case_folder import load_case

    cases = []
    for one in learned_from():
        if one.case not in same_emergencies(world):
            with step(f"Learning from {one.case}"):
                loaded = load_case(one.case)
                cases.append(past_case(loaded.as_of, loaded.last_known()))
    made = learn_priors(cases, __version__)
    return replace(made, priors=tuple(prior for prior in made.priors if prior.emergencies))
