"""Pictures and files: attached to a page, where they go by id, or somewhere else."""

import re
from typing import Final

from mainstem.convert.adf.writer import Node, NodeWriter, Writer, attributes, children, inside, said

_FILENAME: Final = re.compile(r"[^\s.]\.[A-Za-z0-9]{1,5}$")


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
        writer.placeholder("media")
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
        inside("{ac}caption")(caption, writer)
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
        writer.placeholder("media")
        return
    writer.start("{ac}link")
    _attachment(given, writer)
    writer.data(said(given, "alt"))
    writer.end("{ac}link")


FILES: Final[dict[str, NodeWriter]] = {
    "mediaSingle": _picture,
    "mediaGroup": _files,
    "media": _media,
    "mediaInline": _media,
    "caption": inside("p"),
}
