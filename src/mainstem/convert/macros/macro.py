"""One use of a macro, as every handler gets it, and what handlers share.

Parameters never become text, except those that a reader of the page sees, such as titles.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from lxml.etree import _Element as Element

from mainstem.convert import links, nodes
from mainstem.convert.flow import Flow, blocks_of
from mainstem.wiki.documents import ContentTarget, PageTarget
from mainstem.wiki.macros import Reason


@dataclass(frozen=True, slots=True)
class Macro:
    """One use of a macro as stored; `parameters` by name, the nameless one under ""."""

    name: str
    parameters: Mapping[str, Element]
    rich: Element | None
    plain: str | None

    def text(self, *names: str) -> str:
        """The text of the first of these parameters that has any, else ""."""
        for name in names:
            parameter = self.parameters.get(name)
            if parameter is not None and (text := "".join(parameter.itertext()).strip()):
                return text
        return ""


MacroHandler: TypeAlias = Callable[[Macro, Flow], None]


def body_of(macro: Macro, flow: Flow) -> tuple[nodes.Block, ...]:
    if macro.rich is not None:
        return blocks_of(macro.rich, flow)
    return (nodes.Code(macro.plain),) if macro.plain and macro.plain.strip() else ()


def placeholder(macro: Macro, flow: Flow, reason: Reason = Reason.UNNAMED, title: str = "") -> None:
    """Name a macro whose output is not here, with its title where it has one."""
    lost(macro, flow, reason)
    parameters = tuple((name, macro.text(name)) for name in macro.parameters)
    flow.run.append(nodes.Placeholder(macro.name, title or title_of(macro), parameters))


def title_of(macro: Macro) -> str:
    return macro.text("title", "Title", "label", "heading")


def lost(macro: Macro, flow: Flow, reason: Reason) -> None:
    """Note that this use does not come out as it was: once for each use, and not beside `placeholder`."""
    flow.reading.lose(macro.name.lower(), reason)


def linked_page(macro: Macro) -> PageTarget | ContentTarget | None:
    """The page that a parameter names as `ri:page`, by itself or in a link."""
    for parameter in macro.parameters.values():
        for element in parameter.iter("{ri}page", "{ri}blog-post", "{ri}content-entity"):
            target = links.target_of(element)
            if isinstance(target, PageTarget | ContentTarget):
                return target
    return None


def page_of(macro: Macro) -> PageTarget | ContentTarget | None:
    """The page that a parameter names, as `ri:page`, in a link, or as plain text `SPACE:Title`."""
    if (linked := linked_page(macro)) is not None:
        return linked
    written = macro.text("", "page", "pageTitle", "page-title")
    return page_in_words(written) if written else None


def page_in_words(written: str) -> PageTarget:
    """The page that a text means: `Title`, or `SPACE:Title`."""
    space, colon, title = written.partition(":")
    return PageTarget(title, space) if colon and space.isalnum() and title else PageTarget(written)


def simplified(handler: MacroHandler, reason: Reason) -> MacroHandler:
    """The same handler, which keeps what readers saw in a simpler form for this reason, and leaves no placeholder."""

    def noting(macro: Macro, flow: Flow) -> None:
        lost(macro, flow, reason)
        handler(macro, flow)

    return noting


def by_language(make: Callable[[str], MacroHandler], names: Mapping[str, tuple[str, ...]]) -> dict[str, MacroHandler]:
    """One handler for each language, under the names of all macros that are written in it."""
    return {name: handler for language, of in names.items() for handler in [make(language)] for name in of}
