"""What stands in a line: text, breaks, mentions, emoji, dates, lozenges, smart links."""

from datetime import UTC, datetime, timedelta
from typing import Final

from mainstem.convert.adf.writer import Node, NodeWriter, Writer, apart, attributes, said

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def _text(node: Node, writer: Writer) -> None:
    writer.data(said(node, "text"))
    writer.content(node)


def _break(_node: Node, writer: Writer) -> None:
    writer.leaf("br")


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
        writer.placeholder("datasource" if "datasource" in given else said(node, "type"))


LINES: Final[dict[str, NodeWriter]] = {
    "text": _text,
    "hardBreak": _break,
    "mention": _mention,
    "emoji": _emoji,
    "date": _date,
    "status": _status,
    "placeholder": _dropped,
    "inlineCard": _card,
    "blockCard": apart(_card),
    "embedCard": apart(_card),
}
