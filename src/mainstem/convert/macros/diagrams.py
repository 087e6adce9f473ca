"""Macros that draw: from a text, which is shown as code, or from a file that another tool keeps."""

from typing import Final

from mainstem.convert import nodes
from mainstem.convert.drawings import looks_like_drawing, unpacked, words_of_drawio
from mainstem.convert.flow import Flow, walk
from mainstem.convert.macros.macro import Macro, MacroHandler, by_language, lost
from mainstem.convert.macros.wrappers import silent
from mainstem.wiki.documents import AttachmentTarget
from mainstem.wiki.macros import Reason

WORDS_TITLE: Final = "Words in the drawing"

_SWELLING: Final = 8
"""How many characters of source one packed byte may become: more would break the bound on what a page becomes."""

_PICTURES: Final = (".png", ".svg", ".jpg", ".jpeg", ".gif")
_NAMES: Final = ("diagramDisplayName", "diagramName", "name", "filename", "fileName", "title")


def _source(language: str) -> MacroHandler:
    """A text that another tool draws, in a body or a parameter: shown as code of that language."""

    def handler(macro: Macro, flow: Flow) -> None:
        text = macro.plain or _unpacked(macro) or macro.text("diagram", "code", "dsl", "umldata")
        if text.strip():
            lost(macro, flow, Reason.SOURCE)
            flow.block(nodes.Code(text, language, macro.text("title")))
        elif macro.rich is not None:
            lost(macro, flow, Reason.SOURCE)
            walk(macro.rich, flow)
        else:
            _diagram(macro, flow)

    return handler


def _unpacked(macro: Macro) -> str:
    return unpacked(macro.text("data"), _SWELLING)


def _diagram(macro: Macro, flow: Flow) -> None:
    lost(macro, flow, Reason.DRAWING)
    name = macro.text(*_NAMES)
    preview = AttachmentTarget(name if name.lower().endswith(_PICTURES) else f"{name}.png") if name else None
    flow.run.append(nodes.Diagram(macro.name, name, preview))
    sources = [text for text in (macro.plain, *map(macro.text, macro.parameters)) if text and looks_like_drawing(text)]
    if not sources:
        silent(macro, flow)
    elif words := tuple(dict.fromkeys(word for source in sources for word in words_of_drawio(source))):
        items = tuple(nodes.Item((nodes.Paragraph((word,)),)) for word in words)
        flow.block(nodes.Expand(WORDS_TITLE, (nodes.List(items),)))


_LANGUAGES: Final = {
    "plantuml": (
        *("plantuml", "plantumlrender", "plantumlcloud", "plantuml-macro", "plantuml-diagram"),
        *("stepashka-simple-plantuml-macro", "bobswift-plantuml", "uml"),
    ),
    "mermaid": ("mermaid", "mermaid-macro", "mermaid-cloud", "mermaiddiagram", "mermaid-diagram"),
    "dot": ("graphviz", "digraph", "flowchart", "dot", "spacegraph"),
    "zenuml": ("zenuml", "zenuml-sequence-macro", "zenuml-sequence-macro-lite"),
    "": ("wavedrom", "websequencediagram", "ditaa", "markmap"),
}
_KEPT_ELSEWHERE: Final = (
    *("drawio", "inc-drawio", "drawio-sketch", "drawio-board", "gliffy", "gliffy-diagram", "lucidchart"),
    *("balsamiq-mockup", "balsamiq-wireframes", "mockup", "creately", "cacoo", "graphity", "excalidraw", "mindmap"),
)

HANDLERS: Final[dict[str, MacroHandler]] = {
    **by_language(_source, _LANGUAGES),
    **dict.fromkeys(_KEPT_ELSEWHERE, _diagram),
}
