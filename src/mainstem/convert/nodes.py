"""The document tree: frozen nodes that the reader builds and every emitter walks.

Text is plain `str`, with runs of XML white space collapsed to one blank (not in `Code` and `Preformatted`). A tree is
at most `flow.DEEPEST` levels deep, so emitters may recurse. Nodes know nothing of Confluence's XML or of any output.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from mainstem.wiki.conversion import AS_IT_STANDS, ConversionOptions
from mainstem.wiki.documents import AttachmentTarget, PersonTarget, Target
from mainstem.wiki.macros import MacroUse


@dataclass(frozen=True, slots=True)
class Break:
    """A line break inside a paragraph."""


@dataclass(frozen=True, slots=True)
class Styled:
    """Text with one style: strong, em, u, s, sub, sup."""

    style: str
    content: "tuple[Inline, ...]"


@dataclass(frozen=True, slots=True)
class CodeSpan:
    """Inline code; it may hold links."""

    content: "tuple[Inline, ...]"


@dataclass(frozen=True, slots=True)
class Link:
    """A link. `target` None means this page, at `anchor`. Empty `content`: show the target's title."""

    target: Target | None
    content: "tuple[Inline, ...]" = ()
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture. Sizes are CSS numbers as stored ("" when unset); `link` is where a click leads."""

    target: Target | None
    alt: str = ""
    title: str = ""
    width: str = ""
    height: str = ""
    caption: "tuple[Inline, ...]" = ()
    link: Target | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A person. `name` is what storage itself tells: a user name on old servers, else ""."""

    person: PersonTarget
    name: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """A coloured lozenge with a word."""

    title: str
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Date:
    """A day, ISO 8601."""

    iso: str


@dataclass(frozen=True, slots=True)
class Emoji:
    """An emoji, as Unicode where storage gives it, else its `:short_name:`."""

    text: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """A named place; `id` is its id in our own HTML."""

    id: str


@dataclass(frozen=True, slots=True)
class Issue:
    """A Jira issue by key."""

    key: str
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Formula:
    """TeX, set inline or (`display`) on a line of its own."""

    tex: str
    display: bool = False


@dataclass(frozen=True, slots=True)
class Diagram:
    """A drawing kept by another tool under a name; `preview` is the picture that the tool attaches."""

    tool: str
    name: str
    preview: AttachmentTarget | None = None


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A macro whose output is not here: unknown, or made by Confluence when someone looks.

    `parameters` keep its source; only `title` is for readers.
    """

    macro: str
    title: str = ""
    parameters: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class UnknownSpan:
    """An inline element that is not understood: its tag and attributes as stored, its content converted."""

    tag: str
    attributes: tuple[tuple[str, str], ...]
    content: "tuple[Inline, ...]"


Inline: TypeAlias = (
    str
    | Break
    | Styled
    | CodeSpan
    | Link
    | Image
    | Mention
    | Status
    | Date
    | Emoji
    | Anchor
    | Issue
    | Formula
    | Diagram
    | Placeholder
    | UnknownSpan
)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A run of inline content, never empty."""

    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, level 1 to 6; `anchor` is its id, unique in the document."""

    level: int
    content: tuple[Inline, ...]
    anchor: str


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list."""

    blocks: "tuple[Block, ...]"


@dataclass(frozen=True, slots=True)
class List:
    """A bullet list, or an ordered one that counts from `start`."""

    items: tuple[Item, ...]
    ordered: bool = False
    start: int = 1


@dataclass(frozen=True, slots=True)
class Task:
    """One task; assignee and due date (ISO) repeat what stands in its content."""

    done: bool
    blocks: "tuple[Block, ...]"
    assignee: PersonTarget | None = None
    due: str | None = None


@dataclass(frozen=True, slots=True)
class TaskList:
    """Tasks in order."""

    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision; `decided` False while it is open."""

    decided: bool
    blocks: "tuple[Block, ...]"


@dataclass(frozen=True, slots=True)
class DecisionList:
    """Decisions in order."""

    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation."""

    blocks: "tuple[Block, ...]"


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal line."""


@dataclass(frozen=True, slots=True)
class Code:
    """A block of code, verbatim."""

    text: str
    language: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Preformatted:
    """Text whose white space counts; it may hold links and styles."""

    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; spans are at least 1 and may reach beyond the table."""

    blocks: "tuple[Block, ...]"
    header: bool = False
    colspan: int = 1
    rowspan: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """One row as stored: only the cells that begin in it."""

    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first `heads` rows are header rows."""

    rows: tuple[Row, ...]
    heads: int = 0


@dataclass(frozen=True, slots=True)
class Panel:
    """A callout. `kind` is info, note, tip, warning, error, success, or panel."""

    kind: str
    title: str
    blocks: "tuple[Block, ...]"


@dataclass(frozen=True, slots=True)
class Expand:
    """Content that opens on a click."""

    title: str
    blocks: "tuple[Block, ...]"


@dataclass(frozen=True, slots=True)
class Columns:
    """Content side by side."""

    columns: "tuple[tuple[Block, ...], ...]"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A part that other pages may include by `name`; `hidden` ones show only there."""

    name: str
    hidden: bool
    blocks: "tuple[Block, ...]"


@dataclass(frozen=True, slots=True)
class Include:
    """Another page's content, or its excerpt ("" for its first), by reference: it has readers of its own.

    `blocks` is what one reader sees there, () where there is nothing for them, None while nobody looks.
    """

    target: Target
    excerpt: str | None = None
    framed: bool = True
    blocks: "tuple[Block, ...] | None" = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that is made when somebody looks, by its macro's name; `parameters` are its source, `title` is read.

    `blocks` is what one reader sees there, None while nobody looks.
    """

    macro: str
    title: str
    parameters: tuple[tuple[str, tuple[str | Target, ...]], ...]
    blocks: "tuple[Block, ...] | None" = None


@dataclass(frozen=True, slots=True)
class Properties:
    """Page properties: keys and values, in tables within; reports may ask for those of one `group` alone."""

    hidden: bool
    blocks: "tuple[Block, ...]"
    group: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A block element that is not understood: its tag and attributes as stored, its content converted."""

    tag: str
    attributes: tuple[tuple[str, str], ...]
    blocks: "tuple[Block, ...]"


Block: TypeAlias = (
    Paragraph
    | Heading
    | List
    | TaskList
    | DecisionList
    | Quote
    | Rule
    | Code
    | Preformatted
    | Table
    | Panel
    | Expand
    | Columns
    | Excerpt
    | Include
    | Listing
    | Properties
    | Unknown
)


@dataclass(frozen=True, slots=True)
class Document:
    """A whole body.

    `size` is the length of its source in characters; `links` every target once, in order; `anchors` maps a name, as
    `anchors.key` folds it, to the id of the heading or anchor it names; `properties`, `excerpts` and `tasks` are its
    own, in order; `macros` how its macros came out; `live` what is only filled when somebody looks; `options` are
    those that it was read with.
    """

    blocks: tuple[Block, ...]
    size: int
    links: tuple[Target, ...]
    anchors: Mapping[str, str]
    properties: tuple[Properties, ...]
    macros: tuple[MacroUse, ...] = ()
    excerpts: tuple[Excerpt, ...] = ()
    tasks: tuple[Task, ...] = ()
    live: tuple[Include | Listing, ...] = ()
    options: ConversionOptions = AS_IT_STANDS
