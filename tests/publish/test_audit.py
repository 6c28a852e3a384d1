import numpy as np
import pytest

from publish.test_nearby import SPANS, made_up
from sarai.publish import nearby
from sarai.publish.audit import Audit
from sarai.publish.nearby import look_nearby


def test_a_known_set_of_counts_changes_no_bound() -> None:
    """Beginning at counts that fit saves the search for some, and bounds every figure as beginning at nothing does."""
    published, question, counts = made_up()
    begun, fresh = (Audit(published, question.sums, spans=SPANS, known=known) for known in (counts, None))
    for place in range(SPANS):
        for one, other in ((begun.least(place), fresh.least(place)), (begun.most(place), fresh.most(place))):
            assert one[0] == pytest.approx(other[0], abs=1e-6)


def test_a_question_stops_at_enough_with_counts_that_fit() -> None:
    """Asked to reach half way to the most, the audit may stop there, and what it has found fits what was told."""
    published, question, counts = made_up()
    audit = Audit(published, question.sums, spans=SPANS, known=counts)
    whole = Audit(published, question.sums, spans=SPANS, known=counts)
    for place in range(SPANS):
        enough = whole.most(place)[0] / 2.0 + counts[2 * place] / 2.0
        assert audit.most(place, enough)[0] >= enough - 1e-6
        assert audit.certified(np.inf, enough)[place]
    for one in audit.found():
        told = published.sums @ one
        assert (told >= published.low - 1e-5).all() and (told <= published.high + 1e-5).all()


def test_threads_change_no_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks share nothing: what is remembered has the same bytes on one thread and on three."""
    monkeypatch.setattr(nearby, "BLOCKS", (3, 6))
    published, question, counts = made_up()
    remembered = []
    for threads in (1, 3):
        monkeypatch.setattr(nearby, "THREADS", threads)
        audit = Audit(published, question.sums, spans=SPANS, known=counts)
        look_nearby(audit, published, question, counts, SPANS)
        remembered.append(np.array(audit.found()).tobytes())
    assert remembered[0] == remembered[1]
