"""Attack: try to work out every figure that was held back, from all that was published in a folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from sarai.publish.audit import Audit, Published, stack_published
from sarai.publish.condense import condense
from sarai.publish.drift import loosen_drifted
from sarai.publish.grid import ALL, JOIN, UNTOLD, Grid, Key, key_sums
from sarai.publish.release import RELEASE_FILE, Release, ReleasedCell, known_of, parse_release
from sarai.world.errors import Fault, RequestError, SaraiError


@dataclass(frozen=True, kw_only=True)
class Recovered:
    """A held-back figure that can be worked out: it lies between `low` and `high`, closer than the threshold."""

    cell: ReleasedCell
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Attack:
    """What an attack on a set of releases found.

    release_count, hidden_count, shown_count  what was attacked
    recovered   figures held back that lie in an interval narrower than the threshold
    revised     releases that contradict each other: they were attacked one by one, and together with room for revisions
    drift       the share of its figures by which an estimate was then taken to have moved at most; 0 where none did
    """

    release_count: int
    hidden_count: int
    shown_count: int
    recovered: tuple[Recovered, ...]
    revised: tuple[str, ...] = ()
    drift: float = 0.0


def read_releases(folder: Path) -> list[Release]:
    """Every release.json at or below a folder, in order of their dates. Raises RequestError where there is none."""
    paths = sorted(folder.rglob(RELEASE_FILE)) if folder.is_dir() else []
    if not paths:
        raise RequestError(
            Fault(file=str(folder), what="there is no release here", wanted=f"{RELEASE_FILE} at or below the folder",
                  mend="give the folder that `sarai brief --out` wrote to, or one that holds several")
        )  # fmt: skip
    releases = [parse_release(path.read_text(encoding="utf-8"), str(path)) for path in paths]
    return sorted(releases, key=lambda release: (release.as_of, release.record_id))


def attack(releases: Sequence[Release]) -> Attack:
    """Hold all releases against each other and bound every held-back figure by linear programming.

    The attacker knows the thresholds and the rounding, that persons are whole and never negative, that a shown figure
    is not small, and every release. Where figures of estimates contradict that they are whole, that part is given up.
    Where the releases contradict each other (estimates were revised), each is attacked alone, and all together as far
    as estimates may have moved in between: see `loosen_drifted`.
    """
    releases = list(releases)
    for whole in (True, False):
        try:
            return _attack_together(releases, whole=whole)
        except SaraiError:
            continue
    alone = [item for release in releases for item in _attack_together([release], whole=False).recovered]
    grid = finest_grid(releases)
    drift, told = loosen_drifted(grid, releases)
    together = bound_hidden(releases, grid, told)
    found = {item.cell: item for item in [*together, *alone]}
    return Attack(
        release_count=len(releases), hidden_count=len(hidden_cells(releases)), shown_count=_shown_count(releases),
        recovered=tuple(found[cell] for cell in sorted(found)),
        revised=tuple(release.as_of for release in releases), drift=drift,
    )  # fmt: skip


def bound_hidden(releases: Sequence[Release], grid: Grid, told: Published) -> list[Recovered]:
    """Every figure that some release held back and that `told`, figures over the cells of a grid, bounds too narrowly.

    Raises SaraiError where no counts fit what was told.
    """
    hidden = hidden_cells(releases)
    if not hidden:
        return []
    sums = key_sums(grid, [key_of(cell) for cell in hidden])
    audit = Audit(condense(told, len(grid.spans)), sums, spans=len(grid.spans))
    return _bound_all(audit, hidden, max(release.threshold for release in releases))


def hidden_cells(releases: Sequence[Release]) -> list[ReleasedCell]:
    """The figures that some release held back, each once, in order."""
    return sorted({cell for release in releases for cell in release.cells if cell.value is None})


def _shown_count(releases: Sequence[Release]) -> int:
    return sum(cell.value is not None for release in releases for cell in release.cells)


def _attack_together(releases: list[Release], *, whole: bool) -> Attack:
    grid = finest_grid(releases)
    told = stack_published([known_of(grid, release, whole=whole) for release in releases])
    return Attack(
        release_count=len(releases), hidden_count=len(hidden_cells(releases)), shown_count=_shown_count(releases),
        recovered=tuple(bound_hidden(releases, grid, told)),
    )  # fmt: skip


def _bound_all(audit: Audit, hidden: Sequence[ReleasedCell], threshold: float) -> list[Recovered]:
    found = []
    for place, cell in enumerate(hidden):
        if audit.spread()[place] >= threshold:
            continue
        low, _ = audit.least(place)
        high, _ = audit.most(place, low + threshold)
        if high - low < threshold - 1e-6:
            found.append(Recovered(cell=cell, low=low, high=high))
    return found


def finest_grid(releases: Sequence[Release]) -> Grid:
    """The grid that tells apart every span of days that some release tells apart."""
    cells = [cell for release in releases for cell in release.cells]
    edges = {date.fromisoformat(cell.first) for cell in cells}
    edges |= {date.fromisoformat(cell.last) + timedelta(days=1) for cell in cells}
    spans = tuple((first, after - timedelta(days=1)) for first, after in pairwise(sorted(edges)))
    names = [_names(releases, axis, place) for place, axis in enumerate(("crossing", "status", "kind"))]
    return Grid(spans=spans, crossings=names[0], statuses=names[1], kinds=names[2])


def _names(releases: Sequence[Release], axis: str, place: int) -> tuple[str, ...]:
    """Names that add up to `all` on an axis: those of the figures, and those that have none of their own."""
    told = {getattr(cell, axis) for release in releases for cell in release.cells} - {ALL}
    found = {name for joined in told for name in joined.split(JOIN)}
    found |= {name for release in releases if release.axes for name in release.axes[place]}
    return tuple(sorted(found - {UNTOLD})) or (UNTOLD,)


def key_of(cell: ReleasedCell) -> Key:
    """Which figure a cell of a release is."""
    first, last = date.fromisoformat(cell.first), date.fromisoformat(cell.last)
    return Key(first=first, last=last, crossing=cell.crossing, status=cell.status, kind=cell.kind)
