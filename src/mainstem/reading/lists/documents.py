"""Lists of pages and posts by what they are about, who wrote them and when: by label, newest, posts, of a space."""

from collections.abc import Iterable
from functools import partial
from itertools import groupby
from typing import Final

from mainstem.convert import Part, nodes
from mainstem.reading.cql import NotUnderstood, criterion_of, shifted
from mainstem.reading.lists import lines
from mainstem.reading.lists.place import MOST, Asked, Blocks, Parts, Place, Plan, leaves_of
from mainstem.store.listings import Entry, Listed, Order, Wanted
from mainstem.wiki.content import Kind
from mainstem.wiki.criteria import All, Any, By, Criterion, Deed, InSpace, Labelled, Not, OfKind, Since

NOTHING: Final = "Nothing is listed here."
NO_QUERY: Final = "Confluence finds this list by a query that Mainstem does not know."

USUAL: Final = 15
"""Entries of a list that says nothing about how many."""

INDEXED: Final = 300
"""Pages of an index of a space."""

_KINDS: Final = {
    "page": Kind.PAGE,
    "pages": Kind.PAGE,
    "blogpost": Kind.BLOGPOST,
    "blogposts": Kind.BLOGPOST,
    "blog": Kind.BLOGPOST,
    "news": Kind.BLOGPOST,
    "attachment": Kind.ATTACHMENT,
    "attachments": Kind.ATTACHMENT,
    "comment": Kind.COMMENT,
    "comments": Kind.COMMENT,
    "whiteboard": Kind.WHITEBOARD,
    "database": Kind.DATABASE,
    "folder": Kind.FOLDER,
}
_WRITTEN: Final = All((Any((OfKind(Kind.PAGE), OfKind(Kind.BLOGPOST))),))


def by_label(asked: Asked, place: Place) -> Plan:
    """`contentbylabel` and its kin: by a query, or by labels and spaces."""
    criterion = chosen(asked, place, everywhere="@all")
    if criterion is None:
        return Plan(None, lambda _answer, _parts: lines.remark(NO_QUERY))
    limit = asked.number("max", "maxresults", default=USUAL)
    wanted = Wanted(of_some_kind(criterion), *_order(asked), limit)
    excerpts = asked.text("excerpttype").lower() not in ("", "none") or asked.flag("showexcerpt", "excerpt")
    shown = partial(_described, place, _query(criterion))
    return Plan(wanted, shown, Part.EXCERPTS if excerpts else None)


def recently_updated(asked: Asked, place: Place) -> Plan:
    """`recently-updated`: what changed last in these spaces, with who and when."""
    people = asked.people("author", "authors", "users")
    criterion = All(
        (
            asked.spaces("spaces", "space", default="@self"),
            _of_kinds(asked.words("types", "type")),
            *_labels(asked.words("labels", "label")),
            *_by(people, Deed.CHANGED),
        )
    )
    wanted = Wanted(criterion, Order.CHANGED, descending=True, limit=asked.number("max", default=USUAL))
    return Plan(wanted, partial(_newest, place))


def posts(asked: Asked, place: Place) -> Plan:
    """`blog-posts`: the newest, each with its excerpt unless titles are enough."""
    since = _since(asked.text("time"), place)
    criterion = All(
        (
            OfKind(Kind.BLOGPOST),
            asked.spaces("spaces", "space", default="@self"),
            *_labels(asked.words("labels", "label"), every=asked.text("match-labels").lower() == "all"),
            *_by(asked.people("author", "authors"), Deed.CREATED),
            *([since] if since else []),
        )
    )
    order = {"title": Order.TITLE, "modified": Order.CHANGED}.get(asked.text("sort"), Order.CREATED)
    down = (order is Order.TITLE) == asked.flag("reverse")
    titles = asked.text("content").lower() == "titles"
    wanted = Wanted(criterion, order, down, asked.number("max", default=USUAL))
    return Plan(wanted, partial(_posted, place), None if titles else Part.EXCERPTS)


def by_person(asked: Asked, place: Place) -> Plan:
    """`content-by-user`: what somebody wrote, by title."""
    people = asked.people("", "name", "user", "username")
    if not people:
        return Plan(None, lambda _answer, _parts: lines.remark(NOTHING))
    criterion = All((_WRITTEN, *_by(people, Deed.CREATED)))
    wanted = Wanted(criterion, Order.TITLE, descending=False, limit=asked.number("max", default=MOST))
    return Plan(wanted, partial(_described, place, ""))


def index(_asked: Asked, place: Place) -> Plan:
    """`index`: all pages of the space, by their first letters."""
    criterion = All((OfKind(Kind.PAGE), InSpace(place.space_key)))
    return Plan(Wanted(criterion, Order.TITLE, descending=False, limit=INDEXED), partial(_by_letter, place))


def report(asked: Asked, place: Place) -> Plan:
    """`content-report-table`: pages by label as a table of who and when."""
    labels = _labels(asked.words("labels", "label"))
    criterion = All((_WRITTEN, asked.spaces("spaces", "space", default="@self"), *labels))
    limit = asked.number("maxresults", "max", default=20)
    return Plan(Wanted(criterion, Order.CHANGED, descending=True, limit=limit), partial(_tabled, place))


def chosen(asked: Asked, place: Place, *, everywhere: str) -> Criterion | None:
    """What a query or the older parameters choose; None where the query is not understood.

    `everywhere` are the spaces that are meant where none is named.
    """
    if query := asked.text("cql"):
        try:
            return criterion_of(query, place.asker)
        except NotUnderstood:
            return None
    every = asked.text("operator").upper() == "AND"
    kinds = asked.words("type", "types")
    return All(
        (
            asked.spaces("spaces", "space", "key", default=everywhere),
            *_labels(asked.words("labels", "label", ""), every=every),
            *([_of_kinds(kinds)] if kinds else []),
            *_by(asked.people("author", "creator"), Deed.CREATED),
        )
    )


