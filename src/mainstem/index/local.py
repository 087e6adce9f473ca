"""The passage index in a folder: tantivy, embedded.

Any number of processes may read it; the one that first writes holds it until it closes. The position lies in the index
itself, as a record of its own, so it commits together with the passages.
"""

import threading
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby, islice
from operator import attrgetter
from pathlib import Path

import tantivy
from tantivy import Document, IndexWriter, Searcher

from mainstem.index.analyser import Analyser
from mainstem.index.errors import IndexHeld, IndexUnreadable
from mainstem.index.layout import VERSION, records, schema
from mainstem.index.lookup import Audience, Lookup, matches
from mainstem.index.matching import Matching
from mainstem.index.passage_index import Entry, Found, Size
from mainstem.index.query import Query

_HEAP = 20_000_000
_REPLACED_AT_ONCE = 200


class LocalIndex:
    """A PassageIndex in a folder; `folder` is made when it is missing. Safe to share between threads.

    Raises UnknownLanguage, and IndexUnreadable when the files are damaged. An index in another language, or one that an
    older version wrote, lies in a folder of its own beside this one and is not touched.
    """

    def __init__(self, folder: Path, *, language: str = "english") -> None:
        self._analyser = Analyser(language)
        self._folder = folder / f"{language}-{VERSION}"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._schema = schema()
        self._matching = Matching(self._schema, self._analyser)
        try:
            self._index = tantivy.Index(self._schema, str(self._folder))
            self._index.config_reader(reload_policy="manual")
        except ValueError as damage:
            raise IndexUnreadable(self._folder, str(damage)) from damage
        self._stamp = self._stamped()
        self._lock = threading.Lock()
        self._writing: IndexWriter | None = None

    @property
    def analyser(self) -> Analyser:
        """How this index reads text."""
        return self._analyser

    @property
    def position(self) -> int:
        """The journal entry this index has followed."""
        searcher = self._searcher()
        records_of_it = searcher.search(tantivy.Query.exists_query("position"), limit=1).hits
        values = searcher.fast_field_values("position", [address for _, address in records_of_it])
        return int(values[0] or 0) if values else 0

    def apply(self, position: int, *, remove: Collection[int] = (), add: Iterable[Entry] = ()) -> None:
        """Replace, remove and move on in one commit. Raises IndexHeld when another process writes."""
        with self._lock:
            writer = self._writer()
            try:
                self._write(writer, remove, add)
                self._move_to(writer, position)
                writer.commit()
            except BaseException:
                writer.rollback()
                raise
        self._reload()

    def clear(self) -> None:
        """Forget everything. Raises IndexHeld when another process writes."""
        with self._lock:
            writer = self._writer()
            writer.delete_all_documents()
            writer.commit()
        self._reload()

    def find(
        self,
        query: Query,
        *,
        chains: Collection[int] | None,
        without: Collection[int] = (),
        limit: int = 10,
        offset: int = 0,
        facets: bool = True,
    ) -> Found:
        """The documents that match, best first."""
        if chains is not None and not chains:
            return Found()
        audience = Audience(None if chains is None else frozenset(chains), frozenset(without))
        return Lookup(self._searcher(), self._matching, query, audience).found(limit, offset, facets=facets)

    def suggest(
        self, prefix: str, *, chains: Collection[int] | None, without: Collection[int] = (), limit: int = 10
    ) -> tuple[str, ...]:
        """Words that begin like this one, the most frequent first."""
        plain = self._analyser.ask(prefix).plain
        if not plain or (chains is not None and not chains):
            return ()
        within = None if chains is None else frozenset(chains)
        visible = self._matching.within(self._matching.every_page(), within, without)
        seen = self._searcher().terms_with_prefix("plain", plain, filter_query=visible)
        ranked = sorted(seen, key=lambda term: (-term[1], term[0]))
        return tuple(word for word, _ in ranked[:limit])

    def count(self) -> Size:
        """How much is indexed."""
        searcher = self._searcher()
        pages = searcher.search(self._matching.every_page(), limit=1)
        passages = searcher.search(tantivy.Query.exists_query("ordinal"), limit=1)
        return Size(documents=matches(pages), passages=matches(passages))

    def close(self) -> None:
        """Finish what is being merged and let another process write."""
        with self._lock:
            if self._writing is not None:
                self._writing.wait_merging_threads()
                self._writing = None

    def _write(self, writer: IndexWriter, remove: Collection[int], add: Iterable[Entry]) -> None:
        # By query: deleting by term takes the id for a signed number, finds nothing, and says nothing.
        writer.delete_documents_by_query(self._matching.of_documents(remove))
        removed, documents = set(remove), _documents(add)
        while some := list(islice(documents, _REPLACED_AT_ONCE)):
            replaced = {entries[0].document_id for entries in some} - removed
            if replaced:
                writer.delete_documents_by_query(self._matching.of_documents(replaced))
            for entries in some:
                for record in records(self._schema, entries, self._analyser):
                    writer.add_document(record)

    def _move_to(self, writer: IndexWriter, position: int) -> None:
        writer.delete_documents_by_query(tantivy.Query.exists_query("position"))
        writer.add_document(Document.from_dict({"position": position}, self._schema))

    def _writer(self) -> IndexWriter:
        if self._writing is None:
            try:
                self._writing = self._index.writer(heap_size=_HEAP, num_threads=1)
            except ValueError as refusal:
                if "LockBusy" in str(refusal):
                    raise IndexHeld(self._folder) from refusal
                raise IndexUnreadable(self._folder, str(refusal)) from refusal
        return self._writing

    def _searcher(self) -> Searcher:
        """What is committed now, by this process or another."""
        if self._stamped() != self._stamp:
            self._reload()
        return self._index.searcher()

    def _reload(self) -> None:
        self._stamp = self._stamped()
        self._index.reload()

    def _stamped(self) -> tuple[int, int]:
        # tantivy replaces this file at each commit.
        state = (self._folder / "meta.json").stat()
        return state.st_ino, state.st_mtime_ns


def _documents(add: Iterable[Entry]) -> Iterator[list[Entry]]:
    """The entries of each document."""
    seen = set[int]()
    for document_id, entries in groupby(add, attrgetter("document_id")):
        if document_id in seen:
            raise ValueError(f"the entries of document {document_id} do not stand next to each other")
        seen.add(document_id)
        yield list(entries)
