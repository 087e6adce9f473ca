"""What makes blocks: headings, lists, tasks, decisions, panels, layouts, tables, code."""

from typing import Final

from mainstem.convert.adf.writer import Node, NodeWriter, Writer, attributes, inside, said, words

_PANELS: Final = {"info": "info", "success": "tip", "tip": "tip", "warning": "note", "error": "warning"}
"""Panels that storage format keeps as macros, which still bear their older names; their colours are the same."""


def _heading(node: Node, writer: Writer) -> None:
    level = said(attributes(node), "level")
    inside(f"h{level if level in ('1', '2', '3', '4', '5') else '6'}")(node, writer)


def _ordered(node: Node, writer: Writer) -> None:
    writer.start("ol", {"start": said(attributes(node), "order") or "1"})
    writer.content(node)
    writer.end("ol")


def _code(node: Node, writer: Writer) -> None:
    writer.start_macro("code", {"language": said(attributes(node), "language")})
    writer.leaf("{ac}plain-text-body", "".join(words(node)))
    writer.end("{ac}structured-macro")


def _panel(node: Node, writer: Writer) -> None:
    given = attributes(node)
    kind = said(given, "panelType")
    if name := _PANELS.get(kind):
        _bodied(name, {}, node, writer)
        return
    writer.start("{ac}adf-extension")
    writer.start("{ac}adf-node", {"type": "panel"})
    writer.leaf("{ac}adf-attribute", kind, {"key": "panel-type"})
    writer.leaf("{ac}adf-attribute", said(given, "panelIconText"), {"key": "panel-icon-text"})
    inside("{ac}adf-content")(node, writer)
    writer.end("{ac}adf-node")
    writer.end("{ac}adf-extension")


def _expand(node: Node, writer: Writer) -> None:
    _bodied("expand", {"title": said(attributes(node), "title")}, node, writer)


def _bodied(name: str, parameters: dict[str, str], node: Node, writer: Writer) -> None:
    writer.start_macro(name, parameters)
    inside("{ac}rich-text-body")(node, writer)
    writer.end("{ac}structured-macro")


def _tasks(node: Node, writer: Writer) -> None:
    writer.start("{ac}task-list")
    writer.content(node)
    writer.end("{ac}task-list")


def _task(node: Node, writer: Writer) -> None:
    writer.start("{ac}task")
    done = said(attributes(node), "state") == "DONE"
    writer.leaf("{ac}task-status", "complete" if done else "incomplete")
    inside("{ac}task-body")(node, writer)
    writer.end("{ac}task")


def _decisions(node: Node, writer: Writer) -> None:
    writer.start("{ac}adf-extension")
    writer.start("{ac}adf-node", {"type": "decision-list"})
    writer.content(node)
    writer.end("{ac}adf-node")
    writer.end("{ac}adf-extension")


def _decision(node: Node, writer: Writer) -> None:
    writer.start("{ac}adf-node", {"type": "decision-item"})
    writer.leaf("{ac}adf-attribute", said(attributes(node), "state"), {"key": "state"})
    inside("{ac}adf-content")(node, writer)
    writer.end("{ac}adf-node")


def _table(node: Node, writer: Writer) -> None:
    numbered = attributes(node).get("isNumberColumnEnabled") is True
    writer.start("table", {"data-number-column": "true"} if numbered else {})
    writer.content(node)
    writer.end("table")


def _cell(tag: str) -> NodeWriter:
    def write(node: Node, writer: Writer) -> None:
        given = attributes(node)
        spans = {name: span for name in ("colspan", "rowspan") if (span := said(given, name)) not in ("", "1")}
        writer.start(tag, spans)
        writer.content(node)
        writer.end(tag)

    return write


def _rule(_node: Node, writer: Writer) -> None:
    writer.leaf("hr")


BLOCKS: Final[dict[str, NodeWriter]] = {
    "doc": inside("div"),
    "paragraph": inside("p"),
    "heading": _heading,
    "bulletList": inside("ul"),
    "orderedList": _ordered,
    "listItem": inside("li"),
    "blockquote": inside("blockquote"),
    "codeBlock": _code,
    "rule": _rule,
    "panel": _panel,
    "expand": _expand,
    "nestedExpand": _expand,
    "taskList": _tasks,
    "taskItem": _task,
    "blockTaskItem": _task,
    "decisionList": _decisions,
    "decisionItem": _decision,
    "table": _table,
    "tableRow": inside("tr"),
    "tableCell": _cell("td"),
    "tableHeader": _cell("th"),
    "layoutSection": inside("{ac}layout-section"),
    "layoutColumn": inside("{ac}layout-cell"),
}
