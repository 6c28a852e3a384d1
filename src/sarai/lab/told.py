"""Shapes of what goes out: the API's own description is written from these."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from sarai.lab.asked import ChangeIn

Triple = Annotated[tuple[float, float, float], Field(description="5 %, median, 95 % over the members")]
Bands = Annotated[list[list[int]], Field(description="three rows, 5 %, median and 95 %, one number a day")]
Share = Annotated[float, Field(ge=0.0, le=1.0, description="share of the possible worlds")]


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
