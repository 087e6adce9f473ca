"""Suggestions while somebody types: how the last word may go on, and the titles it may mean.

Both come from documents this viewer may read, and from no others.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from mainstem.index.passage_index import PassageIndex
from mainstem.search.find import Page, Result, find, scope_of
from mainstem.wiki.audience import Viewer

_LAST_WORD = re.compile(r"(?P<before>(?:.*[\s\"])?)(?P<word>[^\s\":-][^\s\":]*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Suggestions:
    """`texts` are whole queries to go on with; `titles` are documents to open at once."""

    texts: tuple[str, ...] = ()
    titles: tuple[Result, ...] = ()


def suggest(
    text: str, *, viewer: Viewer, store: Connection, index: PassageIndex, now: datetime, limit: int = 5
) -> Suggestions:
    """How the text may go on, and which documents have what was typed so far in their title."""
    last = _LAST_WORD.fullmatch(text)
    if last is None:
        return Suggestions()
    scope = scope_of(store, index, viewer=viewer)
    words = index.suggest(last["word"], chains=scope.chains, without=scope.without, limit=limit)
    found = find(text, viewer=viewer, store=store, index=index, now=now, page=Page(limit))
    return Suggestions(
        texts=tuple(last["before"] + word for word in words),
        titles=tuple(result for result in found.results if result.title_marks),
    )
