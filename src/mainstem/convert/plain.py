"""Plain text: the words a reader sees, a line per block, a row of a table per line.

Titles of links, names of people and files, alternative texts, formulas and dates are words; addresses behind a text,
and placeholders of macros, are not.
"""

import re
from collections.abc import Callable
from typing import Any, Final

from mainstem.convert import nodes
from mainstem.convert.links import shown
from mainstem.convert.tables import Slot, grid
from mainstem.wiki.documents import LinkResolver

MISSING: Final = "What was included here is gone, or not open to you."
"""What everybody is told alike of a page that is not there for them."""

LONGEST_AGAIN: Final = 80
"""Characters of a merged cell that is said again in the rows below."""

_NUMBER: Final = re.compile(r"[+\-\u2212]?[0-9]+")
_BLANKS: Final = ("\xa0", "\u2007", "\u202f")
_NOTHINGS: Final = ("\xad", "\u200b", "\ufeff")


def to_text(document: nodes.Document, links: LinkResolver) -> str:
    """The whole document; ends with a line feed unless it is empty."""
    text = text_of(document.blocks, links)
    return f"{text}\n" if text else ""


def text_of(blocks: tuple[nodes.Block, ...], links: LinkResolver) -> str:
    """The lines of some blocks, joined by line feeds."""
    if len(blocks) == 1 and type(only := blocks[0]) is nodes.Paragraph:
        return inline_text(only.content, links)
    lines: list[str] = []
    for block in blocks:
        _BLOCKS[type(block)](block, links, lines)
    return "\n".join(lines)


def item_text(block: nodes.List, number: int, links: LinkResolver) -> str:
    """The lines of the item of a list that has this number, counted from 0, behind its mark; "" when it is empty."""
    text = text_of(block.items[number].blocks, links)
    mark = f"{block.start + number}. " if block.ordered else "- "
    return mark + text if text else ""


def inline_text(content: tuple[nodes.Inline, ...], links: LinkResolver) -> str:
    """The words of inline content; breaks become line feeds."""
    if len(content) == 1 and type(only := content[0]) is str:
        return visible(only)
    words: list[str] = []
    _inline(content, links, words)
    return "".join(words).strip("\n")


def row_text(row: list[Slot | None], links: LinkResolver, *, repeat: bool = False) -> str:
    """One row of a table's grid, cells parted by bars; with `repeat`, short merged cells from above are said again."""
    said: list[str] = []
    before: nodes.Cell | None = None
    for slot in row:
        text = ""
        if slot and (slot.first or (repeat and slot.cell is not before)):
            text = cell_text(slot.cell, links)
        said.append(text if slot and (slot.first or len(text) <= LONGEST_AGAIN) else "")
        before = slot.cell if slot else None
    return " | ".join(said).strip()


def cell_text(cell: nodes.Cell, links: LinkResolver) -> str:
    """The words of a cell, on one line."""
    return text_of(cell.blocks, links).replace("\n", " ")


def visible(text: str) -> str:
    """The text with special blanks made plain, soft hyphens and zero-width signs left out: they split words."""
    if text.isascii():
        return text
    for blank in _BLANKS:
        text = text.replace(blank, " ")
    for nothing in _NOTHINGS:
        text = text.replace(nothing, "")
    return text


def _inline(content: tuple[nodes.Inline, ...], links: LinkResolver, words: list[str]) -> None:
    for part in content:
        if type(part) is str:
            words.append(visible(part))
        elif type(part) is nodes.Styled and part.style == "sup":
            _raised(part, links, words)
        elif isinstance(part, nodes.Styled | nodes.CodeSpan | nodes.UnknownSpan) or (
            type(part) is nodes.Link and part.content
        ):
            _inline(part.content, links, words)
        elif type(part) is nodes.Break:
            words.append("\n")
        else:
            words.append(_LABELS[type(part)](part, links))


def _raised(part: nodes.Styled, links: LinkResolver, words: list[str]) -> None:
    """Raised text; of a number behind a word a caret tells that it is, since 10^9 is no 109."""
    raised: list[str] = []
    _inline(part.content, links, raised)
    text = "".join(raised)
    before = next((said[-1] for said in reversed(words) if said), "")
    words.append(f"^{text}" if before.isalnum() and _NUMBER.fullmatch(text) else text)


def _link(link: nodes.Link, links: LinkResolver) -> str:
    return shown(link.target, links).title if link.target else ""


