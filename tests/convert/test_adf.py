"""A page tells the same in ADF as in storage format; and what only claims to be ADF is refused, or keeps its words."""

import json
from pathlib import Path
from typing import Any

import pytest

from mainstem.convert import extract, format_of, parse, to_html, to_json, to_markdown, to_text
from mainstem.convert.adf import NODES
from mainstem.convert.errors import NotADocument
from mainstem.wiki.documents import AttachmentTarget, BodyFormat, Destination, PageTarget, PersonTarget, Target
from tests.convert import words
from tests.convert.adf import doc, node, p, text
from tests.convert.adf_pairs import PAIRS

UNSEEN = {
    *("alignment", "annotation", "backgroundColor", "border", "breakout", "dataConsumer", "fragment", "indentation"),
    "textColor",
}
"""Marks that change how words look, not what they say."""


class People:
    """Knows everybody and every file, by id or by name."""

    def resolve(self, target: Target) -> Destination | None:
        match target:
            case PersonTarget(id=who):
                return Destination("", f"person {who}")
            case AttachmentTarget(filename=name):
                return Destination(f"/files/{name}", name)
            case PageTarget(title=title):
                return Destination(f"/pages/{title}", title)
            case _:
                return None


@pytest.mark.parametrize("name", PAIRS)
def test_a_page_that_has_both_formats_gives_the_same(name: str) -> None:
    adf, storage = PAIRS[name]
    one, other = parse(doc(*adf), BodyFormat.ADF), parse(storage)
    links = People()
    assert to_markdown(one, links) == to_markdown(other, links)
    assert to_html(one, links) == to_html(other, links)
    assert to_text(one, links) == to_text(other, links)
    assert extract(one, links).passages == extract(other, links).passages
    assert "junk" not in to_markdown(one) + to_html(one) + to_text(one)


def kinds(value: Any) -> set[str]:
    """The types of all nodes in some JSON."""
    if isinstance(value, list):
        return {kind for part in value for kind in kinds(part)}
    if not isinstance(value, dict):
        return set()
    return {value.get("type", "")} | {kind for part in value.values() for kind in kinds(part)}


def test_the_pairs_have_every_node_that_the_converter_knows() -> None:
    assert set(NODES) <= {kind for adf, _ in PAIRS.values() for kind in kinds(adf)}


def test_every_node_and_mark_of_the_schema_is_known(shared: Path) -> None:
    schema = json.loads((shared / "confluence" / "openapi" / "adf-schema.json").read_text())
    named: dict[str, set[str]] = {"node": set(), "mark": set()}
    for name, definition in schema["definitions"].items():
        kind = name.rpartition("_")[2]
        if kind in named and "properties" in definition:
            named[kind].update(definition["properties"]["type"]["enum"])
    assert len(named["node"]) > 30
    assert named["node"] <= set(NODES)
    assert named["mark"] <= {"strong", "em", "underline", "strike", "code", "subsup", "link"} | UNSEEN


def test_no_word_is_lost_of_any_reference_document(shared: Path) -> None:
    for file in sorted((shared / "confluence" / "adf").glob("*.json")):
        source = file.read_text()
        document = parse(source, BodyFormat.ADF)
        expected = words.in_adf(source)
        assert not expected - words.counted(words.rendered(to_markdown(document))), file.name
        assert not expected - words.counted(words.shown(to_html(document))), file.name
        assert not expected - words.counted(to_text(document)), file.name
        assert not expected - words.in_passages(extract(document)), file.name


