"""Attack: try to work out every figure that was held back, from all that was published in a folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from sarai.publish.audit import Audit, stack_published
from sarai.publish.condense import condense
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
    revised     releases that contradict later ones and were therefore attacked alone
    """

    release_count: int
    hidden_count: int
    shown_count: int
    recovered: tuple[Recovered, ...]
    revised: tuple[str, ...] = ()


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
    is not small, and every release. Where figures of estimates contradict that they are whole, that part is given up;
    where the releases contradict each other (estimates were revised), each is attacked alone and named.
    """
    for whole in (True, False):
        try:
            return _attack_together(list(releases), whole=whole)
        except SaraiError:
            continue
    parts = [_attack_together([release], whole=False) for release in releases]
    return Attack(
        release_count=len(releases), hidden_count=sum(part.hidden_count for part in parts),
        shown_count=sum(part.shown_count for part in parts),
        recovered=tuple(item for part in parts for item in part.recovered),
        revised=tuple(release.as_of for release in releases),
    )  # fmt: skip


def _attack_together(releases: list[Release], *, whole: bool) -> Attack:
    grid = finest_grid(releases)
    hidden = sorted({cell for release in releases for cell in release.cells if cell.value is None})
    shown = sum(cell.value is not None for release in releases for cell in release.cells)
    threshold = max((release.threshold for release in releases), default=0.0)
    recovered: list[Recovered] = []
    if hidden:
        told = stack_published([known_of(grid, release, whole=whole) for release in releases])
        audit = Audit(
            condense(told, len(grid.spans)), key_sums(grid, [_key(cell) for cell in hidden]), spans=len(grid.spans)
        )
        recovered = _bound_all(audit, hidden, threshold)
    return Attack(release_count=len(releases), hidden_count=len(hidden), shown_count=shown, recovered=tuple(recovered))


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


def _key(cell: ReleasedCell) -> Key:
    first, last = date.fromisoformat(cell.first), date.fromisoformat(cell.last)
    return Key(first=first, last=last, crossing=cell.crossing, status=cell.status, kind=cell.kind)
