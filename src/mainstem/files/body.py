"""What every reader of files writes: a body in storage format, so that a file's text is then a document like any other.

Text goes in escaped; what goes in as markup came through `clean`. The body is bounded, and so is what is made of it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final

import nh3

from mainstem.files.errors import TooMuch

if TYPE_CHECKING:
    from mainstem.files.ocr import Ocr

_NOT_TEXT: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAGS: Final = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "li", "blockquote", "hr", "pre", "code", "div", "span"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "a", "br", "strong", "b", "em", "i", "u", "s"),
    *("sub", "sup", "del", "dl", "dt", "dd"),
}
_UNSEEN: Final = {"script", "style", "title", "template", "noscript", "svg", "math", "iframe", "object", "textarea"}
_ATTRIBUTES: Final = {
    "a": {"href"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start"},
    "code": {"class"},
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What is read of one file at most: characters of text, pages, and bytes that it unpacks to.

    `ocr` reads its pictures, of so many scanned pages; None where they are not to be read, or nothing can.
    """

    characters: int = 4_000_000
    pages: int = 2_000
    unpacked: int = 400_000_000
    cells: int = 2_000_000
    scanned: int = 40
    ocr: "Ocr | None" = None


class Body:
    """A body that is being written."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._parts: list[str] = []
        self._size = 0

    @property
    def empty(self) -> bool:
        """Whether nothing was written."""
        return not self._parts

    def __str__(self) -> str:
        return "\n".join(self._parts)

    def markup(self, html: str) -> None:
        """Add what is markup already, and clean. Raises TooMuch."""
        self._size += len(html)
        if self._size > self.limits.characters:
            raise TooMuch(f"holds more than {self.limits.characters // 1_000_000} million characters of text")
        self._parts.append(html)

    def heading(self, level: int, text: str) -> None:
        """Add a heading of a level from 1 to 6, if it has words."""
        if words := " ".join(_shown(text).split()):
            self.markup(f"<h{level}>{words}</h{level}>")

    def paragraph(self, text: str) -> None:
        """Add a paragraph, its lines kept, if it has words."""
        if lines := [line.strip() for line in _shown(text).splitlines() if line.strip()]:
            self.markup(f"<p>{'<br/>'.join(lines)}</p>")

    def points(self, texts: Iterable[str]) -> None:
        """Add a list, or a paragraph where it is a single point."""
        said = [text for text in texts if text.strip()]
        if len(said) == 1:
            self.paragraph(said[0])
        elif said:
            self.markup(f"<ul>{''.join(f'<li>{_shown(text)}</li>' for text in said)}</ul>")

    def table(self, rows: Iterable[Sequence[str]], *, headed: bool) -> None:
        """Add a table; rows and last columns without any text are left out. `headed`: its first row names columns."""
        filled = [[cell.strip() for cell in row] for row in rows]
        filled = [row for row in filled if any(row)]
        width = max((1 + max(at for at, cell in enumerate(row) if cell) for row in filled), default=0)
        if not filled:
            return
        lines = []
        for number, row in enumerate(filled):
            tag = "th" if headed and not number and len(filled) > 1 else "td"
            cells = (_shown(cell).replace("\n", "<br/>") for cell in (*row, *[""] * width)[:width])
            lines.append(f"<tr>{''.join(f'<{tag}>{cell}</{tag}>' for cell in cells)}</tr>")
        self.markup(f"<table><tbody>{''.join(lines)}</tbody></table>")


def clean(html: str) -> str:
    """Somebody's HTML without scripts, styles, pictures and whatever is no text; never raises on any text."""
    return nh3.clean(
        _NOT_TEXT.sub("", html), tags=_TAGS, clean_content_tags=_UNSEEN, attributes=_ATTRIBUTES, link_rel=None
    )


def _shown(text: str) -> str:
    return escape(_NOT_TEXT.sub("", text), quote=False)
