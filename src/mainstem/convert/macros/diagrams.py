"""Macros that draw: from a text, which is shown as code, or from a file that another tool keeps."""

from dataclasses import replace
from typing import Final
from urllib.parse import unquote

from mainstem.convert import nodes
from mainstem.convert.flow import Flow, walk
from mainstem.convert.macros.macro import Macro, MacroHandler, placeholder
from mainstem.convert.macros.wrappers import silent
from mainstem.wiki.documents import AttachmentTarget


def source(language: str) -> MacroHandler:
    """A text that another tool draws or sets: shown as code of that language."""

    def handler(macro: Macro, flow: Flow) -> None:
        if macro.plain and macro.plain.strip():
            flow.block(nodes.Code(macro.plain, language, macro.text("title")))
        elif macro.rich is not None:
            walk(macro.rich, flow)
        else:
            _diagram(macro, flow)

    return handler


def _diagram(macro: Macro, flow: Flow) -> None:
    name = macro.text("diagramDisplayName", "diagramName", "name", "filename", "title")
    preview = AttachmentTarget(f"{name}.png") if name else None
    flow.run.append(nodes.Diagram(macro.name, name, preview))
    silent(macro, flow)


def _roadmap(macro: Macro, flow: Flow) -> None:
    placeholder(macro, flow)
    left = flow.run.pop()
    if isinstance(left, nodes.Placeholder):
        flow.run.append(replace(left, title=unquote(left.title).replace("+", " ")))


_LANGUAGES: Final = {
    **dict.fromkeys(("plantuml", "plantumlrender", "plantumlcloud", "plantuml-macro"), "plantuml"),
    **dict.fromkeys(("mermaid", "mermaid-macro", "mermaid-cloud", "mermaiddiagram"), "mermaid"),
    **dict.fromkeys(("graphviz", "digraph", "flowchart", "dot"), "dot"),
    **dict.fromkeys(("zenuml", "zenuml-sequence-macro", "zenuml-sequence-macro-lite"), "zenuml"),
}

HANDLERS: Final[dict[str, MacroHandler]] = {
    **{name: source(language) for name, language in _LANGUAGES.items()},
    **dict.fromkeys(("drawio", "inc-drawio", "drawio-sketch", "gliffy", "lucidchart", "balsamiq-mockup"), _diagram),
    **dict.fromkeys(("roadmap", "roadmap-planner"), _roadmap),
}
