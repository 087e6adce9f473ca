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
from tantivy import Document, IndexWriter, Order, Searcher, SearchResult

from mainstem.index.analyser import Analyser
from mainstem.index.errors import IndexHeld, IndexUnreadable
from mainstem.index.layout import VERSION, records, schema
from mainstem.index.matching import Matching
from mainstem.index.passage_index import Count, Entry, Found, Hit, Size
from mainstem.index.query import Field, Query

_HEAP = 20_000_000
# So few hits are fetched at once, and counted by their ids: cheaper than by the whole audience again.
_FEW = 500
_REPLACED_AT_ONCE = 200
_FACET_VALUES = 100
# Each segment hands on all its values, so that counts stay exact when segments are added up.
_VALUES = {"size": _FACET_VALUES, "segment_size": 65_000}


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
        pages = self._matching.pages(query, chains, without)
        if pages is None:
            return Found()
        searcher = self._searcher()
        newest = None if query.required else "updated"
        window = max(offset + limit, _FEW)
        result = searcher.search(pages, limit=window, order_by_field=newest, order=Order.Desc)
        documents = [int(one or 0) for one in searcher.fast_field_values("document", [at for _, at in result.hits])]
        total = _matches(result)
        if facets and total <= len(documents):
            pages = self._matching.pages_of(documents)
        shown = slice(offset, offset + limit)
        return Found(
            total=total,
            hits=tuple(
                Hit(document, self._best_passage(searcher, query, document), 0.0 if newest else float(score))
                for document, (score, _) in zip(documents[shown], result.hits[shown], strict=True)
            ),
            facets=_facets(searcher, pages) if facets and total else {},
        )

    def suggest(
        self, prefix: str, *, chains: Collection[int] | None, without: Collection[int] = (), limit: int = 10
    ) -> tuple[str, ...]:
        """Words that begin like this one, the most frequent first."""
        plain = self._analyser.ask(prefix).plain
        if not plain or (chains is not None and not chains):
            return ()
        seen = self._searcher().terms_with_prefix("plain", plain, filter_query=self._matching.visible(chains, without))
        ranked = sorted(seen, key=lambda term: (-term[1], term[0]))
        return tuple(word for word, _ in ranked[:limit])

    def count(self) -> Size:
        """How much is indexed."""
        searcher = self._searcher()
        pages = searcher.search(self._matching.every_page(), limit=1)
        passages = searcher.search(tantivy.Query.exists_query("ordinal"), limit=1)
        return Size(documents=_matches(pages), passages=_matches(passages))

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

    def _best_passage(self, searcher: Searcher, query: Query, document_id: int) -> int:
        """The ordinal of the best passage; 0 when the words stand in the title or in no passage at all."""
        passages = self._matching.passages(query, searcher, document_id)
        hits = [] if passages is None else searcher.search(passages, limit=1, count=False).hits
        values = searcher.fast_field_values("ordinal", [address for _, address in hits])
        return int(values[0] or 0) if values else 0


def _documents(add: Iterable[Entry]) -> Iterator[list[Entry]]:
    """The entries of each document."""
    seen = set[int]()
    for document_id, entries in groupby(add, attrgetter("document_id")):
        if document_id in seen:
            raise ValueError(f"the entries of document {document_id} do not stand next to each other")
        seen.add(document_id)
        yield list(entries)


def _matches(result: SearchResult) -> int:
    return int(result.count)  # type: ignore[attr-defined]  # its stub forgets this attribute


def _facets(searcher: Searcher, pages: tantivy.Query) -> dict[Field, tuple[Count, ...]]:
    wanted = {field.value: {"terms": {"field": field.value} | _VALUES} for field in Field}
    counted = searcher.aggregate(pages, wanted)
    return {field: tuple(_counts(counted[field.value]["buckets"])) for field in Field}


def _counts(buckets: Iterable[dict[str, object]]) -> Iterable[Count]:
    counts = (Count(str(bucket["key"]), int(str(bucket["doc_count"]))) for bucket in buckets if bucket["key"])
    return sorted(counts, key=lambda count: (-count.documents, count.value))
