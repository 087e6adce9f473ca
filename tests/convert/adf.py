"""Short ways to write ADF in examples."""

import json
from typing import Any

Node = dict[str, Any]


def doc(*content: Any) -> str:
    return json.dumps({"type": "doc", "version": 1, "content": list(content)})


def node(kind: str, *content: Any, **attributes: Any) -> Node:
    made: Node = {"type": kind}
    if attributes:
        made["attrs"] = attributes
    if content:
        made["content"] = [text(part) if isinstance(part, str) else part for part in content]
    return made


def text(words: str, *marks: str | Node) -> Node:
    made: Node = {"type": "text", "text": words}
    return marked(made, *marks) if marks else made


def marked(of: Node, *marks: str | Node) -> Node:
    return {**of, "marks": [{"type": mark} if isinstance(mark, str) else mark for mark in marks]}


def p(*content: Any) -> Node:
    return node("paragraph", *content)


def link(href: str, **noted: str) -> Node:
    return node("link", href=href, **({"__confluenceMetadata": noted} if noted else {}))


def macro(name: str, /, *content: Any, kind: str = "extension", body: str | None = None, **parameters: Any) -> Node:
    given = {key: {"value": value} for key, value in parameters.items()}
    if body is not None:
        given["__bodyContent"] = {"value": body}
    return node(
        kind,
        *content,
        extensionType="com.atlassian.confluence.macro.core",
        extensionKey=name,
        parameters={"macroParams": given, "macroMetadata": {"macroId": {"value": "junk1"}, "title": "junk2"}},
        localId="junk3",
        layout="default",
    )
