"""Who they are: cited proportions with their ranges, as known on the date, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sarai.publish.figures import Estimate
from sarai.publish.table import Cell, Column, Table
from sarai.publish.words import Words
from sarai.world.world import Fact, World

GROUPS: tuple[tuple[str, str], ...] = (
    ("men", r"^men$"),
    ("women", r"^women$"),
    ("boys", r"^boys$"),
    ("girls", r"^girls$"),
    ("women_girls", r"^women and girls$"),
    ("children", r"^children( 17 and younger)?$"),
    ("under_five", r"under (5|five)"),
    ("female_headed", r"^female-headed households$"),
    ("disabled", r"^persons with disabilities$"),
    ("separated", r"separated children"),
)
WHOLE_PARTS = (frozenset({"men", "women", "children"}), frozenset({"men", "women", "boys", "girls"}))
FEARS_ARREST = r"(left|fear).*(arrest)"
ARRESTS = r"^arrested or detained"


@dataclass(frozen=True, kw_only=True)
class Cited:
    """One cited figure: a share of the people counted, or a count where no share is given."""

    share: float | None
    count: float | None
    fact: Fact


def find_cited(world: World, pattern: str) -> tuple[Cited, ...]:
    """Facts of the profile table whose indicator fits, as shares where they are percentages."""
    found = [fact for fact in profile_facts(world) if re.search(pattern, indicator(fact))]
    return tuple(
        Cited(share=fact.value / 100.0 if _is_percent(fact) else None,
              count=None if _is_percent(fact) else fact.value, fact=fact)
        for fact in found
        if fact.value is not None
    )  # fmt: skip


def profile_facts(world: World) -> tuple[Fact, ...]:
    """The rows of the profile table, in the order of the case."""
    return tuple(fact for fact in world.facts if fact.table == "profile")


def indicator(fact: Fact) -> str:
    """What a profile row measures, in lower case."""
    return fact.item.strip().lower()


def counted_shares(world: World) -> dict[str, list[Cited]]:
    """Shares of men, women and children worked out from one source's counts of all of them."""
    groups: dict[tuple[object, ...], list[Fact]] = {}
    for fact in profile_facts(world):
        if not _is_percent(fact) and fact.value is not None and indicator(fact) in frozenset.union(*WHOLE_PARTS):
            groups.setdefault((fact.source_id, fact.start, fact.end, fact.place), []).append(fact)
    shares: dict[str, list[Cited]] = {}
    for facts in groups.values():
        if frozenset(indicator(fact) for fact in facts) in WHOLE_PARTS:
            whole = sum(fact.value or 0.0 for fact in facts)
            for fact in facts:
                share = (fact.value or 0.0) / whole
                shares.setdefault(indicator(fact), []).append(Cited(share=share, count=fact.value, fact=fact))
    return shares


def group_cited(world: World, key: str) -> list[Cited]:
    """Cited figures of one group, worked out from counts of all groups where a source gives those."""
    cited = [item for item in find_cited(world, dict(GROUPS)[key]) if item.share is not None or key == "separated"]
    return [*cited, *counted_shares(world).get(key, [])]


def group_span(world: World, key: str) -> Estimate | None:
    """Lowest to highest published share of one group; None where there is none."""
    return share_span(group_cited(world, key))


def profile_table(words: Words, world: World) -> Table:
    """Table 2: proportions as cited, lowest to highest, with the people they were measured on and the publication.

    Groups that no publication speaks of have no row: `unknown_groups` names them.
    """
    rows = tuple(
        (words.say(f"group_{key}"), _share_cell(words, cited), *_basis_cells(words, world, cited))
        for key, _ in GROUPS
        if (cited := group_cited(world, key))
    )
    columns = (
        Column(key="group", label=words.say("group")),
        Column(key="share", label=words.say("share"), kind="share"),
        Column(key="measured_on", label=words.say("measured_on")),
        Column(key="sources", label=words.say("sources")),
    )
    return Table(id="profile", title=words.say("profile_title"), columns=columns, rows=rows, level="public")


def unknown_groups(words: Words, world: World) -> list[str]:
    """Names of the groups that no publication known on the date gives a share of, as they stand in a sentence."""
    return [group_in_sentence(words, key) for key, _ in GROUPS if not group_cited(world, key)]


def group_in_sentence(words: Words, key: str) -> str:
    """The name of a group within a sentence: without the capital that it has at the head of a row."""
    name = words.say(f"group_{key}")
    return name[:1].lower() + name[1:]


def share_span(cited: Iterable[Cited]) -> Estimate | None:
    """Lowest, middle and highest of cited shares; None where there is none."""
    shares = sorted(item.share for item in cited if item.share is not None)
    if not shares:
        return None
    return Estimate(low=shares[0], mid=shares[len(shares) // 2], high=shares[-1])


def _share_cell(words: Words, cited: Sequence[Cited]) -> Cell:
    span = share_span(cited)
    if span is not None:
        return span
    counts = [item.count for item in cited if item.count is not None]
    return words.say("counted_persons", count=words.count(max(counts))) if counts else None


def _basis_cells(words: Words, world: World, cited: Sequence[Cited]) -> tuple[Cell, Cell]:
    if not cited:
        return "", ""
    people = sorted({", ".join(part for part in (item.fact.topic, item.fact.place) if part) for item in cited})
    sources = sorted({source_label(world, item.fact.source_id) for item in cited})
    return "; ".join(people), "; ".join(sources)


def source_label(world: World, source_id: str) -> str:
    """Publisher and year of a source, or its id where the case gives no row."""
    source = world.sources.get(source_id)
    if source is None:
        return source_id
    return f"{source.publisher}, {source.published.year}" if source.published else source.publisher


def _is_percent(fact: Fact) -> bool:
    return fact.unit.strip().lower() in ("percent", "%")
