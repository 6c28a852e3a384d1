"""Shapes of what comes in and goes out: the API's own description is written from these."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from sarai.plan.bounds import MOST_UNITS

LONGEST_VALUE = 200
MOST_CHANGES = 50
MOST_SCENARIOS = 12
LONGEST_DAYS = 3660
MOST_BOUNDS = 100
MOST_USD = 1e12

ShortText = Annotated[str, Field(min_length=1, max_length=LONGEST_VALUE)]
LongText = Annotated[str, Field(max_length=2 * LONGEST_VALUE)]
Triple = Annotated[tuple[float, float, float], Field(description="5 %, median, 95 % over the members")]
Bands = Annotated[list[list[int]], Field(description="three rows, 5 %, median and 95 %, one number a day")]
Share = Annotated[float, Field(ge=0.0, le=1.0, description="share of the possible worlds")]


class Strict(BaseModel):
    """Nothing that is not named comes in."""

    model_config = ConfigDict(extra="forbid")


class ChangeIn(Strict):
    """One change: a path of the closed list and its value."""

    path: ShortText
    value: ShortText


def pairs(changes: Sequence[ChangeIn]) -> tuple[tuple[str, str], ...]:
    """Changes as plain pairs, which can be a key of the cache."""
    return tuple((change.path, change.value) for change in changes)


class Question(Strict):
    """What to change."""

    changes: Annotated[list[ChangeIn], Field(max_length=MOST_CHANGES)] = []


class ReadyQuestion(Question):
    """What to change, and for how many days ahead to be ready."""

    days: Annotated[int, Field(ge=1, le=LONGEST_DAYS, description="days ahead, the first is the day after")] = 14


class BoundIn(Strict):
    """Units of a supply at a site: ids as in `stores` of /api/world."""

    site: ShortText
    supply: ShortText
    units: Annotated[float, Field(ge=0.0, le=MOST_UNITS, allow_inf_nan=False)]


class Money(Strict):
    """What a plan under a budget asks besides changes, days and bounds."""

    budget_usd: Annotated[float, Field(ge=0.0, le=MOST_USD, allow_inf_nan=False, description="US dollars there are")]
    in_place_by: Annotated[
        date | None, Field(description="day from which what is sent is there; null: the day after the as-of date")
    ] = None
    by_order: Annotated[
        bool, Field(description="true: nothing is there sooner than an order of the as-of day brings it")
    ] = False
    figure_persons: Annotated[
        float | None,
        Field(ge=0.0, le=MOST_UNITS, allow_inf_nan=False,
              description="single planning figure to compare with, people over the days; null: last week goes on"),
    ] = None  # fmt: skip


class PrepositionQuestion(ReadyQuestion, Money):
    """What to send where under a budget, if the changes came true."""

    at_least: Annotated[list[BoundIn], Field(max_length=MOST_BOUNDS, description="promises that are kept")] = []
    at_most: Annotated[list[BoundIn], Field(max_length=MOST_BOUNDS, description="what a site can have")] = []


class PrepositionAddress(Money):
    """The same, asked by an address."""

    days: Annotated[int, Field(ge=1, le=LONGEST_DAYS, description="days ahead, the first is the day after")] = 14
    set: Annotated[list[LongText], Field(max_length=MOST_CHANGES, description="one change, PATH=VALUE")] = []
    at_least: Annotated[list[LongText], Field(max_length=MOST_BOUNDS, description="SITE:SUPPLY=UNITS")] = []
    at_most: Annotated[list[LongText], Field(max_length=MOST_BOUNDS, description="SITE:SUPPLY=UNITS")] = []


class ScenarioIn(Question):
    """A named set of changes."""

    name: Annotated[str, Field(min_length=1, max_length=60)]


class Comparison(Strict):
    """Scenarios to set side by side."""

    scenarios: Annotated[list[ScenarioIn], Field(min_length=1, max_length=MOST_SCENARIOS)]


class Refusal(BaseModel):
    """Why a request was refused: one sentence a fault."""

    faults: list[str]


class LineOut(BaseModel):
    """One indicator under both scenarios, and the difference paired member by member."""

    id: str
    label: str
    unit: str
    harm: Annotated[bool, Field(description="true where less is less harm; false: neither more nor less is better")]
    base: Triple
    changed: Triple
    difference: Triple
    fewer: Share
    equal: Share


class DifferenceOut(BaseModel):
    """Persons under both scenarios, and the difference paired member by member."""

    base: Triple
    changed: Triple
    difference: Triple


class CrossingOut(BaseModel):
    """A crossing over the first days ahead: the longest queue at closing time, and the people who cross."""

    place: str
    name: str
    queue: DifferenceOut
    crossed: DifferenceOut


class WindowOut(BaseModel):
    """The indicators over the first days ahead."""

    days: int
    label: str
    last: str
    sentence: str
    lines: list[LineOut]
    crossings: list[CrossingOut]


class CourseOut(BaseModel):
    """One daily series: people who cross, queue at closing time, people present at night."""

    what: str
    place: str
    name: str
    site: str
    capacity: Annotated[list[float | None], Field(description="as announced, and with the change")]
    base: Bands
    changed: Bands
    difference: Bands


class AboveOut(BaseModel):
    """The chance that a site is ever above its capacity, and the middle day on which it first is."""

    chance: Share
    day: str | None


class SiteOut(BaseModel):
    """A reception stage and when it is above its capacity."""

    stage: str
    site: str
    name: str
    capacity: list[float | None]
    unit: str
    assumed: bool
    base: AboveOut
    changed: AboveOut


class AnswerOut(BaseModel):
    """What a set of changes makes different."""

    schema_: Annotated[int, Field(alias="schema")]
    id: str
    changes: list[ChangeIn]
    members: int
    days: list[str]
    windows: list[WindowOut]
    courses: list[CourseOut]
    sites: list[SiteOut]
    first_above: dict[str, str]
    notes: Annotated[list[str], Field(description="what the change moves past the last day, so that no figure has it")]


class RowOut(BaseModel):
    """One indicator, one cell a scenario."""

    id: str
    label: str
    cells: list[Triple]
    fewer: list[Share]


class TableOut(BaseModel):
    """Scenarios side by side over the whole horizon. None is called best."""

    schema_: Annotated[int, Field(alias="schema")]
    scenarios: list[str]
    rows: list[RowOut]


class GapOut(BaseModel):
    """One supply at one site; `missing` is what the need leaves in four of five possible worlds."""

    site: str
    name: str
    at_gate: Annotated[bool, Field(description="true: for people who wait to cross, not at a site")]
    sector: str
    item: str
    unit: str
    need: Annotated[tuple[float, float, float], Field(description="P50, P80, P95")]
    in_place: Annotated[float | None, Field(description="null where nothing says")]
    missing: float
    first_short: str | None
    order_by: Annotated[str | None, Field(description="the first day on which it is missing less the lead time")]
    lead_days: int
    cost_usd: float
    why: str


class ReadyOut(BaseModel):
    """What to have ready under some changes, the most urgent order first."""

    schema_: Annotated[int, Field(alias="schema")]
    changes: list[ChangeIn]
    days: int
    first: str
    last: str
    rows: list[GapOut]
    missing_usd: Annotated[
        tuple[float, float, float], Field(description="P50, P80, P95 of the cost of what is missing")
    ]
    not_counted: str


class SendOut(BaseModel):
    """One line of a plan under a budget, also where it gets nothing."""

    site: str
    name: str
    supply: str
    item: str
    units: int
    unit: str
    unit_cost_usd: Annotated[float, Field(description="what is paid by time is paid for the days it is there")]
    cost_usd: float
    figure_units: Annotated[int, Field(description="what a plan for the single figure and the same money would have")]
    there_from: str
    lead_days: int
    order_in_time: Annotated[bool, Field(description="an order on the as-of day comes by `there_from`")]
    why: str


class UnmetOut(BaseModel):
    """Mean weighted person-days without, over the possible worlds that did not choose the plan."""

    nothing: float
    figure: float
    plan: float
    plan_worst_tenth: float
    foresight: float


class PrepositionOut(BaseModel):
    """A plan under a budget: half of the possible worlds choose it, the other half judge it."""

    schema_: Annotated[int, Field(alias="schema")]
    changes: list[ChangeIn]
    days: int
    first: str
    last: str
    members: int
    rows: list[SendOut]
    budget_usd: float
    spent_usd: float
    figure_persons: int
    unmet: UnmetOut
    regret: Annotated[float, Field(description="`plan` less `foresight`")]
    figure_regret: Annotated[float, Field(description="`figure` less `foresight`")]
    limits: Annotated[list[str], Field(description="what holds the plan back")]
    sentence: str
