"""What each element of storage format becomes: XHTML's own, Confluence's `ac:` and `ri:`, ADF inside storage.

`ELEMENTS` maps a tag to its handler and is the place to add one. Elements that no entry names become `Unknown`.
"""

from dataclasses import replace
from typing import Final

from lxml.etree import _Element as Element

from mainstem.convert import links, macros, nodes, tables
from mainstem.convert.adf_extension import extension
from mainstem.convert.flow import DEEPEST, Flow, Handler, Reading, blocks_of, collapsed, joined, loose, walk
from mainstem.wiki.conversion import ConversionOptions
from mainstem.wiki.documents import PersonTarget


def read_document(root: Element, size: int, options: ConversionOptions) -> nodes.Document:
    """The tree of a whole body of `size` characters, from the root that `storage_format.tree` made."""
    flow = new_flow(options)
    walk(root, flow)
    return document_of(flow, size)


def new_flow(options: ConversionOptions) -> Flow:
    """The flow of a document that is to be read."""
    return Flow(Reading(ELEMENTS, UNREAD, INLINE, options))


def document_of(flow: Flow, size: int) -> nodes.Document:
    """All that was read into the flow of a document whose source has `size` characters."""
    reading = flow.reading
    return nodes.Document(
        flow.done(),
        size,
        tuple(reading.links),
        reading.ids.by_key,
        tuple(reading.properties),
        reading.macros(),
        tuple(reading.excerpts),
        tuple(reading.tasks),
        tuple(reading.live),
        reading.options,
    )


def _dropped(_element: Element, _flow: Flow) -> None:
    """An element whose content no reader sees."""


def _division(element: Element, flow: Flow) -> None:
    flow.close()
    if len(element):
        walk(element, flow)
    elif text := element.text:
        flow.text(text)
    flow.close()


def _styled(style: str) -> Handler:
    def handler(element: Element, flow: Flow) -> None:
        if not len(element) and (text := element.text) and not text.isspace() and not flow.verbatim:
            flow.run.append(nodes.Styled(style, (collapsed(text),)))
            return
        inner = flow.inner()
        walk(element, inner)
        flow.wrap(inner, lambda content: nodes.Styled(style, content))

    return handler


def _code(element: Element, flow: Flow) -> None:
    if not len(element) and (text := element.text) and not text.isspace() and not flow.verbatim:
        flow.run.append(nodes.CodeSpan((collapsed(text),)))
        return
    inner = flow.inner()
    walk(element, inner)
    flow.wrap(inner, nodes.CodeSpan)


def _break(_element: Element, flow: Flow) -> None:
    flow.run.append(nodes.Break()) if flow.verbatim else flow.line_break()


def _rule(_element: Element, flow: Flow) -> None:
    flow.block(nodes.Rule())


def _heading(level: int) -> Handler:
    def handler(element: Element, flow: Flow) -> None:
        flow.close()
        inner = flow.inner()
        walk(element, inner)
        content = inner.line()
        if content:
            flow.blocks.append(nodes.Heading(level, content, flow.reading.ids.give(plain(content))))
        flow.blocks.extend(inner.blocks)

    return handler


def plain(content: tuple[nodes.Inline, ...]) -> str:
    """The words of a heading as storage tells them, for its id."""
    words: list[str] = []
    for part in content:
        if type(part) is str:
            words.append(part)
        elif isinstance(part, nodes.Styled | nodes.CodeSpan | nodes.Link | nodes.UnknownSpan):
            words.append(plain(part.content))
        elif isinstance(part, nodes.Break):
            words.append(" ")
        elif isinstance(part, nodes.Status):
            words.append(part.title)
    return "".join(words)


def _list(element: Element, flow: Flow) -> None:
    items: list[nodes.Item] = []
    for child in element:
        if child.tag == "li":
            items.append(nodes.Item(blocks_of(child, flow)))
        elif child.tag in ("ul", "ol") and items:
            items[-1] = nodes.Item((*items[-1].blocks, *_only(child, flow)))
        else:
            items.extend(nodes.Item((block,)) for block in _only(child, flow))
        if child.tail and child.tail.strip():
            items.append(nodes.Item((nodes.Paragraph((child.tail.strip(),)),)))
    if element.text and element.text.strip():
        items.insert(0, nodes.Item((nodes.Paragraph((element.text.strip(),)),)))
    if items:
        start = element.get("start") or ""
        number = int(start) if start.isascii() and start.isdigit() and len(start) < 10 else 1
        flow.block(nodes.List(tuple(items), element.tag == "ol", number))


