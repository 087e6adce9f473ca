"""How fast searching is: 100,000 passages, audiences of three sizes, typical queries; beside a bare term lookup.

Prints p50 and p95 in milliseconds, processor time, and how many times the bare lookup that is (one tantivy term query
over the same records, without audience or best passages). What counts is the p95 over all kinds of queries, with
audience, exact totals and best passages; beside it stands the same with facets, which are asked for where they are
shown. Asking the store for the audience is not in it.
"""

import itertools
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import tantivy

from bench.verdicts import Report, options
from mainstem.index.local import LocalIndex
from mainstem.index.passage_index import Entry
from mainstem.search.query import parse

NOW = datetime(2026, 11, 1, tzinfo=UTC)
PASSAGES_PER_DOCUMENT = 5
CHAINS = 9_000
ROUNDS = 40
SLOW = 0.95
MOST_MS = 15
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
                tags=(f"l{document % 300}", f"m{document % 7}"),
                author=f"Person {document % 500}",
                updated_at=NOW - timedelta(hours=document),
                connection="bench",
                category=f"Space {document % 40}",
                collections=(f"Collection {document % 30}",) * (document % 4 == 0),
                owner=f"Person {document % 50}" if document % 3 == 0 else "",
            )


@dataclass(frozen=True)
class Times:
    """Milliseconds: by the clock, and of the processor, which other work on the machine disturbs less."""

    clock: list[float]
    cpu: float

    def __str__(self) -> str:
        middle, slow = share(self.clock, 0.5), share(self.clock, SLOW)
        return f"p50 {middle:6.2f}  p95 {slow:6.2f}  cpu {self.cpu:6.2f}"


def share(samples: list[float], part: float) -> float:
    """What so large a part of the samples stays below."""
    return sorted(samples)[int(len(samples) * part)]


def timed(call: Callable[[], object]) -> Times:
    clock, cpu = [], []
    for _ in range(ROUNDS):
        start, used = time.perf_counter(), time.thread_time()
        call()
        cpu.append((time.thread_time() - used) * 1000)
        clock.append((time.perf_counter() - start) * 1000)
    return Times(clock, share(cpu, 0.5))


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


def bare(folder: Path, word: str) -> Times:
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


def main() -> int:
    given = options(__doc__, passages=100_000)
    report = Report(f"Search over {given.passages:,} passages")
    documents = given.passages // PASSAGES_PER_DOCUMENT
    prose = Prose(seed=1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        index = LocalIndex(folder)
        build(index, prose, documents)
        index.close()
        size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
        limit = bare(folder, index.analyser.ask(prose.words[60]).words[0])
        print(f"index {size:.0f} MB; milliseconds of a bare term lookup: {limit}")
        everyone = random.Random(2).sample(range(CHAINS), CHAINS)
        for number in (50, 5_000, 8_500):
            print(f"audience of {number} of {CHAINS} chains")
            times = list(measure(index, queries(prose.words), frozenset(everyone[:number]), limit))
            slow, with_facets = (
                share([each for one in kind for each in one.clock], SLOW) for kind in zip(*times, strict=True)
            )
            bare_slow = share(limit.clock, SLOW)
            report.add(
                f"p95 of all queries, {number:,} of {CHAINS:,} chains",
                f"{slow:.2f} ms",
                beside=f"{bare_slow:.2f} ms",
                ratio=slow / bare_slow,
                goal=f"<= {MOST_MS} ms",
                passed=slow <= MOST_MS,
            )
            report.show("the same with facets", f"{with_facets:.2f} ms", f"{bare_slow:.2f} ms", with_facets / bare_slow)
    return report.end(given.into)


def measure(
    index: LocalIndex, texts: dict[str, str], chains: frozenset[int], limit: Times
) -> Iterator[tuple[Times, Times]]:
    """Prints how long each query takes, and gives its times without and with facets."""
    for what, text in texts.items():
        query = parse(text, NOW)
        total = index.find(query, chains=chains).total
        lean = timed(partial(index.find, query, chains=chains, facets=False))
        full = timed(partial(index.find, query, chains=chains))
        times_bare = lean.cpu / limit.cpu
        yield lean, full
        print(f"  {what:<24}{total:>6} found  {lean}  {times_bare:4.0f} x bare; with facets cpu {full.cpu:6.2f}")
    prefix = texts["middling word"][:3]
    print(f"  {'suggestion':<24}{'':>6}        {timed(lambda: index.suggest(prefix, chains=chains))}")


if __name__ == "__main__":
    sys.exit(main())
