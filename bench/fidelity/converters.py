"""The converters beside each other: ours in this process, each other one in a process of its own.

A peer is given what it is given in real life: STORAGE, where its users hand it a page's body as it is stored; RENDERED,
where it gets the page as Confluence's server shows it to one account, with all that the server computed.
"""

import json
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.fidelity import shown
from bench.fidelity.constructs import Construct
from bench.fidelity.shown import Shown
from bench.fidelity.world import World, world
from mainstem.convert import extract, nodes, parse, to_html, to_markdown, to_text
from mainstem.wiki.documents import BodyFormat

PEER = Path(__file__).with_name("peer.py")
PINS = Path(__file__).with_name("peers.txt")
PATIENCE = 300.0
"""Seconds for all constructs together."""

STORAGE, RENDERED, ADF = "storage", "rendered", "ADF"


@dataclass(frozen=True, slots=True)
class Peer:
    """Another converter: its name in the table and in `peer.py`, its distribution, what it reads and writes."""

    name: str
    call: str
    distribution: str
    reads: str
    writes: Callable[[str], Shown] = shown.markdown


_READ: Final[dict[str, Callable[[Construct], str]]] = {
    STORAGE: lambda construct: construct.body,
    RENDERED: lambda construct: construct.view,
    ADF: lambda construct: construct.adf,
}

PEERS: Final = (
    Peer("LangChain, text", "langchain_text", "langchain-community", STORAGE, shown.plain),
    Peer("LangChain, Markdown", "langchain_markdown", "langchain-community", STORAGE),
    Peer("markdownify", "markdownify", "markdownify", STORAGE),
    Peer("html2text", "html2text", "html2text", STORAGE),
    Peer("markitdown", "markitdown", "markitdown", STORAGE),
    Peer("html-to-markdown", "html_to_markdown", "html-to-markdown", STORAGE),
    Peer("markdownify, rendered", "markdownify", "markdownify", RENDERED),
    Peer("html-to-markdown, rendered", "html_to_markdown", "html-to-markdown", RENDERED),
    Peer("confluence-markdown-exporter", "exporter", "confluence-markdown-exporter", RENDERED),
    Peer("pyadf", "pyadf", "pyadf", ADF),
    Peer("atlas_doc_parser", "atlas_doc_parser", "atlas_doc_parser", ADF),
)


class PeerFailed(Exception):
    """A peer's process ended without outputs; the message is the end of what it said."""


def ours(output: str) -> Callable[[Construct], Shown]:
    """Our converter with one of its outputs, a key of `OURS`."""
    asked = world()
    emit, read = OURS[output]
    return lambda construct: read(emit(_document(construct), asked))


def _document(construct: Construct) -> nodes.Document:
    return parse(construct.adf, BodyFormat.ADF) if construct.adf else parse(construct.body)


def _passages(document: nodes.Document, asked: World) -> str:
    found = extract(document, asked).passages
    return "\n".join("\n".join([*passage.heading_path, passage.text]) for passage in found)


OURS: Final[dict[str, tuple[Callable[[nodes.Document, World], str], Callable[[str], Shown]]]] = {
    "markdown": (to_markdown, shown.markdown),
    "html": (to_html, shown.page),
    "text": (to_text, shown.plain),
    "passages": (_passages, shown.plain),
}
"""What our converter makes of a document, and how it is shown."""


def outputs(python: str, peer: Peer, given: Sequence[Construct]) -> list[Shown | None]:
    """What a peer makes of these constructs, None where it fails on one. Raises PeerFailed when it ends badly."""
    pages = [{"name": each.name, "text": _READ[peer.reads](each), "body": each.body} for each in given]
    process = subprocess.run(
        [python, str(PEER), peer.call],
        input=json.dumps(pages),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    if process.returncode:
        raise PeerFailed(process.stderr.strip().rpartition("\n")[2])
    told = json.loads(process.stdout)
    return [None if text is None else peer.writes(text) for text in told]