def of_some_kind(criterion: Criterion) -> Criterion:
    """The criterion for pages and posts, unless it says itself which kinds it is about."""
    said = any(isinstance(leaf, OfKind) for leaf in leaves_of(criterion))
    return criterion if said else All((criterion, _WRITTEN))


def _of_kinds(words: Iterable[str]) -> Criterion:
    kinds = [OfKind(_KINDS[word]) for word in (word.lower() for word in words) if word in _KINDS]
    return Any(tuple(kinds)) if kinds else _WRITTEN


def _labels(words: list[str], *, every: bool = False) -> list[Criterion]:
    """Labels as Confluence writes them: `+a` must be there, `-a` must not, of the others one is enough."""
    names = [(word[:1], word.lstrip("+-").strip()) for word in words]
    needed: list[Criterion] = [Labelled(name) for sign, name in names if sign == "+" or (every and sign != "-")]
    some = tuple(Labelled(name) for sign, name in names if sign not in ("+", "-") and not every)
    return [*needed, *([Any(some)] if some else []), *(Not(Labelled(name)) for sign, name in names if sign == "-")]


def _by(people: Iterable[str], deed: Deed) -> list[Criterion]:
    named = tuple(By(person, deed) for person in people)
    return [Any(named)] if named else []


def _since(age: str, place: Place) -> Criterion | None:
    moment = shifted(place.now, f"-{age.lstrip('-')}")
    return Since(Deed.CREATED, moment) if moment else None


def _order(asked: Asked) -> tuple[Order, bool]:
    """As Confluence does: what is not said is the newest change first, and what is said goes up unless reversed."""
    said, down = asked.text("sort", "sortby").lower(), asked.flag("reverse", "reversesort")
    if not said:
        return Order.CHANGED, True
    order = {"title": Order.TITLE, "creation": Order.CREATED, "created": Order.CREATED}.get(said, Order.CHANGED)
    return order, down


def _query(criterion: Criterion) -> str:
    """The search of the hub that finds the same; "" where there is none."""
    if not isinstance(criterion, All):
        criterion = All((criterion,))
    words = [_operator(part) for part in criterion.parts if part not in (All(()), All((Any((All(()),)),)))]
    return " ".join(words) if words and all(words) else ""


def _operator(part: Criterion) -> str:
    match part:
        case Labelled(label=label):
            return f'label:"{label}"'
        case InSpace(key=key):
            return f'space:"{key}"'
        case OfKind(kind=kind):
            return f"type:{kind}"
        case All(parts=(only,)):
            return _operator(only)
        case Any(parts=parts) if parts and len({type(each) for each in parts}) == 1 and "" not in map(_operator, parts):
            said = [_operator(each).partition(":") for each in parts]
            return f"{said[0][0]}:{','.join(value for _, _, value in said)}"
        case _:
            return ""


def _described(place: Place, query: str, listed: Listed, parts: Parts) -> Blocks:
    def line(each: Entry) -> Iterable[nodes.Inline | Blocks]:
        elsewhere = each.space_key != place.space_key
        yield lines.link(each, place)
        yield from lines.beside(each.space_name if elsewhere else None, lines.day(each.modified_at))
        if said := lines.excerpt(each.document_id, parts):
            yield lines.remark(lines.in_words(said))

    shown = lines.bullets([*line(each)] for each in listed.entries)
    return lines.or_nothing((*shown, *lines.more(listed.total, len(listed.entries), place, query)), NOTHING)


def _newest(place: Place, listed: Listed, _parts: Parts) -> Blocks:
    shown = lines.bullets(
        [lines.link(each, place), *lines.beside(each.editor or each.author, lines.day(each.modified_at))]
        for each in listed.entries
    )
    return lines.or_nothing(shown, NOTHING)


def _posted(place: Place, listed: Listed, parts: Parts) -> Blocks:
    shown = lines.bullets(
        [
            lines.link(each, place),
            *lines.beside(each.author, lines.day(each.created_at)),
            lines.excerpt(each.document_id, parts),
        ]
        for each in listed.entries
    )
    return lines.or_nothing(shown, NOTHING)


def _by_letter(place: Place, listed: Listed, _parts: Parts) -> Blocks:
    entries = sorted(listed.entries, key=lambda each: lines.natural(each.title))
    blocks: list[nodes.Block] = []
    for letter, same in groupby(entries, key=lambda each: _letter(each.title)):
        blocks.append(nodes.Paragraph((nodes.Styled("strong", (letter,)),)))
        blocks += lines.bullets([lines.link(each, place)] for each in same)
    query = f'space:"{place.space_key}" type:page'
    return lines.or_nothing((*blocks, *lines.more(listed.total, len(entries), place, query)), NOTHING)


def _letter(title: str) -> str:
    first = title.strip()[:1].upper()
    return first if first.isalpha() else "0-9" if first.isdigit() else "…"


def _tabled(place: Place, listed: Listed, _parts: Parts) -> Blocks:
    shown = lines.table(
        ("Title", "Creator", "Changed"),
        (
            (
                lines.words(lines.link(each, place)),
                lines.words(each.author),
                lines.words(lines.day(each.modified_at)),
            )
            for each in listed.entries
        ),
    )
    return lines.or_nothing((*shown, *lines.more(listed.total, len(listed.entries), place)), NOTHING)
