"""What is offered while somebody types: documents and words in the palette, operators and their values in the box."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from mainstem.accounts.members import viewer_of
from mainstem.search.complete import Choice, complete
from mainstem.search.suggest import Suggestions, suggest
from mainstem.store.database import reading
from mainstem.web import addresses
from mainstem.web.asking import SignedIn
from mainstem.web.face import face_of
from mainstem.web.pages import Part, page
from mainstem.web.words import Link, kind_of

router = APIRouter()

MEANINGS = {
    "space": "in one space",
    "tag": "with a tag",
    "label": "with a label, which is a tag",
    "category": "in one category",
    "collection": "in a collection",
    "owner": "owned by somebody",
    "author": "by somebody",
    "type": "pages, posts, comments or files",
    "source": "from one connection",
    "property": "with a page property, or a value of it",
    "updated": "changed lately, or long ago",
}
SPANS = {"<7d": "in the last week", "<30d": "in the last month", "<1y": "in the last year", ">1y": "over a year ago"}


@dataclass(frozen=True, slots=True)
class Suggested:
    """What the palette offers."""

    texts: tuple[Link, ...]
    titles: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """One way to go on in the search box: what the text becomes, and what to show of it."""

    text: str
    name: str
    title: str
    hint: str


@dataclass(frozen=True, slots=True)
class Offers:
    """What the search box offers."""

    choices: tuple[Offer, ...]


@router.get("/palette")
def palette(request: Request, asking: SignedIn, q: str = "") -> Response:
    """What the text in the palette may go on with, and the documents it may mean."""
    reader = face_of(request).reader
    with reading(reader.engine) as db:
        viewer = viewer_of(db, asking.member, rules_since=reader.rules_since)
        found = (
            suggest(q, viewer=viewer, store=db, index=reader.index, now=reader.clock()) if q.strip() else Suggestions()
        )
    content = Suggested(
        tuple(Link(text, addresses.search(text)) for text in found.texts if text != q),
        tuple(Link(each.title, addresses.document(each.document_id), each.space_name) for each in found.titles),
    )
    return page(request, "palette.html", content, asking=asking, part=Part("hits"))


@router.get("/search/complete")
def completion(request: Request, asking: SignedIn, q: str = "") -> Response:
    """How the operator at the end of the text may go on."""
    reader = face_of(request).reader
    with reading(reader.engine) as db:
        viewer = viewer_of(db, asking.member, rules_since=reader.rules_since)
        choices = complete(q, viewer=viewer, store=db, index=reader.index, now=reader.clock())
    return page(request, "complete.html", Offers(tuple(map(_offer, choices))), asking=asking, part=Part("choices"))


def _offer(choice: Choice) -> Offer:
    if not choice.value:
        return Offer(choice.text, f"{choice.name}:", "", MEANINGS[choice.name])
    title = kind_of(choice.title) if choice.name in {"type", "kind"} else SPANS.get(choice.value, choice.title)
    hint = "" if choice.documents is None else f"{choice.documents:,}"
    return Offer(choice.text, choice.value if title != choice.value else "", title, hint)
