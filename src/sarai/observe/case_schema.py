"""The shape of case.yaml, checked key by key. `sarai check` and the JSON Schema for editors are both made from it.

Every item may carry where it comes from (`source`: an id of sources.csv; `assumption`: a numbered assumption) and
`known`: the first day on which a run may use it. `known_assumed: true` marks a `known` that is our judgement.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

SCHEMA_VERSION = 1
Day = date

OtherName = Annotated[str, Field(min_length=1, max_length=200)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]*$", max_length=64)]
Hour = Annotated[float, Field(ge=0, le=24, allow_inf_nan=False)]
Fraction = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
Unit = Literal["persons", "persons_day", "families", "desks"]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, le=1e6, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, le=1e10, allow_inf_nan=False)]
LogScale = Annotated[float, Field(ge=0, le=5, allow_inf_nan=False)]
Days = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]
Persons = Annotated[int, Field(ge=0, le=10_000_000_000)]


class Part(BaseModel):
    """Base of every mapping in case.yaml: unknown keys and wrong types are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Item(Part):
    """Anything that is sourced or dated."""

    source: str = Field("", description="id of a row of sources.csv")
    assumption: str = Field("", description="number of an assumption, for example A21")
    known: date | None = Field(None, description="first day on which a run may use it; empty means always")
    known_assumed: bool = Field(False, description="true where `known` is our judgement and not the source's date")
    note: str = Field("", description="anything else; never feeds the model")


class CityItem(Part):
    """A main city of an area, for the map."""

    name: str = Field(description="name of the city")
    lat: Annotated[float, Field(ge=-90, le=90)] = Field(description="degrees north")
    lon: Annotated[float, Field(ge=-180, le=180)] = Field(description="degrees east")


class PlaceItem(Item):
    """A place: an origin area, crossing, site or destination."""

    id: Id = Field(description="our stable id")
    name: str = Field("", description="name to show; default: the id")
    lat: Annotated[float, Field(ge=-90, le=90)] | None = Field(None, description="degrees north (WGS84)")
    lon: Annotated[float, Field(ge=-180, le=180)] | None = Field(None, description="degrees east (WGS84)")
    country: Annotated[str, Field(pattern=r"^([A-Z]{3})?$")] = Field("", description="ISO 3166-1 alpha-3")
    admin1: str = Field("", description="province or region")
    approximate: bool = Field(False, description="true where the point stands for an area or is a nearby town")
    pcode: str = Field("", description="P-code, where one exists")
    aliases: list[OtherName] = Field(
        default_factory=list, description="other names that files and tables use for this place, in any script"
    )
    cities: list[CityItem] = Field(default_factory=list, description="main cities of an area, for the map")


class OriginItem(PlaceItem):
    """An area of origin: a province, or the whole country. Nothing smaller is accepted."""

    level: Literal["country", "province"] = Field("province", description="nothing below province is accepted")


class ServiceItem(Item):
    """How a crossing works from the day on which this was known. Hours are local."""

    opens_hour: Hour = Field(description="local hour")
    closes_hour: Hour = Field(description="local hour")
    desks: Positive = Field(description="desks at work")
    persons_desk_hour: Positive = Field(description="persons that one desk serves in an hour")
    service_log_sd: LogScale = Field(0.5, description="sd of the log of the daily capacity")


class CrossingItem(PlaceItem):
    """A border crossing."""

    service: list[ServiceItem] = Field(default_factory=list, description="hours and desks; default A5")


class StatusItem(Part):
    """A document status."""

    id: Id = Field(description="our stable id")
    name: str = Field("", description="name to show; default: the id")


class StratumItem(Item):
    """The range of persons of one status in one origin area before the deadline."""

    origin: Id = Field(description="an origin area")
    status: Id = Field(description="a status")
    low: Persons = Field(description="persons, low end")
    high: Persons = Field(description="persons, high end")


class TotalItem(Item):
    """The range of persons concerned in all, where nothing finer is known."""

    low: Persons = Field(description="persons, low end")
    high: Persons = Field(description="persons, high end")


class WaveItem(Item):
    """One phase of a directive, as first announced."""

    id: Id = Field(description="our stable id")
    title: str = Field("", description="name to show")
    announced: date = Field(description="day of the announcement")
    deadline: date = Field(description="last day to leave, as first announced")
    enforcement: date | None = Field(
        None, description="announced start of enforcement; default the day after the deadline"
    )
    statuses: list[Id] = Field(default_factory=list, description="statuses named; empty means all")
    origins: list[Id] = Field(default_factory=list, description="origin areas named; empty means everywhere")


class ChangeItem(Item):
    """A later decision on a wave: extension, new start of enforcement, or withdrawal."""

    wave: Id = Field(description="the wave that is changed")
    deadline: date | None = Field(None, description="new deadline")
    enforcement: date | None = Field(None, description="new start; default: same distance to the deadline")
    withdrawn: bool = Field(
        False, description="true once the phase is called off; a deadline known later puts it in force again"
    )


class ClosureItem(Item):
    """A crossing shut from `start` to `end`, both inclusive; no `end` while no reopening is known."""

    crossing: Id = Field(description="a crossing")
    start: date = Field(description="first day closed")
    end: date | None = Field(None, description="last day closed; none while no reopening is known")
    fraction_closed: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)] = Field(
        1.0, description="part of the capacity that is lost"
    )


