"""A storm of refusals or empty answers, whatever they say and whenever it begins, removes nothing (Y4)."""

from pathlib import Path

import pytest

from mainstem.store.runs import RunState
from tests.sync.larkhill import Wiki, connected

REFUSALS = ("401", "403", "404", "html", "anonymous", "revoke", "cloudfront:status=404", "empty")


@pytest.mark.parametrize("datacenter", [False, True], ids=["cloud", "datacenter"])
@pytest.mark.parametrize("place", ["after=4", "path=/(pages|posts|content|footer-comments|attachments)"])
def test_a_storm_of_refusals_removes_nothing(tmp_path: Path, place: str, datacenter: bool) -> None:
    wiki = Wiki()
    kept = {page.id for page in wiki.pages(5)}
    with connected(wiki, tmp_path / "home", datacenter=datacenter) as session:
        session.sync()
        for refusal in REFUSALS:
            wiki.fault(f"{refusal}{',' if ':' in refusal else ':'}{place}")
            assert session.sync().counters.get("deleted", 0) == 0, refusal
            assert set(session.held()) == kept, refusal
        wiki.fault()
        assert session.sync().state is RunState.DONE
        assert session.visible(wiki.bob) == wiki.visible(wiki.bob)
