"""The spreadsheet of a new case as data: its sheets, what each row and column holds, and an example for each."""

from __future__ import annotations

from dataclasses import dataclass

from sarai.observe.case_check_names import LANGUAGES

STAGE_KINDS = (
    "zero_point", "registration", "reception_centre", "transit_centre", "encashment_centre", "cash_desk",
)  # fmt: skip
UNITS = ("persons", "persons_day", "families", "desks")
RETURN_KINDS = ("return_all", "deported", "not_deported", "registered_assisted", "spontaneous_return")
YES_NO = ("no", "yes")
PRIORS = ("documented", "learned")


@dataclass(frozen=True, kw_only=True)
class TemplateColumn:
    """A column: key, header, example, what its cells hold (text, day, count, number) or the words it may hold."""

    key: str
    header: str
    example: str
    cells: str = "text"
    needed: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TemplateSheet:
    """A sheet: one sentence on what a row is, and its columns."""

    name: str
    about: str
    columns: tuple[TemplateColumn, ...]


def _column(key: str, header: str, example: str, cells: str = "text", **more: bool | tuple[str, ...]) -> TemplateColumn:
    return TemplateColumn(key=key, header=header, example=example, cells=cells, **more)  # type: ignore[arg-type]


# The first sheet has one answer a row; the header is the question.
START = (
    _column("title", "What happens, in a few words", "Return ordered in spring 2024", needed=True),
    _column("country_from", "Country that people leave", "Dominican Republic", needed=True),
    _column("country_to", "Country that they return to", "Haiti", needed=True),
    _column("timezone", "Time zone of the border", "America/Port-au-Prince; empty: the nearest"),
    _column("announced", "Day on which departure was announced", "2024-03-01; empty: there is no such order", "day"),
    _column("deadline", "Deadline: last day to leave", "2024-03-31", "day"),
    _column("enforcement", "Day from which enforcement was announced", "empty: the day after the deadline", "day"),
    _column("low", "Fewest persons concerned", "80000; empty: nobody has said", "count"),
    _column("high", "Most persons concerned", "400000", "count"),
    _column("publisher", "Who published this", "an organisation, never a person", needed=True),
    _column("source_title", "Title of the publication", "Notice on departures", needed=True),
    _column("published", "Day it was published", "2024-03-01", "day", needed=True),
    _column("holidays", "List public holidays of both countries", "yes or no; empty: yes", choices=YES_NO),
    _column("priors", "Priors of the forecast", "documented, or learned from past emergencies; empty: documented",
            choices=PRIORS),
)  # fmt: skip
_SOURCE = (
    _column("publisher", "Publisher", "Border desk; empty: as on the first sheet"),
    _column("source_title", "Title", "Daily count"),
    _column("published", "Published", "2024-03-06", "day"),
)
SHEETS = (
    TemplateSheet(
        name="Crossings",
        about="One row is one border crossing. Latitude and longitude only where the place is not found by its name.",
        columns=(
            _column("crossing", "Crossing", "Dajabón", needed=True),
            _column("lat", "Latitude", "19.549", "number"),
            _column("lon", "Longitude", "-71.708", "number"),
            _column("opens", "Opens at hour", "8", "number"),
            _column("closes", "Closes at hour", "17", "number"),
            _column("desks", "Desks", "12", "number"),
            _column("rate", "Persons per desk and hour", "30", "number"),
        ),
    ),
    TemplateSheet(
        name="People",
        about="One row is a province of departure; with a status and a range where these are known. May stay empty.",
        columns=(
            _column("province", "Province", "Santiago", needed=True),
            _column("status", "Document status", "no card"),
            _column("low", "Fewest persons", "20000", "count"),
            _column("high", "Most persons", "60000", "count"),
            _column("lat", "Latitude", "19.45", "number"),
            _column("lon", "Longitude", "-70.70", "number"),
        ),
    ),
    TemplateSheet(
        name="Returning to",
        about="One row is a province of return. May stay empty.",
        columns=(
            _column("province", "Province", "Cap-Haïtien", needed=True),
            _column("lat", "Latitude", "19.76", "number"),
            _column("lon", "Longitude", "-72.20", "number"),
        ),
    ),
    TemplateSheet(
        name="Reception",
        about="One row is a stage behind a crossing, in the order in which people pass them. A capacity that nobody "
        "knows stays empty.",
        columns=(
            _column("crossing", "Crossing", "Dajabón", needed=True),
            _column("kind", "Stage", "reception_centre", needed=True, choices=STAGE_KINDS),
            _column("site", "Site", "Ouanaminthe centre"),
            _column("agency", "Run by", "two agencies"),
            _column("capacity", "Capacity", "1500", "count"),
            _column("unit", "Unit", "persons", choices=UNITS),
            _column("stay", "Stay in days", "1.5", "number"),
            _column("share", "Share who pass it", "0.4; empty: 1", "number"),
            *_SOURCE,
        ),
    ),
    TemplateSheet(
        name="Closures",
        about="One row is a time in which a crossing was shut. No last day while no reopening is known.",
        columns=(
            _column("crossing", "Crossing", "Dajabón", needed=True),
            _column("start", "First day", "2024-03-10", "day", needed=True),
            _column("end", "Last day", "2024-03-11", "day"),
            *_SOURCE,
        ),
    ),
    TemplateSheet(
        name="Counts",
        about="One row is one figure that an organisation gave for people who crossed. Rival figures all stand here.",
        columns=(
            _column("start", "First day", "2024-03-05", "day", needed=True),
            _column("end", "Last day", "2024-03-05; empty: the first", "day"),
            _column("crossing", "Crossing", "Dajabón, or all", needed=True),
            _column("persons", "Persons", "820", "count"),
            _column("families", "Families", "empty", "count"),
            _column("kind", "What was counted", "return_all", choices=RETURN_KINDS),
            _column("cumulative", "Running total", "no", choices=YES_NO),
            _column("known", "Known since", "2024-03-06; empty: the usual delay", "day"),
            *_SOURCE,
        ),
    ),
    TemplateSheet(
        name="Names",
        about="One row is what a place, status or the case is called in another language. Never the name of a person.",
        columns=(
            _column("id", "Id", "Dajabón: a place or status as on the other sheets; wave:first, title", needed=True),
            _column("language", "Language", "fr", needed=True, choices=LANGUAGES),
            _column("label", "Label", "داخابون", needed=True),
            _column("source", "Source", "our translation"),
            _column("known", "Known", "2024-03-06; empty: always", "day"),
        ),
    ),
)
START_SHEET = "Start"
MOST_COUNT_ROWS = 2000
