"""The page of docs/ on fields: each that is read from Confluence, where it is kept, and where readers meet it.

The table names every field of the types that the client and the converter hand on, and the columns that hold it; a
house test compares both with the code, so that no field is read that the page does not tell of.
"""

from typing import Final, NamedTuple

from mainstem.wiki.audience import Rules
from mainstem.wiki.content import AttachmentFile, Content, Person, Space
from mainstem.wiki.documents import TaskFacts
from mainstem.wiki.filing import Drawer, Filing, On
from mainstem.wiki.properties import PageProperty, PropertyType

OPENING = """\
# Fields

Every field that is read from Confluence, the column that keeps it, what it is in Mainstem, and how a search finds it.
What is shown and counted is always that of documents which the reader may read.

This page is made by `make listings` from `tools/field_listing.py`; a test compares that with the types of
`src/mainstem/wiki` and with the tables.
"""


class Landing(NamedTuple):
    """Where one field lands. `column` "" : not in a column of its own; `found` "": by no operator."""

    column: str
    becomes: str
    found: str = ""


_TYPES: Final = ", ".join(PropertyType)

LANDINGS: Final[dict[type, dict[str, Landing]]] = {
    Content: {
        "id": Landing("documents.source_id", "its id in Confluence, by which links find it"),
        "kind": Landing("documents.kind", "type", "`type:`"),
        "space_id": Landing(
            "documents.space_id", "its space, whose name is its category unless a rule gives another", "`space:`"
        ),
        "title": Landing("documents.title", "title of the article", "words"),
        "version": Landing("documents.version", "version, counted by changes of the body"),
        "status": Landing("documents.status", "current or archived; drafts and what is in the trash are not shown"),
        "parent_id": Landing("documents.parent_id", "place in the tree, and the path above the title"),
        "parent_kind": Landing("documents.parent_kind", "place in the tree"),
        "position": Landing("documents.position", "order among the pages below one page"),
        "container_id": Landing("documents.container_id", "what a comment or file belongs to; its readers are theirs"),
        "author_id": Landing("documents.author_id", "author: who created it", "`author:`"),
        "editor_id": Landing("documents.editor_id", "who changed it last"),
        "created_at": Landing("documents.created_at", "created"),
        "modified_at": Landing("documents.modified_at", "last updated", "`updated:`"),
        "url": Landing("documents.url", "open in Confluence"),
        "body": Landing("bodies.source", "the text, its passages, links, tasks and page properties", "words"),
        "file": Landing("", "see the file of an attachment"),
        "inline_selection": Landing("documents.inline_selection", "the words that a comment is about"),
        "resolved": Landing("documents.resolved", "whether a comment is resolved"),
    },
    AttachmentFile: {
        "media_type": Landing("documents.media_type", "how a file is shown and read"),
        "size": Landing("documents.file_size", "size"),
        "file_id": Landing("documents.file_id", "by which ADF names a file"),
        "download": Landing("documents.download", "where its bytes are fetched"),
        "comment": Landing("documents.file_comment", "kept, and shown nowhere"),
    },
    Rules: {
        "content_id": Landing("documents.source_id", "whose labels and rules they are"),
        "labels": Landing("labels.label", "tags", "`tag:` or `label:`"),
        "restriction": Landing("documents.rules_state", "who may read it, in every query"),
    },
    PageProperty: {
        "name": Landing("properties.name", "name of a property of the page", "`property:name`"),
        "value": Landing("properties.value", "what stands beside the name, on one line"),
        "type": Landing("properties.type", f"its type: {_TYPES}"),
        "parts": Landing("properties.parts", "its values", "`property:name=value`, `<`, `<=`, `>`, `>=`"),
    },
    TaskFacts: {
        "done": Landing("tasks.done", "whether a task is done, in reports of tasks"),
        "assignee": Landing("tasks.assignee_id", "whose task it is, in reports of tasks"),
        "due": Landing("tasks.due", "when it is due, in reports of tasks"),
    },
    Space: {
        "id": Landing("spaces.source_id", "its id in Confluence"),
        "key": Landing("spaces.key", "key of the space", "`space:`"),
        "name": Landing("spaces.name", "category: the name of the space", "`category:`"),
        "kind": Landing("spaces.kind", "global, personal or another kind of space"),
        "status": Landing("spaces.status", "current or archived"),
        "homepage_id": Landing("spaces.homepage_id", "where the tree of the space begins"),
        "url": Landing("spaces.url", "address of the space in Confluence"),
    },
    Person: {
        "id": Landing("people.source_id", "account, by which authors and rules name somebody"),
        "display_name": Landing("people.display_name", "name of an author, or of somebody mentioned", "`author:`"),
        "email": Landing("people.email", "by which an admin finds whom a member is"),
        "active": Landing("people.active", "whether the account still lets anybody read"),
        "kind": Landing("people.kind", "a person or an app"),
        "guest": Landing("people.guest", "whether it is a guest, who reads less"),
        "username": Landing("people.username", "name to sign in with, on Data Center"),
    },
    Filing: {
        "drawer": Landing("filings.drawer", "what it is: " + ", ".join(Drawer)),
        "name": Landing("filings.name", "its name", ", ".join(f"`{drawer}:`" for drawer in Drawer)),
        "by": Landing("filings.by", "what the rule asks for, or who chose it"),
        "origin": Landing("filings.origin", "whether a rule gave it or a person; neither takes away the other's"),
        "account": Landing("filings.account", "the account of an owner whom Confluence knows"),
    },
}

OF_RULES: Final = """
## Rules

A connection has [rules](rules.md) of its own. Without any, each label is a tag, and the space is the category.
"""

RULES: Final[dict[On, tuple[str, str]]] = {
    On.ALL: ("everything of the connection", "a name"),
    On.SPACE: ("the keys of spaces", "a name, or the name of the space"),
    On.LABEL: ("labels, with `*` for any characters", "a name, or the label itself"),
    On.FIELD: (
        "a page property and, if it matters, its value: a text with `*`, a number or a day",
        "a name, or each value of the property",
    ),
}
"""What a rule asks for by each of its conditions, and what it can give."""

TITLES: Final = {
    Content: "Pages, blog posts, comments and attachments",
    AttachmentFile: "The file of an attachment",
    Rules: "Labels and restrictions",
    PageProperty: "Page properties",
    TaskFacts: "Tasks",
    Space: "Spaces",
    Person: "People",
    Filing: "What rules and people give",
}


def fields_page() -> str:
    """The page, as Markdown."""
    return OPENING + "".join(map(_section, LANDINGS)) + _rules()


def _rules() -> str:
    """What rules may look at, and what each may become."""
    drawers = ", ".join(Drawer)
    head = f"{OF_RULES}\n| `on` | asks for | gives, as {drawers} |\n| --- | --- | --- |\n"
    return head + "".join(f"| `{on}` | {asks} | {gives} |\n" for on, (asks, gives) in RULES.items())


def _section(of: type) -> str:
    head = f"\n## {TITLES[of]}\n\n| field | kept in | in Mainstem | found by |\n| --- | --- | --- | --- |\n"
    return head + "".join(_row(field, landing) for field, landing in LANDINGS[of].items())


def _row(field: str, landing: Landing) -> str:
    column = f"`{landing.column}`" if landing.column else ""
    found = landing.found.replace("|", "\\|")
    return f"| {field.removesuffix('_id').replace('_', ' ')} | {column} | {landing.becomes} | {found} |\n"
