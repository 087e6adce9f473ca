"""Asking the small wiki of the search tests, whole answers at a time."""

import asyncio

from mainstem.assist.asking import Draft, Library, answer
from mainstem.assist.language_model import LanguageModel
from mainstem.wiki.audience import Viewer
from tests.search.conftest import Wiki
from tests.store.site import NOW


def asked(wiki: Wiki, question: str, viewer: Viewer, model: LanguageModel | None = None) -> Draft:
    """What the wiki answers."""
    library = Library(wiki.engine, wiki.index)
    return asyncio.run(answer(question, viewer=viewer, library=library, now=NOW, model=model))


def texts(draft: Draft) -> list[str]:
    """The sentences of an answer."""
    return [claim.text for claim in draft.written.claims]
