"""Safe HTML for reading: our own tags, everything escaped, cleaned once more by nh3.

Headings carry the ids that passages name as anchors. It styles nothing: classes say what a thing is.
"""

from collections.abc import Callable, Iterator
from html import escape
from typing import Any, Final

import nh3

from mainstem.convert import anchors, nodes
from mainstem.convert.bounds import bounded
from mainstem.convert.links import shown
from mainstem.convert.listings import LISTINGS
from mainstem.convert.plain import MISSING, to_text
from mainstem.wiki.documents import LinkResolver, UrlTarget

_TAGS: Final = {
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "hr", "pre", "code", "div", "span"),
    *("table", "thead", "tbody", "tr", "th", "td", "details", "summary", "a", "img", "br", "strong", "em", "u", "s"),
    *("sub", "sup", "small", "time", "input", "figure", "figcaption"),
}
_ATTRIBUTES: Final = {
    "*": {"id", "class", "data-macro", "data-colour", "data-include", "data-language"},
    "a": {"href"},
    "img": {"src", "alt", "title", "width", "height", "loading"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
    "time": {"datetime"},
    "input": {"type", "checked", "disabled"},
}
_SCHEMES: Final = {"http", "https", "mailto", "tel", "ftp", "sftp", "ssh", "file"}

_AT_ONCE: Final = 20_000
"""Strings of output that are cleaned together, about half a megabyte."""


def to_html(document: nodes.Document, links: LinkResolver) -> str:
    """A fragment that is safe to put into a page. Longer than the bound: its plain text alone."""
    return bounded(
        "".join(_pieces(document, links)),
        document.size,
        lambda: f"<pre>{escape(to_text(document, links), quote=False)}</pre>",
    )


def _pieces(document: nodes.Document, links: LinkResolver) -> Iterator[str]:
    """The page in clean pieces, each whole elements: cleaning takes many times the memory of what it cleans."""
    emitter = _Emitter(document, links)
    for block in document.blocks:
        emitter.blocks((block,))
        if len(emitter.out) > _AT_ONCE:
            yield _clean("".join(emitter.out))
            emitter.out.clear()
    yield _clean("".join(emitter.out))


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer",
        strip_comments=True,
    )


