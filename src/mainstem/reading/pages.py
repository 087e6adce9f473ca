"""The pages that targets name, for one viewer: what is hidden and what does not exist are found alike, not at all."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from mainstem.store.targets import Found, by_former_title, by_id, by_title
from mainstem.wiki.audience import Viewer
from mainstem.wiki.content import Kind
from mainstem.wiki.documents import AttachmentTarget, ContentTarget, PageTarget, Target

_DAY = timedelta(days=1)
"""A post's day is its author's, and ours is in UTC: they may differ by one."""

Page = PageTarget | ContentTarget


@dataclass(frozen=True, slots=True)
class Pages:
    """The documents that the viewer can read among those which targets name."""

    space_key: str
    by_id: Mapping[str, Found]
    by_title: Mapping[tuple[str, str], Collection[Found]]

    def find(self, target: Page) -> Found | None:
        """The document that a target means: by its id, else by its title, a post by its day as well."""
        if target.content_id and target.content_id in self.by_id:
            return self.by_id[target.content_id]
        if isinstance(target, ContentTarget):
            return None
        titled = self.by_title.get((target.space_key or self.space_key, target.title), ())
        return next((found for found in titled if _means(target, found)), None)


def pages_named(
    db: Connection, connection_id: int, space_key: str, wanted: Collection[Target], *, viewer: Viewer
) -> Pages:
    """Look up all pages that these targets name, seen from a space: three statements at most."""
    named = [target for target in wanted if isinstance(target, Page)]
    named += [target.page for target in wanted if isinstance(target, AttachmentTarget) and target.page]
    ids = {target.content_id for target in named if target.content_id}
    titles = {(target.space_key or space_key, target.title) for target in named if isinstance(target, PageTarget)}
    titled: dict[tuple[str, str], list[Found]] = {}
    for found in by_title(db, connection_id, titles, viewer=viewer):
        titled.setdefault((found.space_key, found.title), []).append(found)
    for pair, found in by_former_title(db, connection_id, titles - titled.keys(), viewer=viewer):
        titled.setdefault(pair, []).append(found)
    known = {found.source_id: found for found in by_id(db, connection_id, ids, viewer=viewer)}
    return Pages(space_key, known, titled)


def _means(target: PageTarget, found: Found) -> bool:
    if target.posting_day is None:
        return found.kind is Kind.PAGE
    posted = found.created_at.date() if found.created_at else None
    return found.kind is Kind.BLOGPOST and posted is not None and abs(posted - target.posting_day) <= _DAY
