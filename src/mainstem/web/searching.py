"""The search page, as somebody types and without scripts alike.

All that is shown, counts among it, is asked for with the member's own viewer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from mainstem.accounts.members import viewer_of
from mainstem.index.passage_index import Count
from mainstem.index.query import Field, Filter, Narrowing
from mainstem.search import properties
from mainstem.search.find import COUNTS, Look, Page, Result, Results, finder
from mainstem.search.highlight import Mark
from mainstem.search.query import DOCUMENT, Operator, operators, without
from mainstem.search.why import Reason, Spot
from mainstem.store.database import reading
from mainstem.store.results import titles
from mainstem.store.searches import SavedSearch, of_member
from mainstem.store.targets import space_names
from mainstem.web import addresses, having
from mainstem.web.asking import HOME, SignedIn
from mainstem.web.face import face_of
from mainstem.web.facets import FACETS, LABELS, NAMES, SEVERAL, Facet, Picked, Value, facet, facets_of, folded, worded
from mainstem.web.pages import Part, page
from mainstem.web.words import Link, kind_of
from mainstem.wiki.audience import ANONYMOUS, Viewer

router = APIRouter()

AT_ONCE = 20
FURTHEST = 10_000
"""Nobody turns that many pages, and each costs what all before it cost."""

VALUES = 50
"""How many values of one filter a request may pick."""

PROPERTY = properties.OPERATOR


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a text; `found` when it is what was searched for."""

    text: str
    found: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One result."""

    id: int
    href: str
    title: tuple[Stretch, ...]
    passage: tuple[Stretch, ...]
    space: str
    place: str
    section: str
    section_href: str
    kind: str
    author: str
    updated_at: datetime | None
    tags: tuple[Link, ...]
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on, and the address of the search without it. `name` is "" for one that stands in the text."""

    name: str
    label: str
    value: str
    text: str
    without_href: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asked for: the text as typed, the values ticked, and how many results to pass over."""

    text: str
    picked: Picked
    first: int = 0
    properties: tuple[str, ...] = ()

    @property
    def href(self) -> str:
        """The address of this search."""
        pairs = [("q", self.text)] if self.text else []
        pairs += [(NAMES[field], value) for field, values in self.picked.items() for value in values]
        pairs += [(PROPERTY, one) for one in self.properties]
        pairs += [("offset", str(self.first))] if self.first else []
        return f"{HOME}?{urlencode(pairs)}" if pairs else HOME

    @property
    def filters(self) -> tuple[Narrowing, ...]:
        """Documents have one space, kind and the like, so more widen; tags, collections and properties narrow."""
        by_field = (
            Filter(field, frozenset(some))
            for field, values in self.picked.items()
            for some in ([[value] for value in values] if field in SEVERAL else [values])
            if some
        )
        return (*by_field, *having.filters_of(self.properties))

    def without_property(self, one: str) -> "Asked":
        """The same search without one property that is ticked."""
        return replace(self, properties=tuple(each for each in self.properties if each != one))

    def with_picked(self, field: Field, *values: str) -> "Asked":
        """The same search with other values ticked in one facet, from its first result."""
        return replace(self, picked={**self.picked, field: values}, first=0)


@dataclass(frozen=True, slots=True)
class Found:
    """The search page. `known` is whether the member is tied to anybody in Confluence."""

    q: str
    total: int
    milliseconds: int
    relaxed: bool
    rows: tuple[Row, ...]
    facets: tuple[Facet, ...]
    chips: tuple[Chip, ...]
    first: int
    shown: int
    first_href: str
    plain_href: str
    more_href: str
    known: bool
    here_href: str
    ask_href: str
    words_href: str
    saved: tuple[SavedSearch, ...]
    troubles: tuple[str, ...] = ()


@router.get("/")
def home() -> RedirectResponse:
    """Where members start."""
    return RedirectResponse(HOME, 303)


@router.get(HOME)
def search_page(request: Request, asking: SignedIn, q: str = "") -> Response:
    """The results, or what htmx asks of them: all while somebody types, the next ones below those that are shown.

    What is ticked stands in the address under the names of the facets.
    """
    sent = request.query_params
    ticked = {field: tuple(dict.fromkeys(sent.getlist(name)[:VALUES])) for field, name in NAMES.items()}
    asked = Asked(q.strip() and q, ticked, _offset(request), having.ticked(sent.getlist(PROPERTY)[:VALUES]))
    reader = face_of(request).reader
    begun = reader.clock()
    with reading(reader.engine) as db:
        viewer = viewer_of(db, asking.member, rules_since=reader.rules_since)
        saved = () if asking.viewing else of_member(db, asking.member.id)
        look = finder(viewer=viewer, store=db, index=reader.index, now=begun)
        results = look(asked.text, Page(AT_ONCE, asked.first, facets=True), asked.filters)
        counts = _counts(look, asked, results)
        of_properties = having.offered(
            asked.properties,
            results,
            lambda ticked: look(asked.text, COUNTS, replace(asked, properties=ticked).filters),
        )
        typed = tuple(operators(asked.text, begun))
        shown = {count.value for count in counts[Field.SPACE]} | {*asked.picked[Field.SPACE]}
        shown |= {value for one in typed for value in one.values if one.name == NAMES[Field.SPACE]}
        names = space_names(db, shown, viewer=viewer)
        numbers = {int(value) for one in typed for value in one.values if one.name == DOCUMENT}
        known = {str(number): title for number, title in titles(db, numbers, viewer=viewer).items()}
    facets, chips = facets_of(asked.picked, counts, names), _typed(asked, typed, names, known)
    content = _content(asked, results, facets, chips, viewer)
    content = _with_properties(content, replace(asked, first=0), of_properties)
    content = replace(
        content,
        troubles=results.troubles,
        saved=saved,
        milliseconds=round((reader.clock() - begun) / timedelta(milliseconds=1)),
    )
    besides = {"#facets": "facetlist", "#saving": "saving"}
    part = Part("rows", {"#more": "more"}) if asked.first else Part("results", besides, titled=True)
    return page(request, "search.html", content, asking=asking, part=part)


def _with_properties(content: Found, asked: Asked, offered: Iterable[tuple[str, tuple[having.Choice, ...]]]) -> Found:
    """The page with what can be picked of page properties, and what is."""
    more = [
        folded(PROPERTY, label, [Value(each.asked, each.text, each.documents, each.ticked) for each in choices])
        for label, choices in offered
    ]
    chips = [
        Chip(PROPERTY, *having.shown(one)[:1], one, having.shown(one)[1], asked.without_property(one).href)
        for one in asked.properties
    ]
    return replace(content, facets=(*content.facets, *more), chips=(*content.chips, *chips))


def _counts(look: Look, asked: Asked, results: Results) -> dict[Field, tuple[Count, ...]]:
    """What each facet offers. Where more values would widen, it is counted as if none of its own were ticked."""
    counts = {field: results.facets.get(field, ()) for field in FACETS}
    for field in FACETS:
        if asked.picked[field] and field not in SEVERAL:
            wider = look(asked.text, COUNTS, asked.with_picked(field).filters)
            counts[field] = wider.facets.get(field, ())
    return counts


def _content(
    asked: Asked,
    results: Results,
    facets: tuple[tuple[Field, tuple[Value, ...]], ...],
    typed: tuple[str, tuple[Chip, ...]],
    viewer: Viewer,
) -> Found:
    start = replace(asked, first=0)
    words, chips = typed
    shown = asked.first + len(results.results)
    further = results.total > shown and results.results and shown < FURTHEST
    return Found(
        q=asked.text,
        total=results.total,
        milliseconds=0,
        relaxed=results.relaxed,
        rows=tuple(_row(result) for result in results.results),
        facets=tuple(facet(field, values) for field, values in facets if values),
        chips=(
            *chips,
            *(_chip(start, field, value) for field, values in facets for value in values if value.picked),
        ),
        first=asked.first,
        shown=shown,
        first_href=start.href,
        plain_href=Asked(asked.text, {}).href,
        more_href=replace(asked, first=shown).href if further else "",
        here_href=start.href,
        ask_href=start.href.replace(HOME, "/ask", 1),
        words_href=Asked(words, {}).href,
        saved=(),
        known=any(principal != ANONYMOUS for _, principal in viewer.principals),
    )


def _chip(asked: Asked, field: Field, value: Value) -> Chip:
    others = (each for each in asked.picked[field] if each.casefold() != value.value.casefold())
    without = asked.with_picked(field, *others).href
    return Chip(NAMES[field], FACETS[field], value.value, value.text, without)


def _typed(
    asked: Asked, typed: Iterable[Operator], names: Mapping[str, str], known: Mapping[str, str]
) -> tuple[str, tuple[Chip, ...]]:
    """The text without its operators, and a chip for each of them; `known` are titles of documents by their number."""
    chips, typed = list[Chip](), tuple(typed)
    for one in typed:
        rest = replace(asked, text=without(asked.text, [one]), first=0)
        label = LABELS.get(one.name, one.name.capitalize())
        field = next((field for field, name in FACETS.items() if name == label), Field.SOURCE)
        if one.name == DOCUMENT:
            shown = " or ".join(known.get(value, value) for value in one.values)
        else:
            shown = " or ".join(worded(field, value, names) for value in one.values)
        chips.append(Chip("", f"Not {label.lower()}" if one.excluded else label, "", shown, rest.href))
    return without(asked.text, typed), tuple(chips)


def _row(result: Result) -> Row:
    section = result.heading_path[-1] if result.heading_path and result.anchor else ""
    return Row(
        id=result.document_id,
        href=addresses.document(result.document_id),
        title=stretches(result.title, result.title_marks),
        passage=stretches(result.passage.text, result.passage.marks),
        space=result.space,
        place=" / ".join(filter(None, (result.space_name or result.space, result.on, *result.heading_path[:-1]))),
        section=section,
        section_href=addresses.document(result.document_id, result.anchor),
        kind=kind_of(result.kind),
        author=result.author,
        updated_at=result.updated_at,
        tags=tuple(Link(tag, addresses.label(tag)) for tag in result.tags),
        why=_why(result),
    )


def _why(result: Result) -> tuple[str, ...]:
    """Why a document was found, and what that was worth; nothing where no words were asked for."""
    told = [_told(reason) for reason in result.reasons]
    return (*told, f"Together they score {result.score:.1f}: the higher, the better.") if told else ()


def _told(reason: Reason) -> str:
    if reason.spot is Spot.ELSEWHERE:
        return f"“{reason.asked}” stands in another part of it."
    spot = {Spot.TITLE: "the title", Spot.HEADING: "a heading", Spot.TEXT: "the text"}[reason.spot]
    same = reason.written.casefold() == reason.asked.casefold()
    return f"“{reason.asked}” is in {spot}{'' if same else f', as “{reason.written}”'}."


def stretches(text: str, marks: Sequence[Mark]) -> tuple[Stretch, ...]:
    """A text in pieces, what was found in it apart. Joined they are the text."""
    pieces, at = [], 0
    for start, end in marks:
        pieces += [Stretch(text[at:start], found=False), Stretch(text[start:end], found=True)]
        at = end
    pieces.append(Stretch(text[at:], found=False))
    return tuple(piece for piece in pieces if piece.text)


def _offset(request: Request) -> int:
    """How many results to pass over, as far as the address says it sensibly."""
    said = request.query_params.get("offset", "")
    return min(int(said), FURTHEST) if said.isascii() and said.isdigit() and len(said) <= len(str(FURTHEST)) else 0
