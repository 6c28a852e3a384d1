"""`sarai priors`: what past emergencies teach about the next one, as a file that calibrate, forecast, backtest read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sarai.cli.options import read_text
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
        from sarai.observe.case_folder import load_case
        from sarai.publish.files import write_files
        from sarai.publish.priors_page import priors_html, priors_markdown

        names = [name for name in dict.fromkeys((*first, *(more or ()))) if name not in (leave_out or ())]
        check_request(names, out, page)
        cases = []
        for name in names:
            with step(f"Learning from {name}"):
                loaded = load_case(name)
                cases.append(past_case(loaded.as_of, loaded.last_known()))
        made = learn_priors(cases, __version__)
        if page is not None:
            text = priors_html(made) if page.suffix.lower() == ".html" else priors_markdown(made)
            say(str(write_files(page.parent, {page.name: text.encode()})[0]))
        say(str(write_files(out.parent, {out.name: priors_text(made).encode()})[0]))
        typer.echo(priors_markdown(made))


def check_request(names: list[str], out: Path, page: Path | None) -> None:
    """Refuse what cannot be done, all at once."""
    faults = []
    if not names:
        faults.append(Fault(column="--from", what="no past emergency is left to learn from",
                            wanted="at least one case that is not left out"))  # fmt: skip
    wanted = ((out, "--out", (".json",)), (page, "--page", (".html", ".md")))
    for path, option, endings in wanted:
        if path is not None and path.suffix.lower() not in endings:
            faults.append(Fault(column=option, what="the ending of the file is not one that can be written",
                                found=path.name, wanted=" or ".join(endings)))  # fmt: skip
    if faults:
        raise RequestError(faults)


def load_priors(path: Path | None, case: Case) -> PastPriors | None:
    """The priors of a file for a case, or None. Raises RequestError where they were made from that very case."""
    if path is None:
        return None
    from sarai.calibrate.priors_file import read_priors, refuse_own

    priors = read_priors(read_text(path, "--priors"), path.name)
    refuse_own(priors, case.as_of(case.last_known()), path.name)
    return priors