class _Emitter:
    """Writes nodes to `out`."""

    def __init__(self, document: nodes.Document, links: LinkResolver) -> None:
        self.out: list[str] = []
        self.links = links
        self.anchors = document.anchors

    def blocks(self, blocks: tuple[nodes.Block, ...]) -> None:
        for block in blocks:
            _BLOCKS[type(block)](self, block)

    def tight(self, blocks: tuple[nodes.Block, ...]) -> None:
        """Blocks of an item or a cell: a first paragraph needs no `p`."""
        if blocks and type(first := blocks[0]) is nodes.Paragraph:
            self.inline(first.content)
            blocks = blocks[1:]
        self.blocks(blocks)

    def inline(self, content: tuple[nodes.Inline, ...]) -> None:
        out = self.out
        for part in content:
            if type(part) is str:
                out.append(part.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
            else:
                _INLINE[type(part)](self, part)

    def text(self, text: str) -> None:
        self.out.append(escape(text, quote=False))

    def _wrapped(self, opening: str, content: tuple[nodes.Inline, ...], closing: str) -> None:
        self.out.append(opening)
        self.inline(content)
        self.out.append(closing)

    def paragraph(self, block: nodes.Paragraph) -> None:
        self._wrapped("<p>", block.content, "</p>\n")

    def heading(self, block: nodes.Heading) -> None:
        self._wrapped(f'<h{block.level} id="{escape(block.anchor)}">', block.content, f"</h{block.level}>\n")

    def items(self, block: nodes.List) -> None:
        tag = "ol" if block.ordered else "ul"
        self.out.append(f'<ol start="{block.start}">' if block.ordered and block.start != 1 else f"<{tag}>")
        for item in block.items:
            self.out.append("<li>")
            self.tight(item.blocks)
            self.out.append("</li>\n")
        self.out.append(f"</{tag}>\n")

    def tasks(self, block: nodes.TaskList) -> None:
        self.out.append('<ul class="tasks">')
        for task in block.tasks:
            self.out.append(f'<li><input type="checkbox" disabled{" checked" if task.done else ""}> ')
            self.tight(task.blocks)
            self.out.append("</li>\n")
        self.out.append("</ul>\n")

    def decisions(self, block: nodes.DecisionList) -> None:
        self.out.append('<ul class="decisions">')
        for decision in block.decisions:
            self.out.append('<li class="decided">' if decision.decided else "<li>")
            self.tight(decision.blocks)
            self.out.append("</li>\n")
        self.out.append("</ul>\n")

    def quote(self, block: nodes.Quote) -> None:
        self._inside("<blockquote>", block.blocks, "</blockquote>\n")

    def rule(self, _block: nodes.Rule) -> None:
        self.out.append("<hr>\n")

    def code(self, block: nodes.Code) -> None:
        language = f' data-language="{escape(block.language)}"' if block.language else ""
        if block.title:
            self.out.append(f'<figure class="code"><figcaption>{escape(block.title, quote=False)}</figcaption>')
        self.out.append(f"<pre{language}><code>{escape(block.text, quote=False)}</code></pre>\n")
        if block.title:
            self.out.append("</figure>\n")

    def preformatted(self, block: nodes.Preformatted) -> None:
        self._wrapped("<pre>", block.content, "</pre>\n")

    def table(self, block: nodes.Table) -> None:
        self.out.append("<table>")
        heads = block.heads
        if any(cell.rowspan > heads - at for at, row in enumerate(block.rows[:heads]) for cell in row.cells):
            heads = 0  # browsers end a merged cell where the head ends, and columns would shift
        if heads:
            self._rows("thead", block.rows[:heads])
        if len(block.rows) > heads:
            self._rows("tbody", block.rows[heads:])
        self.out.append("</table>\n")

    def _rows(self, section: str, rows: tuple[nodes.Row, ...]) -> None:
        self.out.append(f"<{section}>")
        for row in rows:
            self.out.append("<tr>")
            for cell in row.cells:
                self._cell(cell)
            self.out.append("</tr>\n")
        self.out.append(f"</{section}>")

    def _cell(self, cell: nodes.Cell) -> None:
        tag = "th" if cell.header else "td"
        columns = f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
        rows = f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
        self.out.append(f"<{tag}{columns}{rows}>")
        self.tight(cell.blocks)
        self.out.append(f"</{tag}>")

    def panel(self, block: nodes.Panel) -> None:
        self.out.append(f'<div class="panel {escape(block.kind)}">')
        if block.title:
            self.out.append(f'<p class="panel-title">{escape(block.title, quote=False)}</p>')
        self._inside("", block.blocks, "</div>\n")

    def expand(self, block: nodes.Expand) -> None:
        title = escape(block.title, quote=False) or "Details"
        self._inside(f"<details><summary>{title}</summary>", block.blocks, "</details>\n")

    def columns(self, block: nodes.Columns) -> None:
        self.out.append('<div class="columns">')
        for column in block.columns:
            self._inside('<div class="column">', column, "</div>")
        self.out.append("</div>\n")

    def excerpt(self, block: nodes.Excerpt) -> None:
        self._inside(
            '<div class="excerpt hidden">' if block.hidden else '<div class="excerpt">', block.blocks, "</div>\n"
        )

    def properties(self, block: nodes.Properties) -> None:
        self._inside('<div class="properties">', block.blocks, "</div>\n")

    def unknown(self, block: nodes.Unknown) -> None:
        self._inside(f'<div class="unknown" data-macro="{escape(block.tag)}">', block.blocks, "</div>\n")

    def _inside(self, opening: str, blocks: tuple[nodes.Block, ...], closing: str) -> None:
        self.out.append(opening)
        self.blocks(blocks)
        self.out.append(closing)

    def include(self, block: nodes.Include) -> None:
        excerpt = "" if block.excerpt is None else f' data-include="{escape(block.excerpt)}"'
        if block.blocks is None:
            self._wrapped(f'<div class="include"{excerpt}>', (nodes.Link(block.target),), "</div>\n")
        elif not block.blocks:
            self.out.append(f'<div class="include missing">{MISSING}</div>\n')
        elif block.framed:
            self._wrapped(f'<div class="included"{excerpt}><p class="source">', (nodes.Link(block.target),), "</p>\n")
            self._inside("", block.blocks, "</div>\n")
        else:
            self._inside('<div class="included bare">', block.blocks, "</div>\n")

    def listing(self, block: nodes.Listing) -> None:
        if block.blocks is None:
            name = f"{LISTINGS[block.macro]}{': ' if block.title else ''}{escape(block.title, quote=False)}"
            self.out.append(f'<p><span class="macro" data-macro="{escape(block.macro)}">[{name}]</span></p>\n')
            return
        self.out.append(f'<div class="listing" data-macro="{escape(block.macro)}">')
        if block.title:
            self.out.append(f'<p class="panel-title">{escape(block.title, quote=False)}</p>')
        self._inside("", block.blocks, "</div>\n")

    def styled(self, part: nodes.Styled) -> None:
        self._wrapped(f"<{part.style}>", part.content, f"</{part.style}>")

    def code_span(self, part: nodes.CodeSpan) -> None:
        self._wrapped("<code>", part.content, "</code>")

    def link(self, part: nodes.Link) -> None:
        if part.target is None:
            place = anchors.find(self.anchors, part.anchor)
            self._wrapped(f'<a href="#{escape(place)}">', part.content, "</a>")
            return
        destination = shown(part.target, self.links)
        content = part.content
        if not content or (type(part.target) is UrlTarget and content == (part.target.url,)):
            content = (destination.title or "…",)
        if destination.href:
            self._wrapped(f'<a href="{escape(destination.href)}">', content, "</a>")
        else:
            self._wrapped('<span class="unresolved">', content, "</span>")

    def image(self, part: nodes.Image) -> None:
        destination = shown(part.target, self.links) if part.target else None
        name = destination.title if destination else ""
        if destination and destination.href:
            sizes = "".join(
                f' {side}="{value}"'
                for side, value in (("width", part.width), ("height", part.height))
                if value.isascii() and value.isdigit() and len(value) < 6
            )
            title = f' title="{escape(part.title)}"' if part.title else ""
            picture = (
                f'<img src="{escape(destination.href)}" alt="{escape(part.alt or name)}"{title}{sizes} loading="lazy">'
            )
        else:
            picture = f'<span class="picture">{escape(part.alt or part.title or name, quote=False)}</span>'
        if part.link and (where := shown(part.link, self.links)).href:
            picture = f'<a href="{escape(where.href)}">{picture}</a>'
        self.out.append(picture)
        if part.caption:
            self._wrapped('<br><span class="caption">', part.caption, "</span>")

    def mention(self, part: nodes.Mention) -> None:
        destination = shown(part.person, self.links)
        name = escape(destination.title or part.name or "someone", quote=False)
        if destination.href:
            self.out.append(f'<a class="mention" href="{escape(destination.href)}">@{name}</a>')
        else:
            self.out.append(f'<span class="mention">@{name}</span>')

    def status(self, part: nodes.Status) -> None:
        self.out.append(
            f'<span class="status" data-colour="{escape(part.colour)}">{escape(part.title, quote=False)}</span>'
        )

    def date(self, part: nodes.Date) -> None:
        self.out.append(f'<time datetime="{escape(part.iso)}">{escape(part.iso, quote=False)}</time>')

    def emoji(self, part: nodes.Emoji) -> None:
        self.text(part.text)

    def anchor(self, part: nodes.Anchor) -> None:
        self.out.append(f'<span id="{escape(part.id)}"></span>')

    def issue(self, part: nodes.Issue) -> None:
        self.out.append(f'<span class="issue">{escape(f"{part.key} {part.summary}".strip(), quote=False)}</span>')

    def formula(self, part: nodes.Formula) -> None:
        kind = "formula display" if part.display else "formula"
        self.out.append(f'<code class="{kind}">{escape(part.tex, quote=False)}</code>')

    def diagram(self, part: nodes.Diagram) -> None:
        preview = shown(part.preview, self.links) if part.preview else None
        name = escape(part.name, quote=False)
        if preview and preview.href:
            self.out.append(f'<img src="{escape(preview.href)}" alt="{escape(part.name)}" loading="lazy">')
        else:
            label = escape(part.tool, quote=False)
            self.out.append(
                f'<span class="macro" data-macro="{escape(part.tool)}">[{label}{": " if name else ""}{name}]</span>'
            )

    def placeholder(self, part: nodes.Placeholder) -> None:
        title = f": {escape(part.title, quote=False)}" if part.title else ""
        name = escape(part.macro)
        self.out.append(f'<span class="macro" data-macro="{name}">[macro: {name}{title}]</span>')

    def unknown_span(self, part: nodes.UnknownSpan) -> None:
        self.inline(part.content)

    def line_break(self, _part: nodes.Break) -> None:
        self.out.append("<br>")


_BLOCKS: Final[dict[type, Callable[[_Emitter, Any], None]]] = {
    nodes.Paragraph: _Emitter.paragraph,
    nodes.Heading: _Emitter.heading,
    nodes.List: _Emitter.items,
    nodes.TaskList: _Emitter.tasks,
    nodes.DecisionList: _Emitter.decisions,
    nodes.Quote: _Emitter.quote,
    nodes.Rule: _Emitter.rule,
    nodes.Code: _Emitter.code,
    nodes.Preformatted: _Emitter.preformatted,
    nodes.Table: _Emitter.table,
    nodes.Panel: _Emitter.panel,
    nodes.Expand: _Emitter.expand,
    nodes.Columns: _Emitter.columns,
    nodes.Excerpt: _Emitter.excerpt,
    nodes.Include: _Emitter.include,
    nodes.Listing: _Emitter.listing,
    nodes.Properties: _Emitter.properties,
    nodes.Unknown: _Emitter.unknown,
}

_INLINE: Final[dict[type, Callable[[_Emitter, Any], None]]] = {
    nodes.Break: _Emitter.line_break,
    nodes.Styled: _Emitter.styled,
    nodes.CodeSpan: _Emitter.code_span,
    nodes.Link: _Emitter.link,
    nodes.Image: _Emitter.image,
    nodes.Mention: _Emitter.mention,
    nodes.Status: _Emitter.status,
    nodes.Date: _Emitter.date,
    nodes.Emoji: _Emitter.emoji,
    nodes.Anchor: _Emitter.anchor,
    nodes.Issue: _Emitter.issue,
    nodes.Formula: _Emitter.formula,
    nodes.Diagram: _Emitter.diagram,
    nodes.Placeholder: _Emitter.placeholder,
    nodes.UnknownSpan: _Emitter.unknown_span,
}
