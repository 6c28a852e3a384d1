import numpy as np
import pytest
from scipy import sparse

from makers.releases import publish_days, sparse_counts
from sarai.publish import nearby
from sarai.publish.attack import attack
from sarai.publish.audit import Audit, Published
from sarai.publish.nearby import Question, look_nearby

SPANS, WIDTH = 12, 2


def made_up() -> tuple[Published, Question, np.ndarray]:
    """Days of two cells, each day's sum told to within ten, each running total to within twenty; cells are asked."""
    dice = np.random.default_rng(5)
    counts = dice.poisson([4.0, 300.0], (SPANS, WIDTH)).astype(float)
    days = np.kron(np.eye(SPANS), np.ones((1, WIDTH)))
    totals = np.kron(np.tril(np.ones((SPANS, SPANS))), np.ones((1, WIDTH)))
    sums = sparse.csr_array(np.vstack([days, totals]))
    told, half = sums @ counts.ravel(), np.repeat([10.0, 20.0], SPANS)
    cells = np.arange(0, SPANS * WIDTH, WIDTH)
    asked = sparse.csr_array(np.eye(SPANS * WIDTH)[cells])
    question = Question(places=np.arange(SPANS), sums=asked, zero=np.ones(SPANS, dtype=bool), width=11.0)
    return Published(sums=sums, low=told - half, high=told + half), question, counts.ravel()


def test_what_is_found_nearby_fits_everything_that_was_published(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each certificate is a set of counts within all that was told, days and running totals, and settles a figure."""
    monkeypatch.setattr(nearby, "BLOCKS", (4,))
    published, question, counts = made_up()
    audit = Audit(published, question.sums, spans=SPANS, known=counts)
    look_nearby(audit, published, question, counts, SPANS)
    assert len(audit.found()) > 1
    for found in audit.found():
        told = published.sums @ found
        assert found.min() >= -1e-6
        assert (told >= published.low - 1e-5).all() and (told <= published.high + 1e-5).all()
    assert audit.certified(0.0, 11.0).sum() >= SPANS - 1


def test_counts_that_do_not_fit_certify_nothing() -> None:
    """A wrong hint, of negative persons or beyond what was told, leaves what is known as it was."""
    published, question, counts = made_up()
    audit = Audit(published, question.sums, spans=SPANS, known=counts)
    before = audit.spread().copy()
    for wrong in (counts + 40.0, np.where(np.arange(counts.size) == 3, -5.0, counts)):
        audit.remember(wrong)
    assert (audit.spread() == before).all() and len(audit.found()) == 1


def test_looking_nearby_hides_no_less(monkeypatch: pytest.MonkeyPatch) -> None:
    """With short blocks, which are used on nearly every day, the attacker works out nothing and no more is lost."""
    counts = sparse_counts(14, 2, (2, 1, 2))
    alone = publish_days(counts)[3]
    monkeypatch.setattr(nearby, "BLOCKS", (3, 6))
    releases, *_, lost = publish_days(counts)
    assert attack(releases).recovered == () and lost <= alone
