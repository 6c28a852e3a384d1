"""`sarai priors`: what past emergencies teach about the next one, as a file that calibrate, forecast, backtest read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sarai.cli.options import check_request, read_text
from sarai.cli.talk import say, step
from sarai.world.errors import Fault, RequestError

if TYPE_CHECKING:
    from sarai.calibrate.past_priors import PastPriors
    from sarai.world.case import Case

FromOption = Annotated[
    list[str], typer.Option("--from", metavar="CASE...", help="Past emergencies: built-in cases or case folders.")
]
MoreArgument = Annotated[list[str] | None, typer.Argument(metavar="[CASE...]", help="Further past emergencies.")]
LeaveOutOption = Annotated[
    list[str] | None, typer.Option("--leave-out", metavar="CASE", help="The emergency to be forecast; it is left out.")
]
OutOption = Annotated[Path, typer.Option("--out", metavar="FILE", help="The file of priors to write, .json.")]
PageOption = Annotated[
    Path | None, typer.Option("--page", metavar="FILE", help="Write the page as .html or .md as well.")
]
PriorsOption = Annotated[
    Path | None,
    typer.Option("--priors", metavar="FILE", help="Priors from other emergencies, as `sarai priors` writes them."),
]


def register(app: typer.Typer) -> None:
    """Add the verb `priors`."""

    @app.command("priors")
    def learn_from_cases(
        first: FromOption,
        more: MoreArgument = None,
        leave_out: LeaveOutOption = None,
        out: OutOption = Path("priors.json"),
        page: PageOption = None,
    ) -> None:
        """Learn priors of the returns law from past emergencies, print them as a page and write them to a file.

        With few emergencies they stay near the documented ones. The file is refused for a case that it was made from.

        Example: sarai priors --from pakistan-2016 sudan-southsudan-2023 --out priors.json
        """
        from sarai import __version__
        from sarai.calibrate.past_priors import learn_priors, past_case
        from sarai.calibrate.priors_file import priors_text
        from sarai.publish.files import write_files
        from sarai.publish.priors_page import priors_html, priors_markdown

        sources: dict[str, Case] = {}
        check_request(
            lambda: sources.update(choose_sources([*first, *(more or ())], leave_out or [])),
            lambda: check_ending(out, "--out", (".json",)),
            lambda: check_ending(page or Path("page.md"), "--page", (".html", ".md")),
        )
        cases = []
        for name, loaded in sources.items():
            with step(f"Learning from {name}"):
                cases.append(past_case(loaded.as_of, loaded.last_known()))
        made = learn_priors(cases, __version__)
        if page is not None:
            text = priors_html(made) if page.suffix.lower() == ".html" else priors_markdown(made)
            say(str(write_files(page.parent, {page.name: text.encode()})[0]))
        say(str(write_files(out.parent, {out.name: priors_text(made).encode()})[0]))
        typer.echo(priors_markdown(made))


def choose_sources(names: Sequence[str], leave_out: Sequence[str]) -> dict[str, Case]:
    """The past emergencies to learn from, by the name or path given, without those that are to be left out.

    What is left out is named as a source is, by the name of its folder, or by any case of the same emergency. Raises
    RequestError where it is neither, where two sources are one emergency, and where none is left.
    """
    from sarai.calibrate.past_priors import identity_of
    from sarai.calibrate.priors_file import same_emergency
    from sarai.observe.case_folder import load_case

    cases = {name: load_case(name) for name in dict.fromkeys(names)}
    worlds = {name: case.as_of(case.last_known()) for name, case in cases.items()}
    faults: list[Fault] = []
    gone: set[str] = set()
    for text in leave_out:
        named = {name for name, case in cases.items() if text in (name, case.name)}
        if not named:
            try:
                other = load_case(text)
            except RequestError as error:
                faults += [replace(fault, column="--leave-out") for fault in error.faults]
                continue
            left = identity_of(other.as_of(other.last_known()))
            named = {name for name, world in worlds.items() if same_emergency(left, world)}
        gone |= named
    kept = [name for name in cases if name not in gone]
    for first, second in combinations(kept, 2):
        if same_emergency(identity_of(worlds[first]), worlds[second]):
            faults.append(Fault(column="--from", what="two of these are one emergency, which would count twice",
                                found=f"{first}, {second}", wanted="each emergency once",
                                mend="name one of them only"))  # fmt: skip
    if not kept:
        faults.append(Fault(column="--from", what="no past emergency is left to learn from",
                            wanted="at least one case that is not left out"))  # fmt: skip
    if faults:
        raise RequestError(faults)
    return {name: cases[name] for name in kept}


def check_ending(path: Path, option: str, endings: tuple[str, ...]) -> None:
    """Refuse a file that cannot be written in the form that its ending names."""
    if path.suffix.lower() not in endings:
        raise RequestError(Fault(column=option, what="the ending of the file is not one that can be written",
                                 found=path.name, wanted=" or ".join(endings)))  # fmt: skip


def load_priors(path: Path | None, case: Case) -> PastPriors | None:
    """The priors of a file for a case, or None. Raises RequestError where they were made from that very case."""
    if path is None:
        return None
    from sarai.calibrate.priors_file import read_priors, refuse_own

    priors = read_priors(read_text(path, "--priors"), path.name)
    refuse_own(priors, case.as_of(case.last_known()), path.name)
    return priors
