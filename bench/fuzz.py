"""Texts nobody wrote, through both parsers and every output: nothing fails, hangs, or outgrows its bound.

With atheris, where it is installed, inputs are led by the code they reach; without it they are random documents of the
grammars that the tests use, cut and crossed. A text that goes wrong is printed, cut short.
"""

import importlib
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from bench.convert import generated
from bench.verdicts import Report, options
from mainstem.convert import extract, parse, to_html, to_json, to_markdown, to_text
from mainstem.convert.errors import NotADocument
from mainstem.wiki.conversion import ConversionOptions, TableForm
from mainstem.wiki.documents import BodyFormat

FORMATS = tuple(BodyFormat)
FORMS = tuple(ConversionOptions(tables=form) for form in TableForm)
SHOWN = 300
"""Characters of a text that went wrong."""


class WentWrong(Exception):
    """An output that is too long, or a conversion that took too long."""


def check(source: str, written_in: BodyFormat, chosen: ConversionOptions) -> None:
    """Convert to everything. Raises whatever the converter raises but NotADocument, and WentWrong."""
    begun = time.process_time()
    try:
        document = parse(source, written_in, chosen)
    except NotADocument:
        return
    limit = 10 * len(source) + 64 * 1024
    for output in (to_markdown, to_html, to_text, to_json):
        if len(output(document)) > limit:
            raise WentWrong(f"{output.__name__} of {len(source)} characters has more than {limit}")
    if sum(len(passage.text) for passage in extract(document).passages) > limit:
        raise WentWrong(f"passages of {len(source)} characters have more than {limit}")
    if (took := time.process_time() - begun) > 5 + len(source) / 50_000:
        raise WentWrong(f"{len(source)} characters took {took:.1f} s")


def seeds() -> list[bytes]:
    """Sound bodies in both formats, each behind the two bytes that choose how it is read."""
    paragraph = {"type": "paragraph", "content": [{"type": "text", "text": "a", "marks": [{"type": "strong"}]}]}
    cell = {"type": "tableCell", "attrs": {"colspan": 2, "rowspan": 2}, "content": [paragraph]}
    parameters = {"macroParams": {"title": {"value": "b"}, "__bodyContent": {"value": "c"}}}
    nodes: list[dict[str, Any]] = [
        paragraph,
        {"type": "heading", "attrs": {"level": 2}, "content": [{"type": "text", "text": "b"}]},
        {"type": "table", "content": [{"type": "tableRow", "content": [cell, cell]}]},
        {"type": "taskList", "content": [{"type": "taskItem", "attrs": {"state": "DONE"}, "content": [paragraph]}]},
        {"type": "panel", "attrs": {"panelType": "note"}, "content": [paragraph]},
        {"type": "mediaSingle", "content": [{"type": "media", "attrs": {"id": "f", "alt": "a.png"}}]},
        {"type": "extension", "attrs": {"extensionKey": "code", "parameters": parameters}},
        {"type": "confluenceUnsupportedBlock", "attrs": {"cxhtml": "<p>a<b>c</b></p>"}},
    ]
    adf = json.dumps({"type": "doc", "version": 1, "content": nodes})
    bodies = [(0, body[:4000]) for body in generated(20)] + [(1, adf)]
    return [bytes([number, 0]) + body.encode() for number, body in bodies]


def one_input(data: bytes) -> None:
    """What atheris runs: the first byte chooses the format, the second the form of tables."""
    if len(data) < 2:
        return
    source = data[2:].decode("utf-8", "surrogateescape")
    check(source, FORMATS[data[0] % len(FORMATS)], FORMS[data[1] % len(FORMS)])


def led(seconds: int) -> None:
    """Run atheris for so many seconds, in this process, which it ends."""
    atheris = importlib.import_module("atheris")
    atheris.instrument_all()
    with tempfile.TemporaryDirectory() as corpus:
        for number, body in enumerate(seeds()):
            (Path(corpus) / str(number)).write_bytes(body)
        limits = [f"-max_total_time={seconds}", "-max_len=6000", "-rss_limit_mb=2000", "-timeout=20"]
        atheris.Setup([sys.argv[0], corpus, f"-artifact_prefix={corpus}/", "-print_final_stats=1", *limits], one_input)
        atheris.Fuzz()


def _by_atheris(seconds: int, report: Report) -> None:
    command = [sys.executable, "-c", f"from bench.fuzz import led; led({seconds})"]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, errors="replace", env=os.environ)
    runs = ended.stderr.partition("stat::number_of_executed_units:")[2].split()[:1]
    wrong = [] if ended.returncode == 0 else [ended.stderr[-4000:]]
    report.holds(f"atheris, {seconds} s", f"{''.join(runs) or '?'} texts", wrong)


def _by_hypothesis(seconds: int, report: Report) -> None:
    until, number, wrong = time.monotonic() + seconds, 0, list[str]()
    for run in _runs():
        if time.monotonic() > until or wrong:
            break
        number += run(wrong)
    report.holds(f"random documents, {seconds} s", f"{number} texts", wrong)


def _runs() -> Iterator[Callable[[list[str]], int]]:
    """Runs of 200 texts each, every one with another seed."""
    storage = importlib.import_module("tests.convert.storage_grammar")
    adf = importlib.import_module("tests.convert.adf_grammar")
    bodies = st.one_of(
        st.tuples(st.one_of(storage.DOCUMENTS, st.text(max_size=200)), st.just(BodyFormat.STORAGE)),
        st.tuples(st.one_of(adf.DOCUMENTS, adf.ODD), st.just(BodyFormat.ADF)),
    )
    cuts = st.tuples(st.integers(0, 2000), st.integers(0, 40), st.integers(1, 3))
    number = 0
    while True:
        number += 1
        yield lambda wrong, number=number: _run(bodies, cuts, number, wrong)  # type: ignore[misc]


def _run(bodies: Any, cuts: Any, number: int, wrong: list[str]) -> int:
    tried = 0

    @seed(number)
    @settings(max_examples=200, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(body=bodies, cut=cuts, chosen=st.sampled_from(FORMS))
    def texts(body: tuple[str, BodyFormat], cut: tuple[int, int, int], chosen: ConversionOptions) -> None:
        nonlocal tried
        tried += 1
        place, length, times = cut
        source = body[0][:place] + body[0][place + length :] * times
        try:
            check(source, body[1], chosen)
        except Exception:
            wrong.append(f"{body[1]}, tables as {chosen.tables}: {source[:SHOWN]!r}")
            raise

    try:
        texts()
    except Exception as error:  # noqa: BLE001 - whatever goes wrong is what is looked for
        wrong.append(repr(error)[:SHOWN])
    return tried


def main() -> int:
    given_options = options(__doc__, seconds=60)
    report = Report("Texts nobody wrote, through both parsers")
    _by_hypothesis(given_options.seconds, report)
    if importlib.util.find_spec("atheris"):
        _by_atheris(given_options.seconds, report)
    else:
        report.remark("SKIPPED: atheris is not installed: python -m pip install atheris")
    return report.end(given_options.into)


if __name__ == "__main__":
    sys.exit(main())
