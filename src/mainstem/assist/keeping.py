"""Answers that are kept, opened again under the rules of now: what their asker may no longer read is taken out of them.

With a passage goes every sentence that rests on it, and with any passage every sentence that does not say what it rests
on.
"""

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from mainstem.store.answers import Claim, SavedAnswer, answer
from mainstem.store.quotes import Quote, quoted
from mainstem.wiki.audience import Viewer


@dataclass(frozen=True, slots=True)
class OpenAnswer:
    """An answer as its asker may read it now. `withheld`: some of it was taken out."""

    saved: SavedAnswer
    claims: tuple[Claim, ...]
    quotes: tuple[Quote, ...]
    withheld: bool

    @property
    def grounded(self) -> bool:
        """Whether every sentence cites a passage."""
        return bool(self.claims) and all(claim.cites for claim in self.claims)


def open_answer(db: Connection, answer_id: int, member_id: int, *, viewer: Viewer) -> OpenAnswer | None:
    """An answer of this member; None where it is not theirs."""
    saved = answer(db, answer_id, member_id)
    if saved is None:
        return None
    quotes = quoted(db, answer_id, viewer=viewer)
    readable = {quote.number for quote in quotes}
    whole = len(quotes) == saved.sources
    claims = tuple(claim for claim in saved.written.claims if _rests_on(claim, readable, whole=whole))
    return OpenAnswer(saved, claims, quotes, withheld=not whole)


def cited(quotes: tuple[Quote, ...], claims: tuple[Claim, ...]) -> tuple[Quote, ...]:
    """The passages that claims cite."""
    numbers = {number for claim in claims for number in claim.cites}
    return tuple(quote for quote in quotes if quote.number in numbers)


def renumbered(quotes: tuple[Quote, ...], claims: tuple[Claim, ...]) -> tuple[tuple[Quote, ...], tuple[Claim, ...]]:
    """The cited passages and the claims with numbers from 1, in the order of citing."""
    order = list(dict.fromkeys(number for claim in claims for number in claim.cites))
    new = {number: place for place, number in enumerate(order, start=1)}
    by_number = {quote.number: quote for quote in quotes}
    shown = tuple(replace(by_number[number], number=new[number]) for number in order)
    return shown, tuple(replace(claim, cites=tuple(new[number] for number in claim.cites)) for claim in claims)


def _rests_on(claim: Claim, readable: set[int], *, whole: bool) -> bool:
    return all(number in readable for number in claim.cites) if claim.cites else whole
