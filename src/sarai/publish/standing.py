"""What a briefing stands on: sources, assumptions, methods, limits and how such forecasts fared."""

from __future__ import annotations

from sarai.forecast.forecast import Forecast
from sarai.publish.table import Cell, Column, Table
from sarai.publish.told import publisher_of
from sarai.publish.words import Words
from sarai.reconcile.picture import Picture
from sarai.world.place import Basis
from sarai.world.world import World

METHODS = ("method_reconcile", "method_law", "method_fit", "method_pool", "method_needs")
MOST_USES = 4
LIMITS = ("limit_intervals", "limit_stages", "limit_conduct", "limit_small")


def source_table(words: Words, world: World) -> Table:
    """Publications behind the reports known on the date, with how many figures each gave."""
    used: dict[str, int] = {}
    for report in world.reports:
        used[report.source_id] = used.get(report.source_id, 0) + 1
    rows: list[tuple[Cell, ...]] = []
    for source_id in sorted(used, key=lambda key: (-used[key], key)):
        source = world.sources.get(source_id)
        rows.append(
            (source.publisher if source else source_id, words.say("quoted", text=source.title) if source else "",
             source.published if source and source.published else None, float(used[source_id]),
             source.url if source else "")
        )  # fmt: skip
    columns = (
        Column(key="publisher", label=words.say("publisher")),
        Column(key="title", label=words.say("publication")),
        Column(key="published", label=words.say("published"), kind="date_year"),
        Column(key="figures", label=words.say("figures"), kind="count"),
        Column(key="url", label=words.say("address")),
    )
    return Table(id="sources", title=words.say("sources_title"), columns=columns, rows=tuple(rows), level="public")


def series_table(words: Words, world: World, picture: Picture) -> Table:
    """Each way of counting: what it says for every ten persons reconciled, and how many figures bear on it."""
    named = {(item.series, item.start.toordinal()): item.publisher for item in world.series}
    published = {report.series: publisher_of(world, report) for report in world.reports}
    rows: list[tuple[Cell, ...]] = [
        (fit.series, named.get((fit.series, fit.regime_start)) or published.get(fit.series, ""),
         words.say("bias_text", ratio=words.decimal_number(2.718281828459045**fit.bias_log_mean, 2)),
         words.say("noise_text", percent=words.percent(fit.noise_log_sd)), float(fit.report_count))
        for fit in sorted(picture.series, key=lambda item: (item.series, item.regime_start))
    ]  # fmt: skip
    columns = (
        Column(key="series", label=words.say("series")),
        Column(key="publisher", label=words.say("publisher")),
        Column(key="bias", label=words.say("bias")),
        Column(key="noise", label=words.say("noise")),
        Column(key="figures", label=words.say("figures"), kind="count"),
    )
    return Table(id="series", title=words.say("series_title"), columns=columns, rows=tuple(rows), level="public")


def assumption_table(words: Words, world: World) -> Table:
    """Everything in the case that rests on an assumption, with its number in docs/assumptions.md."""
    found: dict[str, set[str]] = {}
    for what, basis in _bases(world):
        if basis.assumption:
            found.setdefault(basis.assumption, set()).add(what)
    texts = dict(line.partition(": ")[::2] for line in world.assumptions)
    for number in texts:
        found.setdefault(number, set())
    rows: list[tuple[Cell, ...]] = [
        (number, texts.get(number, ""), _shorten(words, sorted(found[number])) or words.say("whole_case"))
        for number in sorted(found, key=lambda key: (len(key), key))
    ]
    columns = (
        Column(key="number", label=words.say("number")),
        Column(key="assumption", label=words.say("assumption")),
        Column(key="where", label=words.say("where_used")),
    )
    return Table(id="assumptions", title=words.say("assumptions_title"), columns=columns, rows=tuple(rows),
                 level="public", notes=(words.say("assumptions_note"),))  # fmt: skip


def _shorten(words: Words, uses: list[str]) -> str:
    """The first uses by name and the number of the others."""
    if len(uses) <= MOST_USES:
        return ", ".join(uses)
    return words.say("and_more", first=", ".join(uses[:MOST_USES]), count=words.count(len(uses) - MOST_USES))


def model_sentences(words: Words, forecast: Forecast) -> list[str]:
    """Which model spoke, with what weights, and what it says of itself."""
    parts = [
        words.say("weight", name=model_name(words, name), share=words.percent(share))
        for name, share in sorted(forecast.weights.items(), key=lambda item: (-item[1], item[0]))
    ]
    model = model_name(words, forecast.model)
    first = words.say("model_members", model=model, count=words.count(forecast.member_count))
    weights = [words.say("model_weights", weights=words.listing(parts))] if parts else []
    return [first, *weights, *(words.note(note) for note in forecast.notes)]


def model_name(words: Words, name: str) -> str:
    """A model in the words of a language; its own name where the catalogue has none."""
    return words.messages.get(f"model_{name}", name.replace("_", " "))


def _bases(world: World) -> list[tuple[str, Basis]]:
    found = [(f"stratum {item.origin} {item.status}", item.basis) for item in world.strata]
    found.extend((f"crossing {item.place_id}", item.basis) for item in world.crossings)
    found.extend((f"capacity {item.id}", item.capacity.basis) for item in world.stages)
    found.extend((f"stage {item.id}", item.basis) for item in world.stages)
    found.extend((f"route {item.from_id} to {item.to_id}", item.basis) for item in world.routes)
    found.extend((f"routing {item.from_id} to {item.to_id}", item.basis) for item in world.routing)
    found.extend((f"destination {item.destination}", item.basis) for item in world.destination_shares)
    found.extend((f"wave {item.id}", item.basis) for item in world.calendar.waves)
    found.extend((f"setting {name}", item.basis) for name, item in sorted(world.settings.items()))
    return found
