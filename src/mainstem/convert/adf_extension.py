"""`ac:adf-extension`: what the new editor has and storage format has not, with a fallback beside it.

Content or fallback is read, never both: panels, decisions and macros from their content, anything else from its
fallback, or from its content where it has none. What has neither leaves a placeholder.
"""

import re
from typing import Final

from lxml import etree
from lxml.etree import _Element as Element

from mainstem.convert import nodes
from mainstem.convert.flow import Flow, blocks_of, loose, read, walk

_MACROS: Final = frozenset({"extension", "bodied-extension", "inline-extension"})
_PARTS: Final = re.compile(r"[/:]")
_HYPHEN: Final = re.compile(r"-([a-z])")
_KINDS: Final = frozenset({"info", "note", "tip", "warning", "error", "success"})


def extension(element: Element, flow: Flow) -> None:
    """One extension."""
    node = element.find("{ac}adf-node")
    fallback = element.find("{ac}adf-fallback")
    kind = "" if node is None else node.get("type") or ""
    if element.text and element.text.strip():
        flow.close()
        flow.text(element.text)
        flow.close()
    if node is not None and kind == "panel":
        _panel(node, flow)
    elif node is not None and kind == "decision-list":
        _decisions(node, flow)
    elif node is not None and kind in _MACROS and (node.find("{ac}adf-content") is not None or fallback is None):
        _macro(node, macro_name(_attribute(node, "extension-key")), flow)
    elif fallback is not None and _has_content(fallback):
        flow.close()
        walk(fallback, flow)
        flow.close()
    elif node is not None and node.find(".//{ac}adf-content") is None and not loose(node):
        _macro(node, f"adf:{kind}", flow)
    elif node is not None:
        flow.close()
        walk(node, flow)
        flow.close()
    for child in element:
        if child.tail and child.tail.strip():
            flow.text(child.tail)
            flow.close()


def macro_name(key: str) -> str:
    """The name of a macro in the key of an extension: `app/environment/static/name`, `app:name`, or the name alone."""
    return _PARTS.split(key)[-1] or "extension"


def _macro(node: Element, name: str, flow: Flow) -> None:
    """A macro of an app, read as if storage format had it as one."""
    macro = etree.Element("{ac}structured-macro", {"{ac}name": name, "data-layout": "default"})
    for given in node.iter("{ac}adf-parameter"):
        if not len(given) and (key := given.get("key")):
            named = _HYPHEN.sub(lambda found: found[1].upper(), key)
            etree.SubElement(macro, "{ac}parameter", {"{ac}name": named}).text = given.text
    content = node.find("{ac}adf-content")
    if content is not None:
        content.tag = "{ac}rich-text-body"
        macro.append(content)
    read(macro, flow)


def _has_content(element: Element) -> bool:
    return len(element) > 0 or bool((element.text or "").strip())


def _attribute(node: Element, key: str) -> str:
    for child in node.iterchildren("{ac}adf-attribute"):
        if child.get("key") == key:
            return (child.text or "").strip()
    return ""


def _panel(node: Element, flow: Flow) -> None:
    kind = _attribute(node, "panel-type")
    icon = _attribute(node, "panel-icon-text")
    content = node.find("{ac}adf-content")
    blocks = () if content is None else blocks_of(content, flow)
    flow.block(nodes.Panel(kind if kind in _KINDS else "panel", icon, blocks))


def _decisions(node: Element, flow: Flow) -> None:
    decisions: list[nodes.Decision] = []
    for item in node:
        content = item.find("{ac}adf-content") if item.tag == "{ac}adf-node" else None
        if content is not None:
            decided = _attribute(item, "state").upper() == "DECIDED"
            decisions.append(nodes.Decision(decided, blocks_of(content, flow)))
        else:
            read(item, flow)
    for text in loose(node):
        flow.text(text)
    if decisions:
        flow.block(nodes.DecisionList(tuple(decisions)))
