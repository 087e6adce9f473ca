"""How fast searching is: 100,000 passages, audiences of three sizes, typical queries; beside a bare term lookup.

Prints p50 and p95 in milliseconds, and how many times the bare lookup (one tantivy term query over the same records,
without audience, counts, facets or best passages) that is. Run: python bench/search.py [passages]
"""

import itertools
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import tantivy

from mainstem.index.local import LocalIndex
from mainstem.index.passage_index import Entry
from mainstem.search.query import parse

NOW = datetime(2026, 11, 1, tzinfo=UTC)
PASSAGES_PER_DOCUMENT = 5
CHAINS = 9_000
ROUNDS = 40
BATCH = 400


class Prose:
    """Texts of made-up words, which are as unevenly common as real ones."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        syllables = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "er", "ing")]
        self.words = sorted(
            {"".join(self._random.choices(syllables, k=self._random.randint(1, 4))) for _ in range(40000)}
        )
        self._random.shuffle(self.words)
        self._weights = list(itertools.accumulate(1 / (rank + 3) for rank in range(len(self.words))))

    def text(self, words: int) -> str:
        return " ".join(self._random.choices(self.words, cum_weights=self._weights, k=words))


def entries(prose: Prose, first: int, documents: int) -> Iterator[Entry]:
    for document in range(first, first + documents):
        title = prose.text(4)
        for ordinal in range(PASSAGES_PER_DOCUMENT):
            yield Entry(
                document_id=document,
                ordinal=ordinal,
                chain_id=document % CHAINS,
                title=title,
                heading_path=(prose.text(3),),
                anchor="",
                text=prose.text(60),
                space_key=f"S{document % 40}",
                kind="page",
                labels=(f"l{document % 300}", f"m{document % 7}"),
                author=f"Person {document % 500}",
                updated_at=NOW - timedelta(hours=document),
                connection="bench",
            )


def timed(call: Callable[[], object]) -> tuple[float, float]:
    """p50 and p95 in milliseconds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        call()
        times.append((time.perf_counter() - start) * 1000)
    times.sort()
    return times[ROUNDS // 2], times[int(ROUNDS * 0.95)]


def build(index: LocalIndex, prose: Prose, documents: int) -> None:
    batches = [list(entries(prose, first, BATCH)) for first in range(0, documents, BATCH)]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    start = time.perf_counter()
    for position, batch in enumerate(batches, 1):
        index.apply(position, add=batch)
    took = time.perf_counter() - start
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024 - before
    passages = documents * PASSAGES_PER_DOCUMENT
    print(f"indexed {passages} passages in {took:.1f} s, {passages / took:.0f} passages/s, memory grew by {grown} MB")


def bare(folder: Path, word: str) -> tuple[float, float]:
    index = tantivy.Index.open(str(next(folder.iterdir())))
    searcher = index.searcher()
    query = tantivy.Query.term_query(index.schema, "body", word)
    return timed(lambda: searcher.search(query, limit=10))


def queries(words: list[str]) -> dict[str, str]:
    return {
        "common word": words[0] + " ",
        "middling word": words[60] + " ",
        "rare word": words[5000] + " ",
        "two words": f"{words[5]} {words[20]} ",
        "three words, unfinished": f"{words[5]} {words[20]} {words[60][:3]}",
        "phrase": f'"{words[0]} {words[1]}"',
        "with operators": f"{words[3]} space:S1 updated:<90d ",
        "exclusion": f"{words[10]} -{words[2]} ",
    }


def main() -> None:
    documents = int(sys.argv[1] if len(sys.argv) > 1 else 100_000) // PASSAGES_PER_DOCUMENT
    prose = Prose(seed=1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        index = LocalIndex(folder)
        build(index, prose, documents)
        index.close()
        size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
        limit = bare(folder, index.analyser.ask(prose.words[60]).words[0])
        print(f"index {size:.0f} MB; bare term lookup: p50 {limit[0]:.2f}, p95 {limit[1]:.2f} ms")
        everyone = random.Random(2).sample(range(CHAINS), CHAINS)
        audiences = {"50 chains": everyone[:50], "5,000 chains": everyone[:5000], "8,500 chains": everyone[:8500]}
        for audience, chains in audiences.items():
            print(audience)
            for what, text in queries(prose.words).items():
                query = parse(text, NOW)
                total = index.find(query, chains=chains).total
                p50, p95 = timed(lambda query=query, chains=chains: index.find(query, chains=chains))
                lean, _ = timed(lambda query=query, chains=chains: index.find(query, chains=chains, facets=False))
                print(
                    f"  {what:<24} {total:>6} documents  p50 {p50:6.2f}  p95 {p95:6.2f} ms,"
                    f" without facets p50 {lean:6.2f}  {lean / limit[0]:5.0f} x bare"
                )
            p50, p95 = timed(lambda chains=chains: index.suggest(prose.words[60][:3], chains=chains))
            print(f"  {'suggestion':<24} {'':>6}            p50 {p50:6.2f}  p95 {p95:6.2f} ms")


if __name__ == "__main__":
    main()
