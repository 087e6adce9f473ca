"""What is computed or joined when somebody looks: other pages, parts of them, and what they take from this one.

Included pages have readers of their own, and lists name only what their reader may read: both stay references here.
"""

from collections.abc import Iterator
from typing import Final

from lxml.etree import _Element as Element

from mainstem.convert import links, nodes
from mainstem.convert.flow import Flow
from mainstem.convert.listings import LISTINGS
from mainstem.convert.macros.macro import Macro, MacroHandler, body_of, page_in_words, page_of, placeholder
from mainstem.convert.macros.wrappers import silent
from mainstem.wiki.documents import Target


def _include(excerpt: bool) -> MacroHandler:  # noqa: FBT001
    def handler(macro: Macro, flow: Flow) -> None:
        target = page_of(macro)
        if target is None:
            placeholder(macro, flow)
            return
        flow.reading.links[target] = None
        name = macro.text("name", "MultiExcerptName", "shared-block-key") if excerpt else None
        _live(nodes.Include(target, name, framed=macro.text("nopanel") != "true"), flow)

    return handler


def _live(node: nodes.Include | nodes.Listing, flow: Flow) -> None:
    flow.reading.live.append(node)
    flow.block(node)


def _excerpt(macro: Macro, flow: Flow) -> None:
    name = macro.text("name", "MultiExcerptName", "shared-block-key")
    hidden = macro.text("hidden") == "true"
    excerpt = nodes.Excerpt(name, hidden, body_of(macro, flow))
    flow.reading.excerpts.append(excerpt)
    inline = macro.text("atlassian-macro-output-type").upper() == "INLINE"
    if inline and not hidden and len(excerpt.blocks) == 1 and isinstance(only := excerpt.blocks[0], nodes.Paragraph):
        flow.run.extend(only.content)
    elif excerpt.blocks:
        flow.block(excerpt)


def _properties(macro: Macro, flow: Flow) -> None:
    properties = nodes.Properties(macro.text("hidden") == "true", body_of(macro, flow), macro.text("id"))
    flow.reading.properties.append(properties)
    flow.block(properties)


def _listing(macro: Macro, flow: Flow) -> None:
    """A list that Confluence makes anew for everybody who looks; what stands in its body is text like any other."""
    parameters = tuple((name.lower(), tuple(_said(name, each))) for name, each in macro.parameters.items())
    _live(nodes.Listing(macro.name.lower(), macro.text("title"), parameters), flow)
    silent(macro, flow)


def _said(name: str, parameter: Element) -> Iterator[str | Target]:
    """What a parameter names: pages, spaces and people, else its text."""
    named = [target for element in parameter.iter() if (target := links.target_of(element)) is not None]
    text = "".join(parameter.itertext()).strip()
    if named:
        yield from named
    elif text:
        yield page_in_words(text) if name.lower() in _PAGES and not text.startswith("@") else text


_PAGES: Final = frozenset({"page", "root", "rootpage"})
"""Parameters that name a page; what begins with @ is a word of Confluence's."""

EXCERPTS: Final = ("excerpt", "multiexcerpt", "multiexcerpt-macro", "shared-block")
PROPERTIES: Final = ("details",)

HANDLERS: Final[dict[str, MacroHandler]] = {
    **dict.fromkeys(EXCERPTS, _excerpt),
    **dict.fromkeys(("include", "include-page", "page-include"), _include(excerpt=False)),
    **dict.fromkeys(
        ("excerpt-include", "multiexcerpt-include", "multiexcerpt-include-macro", "include-shared-block"),
        _include(excerpt=True),
    ),
    **dict.fromkeys(LISTINGS, _listing),
    **dict.fromkeys(PROPERTIES, _properties),
}
