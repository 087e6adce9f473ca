"""Random documents in ADF: every node and mark of the schema, nested and mixed, with words that say what they are.

Words that a reader sees are `w` and digits; what nobody sees is `junk` and digits. `ODD` breaks the schema everywhere.
"""

import json
from typing import Any

from hypothesis import strategies as st

from tests.convert.adf import Node, link, macro, marked, node, text
from tests.convert.storage_grammar import JUNK, SIGNS, WORDS

WITH_BODY = ("made-up", "excerpt", "details", "ui-tab", "scroll-ignore", "panel", "expand")
GAPS = st.sampled_from(["", " ", "  ", "\n", "\xa0", "\t"])
TEXTS = st.one_of(
    WORDS,
    st.builds(lambda a, signs, b: a + signs + b, WORDS, SIGNS, WORDS),
    st.builds(lambda a, gap, b: a + gap + b, WORDS, GAPS, WORDS),
    GAPS.filter(bool),
)
MARKS = st.one_of(
    st.sampled_from(["strong", "em", "underline", "strike", "code"]),
    st.sampled_from(["sub", "sup"]).map(lambda side: node("subsup", type=side)),
    st.just(link("https://example.org/a_(b)?c=1&d")),
    st.just(link("/wiki/spaces/S/pages/12/junk1", linkType="page", contentTitle="T", spaceKey="junk2")),
    JUNK.map(lambda junk: node("textColor", color=junk)),
    JUNK.map(lambda junk: node("annotation", id=junk, annotationType="inlineComment")),
)


def many(part: st.SearchStrategy[Any], *, least: int = 0, most: int = 3) -> st.SearchStrategy[list[Any]]:
    return st.lists(part, min_size=least, max_size=most)


def _of(
    kind: str, content: st.SearchStrategy[list[Any]], **attributes: st.SearchStrategy[Any]
) -> st.SearchStrategy[Node]:
    return st.builds(lambda inside, given: node(kind, *inside, **given), content, st.fixed_dictionaries(attributes))


def _leaves() -> st.SearchStrategy[Node]:
    texts = TEXTS.map(text)
    return st.one_of(
        texts,
        texts,
        st.builds(lambda words, marks: text(words, *marks), TEXTS, many(MARKS, least=1)),
        st.builds(lambda words, marks: text(words, *marks), TEXTS, many(MARKS, least=1)),
        st.just(node("hardBreak")),
        _of("status", st.just([]), text=WORDS, localId=JUNK),
        _of("mention", st.just([]), id=JUNK, text=WORDS.map("@{}".format)),
        _of("date", st.just([]), timestamp=st.integers(0, 10**12).map(str)),
        _of("emoji", st.just([]), text=st.sampled_from("😄★"), id=JUNK),
        _of("placeholder", st.just([]), text=JUNK),
        _of("mediaInline", st.just([]), id=JUNK, type=st.sampled_from(["file", "image"])),
        st.just(node("inlineCard", url="https://example.org/")),
        st.builds(
            lambda name, junk: macro(name, kind="inlineExtension", width=junk),
            st.sampled_from(["toc", "made-up", "drawio"]),
            JUNK,
        ),
    )


INLINE = _leaves()
_IN_LINES = {
    *("text", "hardBreak", "status", "mention", "date", "emoji", "placeholder", "mediaInline", "inlineCard"),
    "inlineExtension",
}
LINE = many(INLINE, least=1, most=5)


@st.composite
def _table(draw: st.DrawFn, content: st.SearchStrategy[list[Any]]) -> Node:
    rows = []
    spans = st.sampled_from([1, 1, 1, 2, 3, 99_999, 0, "2", "x", None])
    for _ in range(draw(st.integers(1, 3))):
        kinds = draw(many(st.sampled_from(["tableCell", "tableCell", "tableHeader"]), least=1))
        cells = [node(kind, *draw(content), colspan=draw(spans), rowspan=draw(spans)) for kind in kinds]
        rows.append(node("tableRow", *cells))
    return node("table", *rows, isNumberColumnEnabled=draw(st.booleans()), localId=draw(JUNK))


def _bodies(content: st.SearchStrategy[list[Any]]) -> st.SearchStrategy[Node]:
    kinds = st.sampled_from(["bodiedExtension", "extension"])
    return st.builds(
        lambda name, kind, inside, junk: macro(name, *inside, kind=kind, width=junk),
        st.sampled_from(WITH_BODY),
        kinds,
        content,
        JUNK,
    )


def _as_block(of: Node) -> Node:
    """Where the schema wants blocks, two words in a row are two blocks."""
    return node("paragraph", of) if of["type"] in _IN_LINES else of


def _blocks(content: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    inside = many(content)
    content = content.map(_as_block)
    paragraphs = many(st.one_of(_of("paragraph", LINE), content))
    item = _of("listItem", paragraphs)
    states = st.sampled_from(["DONE", "DECIDED", "open"])
    return st.one_of(
        _of("bulletList", many(st.one_of(item, content))),
        _of("orderedList", many(item), order=st.integers(0, 12)),
        _of("taskList", many(st.one_of(_of("taskItem", LINE, state=states), content)), localId=JUNK),
        _of("decisionList", many(st.one_of(_of("decisionItem", LINE, state=states), content)), localId=JUNK),
        _table(paragraphs),
        _bodies(inside),
        _of("blockquote", inside),
        _of("panel", inside, panelType=st.sampled_from(["info", "note", "custom", "junk1"]), panelColor=JUNK),
        _of("expand", inside, title=WORDS),
        _of("layoutSection", many(st.one_of(_of("layoutColumn", inside), content))),
        _of("madeUp", inside, secret=JUNK),
        _of("unsupportedBlock", st.just([]), originalValue=content),
        _of("mediaGroup", many(_of("media", st.just([]), id=JUNK, type=st.just("file")))),
    )


def _simple_blocks() -> st.SearchStrategy[Node]:
    code = _of("codeBlock", many(TEXTS.map(text)), language=st.sampled_from(["python", ""]))
    picture = st.builds(
        lambda words, line, junk: node(
            "mediaSingle", node("media", id=junk, type="file", alt=words), node("caption", *line), layout="center"
        ),
        WORDS,
        LINE,
        JUNK,
    )
    plain = st.builds(
        lambda name, body, junk: macro(name, body=body, width=junk),
        st.sampled_from(["code", "noformat", "made-up", "plantuml"]),
        WORDS,
        JUNK,
    )
    return st.one_of(
        _of("paragraph", LINE),
        _of("paragraph", LINE).map(lambda made: marked(made, "alignment")),
        _of("heading", LINE, level=st.integers(0, 7)),
        code,
        picture,
        plain,
        st.just(node("rule")),
        INLINE,
    )


NODES = st.recursive(_simple_blocks(), _blocks, max_leaves=8)
DOCUMENTS = many(NODES, most=4).map(lambda content: json.dumps({"type": "doc", "version": 1, "content": content}))
"""Whole bodies."""

_KEYS = st.sampled_from(["type", "content", "attrs", "marks", "text", "level", "parameters", "macroParams", "x"])
_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(["text", "paragraph", "table", "tableRow", "tableCell", "media", "extension", "link", "panel"]),
)
_JSON = st.recursive(
    _VALUES,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_KEYS, inner, max_size=5), NODES),
    max_leaves=12,
)
ODD = st.one_of(_JSON, st.lists(_JSON).map(lambda content: {"type": "doc", "content": content})).map(json.dumps)
"""JSON that may be no document at all, or one against the schema."""
