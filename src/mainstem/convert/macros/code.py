"""Macros that hold the text of a program or of another language, shown as code."""

from typing import Final

from mainstem.convert import nodes
from mainstem.convert.flow import Flow
from mainstem.convert.macros.diagrams import source
from mainstem.convert.macros.macro import Macro, MacroHandler


def _code(macro: Macro, flow: Flow) -> None:
    text = macro.plain
    if text is None:
        text = "" if macro.rich is None else "".join(macro.rich.itertext())
    flow.block(nodes.Code(text, macro.text("language", "lang", ""), macro.text("title")))


_LANGUAGES: Final = {
    **dict.fromkeys(("markdown", "markdown-macro"), "markdown"),
    **dict.fromkeys(("html", "html-bobswift", "html-macro"), "html"),
    **dict.fromkeys(("openapi", "open-api", "swagger-open-api", "confluence-open-api"), "yaml"),
    "sql": "sql",
}

HANDLERS: Final[dict[str, MacroHandler]] = {
    **dict.fromkeys(("code", "noformat", "paste-code-macro", "code-block", "codeblock", "preformatted"), _code),
    **{name: source(language) for name, language in _LANGUAGES.items()},
}
