"""What is computed or joined when somebody looks: other pages, parts of them, and what they take from this one.

Included pages have readers of their own, so they stay references here.
"""

from typing import Final

from mainstem.convert import nodes
from mainstem.convert.flow import Flow
from mainstem.convert.macros.macro import Macro, MacroHandler, body_of, page_of, placeholder
from mainstem.convert.macros.wrappers import transparent


def _include(excerpt: bool) -> MacroHandler:  # noqa: FBT001
    def handler(macro: Macro, flow: Flow) -> None:
        target = page_of(macro)
        if target is None:
            placeholder(macro, flow)
            return
        flow.reading.links[target] = None
        name = macro.text("name", "MultiExcerptName", "shared-block-key") if excerpt else None
        flow.block(nodes.Include(target, name))

    return handler


def _excerpt(macro: Macro, flow: Flow) -> None:
    name = macro.text("name", "MultiExcerptName", "shared-block-key")
    hidden = macro.text("hidden") == "true"
    blocks = body_of(macro, flow)
    inline = macro.text("atlassian-macro-output-type").upper() == "INLINE"
    if inline and not hidden and len(blocks) == 1 and isinstance(blocks[0], nodes.Paragraph):
        flow.run.extend(blocks[0].content)
    elif blocks:
        flow.block(nodes.Excerpt(name, hidden, blocks))


def _properties(macro: Macro, flow: Flow) -> None:
    properties = nodes.Properties(macro.text("hidden") == "true", body_of(macro, flow))
    flow.reading.properties.append(properties)
    flow.block(properties)


HANDLERS: Final[dict[str, MacroHandler]] = {
    **dict.fromkeys(("excerpt", "multiexcerpt", "multiexcerpt-macro", "shared-block"), _excerpt),
    **dict.fromkeys(("include", "include-page", "page-include"), _include(excerpt=False)),
    **dict.fromkeys(
        ("excerpt-include", "multiexcerpt-include", "multiexcerpt-include-macro", "include-shared-block"),
        _include(excerpt=True),
    ),
    "details": _properties,
    "gallery": transparent,
}
