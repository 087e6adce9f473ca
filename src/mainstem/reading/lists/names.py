"""Lists of names: labels, people, spaces; and the ways into the hub's search.

They count what the viewer may read, and nothing else.
"""

from functools import partial
from itertools import groupby
from typing import Final

from mainstem.convert import nodes
from mainstem.reading.lists import lines
from mainstem.reading.lists.place import MOST, Asked, Blocks, Parts, Place, Plan
from mainstem.store.spaces import SiteSpace, SpacesOf
from mainstem.store.tallies import LabelsOf, PeopleOf, Tally
from mainstem.wiki.criteria import Any, Below, Criterion, Labelled, Named, SharesLabels
from mainstem.wiki.documents import ContentTarget, HubTarget

NO_LABELS: Final = "There are no labels."
NO_PEOPLE: Final = "Nobody is named here."
NO_SPACES: Final = "There are no spaces."


def all_labels(asked: Asked, place: Place) -> Plan:
    """`listlabels`: the labels of a space, by their first letters."""
    wanted = LabelsOf(asked.spaces("spacekey", "spaces", "space", default="@self"), limit=300, by_name=True)
    without = frozenset(asked.words("excludedlabels"))
    return Plan(wanted, partial(_by_letter, place, without))


def popular_labels(asked: Asked, place: Place) -> Plan:
    """`popular-labels` and `recently-used-labels`: the labels that are used most."""
    spaces = asked.spaces("spacekey", "spaces", "space", default="@all")
    wanted = LabelsOf(spaces, limit=asked.number("count", "max", default=30), by_name=False)
    return Plan(wanted, partial(_in_a_row, place))


def related_labels(asked: Asked, place: Place) -> Plan:
    """`related-labels`: what else carries the labels of this page is labelled."""
    beside = tuple(Labelled(label) for label in asked.words("labels"))
    criterion: Criterion = Any(beside) if beside else SharesLabels(place.sheet.home.content_id)
    wanted = LabelsOf(criterion, limit=30, by_name=False, beside=place.sheet.home.content_id)
    return Plan(wanted, partial(_in_a_row, place))


def contributors(asked: Asked, place: Place, *, tabled: bool) -> Plan:
    """`contributors` and, `tabled`, `contributors-summary`: who wrote this page, or those below it, or of a space."""
    page = asked.page("page")
    if page is None:
        return Plan(None, lambda _answer, _parts: lines.remark(NO_PEOPLE))
    scope = asked.text("scope").lower()
    below: dict[str, Criterion] = {
        "children": Any((Named(page), Below(page, straight=True))),
        "descendants": Any((Named(page), Below(page))),
    }
    named = asked.given("spaces") or asked.given("space")
    criterion = asked.spaces("spaces", "space", default="@self") if named else below.get(scope, Named(page))
    kinds = asked.words("include", "contributiontype") or ["authors"]
    wanted = PeopleOf(
        criterion,
        limit=asked.number("limit", default=MOST),
        by_name=asked.text("order").lower() == "name",
        pages="authors" in kinds or "comments" not in kinds,
        comments="comments" in kinds,
    )
    return Plan(wanted, partial(_people, place, tabled, asked.flag("showcount")))


def space_details(asked: Asked, place: Place) -> Plan:
    """`space-details`: what a space is called, and where it begins."""
    return Plan(SpacesOf(asked.space("space", "spacekey")), partial(_details, place))


def all_spaces(_asked: Asked, place: Place) -> Plan:
    """`spaces`: those in which the viewer can read anything."""
    return Plan(SpacesOf(None), partial(_spaces, place))


def search_box(asked: Asked, place: Place) -> Plan:
    """`livesearch`, `search` and `pagetreesearch`: a way into the hub's search, within the space if it is of one."""
    key = asked.space("spacekey", "space", "spaces") or ""
    labels = "".join(f' label:"{label}"' for label in asked.words("labels", "label"))
    query = "".join((f'space:"{key}"' if key else "", labels)).strip()
    return Plan(None, lambda _answer, _parts: (nodes.Paragraph((_box(key, query, place),)),))


def _box(key: str, query: str, place: Place) -> nodes.Inline:
    if key and key == place.space_key:
        words = f"Search {place.sheet.space_name or key}"
    else:
        words = f"Search {key}" if key else "Search"
    return lines.search(words, f"{query} " if query else "", place)


def tree_search_box(_asked: Asked, place: Place) -> Plan:
    """`pagetreesearch`: the search has no notion of a tree, so it is that of the space."""
    box = _box(place.space_key, f'space:"{place.space_key}"', place)
    return Plan(None, lambda _answer, _parts: (nodes.Paragraph((box,)),))


def _label(name: str, place: Place) -> nodes.Inline:
    return lines.search(name, f'label:"{name}"', place)


def _by_letter(place: Place, without: frozenset[str], tally: Tally, _parts: Parts) -> Blocks:
    names = [name for name, _ in tally.names if name not in without]
    blocks: list[nodes.Block] = []
    for letter, same in groupby(names, key=lambda name: name[:1].upper()):
        row = [part for name in same for part in (", ", _label(name, place))][1:]
        blocks.append(nodes.Paragraph((nodes.Styled("strong", (letter,)), " ", *row)))
    return lines.or_nothing((*blocks, *lines.more(tally.total, len(tally.names), place)), NO_LABELS)


def _in_a_row(place: Place, tally: Tally, _parts: Parts) -> Blocks:
    row = [part for name, times in tally.names for part in (" ", _label(name, place), *lines.beside(f"{times:,}"))][1:]
    shown = (nodes.Paragraph(tuple(row)),) if row else ()
    return lines.or_nothing((*shown, *lines.more(tally.total, len(tally.names), place)), NO_LABELS)


def _people(place: Place, tabled: bool, counted: bool, tally: Tally, _parts: Parts) -> Blocks:  # noqa: FBT001
    shown: Blocks
    if tabled:
        rows = ((lines.words(name), lines.words(f"{times:,}")) for name, times in tally.names)
        shown = lines.table(("Who", "Pages"), rows)
    else:
        row = [(", ", name, *(lines.beside(f"{times:,}") if counted else ())) for name, times in tally.names]
        parts = tuple(part for each in row for part in each)[1:]
        shown = (nodes.Paragraph(parts),) if parts else ()
    return lines.or_nothing((*shown, *lines.more(tally.total, len(tally.names), place)), NO_PEOPLE)


def _documents(number: int) -> str:
    return "1 document" if number == 1 else f"{number:,} documents"


def _space(space: SiteSpace, place: Place) -> nodes.Inline:
    return nodes.Link(HubTarget(place.addresses.space(place.sheet.site, space.key), space.name), (space.name,))


def _details(place: Place, found: tuple[SiteSpace, ...], _parts: Parts) -> Blocks:
    if not found:
        return lines.remark(NO_SPACES)
    space = found[0]
    home = nodes.Link(ContentTarget(space.homepage_id)) if space.homepage_id else None
    rows = (("Name", _space(space, place)), ("Key", space.key), ("Home", home), ("Documents", f"{space.documents:,}"))
    return (
        nodes.Table(
            tuple(
                nodes.Row((nodes.Cell(lines.words(head), header=True), nodes.Cell(lines.words(said))))
                for head, said in rows
                if said
            )
        ),
    )


def _spaces(place: Place, found: tuple[SiteSpace, ...], _parts: Parts) -> Blocks:
    shown = lines.bullets([_space(space, place), *lines.beside(_documents(space.documents))] for space in found[:MOST])
    return lines.or_nothing((*shown, *lines.more(len(found), min(len(found), MOST), place)), NO_SPACES)
