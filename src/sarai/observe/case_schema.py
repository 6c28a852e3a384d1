"""The shape of case.yaml, checked key by key. `sarai check` and the JSON Schema for editors are both made from it.

Every item may carry where it comes from (`source`: an id of sources.csv; `assumption`: a numbered assumption) and
`known`: the first day on which a run may use it. `known_assumed: true` marks a `known` that is our judgement.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

SCHEMA_VERSION = 1

Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]*$", max_length=64)]
Hour = Annotated[float, Field(ge=0, le=24, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Persons = Annotated[int, Field(ge=0)]


class Part(BaseModel):
    """Base of every mapping in case.yaml: unknown keys and wrong types are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Item(Part):
    """Anything that is sourced or dated."""

    source: str = Field("", description="id of a row of sources.csv")
    assumption: str = Field("", description="number of an assumption, for example A21")
    known: date | None = Field(None, description="first day on which a run may use it; empty means always")
    known_assumed: bool = Field(False, description="true where `known` is our judgement and not the source's date")
    note: str = ""


class CityItem(Part):
    """A main city of an area, for the map."""

    name: str
    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]


class PlaceItem(Item):
    """A place: an origin area, crossing, site or destination."""

    id: Id
    name: str = ""
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None
    country: Annotated[str, Field(pattern=r"^([A-Z]{3})?$")] = ""
    admin1: str = ""
    approximate: bool = False
    pcode: str = ""
    aliases: list[Id] = Field(default_factory=list, description="other ids that the tables use for this place")
    cities: list[CityItem] = []


class OriginItem(PlaceItem):
    """An area of origin: a province, or the whole country. Nothing smaller is accepted."""

    level: Literal["country", "province"] = "province"


class ServiceItem(Item):
    """How a crossing works from the day on which this was known. Hours are local."""

    opens_hour: Hour
    closes_hour: Hour
    desks: Positive
    persons_desk_hour: Positive
    service_log_sd: NotNegative = 0.5


class CrossingItem(PlaceItem):
    """A border crossing."""

    service: list[ServiceItem] = []


class StatusItem(Part):
    """A document status."""

    id: Id
    name: str = ""


class StratumItem(Item):
    """The range of persons of one status in one origin area before the deadline."""

    origin: Id
    status: Id
    low: Persons
    high: Persons


class TotalItem(Item):
    """The range of persons concerned in all, where nothing finer is known."""

    low: Persons
    high: Persons


class WaveItem(Item):
    """One phase of a directive, as first announced."""

    id: Id
    title: str = ""
    announced: date
    deadline: date
    enforcement: date | None = Field(
        None, description="announced start of enforcement; default the day after the deadline"
    )
    statuses: list[Id] = Field(default_factory=list, description="statuses named; empty means all")
    origins: list[Id] = Field(default_factory=list, description="origin areas named; empty means everywhere")


class ChangeItem(Item):
    """A later decision on a wave: extension, new start of enforcement, or withdrawal."""

    wave: Id
    deadline: date | None = None
    enforcement: date | None = None
    withdrawn: bool = False


class ClosureItem(Item):
    """A crossing shut from `start` to `end`, both inclusive; no `end` while no reopening is known."""

    crossing: Id
    start: date
    end: date | None = None
    fraction_closed: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)] = 1.0


class HolidayItem(Item):
    """A public holiday."""

    date: date
    name: str


class CalendarItem(Part):
    """The policy calendar."""

    waves: list[WaveItem] = []
    changes: list[ChangeItem] = []
    closures: list[ClosureItem] = []
    holidays: list[HolidayItem] = []


class CapacityItem(Item):
    """A capacity as it became known; no value means: not known."""

    value: NotNegative | None = None
    unit: Literal["persons", "persons_day", "families", "desks"] = "persons"
    assumed: bool = False


class StageItem(Item):
    """One stage of reception at a site."""

    id: Id
    site: Id
    kind: Literal["zero_point", "registration", "reception_centre", "transit_centre", "encashment_centre", "cash_desk"]
    setting: Literal["zero_point", "transit", "camp"]
    agency: str = ""
    opens_hour: Hour = 0.0
    closes_hour: Hour = 24.0
    stay_days: NotNegative = 0.0
    capacity: list[CapacityItem] = []


class RoutingItem(Item):
    """The share of people of a status and kind (either may be `all`) who pass from one place to the next."""

    from_: Id = Field(alias="from", description="a crossing or a stage")
    to: str = Field(description="a stage, or onward")
    status: str = "all"
    kind: Literal["all", "deported", "facilitated", "other"] = "all"
    share: Share


class HoldingItem(Item):
    """A place where deported people are held before the border."""

    id: Id
    origin: Id
    stay_days: NotNegative
    capacity: NotNegative | None = None
    unit: Literal["persons", "persons_day", "families", "desks"] = "persons"
    capacity_assumed: bool = False


class DestinationItem(Item):
    """Where people who enter at a crossing (or `all`) intend to go: shares that sum to 1."""

    crossing: str = "all"
    shares: dict[Id, Share]


class SettingItem(Item):
    """A number that replaces a default of the parameter table."""

    parameter: str
    value: Annotated[float, Field(allow_inf_nan=False)]


class AssumptionItem(Part):
    """A numbered assumption, where it only came up on a later day."""

    text: str
    known: date


class CaseFile(Part):
    """case.yaml, whole. Only `schema`, `timezone`, `crossings`, `calendar` and `population` have to be there."""

    schema_: Literal[1] = Field(alias="schema")
    title: str = ""
    timezone: str
    start: date | None = Field(None, description="first simulated day")
    country_from: str = ""
    country_to: str = ""
    statuses: list[StatusItem] = []
    origins: list[OriginItem] = []
    crossings: Annotated[list[CrossingItem], Field(min_length=1)]
    sites: list[PlaceItem] = []
    destinations: list[PlaceItem] = []
    population: list[StratumItem] | TotalItem
    calendar: CalendarItem
    stages: list[StageItem] = []
    routing: list[RoutingItem] = []
    holding: list[HoldingItem] = []
    destination_shares: list[DestinationItem] = []
    settings: list[SettingItem] = []
    assumptions: dict[str, str | AssumptionItem] = Field(
        default_factory=dict, description="number of an assumption: one sentence"
    )


def case_json_schema() -> dict[str, Any]:
    """The JSON Schema of case.yaml, for editors and for observe/case_schema.json."""
    schema = CaseFile.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "sarai case.yaml"
    return schema
