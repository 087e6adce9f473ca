"""What a person sees of a converter's output: Markdown as it renders, HTML as it is, plain text as it stands.

Knows no converter. Markdown is read as CommonMark with GitHub's tables, struck text and line ends, and the HTML in it.
What is raised is told by `^`, or ten to the ninth would read as a hundred and nine.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from lxml import html
from lxml.html import HtmlElement
from markdown_it import MarkdownIt

NESTED = 400
"""Levels to which Markdown is read; the default would cut a deep list off, and blame the converter."""

_RENDERER = MarkdownIt("commonmark", {"html": True, "breaks": True, "maxNesting": NESTED}).enable(
    ["table", "strikethrough"]
)
_NOTHINGS = re.compile("[\xad\u200b\u200c\u200d\u2060\ufeff]")
_BLANKS = re.compile(r"\s+")
_UNSEEN = frozenset({"script", "style", "head", "title", "template", "noscript"})
_PREFORMATTED = frozenset({"pre", "textarea", "listing"})
_CELLS = frozenset({"td", "th"})
_BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div"),
        *("dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6"),
        *("header", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary"),
        *("table", "tbody", "tfoot", "thead", "tr", "ul"),
    }
)


@dataclass(frozen=True)
class Shown:
    """One output: `raw` as the converter gave it, `tree` as a browser would hold it (None for plain text)."""

    raw: str
    tree: HtmlElement | None = None

    @cached_property
    def text(self) -> str:
        """The words: blanks collapsed, a line feed between blocks, a tab between cells; invisible signs left out."""
        return _NOTHINGS.sub("", self.raw if self.tree is None else text_of(self.tree))

    def every(self, *tags: str) -> Iterator[HtmlElement]:
        """The elements with one of these tags, in order; none in plain text."""
        if self.tree is not None:
            yield from self.tree.iter(*tags)


def markdown(text: str) -> Shown:
    """Markdown as it renders."""
    return Shown(text, _tree(_RENDERER.render(text)))


def page(text: str) -> Shown:
    """HTML as it is."""
    return Shown(text, _tree(text))


def plain(text: str) -> Shown:
    """Plain text."""
    return Shown(text)


def _tree(source: str) -> HtmlElement:
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    clean = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", "", source)
    return html.document_fromstring(f"<html><body>{clean}</body></html>".encode(), parser=parser)


def text_of(element: HtmlElement) -> str:
    """The words of one element."""
    parts: list[str] = []
    _gather(element, parts, verbatim=False)
    return _NOTHINGS.sub("", re.sub(r"[ ]*\n[\n ]*", "\n", "".join(parts)))


def _gather(element: HtmlElement, parts: list[str], *, verbatim: bool) -> None:
    tag = element.tag
    if not isinstance(tag, str) or tag in _UNSEEN:
        return
    gap = "\n" if tag in _BLOCKS or tag == "br" else "\t" if tag in _CELLS else ""
    verbatim = verbatim or tag in _PREFORMATTED
    parts.append(gap)
    parts.append(_said_by(element))
    parts.append(_words(element.text, verbatim=verbatim))
    for child in element:
        _gather(child, parts, verbatim=verbatim)
        parts.append(_words(child.tail, verbatim=verbatim))
    parts.append(gap)


def _words(text: str | None, *, verbatim: bool) -> str:
    if not text:
        return ""
    return text if verbatim else _BLANKS.sub(" ", text)


def _said_by(element: HtmlElement) -> str:
    """What an element shows that is not between its tags."""
    if element.tag == "sup":
        return "^"
    if element.get("data-inline-task-id"):
        return "[x] " if "checked" in (element.get("class") or "") else "[ ] "
    if element.tag == "li" and (above := element.getparent()) is not None and above.tag == "ol":
        start = above.get("start") or "1"
        return f"{int(start if start.isdigit() else 1) + len(list(element.itersiblings('li', preceding=True)))}. "
    if element.tag == "img":
        return " ".join(filter(None, (element.get("alt"), element.get("title"))))
    if element.tag == "input" and element.get("type") == "checkbox":
        return "[x] " if element.get("checked") is not None else "[ ] "
    return ""
