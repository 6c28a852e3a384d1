"""A window that ends before the picture begins: a case whose first count is younger than the week looked back."""

from datetime import timedelta

from makers.briefing import make_briefing
from sarai.publish.disclosure import protect_picture, shown_cell
from sarai.publish.table import HIDDEN


def test_a_window_that_ends_before_it_begins_is_no_figure() -> None:
    """From the first count to a week ago there is no day where the first count is of this week; nothing breaks."""
    briefing = make_briefing()
    first = briefing.world.start
    spoken = [(first, first - timedelta(days=2), "all")]
    cells, _ = protect_picture(briefing.world, briefing.picture, record_id="r", spoken=spoken)
    assert shown_cell(cells, *spoken[0]) is HIDDEN
