"""How a stream of text, inline nodes and blocks becomes paragraphs.

A `Flow` gathers what stands between block boundaries into runs, and runs into paragraphs; so words are never split by
an inline tag and never glued across a block. Handlers of elements and macros write to it and recurse with `walk`.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from lxml import etree
from lxml.etree import _Element as Element

from mainstem.convert import nodes
from mainstem.convert.anchors import Ids
from mainstem.wiki.documents import Target

DEEPEST: Final = 90
"""Levels of elements that are read with their structure; deeper ones keep their text alone."""

_SPACES: Final = re.compile(r"[ \t\n\r\f]+")

Handler: TypeAlias = "Callable[[Element, Flow], None]"


class Reading:
    """What one document gathers while it is read, and how: `elements` maps a tag to its handler.

    `unread` are the tags whose text no reader sees; `inline` those that do not part words.
    """

    __slots__ = ("elements", "ids", "inline", "links", "properties", "unread")

    def __init__(self, elements: Mapping[str, Handler], unread: frozenset[str], inline: frozenset[str]) -> None:
        self.elements = elements
        self.unread = unread
        self.inline = inline
        self.ids = Ids()
        self.links: dict[Target, None] = {}
        self.properties: list[nodes.Properties] = []


class Flow:
    """A growing sequence of blocks, with the run of inline content that is still open."""

    __slots__ = ("blocks", "depth", "reading", "run", "verbatim")

    def __init__(self, reading: Reading, depth: int = 0, *, verbatim: bool = False) -> None:
        self.reading = reading
        self.depth = depth
        self.verbatim = verbatim
        self.blocks: list[nodes.Block] = []
        self.run: list[nodes.Inline] = []

    def inner(self) -> "Flow":
        """An empty flow for the content of one node of this one."""
        return Flow(self.reading, self.depth + 1, verbatim=self.verbatim)

    def text(self, text: str) -> None:
        """Add text; runs of XML white space become one blank."""
        if not self.verbatim and ("\n" in text or "  " in text or "\t" in text or "\r" in text):
            text = _SPACES.sub(" ", text)
        self.run.append(text)

    def line_break(self) -> None:
        """Add a break; a second one in a row ends the paragraph, as it looks on the page."""
        if self.run and type(self.run[-1]) is nodes.Break:
            self.run.pop()
            self.close()
        else:
            self.run.append(nodes.Break())

    def block(self, block: nodes.Block) -> None:
        """End the open paragraph and add a block."""
        self.close()
        self.blocks.append(block)

    def close(self) -> None:
        """End the open paragraph, if it holds anything."""
        if self.run:
            content = trimmed(joined(self.run))
            self.run = []
            if content:
                self.blocks.append(nodes.Paragraph(content))

    def wrap(self, inner: "Flow", make: "Callable[[tuple[nodes.Inline, ...]], nodes.Inline]") -> None:
        """Add the content of `inner` under an inline node, which breaks into several where `inner` holds blocks."""
        if not inner.blocks:
            if content := joined(inner.run):
                blank = all(type(part) is str and part.isspace() for part in content)
                self.run.extend(content) if blank else self.run.append(make(content))
            return
        inner.close()
        self.close()
        for block in inner.blocks:
            self.blocks.append(nodes.Paragraph((make(block.content),)) if type(block) is nodes.Paragraph else block)

    def done(self) -> tuple[nodes.Block, ...]:
        """All blocks, the open paragraph ended."""
        self.close()
        return tuple(self.blocks)

    def line(self) -> tuple[nodes.Inline, ...]:
        """All content as one line: paragraphs parted by breaks, other blocks left in `blocks`."""
        if not self.blocks:
            return trimmed(joined(self.run))
        self.close()
        content: list[nodes.Inline] = []
        rest: list[nodes.Block] = []
        for block in self.blocks:
            if type(block) is nodes.Paragraph:
                content.extend((nodes.Break(), *block.content) if content else block.content)
            else:
                rest.append(block)
        self.blocks = rest
        return tuple(content)


def walk(element: Element, flow: Flow) -> None:
    """Read the content of `element` into `flow`."""
    if flow.depth >= DEEPEST:
        _flatten(element, flow)
        return
    if text := element.text:
        flow.text(text)
    handlers = flow.reading.elements
    flow.depth += 1
    for child in element:
        handlers.get(child.tag, _unknown)(child, flow)  # type: ignore[arg-type]  # str() on each tag would cost
        if tail := child.tail:
            flow.text(tail)
    flow.depth -= 1


def read(element: Element, flow: Flow) -> None:
    """Read `element` itself into `flow`."""
    flow.reading.elements.get(str(element.tag), _unknown)(element, flow)


def blocks_of(element: Element, flow: Flow) -> tuple[nodes.Block, ...]:
    """The content of `element` as blocks."""
    inner = flow.inner()
    walk(element, inner)
    return inner.done()


def line_of(element: Element, flow: Flow) -> tuple[nodes.Inline, ...]:
    """The content of `element` as one line; blocks that are no paragraphs go to `flow`."""
    inner = flow.inner()
    walk(element, inner)
    content = inner.line()
    if inner.blocks:
        flow.close()
        flow.blocks.extend(inner.blocks)
    return content


def joined(run: list[nodes.Inline]) -> tuple[nodes.Inline, ...]:
    """The run with neighbouring strings made one."""
    if len(run) == 1:
        return (run[0],)
    content: list[nodes.Inline] = []
    strings: list[str] = []
    for part in run:
        if type(part) is str:
            strings.append(part)
            continue
        if strings:
            content.append("".join(strings))
            strings = []
        content.append(part)
    if strings:
        content.append("".join(strings))
    return tuple(content)


def trimmed(content: tuple[nodes.Inline, ...]) -> tuple[nodes.Inline, ...]:
    """The content without blanks and breaks at its ends."""
    start, stop = 0, len(content)
    while start < stop and _is_blank(content[start]):
        start += 1
    while start < stop and _is_blank(content[stop - 1]):
        stop -= 1
    if start == stop:
        return ()
    parts = list(content[start:stop])
    if type(first := parts[0]) is str:
        parts[0] = first.lstrip()
    if type(last := parts[-1]) is str:
        parts[-1] = last.rstrip()
    return tuple(parts)


def _is_blank(part: nodes.Inline) -> bool:
    return type(part) is nodes.Break or (type(part) is str and not part.strip())


def _flatten(element: Element, flow: Flow) -> None:
    """Keep the text of what is nested too deeply, in paragraphs, without recursion."""
    reading = flow.reading
    skipping = 0
    for event, part in etree.iterwalk(element, events=("start", "end")):
        if part.tag in reading.unread:
            skipping += 1 if event == "start" else -1
        if part.tag not in reading.inline:
            flow.close()
        text = part.text if event == "start" else part.tail
        if text and not skipping and (event == "start" or part is not element):
            flow.text(text)


def _unknown(element: Element, flow: Flow) -> None:
    """An element nobody knows: its content converted, its tag and attributes kept."""
    inner = flow.inner()
    walk(element, inner)
    attributes = tuple((str(name), str(value)) for name, value in element.attrib.items())
    tag = str(element.tag)
    if inner.blocks:
        flow.block(nodes.Unknown(tag, attributes, inner.done()))
    else:
        flow.run.append(nodes.UnknownSpan(tag, attributes, joined(inner.run)))
