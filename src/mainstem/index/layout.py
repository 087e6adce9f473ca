"""How documents lie in tantivy: one page record and a record per passage, written and deleted together.

Words are looked for in page records, so that all of them may stand anywhere in a document and every count is a count of
documents; passage records only tell which passage of a document is the best. No record keeps its text. All text
arrives as space-joined words from the analyser, so tantivy's built-in tokenizers suffice.
"""

import math
from collections.abc import Iterable, Iterator, Sequence

from tantivy import Document, Schema, SchemaBuilder

from mainstem.index import properties
from mainstem.index.analyser import Analyser, Reading, Readings
from mainstem.index.passage_index import Entry
from mainstem.index.properties import key
from mainstem.index.query import Field

VERSION = 4
"""Raised whenever what is written here changes; an index of another version is built anew."""

PAGE = "page"
"""Stands in `keys` of every page record."""

GAP = " ¶ "
"""Stands between passages, so that no phrase reaches across; no word can be equal to it."""

PAGE_TEXTS = ("title", "headings", "body")
"""The page's words in reading order; `parts` holds its identifiers' pieces, `plain` every spelling."""


def schema() -> Schema:
    """The fields of all records. Only what is looked up by order has positions."""
    builder = SchemaBuilder()
    builder.add_unsigned_field("document", indexed=True, fast=True)
    builder.add_unsigned_field("page", indexed=True)
    builder.add_unsigned_field("chain", indexed=True, fast=True)
    builder.add_integer_field("updated", indexed=True, fast=True)
    for name in (*PAGE_TEXTS, "parts", "passage", "passage_parts"):
        builder.add_text_field(name, tokenizer_name="whitespace")
    builder.add_text_field("plain", tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("keys", tokenizer_name="raw", index_option="basic")
    for field in Field:
        builder.add_text_field(field, tokenizer_name="raw", fast=True, index_option="basic")
    builder.add_unsigned_field("ordinal", fast=True)
    builder.add_unsigned_field("position", fast=True)
    return builder.build()


def records(schema: Schema, entries: Sequence[Entry], analyser: Analyser) -> Iterator[Document]:
    """The page record and the passage records of one document."""
    paths = list(dict.fromkeys(entry.heading_path for entry in entries))
    title = entries[0].title
    read = analyser.read([title, *(" / ".join(path) for path in paths), *(entry.text for entry in entries)])
    headings, texts = read.texts[1 : 1 + len(paths)], read.texts[1 + len(paths) :]
    yield Document.from_dict(_page(entries[0], read, headings, texts, analyser), schema)
    heading_of = dict(zip(paths, headings, strict=True))
    for entry, text in zip(entries, texts, strict=True):
        yield _passage(entry, heading_of[entry.heading_path], text)


def _passage(entry: Entry, heading: Reading, text: Reading) -> Document:
    # Field by field, which takes half the time of a dict: most records are passages.
    record = Document()
    record.add_unsigned("document", entry.document_id)
    record.add_unsigned("ordinal", entry.ordinal)
    record.add_text("passage", f"{heading.words}{GAP}{text.words}")
    if text.parts:
        record.add_text("passage_parts", text.parts)
    return record


def _page(
    entry: Entry, read: Readings, headings: Sequence[Reading], texts: Sequence[Reading], analyser: Analyser
) -> dict[str, object]:
    title = read.texts[0].words
    dated = {} if entry.updated_at is None else {"updated": math.floor(entry.updated_at.timestamp())}
    return dated | {
        "document": entry.document_id,
        "page": entry.document_id,
        "chain": entry.chain_id,
        "title": title,
        "headings": GAP.join(heading.words for heading in headings),
        "body": GAP.join(text.words for text in texts),
        "parts": GAP.join(reading.parts for reading in read.texts if reading.parts),
        "plain": read.spellings,
        "keys": [PAGE, key("title", " ".join(title.split())), *_keys(entry, analyser)],
        Field.SPACE: entry.space_key,
        Field.KIND: entry.kind,
        Field.LABEL: list(entry.tags),
        Field.AUTHOR: entry.author,
        Field.SOURCE: entry.connection,
        Field.CATEGORY: entry.category,
        Field.COLLECTION: list(entry.collections),
        Field.OWNER: entry.owner,
        Field.PROPERTY: list(properties.names(entry.properties, analyser)),
    }


def _keys(entry: Entry, analyser: Analyser) -> Iterable[str]:
    yield key(Field.SPACE, analyser.fold(entry.space_key))
    yield key(Field.KIND, analyser.fold(entry.kind))
    yield key(Field.SOURCE, analyser.fold(entry.connection))
    yield key(Field.CATEGORY, analyser.fold(entry.category))
    for field, names in ((Field.LABEL, entry.tags), (Field.COLLECTION, entry.collections)):
        for name in names:
            yield key(field, analyser.fold(name))
    yield from properties.keys(entry.properties, analyser)
    for field, person in ((Field.AUTHOR, entry.author), (Field.OWNER, entry.owner)):
        name = analyser.fold(person)
        for part in {name, *name.split()}:
            yield key(field, part)