def _only(element: Element, flow: Flow) -> tuple[nodes.Block, ...]:
    """The blocks of `element` itself, its tag heeded."""
    inner = flow.inner()
    if inner.depth < DEEPEST:
        flow.reading.elements.get(str(element.tag), _division)(element, inner)
    else:
        walk(element, inner)
    return inner.done()


def _quote(element: Element, flow: Flow) -> None:
    if blocks := blocks_of(element, flow):
        flow.block(nodes.Quote(blocks))


def _preformatted(element: Element, flow: Flow) -> None:
    inner = Flow(flow.reading, flow.depth + 1, verbatim=True)
    walk(element, inner)
    content = joined(inner.run) if not inner.blocks else inner.line()
    only = content[0] if len(content) == 1 else None
    if isinstance(only, nodes.CodeSpan) and all(type(part) is str for part in only.content):
        language = _language((element.get("class") or "") + " " + (element[0].get("class") or ""))
        flow.block(nodes.Code("".join(map(str, only.content)), language))
    elif content:
        flow.block(nodes.Preformatted(content))
    flow.blocks.extend(inner.blocks)


def _language(classes: str) -> str:
    return next((name.partition("-")[2] for name in classes.split() if name.startswith("language-")), "")


def _details(element: Element, flow: Flow) -> None:
    title = ""
    inner = flow.inner()
    for child in element:
        if child.tag == "summary" and not title:
            title = " ".join("".join(child.itertext()).split())
        else:
            flow.reading.elements.get(str(child.tag), _division)(child, inner)
        if child.tail:
            inner.text(child.tail)
    if element.text and element.text.strip():
        inner.blocks.insert(0, nodes.Paragraph((element.text.strip(),)))
    flow.block(nodes.Expand(title, inner.done()))


def _time(element: Element, flow: Flow) -> None:
    written = element.get("datetime")
    if written:
        flow.run.append(nodes.Date(written))
    else:
        walk(element, flow)


def _emoticon(element: Element, flow: Flow) -> None:
    name = element.get("{ac}name") or ""
    text = element.get("{ac}emoji-fallback") or _EMOTICONS.get(name) or element.get("{ac}emoji-shortname")
    if text or name:
        flow.run.append(nodes.Emoji(text or f":{name}:"))


def _task_list(element: Element, flow: Flow) -> None:
    tasks: list[nodes.Task] = []
    for child in element:
        if child.tag == "{ac}task":
            tasks.append(_task(child, flow))
        elif child.tag == element.tag and tasks:
            tasks[-1] = replace(tasks[-1], blocks=(*tasks[-1].blocks, *_only(child, flow)))
        elif blocks := _only(child, flow):
            tasks.append(nodes.Task(done=False, blocks=blocks))
        if child.tail and child.tail.strip():
            tasks.append(_words(child.tail))
    if element.text and element.text.strip():
        tasks.insert(0, _words(element.text))
    if tasks:
        flow.block(nodes.TaskList(tuple(tasks)))


def _words(text: str) -> nodes.Task:
    return nodes.Task(done=False, blocks=(nodes.Paragraph((text.strip(),)),))


def _task(element: Element, flow: Flow) -> nodes.Task:
    status = element.findtext("{ac}task-status") or ""
    person = next(element.iter("{ri}user"), None)
    due = next(element.iter("time"), None)
    assignee = None if person is None else links.target_of(person)
    task = nodes.Task(
        status.strip() == "complete",
        blocks_of(element, flow),
        assignee if isinstance(assignee, PersonTarget) else None,
        due.get("datetime") if due is not None else None,
    )
    flow.reading.tasks.append(task)
    return task


def _layout_section(element: Element, flow: Flow) -> None:
    for text in loose(element):
        flow.text(text)
        flow.close()
    cells = tuple(blocks for child in element if (blocks := _only(child, flow)))
    if len(cells) > 1:
        flow.block(nodes.Columns(cells))
    else:
        flow.close()
        flow.blocks.extend(block for blocks in cells for block in blocks)


def _plain_body(element: Element, flow: Flow) -> None:
    """A plain body that stands outside a macro: still somebody's code."""
    if text := "".join(element.itertext()):
        flow.block(nodes.Code(text))