def _image(image: nodes.Image, links: LinkResolver) -> str:
    name = shown(image.target, links).title if image.target else ""
    words = [image.alt, image.title if image.title != image.alt else ""]
    if name not in words and not name.startswith("data:"):
        words.append(f"({name})" if any(words) and name else name)
    return " ".join(filter(None, (*words, inline_text(image.caption, links) if image.caption else "")))


def _mention(mention: nodes.Mention, links: LinkResolver) -> str:
    name = shown(mention.person, links).title or mention.name
    return f"@{name}" if name else ""


def _issue(issue: nodes.Issue, _: LinkResolver) -> str:
    return f"{issue.key} {issue.summary}".strip()


_LABELS: Final[dict[type, Callable[[Any, LinkResolver], str]]] = {
    nodes.Link: _link,
    nodes.Image: _image,
    nodes.Mention: _mention,
    nodes.Issue: _issue,
    nodes.Status: lambda status, _: status.title,
    nodes.Date: lambda date, _: date.iso,
    nodes.Emoji: lambda emoji, _: emoji.text,
    nodes.Anchor: lambda _, __: "",
    nodes.Formula: lambda formula, _: formula.tex,
    nodes.Diagram: lambda diagram, _: diagram.name,
    nodes.Placeholder: lambda placeholder, _: placeholder.title,
}


def _run(block: nodes.Paragraph | nodes.Heading | nodes.Preformatted, links: LinkResolver, lines: list[str]) -> None:
    if text := inline_text(block.content, links):
        lines.append(text)


def _list(block: nodes.List, links: LinkResolver, lines: list[str]) -> None:
    lines.extend(filter(None, (item_text(block, number, links) for number in range(len(block.items)))))


def _tasks(block: nodes.TaskList, links: LinkResolver, lines: list[str]) -> None:
    for task in block.tasks:
        _marked("[x] " if task.done else "[ ] ", task.blocks, links, lines)


def _decisions(block: nodes.DecisionList, links: LinkResolver, lines: list[str]) -> None:
    for decision in block.decisions:
        _marked("- ", decision.blocks, links, lines)


def _marked(mark: str, blocks: tuple[nodes.Block, ...], links: LinkResolver, lines: list[str]) -> None:
    if text := text_of(blocks, links):
        lines.append(mark + text)


def _code(block: nodes.Code, _: LinkResolver, lines: list[str]) -> None:
    lines.extend(filter(None, (block.title, block.text.strip("\n"))))


def _table(block: nodes.Table, links: LinkResolver, lines: list[str]) -> None:
    lines.extend(filter(None, (row_text(row, links) for row in grid(block))))


def _titled(block: nodes.Panel | nodes.Expand, links: LinkResolver, lines: list[str]) -> None:
    if block.title:
        lines.append(block.title)
    _inside(block, links, lines)


def _inside(block: Any, links: LinkResolver, lines: list[str]) -> None:
    if text := text_of(block.blocks, links):
        lines.append(text)


def _columns(block: nodes.Columns, links: LinkResolver, lines: list[str]) -> None:
    lines.extend(filter(None, (text_of(column, links) for column in block.columns)))


def _live(block: nodes.Include | nodes.Listing, links: LinkResolver, lines: list[str]) -> None:
    """What one reader sees there; else nothing but a list's title: what others wrote is for their own readers."""
    if isinstance(block, nodes.Listing) and block.title:
        lines.append(block.title)
    if block.blocks and (text := text_of(block.blocks, links)):
        lines.append(text)


def _rule(_block: nodes.Rule, _links: LinkResolver, _lines: list[str]) -> None:
    """A line has no words."""


_BLOCKS: Final[dict[type, Callable[[Any, LinkResolver, list[str]], None]]] = {
    nodes.Paragraph: _run,
    nodes.Heading: _run,
    nodes.Preformatted: _run,
    nodes.List: _list,
    nodes.TaskList: _tasks,
    nodes.DecisionList: _decisions,
    nodes.Quote: _inside,
    nodes.Rule: _rule,
    nodes.Code: _code,
    nodes.Table: _table,
    nodes.Panel: _titled,
    nodes.Expand: _titled,
    nodes.Columns: _columns,
    nodes.Excerpt: _inside,
    nodes.Include: _live,
    nodes.Listing: _live,
    nodes.Properties: _inside,
    nodes.Unknown: _inside,
}
