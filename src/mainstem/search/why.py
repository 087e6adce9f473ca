"""Why a document was found: for each word that was searched for, where in what is shown of the document it stands.

Scores are the index's; nothing here knows what a match is worth.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from mainstem.index.analyser import Analyser
from mainstem.index.query import Query, Reach, Word
from mainstem.search.highlight import Marked


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


def reasons(query: Query, parts: Mapping[Spot, Marked], analyser: Analyser) -> tuple[Reason, ...]:
    """Each place of each word, in the order of asking. Where any word was enough, those not seen are passed over."""
    told: list[Reason] = []
    for number, term in enumerate(query.required):
        found = [
            Reason(term.text, spot, part.text[start:end] if isinstance(term, Word) else term.text)
            for spot, part in parts.items()
            for start, end in part.places[number][:1]
        ]
        if not found and query.reach is not Reach.ANY_WORD and not analyser.ask(term.text).nothing:
            found = [Reason(term.text, Spot.ELSEWHERE)]
        told += found
    return tuple(told)
