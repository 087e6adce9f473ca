"""Lists of files: those of a page or a space as a table, and pictures as a gallery."""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import partial
from typing import Final

from mainstem.convert import nodes
from mainstem.reading.files import shown_in_place
from mainstem.reading.lists import lines
from mainstem.reading.lists.place import MOST, Asked, Blocks, Parts, Place, Plan
from mainstem.store.listings import Entry, Listed, Order, Wanted
from mainstem.wiki.content import Kind
from mainstem.wiki.criteria import All, HangsOn, Labelled, OfKind
from mainstem.wiki.documents import HubTarget

NOTHING: Final = "There are no files."

LOOKED_THROUGH: Final = 500
"""Files of one page whose names are compared with a pattern."""

_ORDERS: Final = {"date": Order.CHANGED, "createddate": Order.CREATED, "size": Order.SIZE, "name": Order.TITLE}


def attachments(asked: Asked, place: Place) -> Plan:
    """`attachments`: the files of a page, those alone whose names fit one of the patterns."""
    page = asked.page("page")
    if page is None:
        return Plan(None, lambda _answer, _parts: lines.remark(NOTHING))
    order = _ORDERS.get(asked.text("sortby").lower(), Order.CHANGED)
    said = asked.text("sortorder").lower()
    down = said.startswith("desc") if said else order in (Order.CHANGED, Order.CREATED)
    labels = tuple(Labelled(label) for label in asked.words("labels"))
    wanted = Wanted(All((OfKind(Kind.ATTACHMENT), HangsOn(page), *labels)), order, down, LOOKED_THROUGH)
    patterns = tuple(asked.words("patterns", "pattern"))
    return Plan(wanted, partial(_tabled, place, patterns))


def of_space(asked: Asked, place: Place) -> Plan:
    """`space-attachments`: the files of a space, the newest first."""
    spaces = asked.spaces("space", "spaces", "spacekey", default="@self")
    criterion = All((OfKind(Kind.ATTACHMENT), spaces))
    return Plan(Wanted(criterion, Order.CHANGED, descending=True, limit=MOST), partial(_tabled, place, ()))


def gallery(asked: Asked, place: Place) -> Plan:
    """`gallery`: the pictures of a page."""
    page = asked.page("page")
    if page is None:
        return Plan(None, lambda _answer, _parts: lines.remark(NOTHING))
    order = _ORDERS.get(asked.text("sort").lower(), Order.TITLE)
    wanted = Wanted(All((OfKind(Kind.ATTACHMENT), HangsOn(page))), order, asked.flag("reverse"), LOOKED_THROUGH)
    names = tuple(asked.words("include")), tuple(asked.words("exclude"))
    return Plan(wanted, partial(_pictures, place, *names))


def _tabled(place: Place, patterns: tuple[str, ...], listed: Listed, _parts: Parts) -> Blocks:
    fitting = [each for each in listed.entries if not patterns or any(_fits(each.title, one) for one in patterns)]
    shown = lines.table(
        ("File", "Size", "Changed", "By"),
        (
            (
                lines.words(lines.link(each, place)),
                lines.words(lines.size_of(each.size)),
                lines.words(lines.day(each.modified_at)),
                lines.words(each.editor or each.author),
            )
            for each in fitting[:MOST]
        ),
    )
    total = len(fitting) + (listed.total - len(listed.entries) if not patterns else 0)
    return lines.or_nothing((*shown, *lines.more(total, min(len(fitting), MOST), place)), NOTHING)


def _fits(name: str, pattern: str) -> bool:
    """Whether a name fits a pattern: an expression for Data Center, `*.pdf` for most who write one.

    Only what is a list of endings in disguise is read as an expression: one of a page's author may take for ever.
    """
    plain = re.sub(r"\\(.)", r"\1", pattern.removeprefix("^").removesuffix("$").replace(".*", "*"))
    return fnmatchcase(name.lower(), plain.lower()) or fnmatchcase(name.lower(), f"*{plain.lower()}")


def _pictures(
    place: Place, include: tuple[str, ...], exclude: tuple[str, ...], listed: Listed, _parts: Parts
) -> Blocks:
    wanted = [
        each
        for each in listed.entries
        if shown_in_place(each.media_type or "")
        and (not include or each.title in include)
        and each.title not in exclude
    ]
    pictures = tuple(_picture(place, wanted[:MOST]))
    blocks: Blocks = (nodes.Columns(pictures),) if len(pictures) > 1 else tuple(b for one in pictures for b in one)
    return lines.or_nothing((*blocks, *lines.more(len(wanted), len(pictures), place)), NOTHING)


def _picture(place: Place, entries: list[Entry]) -> Iterator[Blocks]:
    for each in entries:
        target = HubTarget(place.addresses.file(each.document_id), each.title)
        yield (nodes.Paragraph((nodes.Image(target, alt=each.title, link=target),)),)
