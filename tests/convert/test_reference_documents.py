"""Documents as people and programs have written them: nothing fails, and no visible word is lost."""

from collections import Counter
from pathlib import Path
from xml.parsers import expat

import pytest

from mainstem.convert import extract, parse, to_html, to_json, to_markdown, to_text
from tests.convert import words


def read(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8", "replace") for path in sorted(folder.iterdir())}


@pytest.mark.parametrize("kind", ["real", "test", "toy"])
def test_every_reference_document_converts_to_every_output(shared: Path, kind: str) -> None:
    for source in read(shared / "confluence" / "storage" / kind).values():
        document = parse(source)
        assert to_json(document).startswith('{"type":"Document"')
        limit = 10 * len(source) + 64 * 1024
        for output in (to_markdown(document), to_html(document), to_text(document), to_json(document)):
            assert len(output) <= limit
        extract(document)


def lost(expected: Counter[str], found: Counter[str]) -> list[str]:
    return sorted((expected - found).elements())


@pytest.mark.parametrize("kind", ["real", "test", "toy"])
def test_no_visible_word_of_a_sound_document_is_lost_in_any_output(shared: Path, kind: str) -> None:
    losses = {}
    for name, source in read(shared / "confluence" / "storage" / kind).items():
        try:
            expected = words.in_storage(source)
        except expat.ExpatError:
            continue
        document = parse(source)
        losses[name] = {
            "markdown": lost(expected, words.counted(words.rendered(to_markdown(document)))),
            "html": lost(expected, words.counted(words.shown(to_html(document)))),
            "text": lost(expected, words.counted(to_text(document))),
            "passages": lost(expected, words.in_passages(extract(document))),
        }
    assert {name: loss for name, loss in losses.items() if any(loss.values())} == {}
