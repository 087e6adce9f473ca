"""How a stream of text, inline nodes and blocks becomes paragraphs.

A `Flow` gathers what stands between block boundaries into runs, and runs into paragraphs; so words are never split by
an inline tag and never glued across a block. Handlers of elements and macros write to it and recurse with `walk`.
"""

import re
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Final, TypeAlias

from lxml import etree
from lxml.etree import _Element as Element

from mainstem.convert import nodes
from mainstem.convert.anchors import Ids
from mainstem.wiki.conversion import ConversionOptions, MacroForm
from mainstem.wiki.documents import Target
from mainstem.wiki.macros import MacroUse, Reason

DEEPEST: Final = 90
"""Levels of elements that are read with their structure; deeper ones keep their text alone."""

_SPACES: Final = re.compile(r"[ \t\n\r\f]+")

_APART: Final = frozenset(
    {nodes.Status, nodes.Mention, nodes.Image, nodes.Issue, nodes.Date, nodes.Diagram, nodes.Placeholder, nodes.Formula}
)
"""Inline nodes that stand apart from the words beside them, as lozenges and pictures do on the page."""

Handler: TypeAlias = "Callable[[Element, Flow], None]"


class Reading:
    """What one document gathers while it is read, and how: `elements` maps a tag to its handler.

    `unread` are the tags whose text no reader sees; `inline` those that do not part words. `uses` counts each macro
    by its name in small letters, `losses` those of them that did not come out as they were. `forms` are the macros that
    somebody chose a form for.
    """

    __slots__ = (
        *("elements", "excerpts", "forms", "ids", "inline", "links", "live", "losses", "options", "properties"),
        *("tasks", "unread", "uses"),
    )

    def __init__(
        self,
        elements: Mapping[str, Handler],
        unread: frozenset[str],
        inline: frozenset[str],
        options: ConversionOptions,
    ) -> None:
        self.forms: Mapping[str, MacroForm] = dict(options.macros)
        self.options = options
        self.elements = elements
        self.unread = unread
        self.inline = inline
        self.ids = Ids()
        self.links: dict[Target, None] = {}
        self.properties: list[nodes.Properties] = []
        self.tasks: list[nodes.Task] = []
        self.excerpts: list[nodes.Excerpt] = []
        self.live: list[nodes.Include | nodes.Listing] = []
        self.uses: dict[str, int] = {}
        self.losses: dict[tuple[str, Reason], int] = {}

    def lose(self, macro: str, reason: Reason) -> None:
        """Note that one use of a macro, named in small letters, does not come out as it was; once for each use."""
        self.losses[macro, reason] = self.losses.get((macro, reason), 0) + 1

    def macros(self) -> tuple[MacroUse, ...]:
        """How all macros met so far came out, by name; those that came out whole first."""
        whole = dict(self.uses)
        for (name, _), times in self.losses.items():
            whole[name] = whole.get(name, 0) - times
        rendered = [MacroUse(name, None, times) for name, times in whole.items() if times > 0]
        lost = [MacroUse(name, reason, times) for (name, reason), times in self.losses.items()]
        return tuple(sorted(rendered + lost, key=lambda use: (use.name, use.reason or "")))


class Flow:
    """A growing sequence of blocks, with the run of inline content that is still open."""

    __slots__ = ("blocks", "bounded", "depth", "reading", "run", "spaced", "verbatim")

    def __init__(self, reading: Reading, depth: int = 0, *, verbatim: bool = False) -> None:
        self.reading = reading
        self.depth = depth
        self.verbatim = verbatim
        self.bounded = False  # whether a block boundary came before all content
        self.spaced = False  # whether a blank did
        self.blocks: list[nodes.Block] = []
        self.run: list[nodes.Inline] = []

    def inner(self) -> "Flow":
        """An empty flow for the content of one node of this one."""
        return Flow(self.reading, self.depth + 1, verbatim=self.verbatim)

    def text(self, text: str) -> None:
        """Add text; runs of XML white space become one blank."""
        self.run.append(text if self.verbatim else collapsed(text))

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
        run = self.run
        if not run:
            self.bounded = self.bounded or not self.blocks
            return
        self.run = []
        if len(run) == 1 and type(only := run[0]) is str:
            content: tuple[nodes.Inline, ...] = (text,) if (text := only.strip()) else ()
        else:
            content = trimmed(joined(run))
        if content:
            self.spaced = self.spaced or (not self.blocks and _begins_blank(run[0]))
            self.blocks.append(nodes.Paragraph(content))
        elif not self.blocks:
            self.bounded = True

    def wrap(self, inner: "Flow", make: "Callable[[tuple[nodes.Inline, ...]], nodes.Inline]") -> None:
        """Add the content of `inner` under an inline node, which breaks into several where `inner` holds blocks."""
        if inner.bounded:
            self.close()
        elif inner.spaced:
            self.run.append(" ")
        for number, block in enumerate(inner.blocks):
            if number:
                self.close()
            if type(block) is nodes.Paragraph:
                self.run.append(make(block.content))
            else:
                self.block(block)
        if inner.blocks:
            self.close()
        content = joined(inner.run)
        start, stop = _inside(content)
        self.run.extend(content[:start])
        if start < stop:
            self.run.append(make(content[start:stop]))
        self.run.extend(content[stop:])

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
    """Read the content of `element` into `flow`; blanks between two blocks are no content."""
    if flow.depth >= DEEPEST:
        _flatten(element, flow)
        return
    if text := element.text:
        flow.text(text)
    handlers = flow.reading.elements
    flow.depth += 1
    for child in element:
        handlers.get(child.tag, _unknown)(child, flow)  # type: ignore[arg-type]  # str() on each tag would cost
        tail = child.tail
        if tail and (flow.run or not flow.blocks or not tail.isspace()):
            flow.text(tail)
    flow.depth -= 1


