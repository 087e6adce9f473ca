"""How lists look: entries as links with a few quiet words beside them, and what there is beyond what is shown.

Everything here is made of ordinary nodes, so that HTML and Markdown show the same.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final

from mainstem.convert import nodes
from mainstem.convert.grafts import moved, rewritten
from mainstem.convert.plain import text_of
from mainstem.reading.includes import Sheet
from mainstem.reading.lists.place import Blocks, Parts, Place
from mainstem.store.branches import Leaf
from mainstem.store.listings import Entry
from mainstem.store.tasks import Task
from mainstem.wiki.content import Kind
from mainstem.wiki.documents import HubTarget, NoLinks

_NUMBERS: Final = re.compile(r"(\d{1,18})")
_LONGEST: Final = 240
"""Characters of an excerpt that stands beside a title."""


def link(each: Entry | Leaf | Task, place: Place) -> nodes.Inline:
    """A document by its title."""
    kind = Kind.PAGE if isinstance(each, Task) else each.kind
    if kind is Kind.FOLDER:
        return each.title
    file = kind is Kind.ATTACHMENT
    href = place.addresses.file(each.document_id) if file else place.addresses.document(each.document_id)
    return nodes.Link(HubTarget(href, each.title), (each.title,))


def natural(title: str) -> tuple[tuple[bool, int, str], ...]:
    """What titles are ordered by: without regard to case, and numbers in them as numbers."""
    parts = _NUMBERS.split(title.casefold())
    return tuple((part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts)


def search(words: str, query: str, place: Place) -> nodes.Inline:
    """A search of the hub."""
    return nodes.Link(HubTarget(place.addresses.search(query), words), (words,))


def beside(*words: nodes.Inline | None) -> tuple[nodes.Inline, ...]:
    """Quiet words beside an entry, those that there are, parted by dots."""
    said = [word for word in words if word]
    parted = [part for word in said for part in (" · ", word)][1:]
    return (" ", nodes.Styled("small", tuple(parted))) if parted else ()


def day(moment: datetime | date | None) -> nodes.Inline | None:
    """A day of a moment."""
    if moment is None:
        return None
    return nodes.Date((moment.date() if isinstance(moment, datetime) else moment).isoformat())


def bullets(lines: Iterable[Sequence[nodes.Inline | Blocks]]) -> Blocks:
    """A list: of each line the inline parts, and then the blocks."""
    items = tuple(_item(line) for line in lines)
    return (nodes.List(items),) if items else ()


def _item(line: Sequence[nodes.Inline | Blocks]) -> nodes.Item:
    words = tuple(part for part in line if not isinstance(part, tuple))
    blocks = tuple(block for part in line if isinstance(part, tuple) for block in part)
    return nodes.Item((nodes.Paragraph(words), *blocks))


def remark(*words: nodes.Inline) -> Blocks:
    """A line of quiet words."""
    return (nodes.Paragraph((nodes.Styled("small", words),)),)


def more(total: int, shown: int, place: Place, query: str = "") -> Blocks:
    """How many there are beyond those that are shown; nothing where there are none. A query leads to all of them."""
    if total <= shown:
        return ()
    words = f"and {total - shown:,} more"
    return remark(search(words, query, place) if query else words)


def or_nothing(blocks: Blocks, words: str) -> Blocks:
    """The blocks, or that there is nothing."""
    return blocks or remark(words)


def table(heads: Sequence[str], rows: Iterable[Iterable[Blocks]]) -> Blocks:
    """A table below these heads; nothing where it has no rows."""
    head = nodes.Row(tuple(nodes.Cell((nodes.Paragraph((words,)),), header=True) for words in heads))
    body = tuple(nodes.Row(tuple(nodes.Cell(blocks) for blocks in row)) for row in rows)
    return (nodes.Table((head, *body), heads=1),) if body else ()


def words(*content: nodes.Inline | None) -> Blocks:
    """A paragraph of the parts that there are; nothing where there are none."""
    said = tuple(part for part in content if part)
    return (nodes.Paragraph(said),) if said else ()


def size_of(size: int | None) -> str:
    """A size in the unit that people say it in."""
    if size is None:
        return ""
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:
            return f"{size:,} {unit}"
        size = round(size / 1000)
    return f"{size:,} GB"


def excerpt(document_id: int, parts: Parts) -> Blocks:
    """The first excerpt of a document that a list names, as it is seen from there."""
    sheet = parts.get(document_id)
    if sheet is None or not sheet.document.excerpts:
        return ()
    return brought(sheet.document.excerpts[0].blocks, sheet)


def in_words(blocks: Blocks) -> str:
    """The beginning of blocks, as words in a row."""
    text = " ".join(text_of(blocks, NoLinks()).split()).replace(" | ", " · ")
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rsplit(' ', 1)[0]}…"


def brought(blocks: Blocks, sheet: Sheet) -> Blocks:
    """Blocks of another page as they are seen in a list; what is live in them is not made here."""

    def still(part: Any) -> Any:
        return nodes.Paragraph(("…",)) if isinstance(part, nodes.Include | nodes.Listing) else part

    return moved(rewritten(blocks, still), sheet.home, sheet.document.anchors, f"page-{sheet.document_id}.")