ODD: dict[str, tuple[Any, str]] = {
    "an unknown node keeps its content": ([node("acmeBox", p("a"), node("acmeWord", "b"))], "a\n\nb"),
    "an unknown node without content leaves a placeholder": (
        [node("syncBlock", resourceId="junk1")],
        "\\[macro: adf:syncBlock\\]",
    ),
    "a type that no element may have": ([node("p><script>", "a"), node(" ")], "a \\[macro: adf:unknown\\]"),
    "a type of storage format": ([node("script", "a"), node("ac:parameter", "b")], "a b"),
    "types that are no text": ([{"type": 3, "content": [text("a")]}, {"type": ["x"], "text": "b"}], "a b"),
    "content of other types": ([None, 3, "a", [p("x")], True, {}, p("b")], "a \\[macro: adf:unknown\\]\n\nb"),
    "content that is one node": ([{"type": "paragraph", "content": text("a")}], "a"),
    "attributes of other types": ([{**p("a"), "attrs": 3}, {**node("heading", "b"), "attrs": [1]}], "a\n\n###### b"),
    "marks of other types": ([{**text("a"), "marks": 3}, {**text("b"), "marks": [3, "em", {"type": {}}]}], "ab"),
    "a link to nowhere": ([p(text("a", node("link")), text("b", node("link", href=7)))], "a[b](7)"),
    "text of other types": ([p({"type": "text", "text": 12}, {"type": "text", "text": ["x"]}, {"type": "text"})], "12"),
    "characters that XML cannot hold": ([p("a\x00b\ud800c\x1fd\ufffe")], "abcd"),
    "a date of no day": ([p(node("date", timestamp="soon"), " ", node("date", timestamp=1e300))], "soon 1e+300"),
    "a mention without an id": ([p(node("mention", text="@Ann"), node("mention"))], "@Ann"),
    "a card without an address": (
        [p(node("inlineCard", data={"name": "a"})), node("blockCard", datasource={})],
        "a\n\n\\[macro: adf:datasource\\]",
    ),
    "a picture without a file": ([node("mediaSingle", node("media"))], "\\[macro: adf:media\\]"),
    "a picture without a picture": ([node("mediaSingle", node("caption", "a"))], "a"),
    "a file without a name": ([node("mediaGroup", node("media", id="junk1"))], "unnamed file"),
    "an extension without a name": (
        [node("extension", parameters={"macroParams": {"a": "junk1"}})],
        "\\[macro: extension\\]",
    ),
    "a macro of an app": (
        [
            node(
                "extension",
                extensionType="com.atlassian.ecosystem",
                extensionKey="1a2b/3c4d/static/acme-chart",
                parameters={"guestParams": {"chart": "junk1"}, "extensionTitle": "junk2"},
                text="junk3",
            )
        ],
        "\\[macro: acme-chart\\]",
    ),
    "words in a table, a row and a list": (
        [node("table", "a", node("tableRow", "b", node("tableCell", p("c")))), node("bulletList", "d")],
        "a\n\nb\n\n|  |\n| --- |\n| c |\n\n- d",
    ),
}


@pytest.mark.parametrize("name", ODD)
def test_what_the_schema_does_not_allow_is_read_all_the_same(name: str) -> None:
    adf, expected = ODD[name]
    document = parse(doc(*adf), BodyFormat.ADF)
    markdown = to_markdown(document)
    assert markdown.rstrip("\n") == expected
    for output in (markdown, to_html(document), to_text(document)):
        assert "junk" not in output
    to_json(document)


@pytest.mark.parametrize(
    "source", ["", "<p>a</p>", "{", "[]", "3", "null", '"a"', '{"type":"doc"}', '{"a":[]}', '{"content":3}']
)
def test_what_is_no_document_is_refused_without_a_word_of_it(source: str) -> None:
    with pytest.raises(NotADocument, match="This is no document of ADF") as refused:
        parse(source, BodyFormat.ADF)
    assert "<p>" not in str(refused.value)


def test_what_is_nested_too_deeply_for_json_keeps_its_words() -> None:
    inner = '{"type":"blockquote","content":[' * 3000 + json.dumps(text('de"ep')) + "]}" * 3000
    document = parse(f'{{"type":"doc","content":[{inner},{{"text":"\\x"}}]}}', BodyFormat.ADF)
    assert to_text(document) == 'de"ep\n'


def test_what_is_nested_more_deeply_than_its_structure_is_read_keeps_its_words() -> None:
    content = p("deep ", text("down", "em"))
    for _ in range(150):
        content = node("blockquote", content)
    assert "deep down" in to_text(parse(doc(content), BodyFormat.ADF))


def test_the_format_is_seen_by_how_a_body_begins() -> None:
    assert format_of(doc()) is BodyFormat.ADF
    assert format_of('\n{ "version":1, "type":"doc"}') is BodyFormat.ADF
    for storage in ("", "<p>a</p>", "{code}a{code}", "{a}", '<p>{"type":"doc"}</p>'):
        assert format_of(storage) is BodyFormat.STORAGE
