"""Why a document was found: for each word that was searched for, where in what is shown of the document it stands.

Scores are the index's; nothing here knows what a match is worth.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from mainstem.index.analyser import Analyser
from mainstem.index.query import Query, Reach, Word
from mainstem.search.highlight import marks


class Spot(StrEnum):
    """A part of a document; ELSEWHERE is any that a list of results does not show."""

    TITLE = "title"
    HEADING = "heading"
    TEXT = "text"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Reason:
    """One word or phrase that was asked for, where it stands, and how it is written there ("" elsewhere)."""

    asked: str
    spot: Spot
    written: str = ""


def reasons(query: Query, *, title: str, headings: Sequence[str], text: str, analyser: Analyser) -> tuple[Reason, ...]:
    """Each place of each word, in the order of asking. Where any word was enough, those not seen are passed over."""
    parts = ((Spot.TITLE, title), (Spot.HEADING, " · ".join(headings)), (Spot.TEXT, text))
    told: list[Reason] = []
    for term in query.required:
        alone = replace(query, required=(term,))
        found = [
            Reason(term.text, spot, part[start:end] if isinstance(term, Word) else term.text)
            for spot, part in parts
            for start, end in marks(part, alone, analyser)[:1]
        ]
        if not found and query.reach is not Reach.ANY_WORD and not analyser.ask(term.text).nothing:
            found = [Reason(term.text, Spot.ELSEWHERE)]
        told += found
    return tuple(told)