_EMOTICONS: Final = {
    "smile": "🙂",
    "sad": "🙁",
    "cheeky": "😛",
    "laugh": "😀",
    "wink": "😉",
    "thumbs-up": "👍",
    "thumbs-down": "👎",
    "information": "\u2139\ufe0f",
    "tick": "✅",
    "cross": "❌",
    "warning": "⚠️",
    "plus": "\u2795",
    "minus": "\u2796",
    "question": "❓",
    "light-on": "💡",
    "light-off": "💡",
    "yellow-star": "⭐",
    "red-star": "⭐",
    "green-star": "⭐",
    "blue-star": "⭐",
    "heart": "❤️",
    "broken-heart": "💔",
}

_TRANSPARENT_INLINE: Final = (
    *("span", "font", "small", "big", "abbr", "acronym", "cite", "q", "label", "dfn", "bdi", "bdo", "mark", "data"),
    *("ruby", "rt", "rp", "rb", "button", "output", "nobr", "wbr", "blink"),
    *("{ac}inline-comment-marker", "{ac}link-body", "{ac}plain-text-link-body", "cdata-placeholder"),
)
_TRANSPARENT_BLOCK: Final = (
    *("p", "div", "section", "article", "header", "footer", "main", "nav", "aside", "address", "center", "figure"),
    *(
        "figcaption",
        "caption",
        "dl",
        "dt",
        "dd",
        "html",
        "body",
        "form",
        "fieldset",
        "legend",
        "hgroup",
        "li",
        "summary",
    ),
    *("tr", "td", "th", "thead", "tbody", "tfoot", "title", "noscript"),
    *("{ac}layout", "{ac}layout-cell", "{ac}rich-text-body", "{ac}task-body", "{ac}caption", "{ac}figure", "{ac}note"),
    *("{ac}adf-content", "{ac}adf-fallback", "{ac}adf-node", "{ac}adf-leaf", "{ac}unstructured-macro"),
)
_STYLES: Final = {
    "strong": "strong",
    "b": "strong",
    "em": "em",
    "i": "em",
    "u": "u",
    "ins": "u",
    "s": "s",
    "del": "s",
    "strike": "s",
    "sub": "sub",
    "sup": "sup",
    "var": "em",
}
_CODE_TAGS: Final = ("code", "tt", "kbd", "samp")

UNREAD: Final = frozenset(
    {
        *("script", "style", "head", "meta", "link", "col", "colgroup", "input", "template", "base"),
        *("{ac}parameter", "{ac}default-parameter", "{ac}task-id", "{ac}task-uuid", "{ac}task-status"),
        *(
            "{ac}placeholder",
            "{ac}adf-attribute",
            "{ac}adf-parameter",
            "{ac}adf-mark",
            "{ac}adf-fragment-mark",
            "{ac}property",
        ),
        *("{ac}adf-fragment-mark-detail", "{at}declarations", "{at}var", "{at}string", "{at}list", "{at}textarea"),
        *("{fab}display-type", "{fab}placeholder-url"),
    }
)
"""Tags whose text no reader of the page sees: parameters, ids, instructions, styles."""

INLINE: Final = frozenset({*_TRANSPARENT_INLINE, *_STYLES, *_CODE_TAGS, "a", "{ac}link", "{ri}user", "time"})
"""Tags that do not part words."""

ELEMENTS: Final[dict[str, Handler]] = {
    **dict.fromkeys(_TRANSPARENT_INLINE, walk),
    **dict.fromkeys(_TRANSPARENT_BLOCK, _division),
    **{tag: _styled(style) for tag, style in _STYLES.items()},
    **dict.fromkeys(_CODE_TAGS, _code),
    **{f"h{level}": _heading(level) for level in range(1, 7)},
    **dict.fromkeys(("ul", "ol", "menu", "dir"), _list),
    **dict.fromkeys(UNREAD, _dropped),
    **dict.fromkeys(("pre", "listing", "xmp"), _preformatted),
    "br": _break,
    "hr": _rule,
    "a": links.html_link,
    "img": links.html_image,
    "blockquote": _quote,
    "details": _details,
    "time": _time,
    "table": tables.table,
    "{ac}link": links.confluence_link,
    "{ac}image": links.image,
    "{ri}user": links.mention,
    "{ac}emoticon": _emoticon,
    "{ac}task-list": _task_list,
    "{ac}layout-section": _layout_section,
    "{ac}plain-text-body": _plain_body,
    "{ac}structured-macro": macros.macro,
    "{ac}macro": macros.macro,
    "{ac}adf-extension": extension,
}