class HolidayItem(Item):
    """A public holiday."""

    date: Day = Field(description="day")
    name: str = Field(description="name")


class CalendarItem(Part):
    """The policy calendar."""

    waves: list[WaveItem] = Field(default_factory=list, description="phases; none where there is no deadline")
    changes: list[ChangeItem] = Field(default_factory=list, description="later decisions")
    closures: list[ClosureItem] = Field(default_factory=list, description="closures of crossings")
    holidays: list[HolidayItem] = Field(default_factory=list, description="public holidays")


class CapacityItem(Item):
    """A capacity as it became known; no value means: not known."""

    value: NotNegative | None = Field(None, description="none means: not known")
    unit: Unit = Field("persons", description="what the value counts")
    assumed: bool = Field(False, description="true marks it wherever it is shown")


class StageItem(Item):
    """One stage of reception at a site."""

    id: Id = Field(description="our stable id")
    site: Id = Field(description="a site")
    kind: Literal[
        "zero_point", "registration", "reception_centre", "transit_centre", "encashment_centre", "cash_desk"
    ] = Field(description="what happens there")
    setting: Literal["zero_point", "transit", "camp"] = Field(description="which standards hold")
    agency: str = Field("", description="who runs it")
    opens_hour: Hour = Field(0.0, description="local hour")
    closes_hour: Hour = Field(24.0, description="local hour")
    stay_days: Days = Field(0.0, description="mean days spent there")
    capacity: list[CapacityItem] = Field(default_factory=list, description="capacities as they became known")


class RoutingItem(Item):
    """The share of people of a status and kind (either may be `all`) who pass from one place to the next."""

    from_: Id = Field(alias="from", description="a crossing or a stage")
    to: str = Field(description="a stage, or onward")
    status: str = Field("all", description="a status, or all")
    kind: Literal["all", "deported", "facilitated", "other"] = Field("all", description="kind of return")
    share: Share = Field(description="shares from one place for one status and kind sum to 1")


class HoldingItem(Item):
    """A place where deported people are held before the border."""

    id: Id = Field(description="our stable id")
    origin: Id = Field(description="origin area it stands in")
    stay_days: Days = Field(description="mean days held")
    capacity: NotNegative | None = Field(None, description="none means: not known")
    unit: Unit = Field("persons", description="what the capacity counts")
    capacity_assumed: bool = Field(False, description="true where the capacity is an assumption")


class DestinationItem(Item):
    """Where people who enter at a crossing (or `all`) intend to go: shares that sum to 1."""

    crossing: str = Field("all", description="a crossing, or all")
    shares: dict[Id, Share] = Field(description="destination: share")


class SettingItem(Item):
    """A number that replaces a default of the parameter table."""

    parameter: str = Field(description="a parameter of model/parameters.toml, also name.id for one group")
    value: Annotated[float, Field(allow_inf_nan=False)] = Field(description="its value")


class AssumptionItem(Part):
    """A numbered assumption, where it only came up on a later day."""

    text: str = Field(description="one sentence")
    known: date = Field(description="since when it has been needed")


class CaseFile(Part):
    """case.yaml, whole. Only `schema`, `timezone`, `crossings` and `calendar` have to be there."""

    schema_: Literal[1] = Field(alias="schema", description="version of this layout")
    title: str = Field("", description="name of the emergency; default: the folder")
    timezone: str = Field(description="IANA name; days are civil days there")
    start: date | None = Field(None, description="first simulated day")
    country_from: str = Field("", description="country of departure")
    country_to: str = Field("", description="country of return")
    statuses: list[StatusItem] = Field(default_factory=list, description="document statuses; default A8")
    origins: list[OriginItem] = Field(default_factory=list, description="areas of origin; default A9")
    crossings: Annotated[list[CrossingItem], Field(min_length=1)] = Field(description="border crossings")
    sites: list[PlaceItem] = Field(default_factory=list, description="reception sites")
    destinations: list[PlaceItem] = Field(default_factory=list, description="areas of return; default A10")
    population: list[StratumItem] | TotalItem = Field(
        default_factory=list, description="one range, or a range for each origin and status; default A7"
    )
    calendar: CalendarItem = Field(description="the policy calendar; may be {}")
    stages: list[StageItem] = Field(default_factory=list, description="stages of reception; default A11")
    routing: list[RoutingItem] = Field(default_factory=list, description="who is routed where; default A12")
    holding: list[HoldingItem] = Field(default_factory=list, description="holding centres; exogenous and confidential")
    destination_shares: list[DestinationItem] = Field(default_factory=list, description="default A10")
    settings: list[SettingItem] = Field(default_factory=list, description="numbers that replace default parameters")
    assumptions: dict[str, str | AssumptionItem] = Field(
        default_factory=dict, description="number of an assumption: one sentence"
    )


def case_json_schema() -> dict[str, Any]:
    """The JSON Schema of case.yaml, for editors and for observe/case_schema.json."""
    schema = CaseFile.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "sarai case.yaml"
    return schema
