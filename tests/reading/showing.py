"""What a page shows a viewer, and short ways to put pages below each other."""

from typing import Any

from mainstem.wiki.audience import OPERATOR, Viewer
from mainstem.wiki.content import Kind
from tests.reading.conftest import Wiki


def shown(wiki: Wiki, body: str, viewer: Viewer = OPERATOR, **facts: Any) -> str:
    """What a page with this body shows, as Markdown, our ids replaced by Confluence's."""
    id_ = wiki.save("host", body, title="Host", **facts)
    text = wiki.read(id_, viewer).markdown()
    assert text is not None
    for ours, theirs in wiki.ids().items():
        text = text.replace(f"/documents/{ours})", f"/{theirs})").replace(f"/files/{ours})", f"/{theirs})")
    return text.strip()


def below(parent: str, **facts: Any) -> dict[str, Any]:
    return {"parent_id": parent, "parent_kind": Kind.PAGE} | facts
