"""The converter, a compiler: storage format or ADF -> frozen tree -> Markdown, safe HTML, plain text, passages.

Pure: it reads no clock, file, network or database; where links lead and what people are called is asked of a
`LinkResolver` for the reader at hand. What a page includes from other pages stays a reference.
"""

from datetime import date

from mainstem.convert import adf, html, markdown, nodes, page_properties, plain, storage_format, tree_json
from mainstem.convert.elements import read_document
from mainstem.convert.outline import Heading, outline, section
from mainstem.convert.parts import Part, read_parts
from mainstem.convert.passages import passages
from mainstem.wiki.conversion import AS_IT_STANDS, ConversionOptions
from mainstem.wiki.documents import BodyFormat, Converted, LinkResolver, NoLinks, TaskFacts


def parse(
    source: str, written_in: BodyFormat = BodyFormat.STORAGE, options: ConversionOptions = AS_IT_STANDS
) -> nodes.Document:
    """The tree of a body. Storage format never fails, whatever the text: broken markup keeps its words.

    The options go with the tree: what is made of it follows them. ADF that is not JSON, or JSON of something else,
    raises NotADocument.
    """
    tree = adf.tree if written_in is BodyFormat.ADF else storage_format.tree
    return read_document(tree(source), len(source), options)


def format_of(source: str) -> BodyFormat:
    """The format that a body is written in, by how it begins."""
    return BodyFormat.ADF if adf.looks_like(source) else BodyFormat.STORAGE


def parse_parts(
    source: str,
    part: Part,
    written_in: BodyFormat = BodyFormat.STORAGE,
    options: ConversionOptions = AS_IT_STANDS,
) -> nodes.Document:
    """Of a body only the parts of one kind, wherever they stand: much faster than all of it."""
    tree = adf.tree if written_in is BodyFormat.ADF else storage_format.tree
    return read_parts(tree(source), len(source), part, options)


def to_markdown(document: nodes.Document, links: LinkResolver | None = None) -> str:
    """CommonMark with GitHub's tables, task lists and callouts."""
    return markdown.to_markdown(document, links or NoLinks())


def to_html(document: nodes.Document, links: LinkResolver | None = None) -> str:
    """A fragment that is safe to show; headings have the ids that passages name."""
    return html.to_html(document, links or NoLinks())


def headings(document: nodes.Document, links: LinkResolver | None = None) -> tuple[Heading, ...]:
    """The headings that a reader sees, with the ids that they have in `to_html`."""
    return outline(document, links or NoLinks())


def to_text(document: nodes.Document, links: LinkResolver | None = None) -> str:
    """The words that a reader sees, a line per block."""
    return plain.to_text(document, links or NoLinks())


def to_json(document: nodes.Document) -> str:
    """The tree itself."""
    return tree_json.to_json(document)


def extract(document: nodes.Document, people: LinkResolver | None = None) -> Converted:
    """What is stored beside a body. Mentions read as the names that `people` gives, else not at all."""
    resolver = people or NoLinks()
    properties = (
        each
        for table in document.properties
        for block in table.blocks
        for each in page_properties.properties(block, resolver)
    )
    return Converted(
        passages(document, resolver),
        document.links,
        tuple(dict.fromkeys(properties)),
        macros=document.macros,
        tasks=tuple(map(_facts, document.tasks)),
    )


def _facts(task: nodes.Task) -> TaskFacts:
    return TaskFacts(task.done, task.assignee.id if task.assignee else None, _day(task.due))


def _day(written: str | None) -> date | None:
    try:
        return date.fromisoformat((written or "")[:10])
    except ValueError:
        return None


__all__ = [
    "Heading",
    "Part",
    "extract",
    "format_of",
    "headings",
    "nodes",
    "parse",
    "parse_parts",
    "section",
    "to_html",
    "to_json",
    "to_markdown",
    "to_text",
]
