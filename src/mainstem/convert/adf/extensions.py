"""Macros, which ADF calls extensions, and what it keeps in other words than its own."""

import re
from typing import Final

from mainstem.convert.adf.writer import Node, NodeWriter, Writer, apart, attributes, children, inside, said
from mainstem.convert.adf_extension import macro_name
from mainstem.convert.storage_format import tree

_TAG: Final = re.compile(r"[A-Za-z][\w.-]*", re.ASCII)
_BODY: Final = "__bodyContent"
"""The parameter in which a macro keeps its plain body."""


def _extension(node: Node, writer: Writer) -> None:
    """A macro: its parameters, then the body it has."""
    given = attributes(node)
    parameters = _parameters(given)
    name = macro_name(said(given, "extensionKey"))
    plain = parameters.pop(_BODY, None)
    writer.start_macro(name, parameters, alone=node.get("type") != "inlineExtension")
    if plain is not None:
        writer.leaf("{ac}plain-text-body", plain)
    if children(node):
        inside("{ac}rich-text-body")(node, writer)
    writer.end("{ac}structured-macro")


def _parameters(given: Node) -> dict[str, str]:
    outer = given.get("parameters")
    for holder in (outer, given):
        for key in ("macroParams", "guestParams"):
            found = holder.get(key) if isinstance(holder, dict) else None
            if isinstance(found, dict):
                return {
                    name: said(value, "value") if isinstance(value, dict) else said(found, name)
                    for name, value in found.items()
                }
    return {}


def _issue(node: Node, writer: Writer) -> None:
    writer.start_macro("jira", {"key": said(attributes(node), "issueKey")})
    writer.end("{ac}structured-macro")


def _stored(node: Node, writer: Writer) -> None:
    """What ADF cannot say, kept as the storage format it came from."""
    if source := said(attributes(node), "cxhtml"):
        writer.replay(tree(source))


def _original(node: Node, writer: Writer) -> None:
    """What an older editor could not show, kept as it was."""
    writer.content({"content": [attributes(node).get("originalValue")]})


def unknown(node: Node, writer: Writer) -> None:
    """A node nobody knows, in a line or not: its content, apart from the rest, else a placeholder that names it."""
    kind = said(node, "type")
    if not _TAG.fullmatch(kind):
        kind = "unknown"
    if "text" in node or children(node):
        writer.data(" ")
        writer.start(f"{{adf}}{kind}")
        writer.data(said(node, "text"))
        writer.content(node)
        writer.end(f"{{adf}}{kind}")
        writer.data(" ")
    else:
        writer.placeholder(kind)


EXTENSIONS: Final[dict[str, NodeWriter]] = {
    "extension": _extension,
    "inlineExtension": _extension,
    "bodiedExtension": _extension,
    "multiBodiedExtension": _extension,
    "extensionFrame": inside("div"),
    "confluenceJiraIssue": _issue,
    "confluenceUnsupportedBlock": apart(_stored),
    "confluenceUnsupportedInline": _stored,
    "unsupportedBlock": apart(_original),
    "unsupportedInline": _original,
}
