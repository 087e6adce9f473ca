"""ADF, the Atlassian document format, read as the elements of storage format that say the same.

A construct so has one reader and a macro one handler, whichever format a page came in; `NODES` maps a type to what
writes it, and is the place to add one. Wrong types count as absent, and nodes that no entry names keep their content.
"""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

from lxml.etree import _Element as Element

from mainstem.convert.adf_extension import macro_name
from mainstem.convert.adf_writer import Node, Writer, attributes, children, said, words
from mainstem.convert.errors import NotADocument
from mainstem.convert.storage_format import tree as storage_tree

_LOOKS_LIKE: Final = re.compile(r'\s*\{\s*"(?:type|version|content|attrs)"\s*:')
_WORDS: Final = re.compile(r'"text"\s*:\s*("(?:[^"\\]|\\.)*")', re.DOTALL)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FILENAME: Final = re.compile(r"[^\s.]\.[A-Za-z0-9]{1,5}$")
_TAG: Final = re.compile(r"[A-Za-z][\w.-]*", re.ASCII)
_BODY: Final = "__bodyContent"
"""The parameter in which a macro keeps its plain body."""

_PANELS: Final = {"info": "info", "success": "tip", "tip": "tip", "warning": "note", "error": "warning"}
"""Panels that storage format keeps as macros, which still bear their older names; their colours are the same."""

NodeWriter: TypeAlias = Callable[[Node, Writer], None]


def looks_like(source: str) -> bool:
    """Whether a body is ADF rather than storage format, by how it begins."""
    return _LOOKS_LIKE.match(source) is not None


def tree(source: str) -> Element:
    """The root above the elements that `source` stands for, as `storage_format.tree` gives it.

    Raises NotADocument where it is not JSON, or JSON of something else; what is nested too deeply for a reader of JSON
    keeps its words alone.
    """
    writer = Writer(NODES, _unknown)
    try:
        document = json.loads(source)
    except RecursionError:
        for found in _WORDS.finditer(source):
            writer.leaf("p", json.loads(found[1], strict=False))
        return writer.done()
    except ValueError as error:
        place = f" at character {error.pos}" if isinstance(error, json.JSONDecodeError) else ""
        raise NotADocument(f"it is not JSON{place}") from None
    if not isinstance(document, dict) or not isinstance(document.get("content"), list):
        raise NotADocument("it has no content")
    writer.content(document)
    return writer.done()


def _inside(tag: str) -> NodeWriter:
    def write(node: Node, writer: Writer) -> None:
        writer.start(tag)
        writer.content(node)
        writer.end(tag)

    return write


def _text(node: Node, writer: Writer) -> None:
    writer.data(said(node, "text"))
    writer.content(node)


def _heading(node: Node, writer: Writer) -> None:
    level = said(attributes(node), "level")
    _inside(f"h{level if level in ('1', '2', '3', '4', '5') else '6'}")(node, writer)


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
    _inside("{ac}adf-content")(node, writer)
    writer.end("{ac}adf-node")
    writer.end("{ac}adf-extension")


def _expand(node: Node, writer: Writer) -> None:
    _bodied("expand", {"title": said(attributes(node), "title")}, node, writer)


def _bodied(name: str, parameters: dict[str, str], node: Node, writer: Writer) -> None:
    writer.start_macro(name, parameters)
    _inside("{ac}rich-text-body")(node, writer)
    writer.end("{ac}structured-macro")


def _tasks(node: Node, writer: Writer) -> None:
    writer.start("{ac}task-list")
    writer.content(node)
    writer.end("{ac}task-list")


def _task(node: Node, writer: Writer) -> None:
    writer.start("{ac}task")
    done = said(attributes(node), "state") == "DONE"
    writer.leaf("{ac}task-status", "complete" if done else "incomplete")
    _inside("{ac}task-body")(node, writer)
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
    _inside("{ac}adf-content")(node, writer)
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


def _break(_node: Node, writer: Writer) -> None:
    writer.leaf("br")


def _rule(_node: Node, writer: Writer) -> None:
    writer.leaf("hr")


def _dropped(_node: Node, _writer: Writer) -> None:
    """Instructions to whoever writes the page."""


def _mention(node: Node, writer: Writer) -> None:
    given = attributes(node)
    name = said(given, "text").removeprefix("@")
    if identity := said(given, "id"):
        writer.start("{ac}link")
        writer.leaf("{ri}user", "", {"{ri}account-id": identity, "{ri}username": name})
        writer.end("{ac}link")
    elif name:
        writer.data(f"@{name}")


def _emoji(node: Node, writer: Writer) -> None:
    given = attributes(node)
    name = said(given, "shortName")
    writer.leaf("{ac}emoticon", "", {"{ac}emoji-fallback": said(given, "text"), "{ac}emoji-shortname": name})


def _date(node: Node, writer: Writer) -> None:
    stamp = said(attributes(node), "timestamp")
    try:
        writer.leaf("time", "", {"datetime": (_EPOCH + timedelta(milliseconds=float(stamp))).date().isoformat()})
    except (ValueError, OverflowError):
        writer.data(stamp)


def _status(node: Node, writer: Writer) -> None:
    given = attributes(node)
    colour = said(given, "color")
    writer.start_macro("status", {"title": said(given, "text"), "colour": "grey" if colour == "neutral" else colour})
    writer.end("{ac}structured-macro")


