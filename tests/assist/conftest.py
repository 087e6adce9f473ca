"""The wiki that is asked, filled with a few pages whose answers are known."""

import pytest

from mainstem.wiki.audience import Viewer
from tests.search.conftest import Wiki, alice, bob, wiki

__all__ = ["alice", "bob", "wiki"]

STEPS = "1. Ask for a new certificate.\n2. Load it beside the old one.\n3. Take the old one away."


@pytest.fixture
def filled(wiki: Wiki) -> Wiki:
    """Pages about certificates, holidays and a merger; the last is Alice's alone."""
    wiki.save(
        "1",
        "The broker certificate is valid for 90 days. If it expires, no gateway connects.",
        STEPS,
        title="Rotating the broker certificate",
    )
    wiki.save("2", "Everybody has 30 days of holiday a year. Ask your manager first.", title="Holidays")
    wiki.save("3", "Gateways greet the broker.\nRotating the broker certificate\nHolidays", title="Gateways")
    wiki.save("4", "The merger with Brookmere closes in May.", title="Project Kingfisher")
    wiki.restrict("4", "u-alice")
    wiki.index_all()
    return wiki


@pytest.fixture
def charlie() -> Viewer:
    """Signed in, but unknown to Confluence."""
    return Viewer("charlie")
