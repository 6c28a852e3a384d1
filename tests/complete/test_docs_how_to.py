"""The how-to pages: their files are saved, their commands run, each ends as the page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from makers.pages import ROOT, Reader, read_page

PAGES = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs" / "how-to").glob("*.md"))
LEAST = {
    "ingest": 14,
    "new-case": 8,
    "what-if": 5,
    "publish": 4,
    "plan": 2,
    "flee": 8,
    "add-language": 1,
    "share-the-work": 1,
}


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_a_page_run_in_order(page: str, tmp_path: Path) -> None:
    """Each page stands on its own: it starts in an empty folder and makes what it needs."""
    if "share-the-work" in page:
        pytest.importorskip("distributed", reason="the page works with Dask: pip install 'sarai[cluster]'")
    reader = Reader(tmp_path, page)
    reader.follow(read_page(page))
    assert len(reader.ran) >= LEAST.get(Path(page).stem, 0)