def read(element: Element, flow: Flow) -> None:
    """Read `element` itself into `flow`."""
    flow.reading.elements.get(str(element.tag), _unknown)(element, flow)


def loose(element: Element) -> list[str]:
    """The words that stand straight in an element whose children are read one by one."""
    return [text for text in (element.text, *(child.tail for child in element)) if text and not text.isspace()]


def blocks_of(element: Element, flow: Flow) -> tuple[nodes.Block, ...]:
    """The content of `element` as blocks."""
    if not flow.verbatim and (only := _only_text(element)) is not None:
        text = collapsed(only).strip()
        return (nodes.Paragraph((text,)),) if text else ()
    inner = flow.inner()
    walk(element, inner)
    return inner.done()


def _only_text(element: Element) -> str | None:
    """The text of `element`, or of the paragraph that is all it holds; None where there is anything else."""
    if not len(element):
        return element.text or ""
    child = element[0]
    if child.tag != "p" or len(child) or len(element) > 1:
        return None
    around = (element.text or "") + (child.tail or "")
    return None if around and not around.isspace() else child.text or ""


def line_of(element: Element, flow: Flow) -> tuple[nodes.Inline, ...]:
    """The content of `element` as one line; blocks that are no paragraphs go to `flow`."""
    inner = flow.inner()
    walk(element, inner)
    content = inner.line()
    if inner.blocks:
        flow.close()
        flow.blocks.extend(inner.blocks)
    return content


def collapsed(text: str) -> str:
    """The text with runs of XML white space made one blank."""
    if "\n" in text or "  " in text or "\t" in text or "\r" in text:
        return _SPACES.sub(" ", text)
    return text


def joined(run: list[nodes.Inline]) -> tuple[nodes.Inline, ...]:
    """The run with neighbouring strings made one, and a blank where a lozenge or picture would touch a word."""
    content: list[nodes.Inline] = []
    strings: list[str] = []
    apart = False
    for part in run:
        if type(part) is str:
            strings.append(part)
            continue
        if strings:
            content.append("".join(strings))
            strings = []
        content.append(part)
        apart = apart or _may_stand_apart(part)
    if strings:
        content.append("".join(strings))
    return tuple(_spaced(content) if apart else content)


def _may_stand_apart(part: nodes.Inline) -> bool:
    """A quick look: whether a lozenge or picture may stand at either end."""
    kind = type(part)
    if kind is nodes.CodeSpan or kind is nodes.Styled or kind is nodes.Link:
        content = part.content  # type: ignore[union-attr]  # isinstance() here costs a tenth of the whole conversion
        return not content or type(content[0]) is not str or type(content[-1]) is not str
    return kind is not nodes.Break and kind is not nodes.Anchor


def _spaced(content: list[nodes.Inline]) -> list[nodes.Inline]:
    spaced = content[:1]
    for before, after in pairwise(content):
        if (_stands_apart(before, -1) or _stands_apart(after, 0)) and _touches(before, -1) and _touches(after, 0):
            spaced.append(" ")
        spaced.append(after)
    return spaced


def _stands_apart(part: nodes.Inline, end: int) -> bool:
    """Whether a lozenge or picture stands at this end of an inline node."""
    if type(part) in _APART:
        return True
    if isinstance(part, nodes.Styled | nodes.Link | nodes.CodeSpan | nodes.UnknownSpan):
        return _stands_apart(part.content[end], end) if part.content else type(part) is nodes.Link
    return False


def _touches(part: nodes.Inline, end: int) -> bool:
    """Whether a word may begin or end right at this end of a neighbour."""
    if type(part) is str:
        return part[end : end + 1 or None].isalnum()
    return type(part) is not nodes.Break


def trimmed(content: tuple[nodes.Inline, ...]) -> tuple[nodes.Inline, ...]:
    """The content without blanks and breaks at its ends."""
    start, stop = _inside(content)
    if start == stop:
        return ()
    parts = list(content[start:stop])
    if type(first := parts[0]) is str:
        parts[0] = first.lstrip()
    if type(last := parts[-1]) is str:
        parts[-1] = last.rstrip()
    return tuple(parts)


def _inside(content: tuple[nodes.Inline, ...]) -> tuple[int, int]:
    """Where the content begins and ends when blanks and breaks at its ends are left out."""
    start, stop = 0, len(content)
    while start < stop and _is_blank(content[start]):
        start += 1
    while start < stop and _is_blank(content[stop - 1]):
        stop -= 1
    return start, stop


def _begins_blank(part: nodes.Inline) -> bool:
    return type(part) is nodes.Break or (type(part) is str and part[0].isspace())


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