def _card(node: Node, writer: Writer) -> None:
    """A smart link; one that shows a list of issues or pages has no address where it was never given one."""
    given = attributes(node)
    data: Node = found if isinstance(found := given.get("data"), dict) else {}
    if url := said(given, "url") or said(data, "url"):
        writer.leaf("a", said(data, "name") or url, {"href": url, "data-card-appearance": "inline"})
    elif name := said(data, "name"):
        writer.data(name)
    else:
        _placeholder("datasource" if "datasource" in given else said(node, "type"), writer)


def _block_card(node: Node, writer: Writer) -> None:
    writer.start("p")
    _card(node, writer)
    writer.end("p")


def _picture(node: Node, writer: Writer) -> None:
    """`mediaSingle`: one picture with its caption."""
    parts = children(node)
    media = next((part for part in parts if said(part, "type") == "media"), None)
    if media is None:
        writer.content(node)
        return
    _image(media, writer, [part for part in parts if part is not media], alone=True)


def _image(media: Node, writer: Writer, captions: list[Node], *, alone: bool) -> None:
    given = attributes(media)
    if not _is_somewhere(given):
        _placeholder("media", writer)
        return
    shown = {f"{{ac}}{name}": value for name in ("alt", "width", "height") if (value := said(given, name))}
    link = next((said(attributes(mark), "href") for mark in children(media, "marks") if mark.get("type") == "link"), "")
    layout = {"{ac}layout": "center"} if alone else {}
    writer.start("{ac}image", shown | layout | ({"{ac}href": link} if link else {}))
    if url := said(given, "url"):
        writer.leaf("{ri}url", "", {"{ri}value": url})
    else:
        _attachment(given, writer)
    for caption in captions:
        _inside("{ac}caption")(caption, writer)
    writer.end("{ac}image")


def _attachment(given: Node, writer: Writer) -> None:
    """A file goes by its id; its name is noted beside it, if anywhere: most often as the alternative text."""
    name = said(given, "__fileName") or said(given, "fileName")
    if not name and _FILENAME.search(alt := said(given, "alt")):
        name = alt
    writer.leaf("{ri}attachment", "", {"{ri}filename": name, "{ri}file-id": said(given, "id")})


def _is_somewhere(given: Node) -> bool:
    return any(said(given, name) for name in ("url", "id", "__fileName", "fileName"))


def _files(node: Node, writer: Writer) -> None:
    writer.start("p")
    for part in children(node):
        writer.content({"content": part})
        writer.data(" ")
    writer.end("p")


def _media(node: Node, writer: Writer) -> None:
    """A file in a group or in a line: a link to it, or a small picture."""
    given = attributes(node)
    if said(given, "type") == "image" or said(given, "url"):
        _image(node, writer, [], alone=False)
        return
    if not _is_somewhere(given):
        _placeholder("media", writer)
        return
    writer.start("{ac}link")
    _attachment(given, writer)
    writer.data(said(given, "alt"))
    writer.end("{ac}link")


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
        _inside("{ac}rich-text-body")(node, writer)
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
        writer.replay(storage_tree(source))


def _original(node: Node, writer: Writer) -> None:
    """What an older editor could not show, kept as it was."""
    writer.content({"content": [attributes(node).get("originalValue")]})


def _unknown(node: Node, writer: Writer) -> None:
    """A node nobody knows: its content, else a placeholder that names it."""
    kind = said(node, "type")
    if not _TAG.fullmatch(kind):
        kind = "unknown"
    if "text" in node or children(node):
        writer.start(f"{{adf}}{kind}")
        _text(node, writer)
        writer.end(f"{{adf}}{kind}")
    else:
        _placeholder(kind, writer)


def _placeholder(name: str, writer: Writer) -> None:
    writer.start_macro(f"adf:{name}", {})
    writer.end("{ac}structured-macro")


NODES: Final[dict[str, NodeWriter]] = {
    "text": _text,
    "doc": _inside("div"),
    "paragraph": _inside("p"),
    "heading": _heading,
    "bulletList": _inside("ul"),
    "orderedList": _ordered,
    "listItem": _inside("li"),
    "blockquote": _inside("blockquote"),
    "codeBlock": _code,
    "rule": _rule,
    "hardBreak": _break,
    "panel": _panel,
    "expand": _expand,
    "nestedExpand": _expand,
    "taskList": _tasks,
    "taskItem": _task,
    "blockTaskItem": _task,
    "decisionList": _decisions,
    "decisionItem": _decision,
    "table": _table,
    "tableRow": _inside("tr"),
    "tableCell": _cell("td"),
    "tableHeader": _cell("th"),
    "layoutSection": _inside("{ac}layout-section"),
    "layoutColumn": _inside("{ac}layout-cell"),
    "mediaSingle": _picture,
    "mediaGroup": _files,
    "media": _media,
    "mediaInline": _media,
    "caption": _inside("p"),
    "mention": _mention,
    "emoji": _emoji,
    "date": _date,
    "status": _status,
    "placeholder": _dropped,
    "inlineCard": _card,
    "blockCard": _block_card,
    "embedCard": _block_card,
    "extension": _extension,
    "inlineExtension": _extension,
    "bodiedExtension": _extension,
    "multiBodiedExtension": _extension,
    "extensionFrame": _inside("div"),
    "confluenceJiraIssue": _issue,
    "confluenceUnsupportedBlock": _stored,
    "confluenceUnsupportedInline": _stored,
    "unsupportedBlock": _original,
    "unsupportedInline": _original,
}
