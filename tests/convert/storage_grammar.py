"""Random documents in storage format: every construct, nested and mixed, with words that say what they are.

Words that a reader sees are `w` and digits; parameters that nobody sees are `junk` and digits. Sound XML always.
"""

from html import escape

from hypothesis import strategies as st

WORDS = st.integers(0, 99_999).map(lambda number: f"w{number}")
JUNK = st.integers(0, 99_999).map(lambda number: f"junk{number}")
SIGNS = st.text(alphabet="*_[]()<>&`~#|!\\-+=.:\"' 1\xa0", max_size=6)
GAPS = st.sampled_from(["", " ", "  ", "\n", "\n  ", "&nbsp;"])


def _element(tag: str, content: st.SearchStrategy[str], attributes: str = "") -> st.SearchStrategy[str]:
    return content.map(lambda inner: f"<{tag}{attributes}>{inner}</{tag}>")


def _many(part: st.SearchStrategy[str], *, least: int = 0, most: int = 3) -> st.SearchStrategy[str]:
    return st.lists(part, min_size=least, max_size=most).map("".join)


@st.composite
def parameters(draw: st.DrawFn, *names: str) -> str:
    """Parameters of a macro, none of which is text."""
    chosen = draw(st.lists(st.sampled_from(names or ("width", "id", "color")), max_size=2, unique=True))
    return "".join(f'<ac:parameter ac:name="{name}">{draw(JUNK)}</ac:parameter>' for name in chosen)


@st.composite
def macros(draw: st.DrawFn, body: str, names: tuple[str, ...]) -> str:
    tag = draw(st.sampled_from(["structured-macro", "structured-macro", "macro"]))
    name = draw(st.sampled_from(names))
    return f'<ac:{tag} ac:name="{name}">{draw(parameters())}{body}</ac:{tag}>'


def _texts() -> st.SearchStrategy[str]:
    return st.one_of(
        WORDS,
        st.builds(lambda before, signs, after: before + escape(signs) + after, WORDS, SIGNS, WORDS),
        st.builds(lambda a, gap, b: f"{a}{gap}{b}", WORDS, GAPS, WORDS),
    )


def _links(content: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    content = st.builds("{}{}".format, WORDS, content)  # a link without a text shows a title instead
    return st.one_of(
        content.map(lambda inner: f'<a href="https://example.org/a_(b)?c=1&amp;d">{inner}</a>'),
        content.map(
            lambda inner: f'<ac:link><ri:page ri:content-title="T" /><ac:link-body>{inner}</ac:link-body></ac:link>'
        ),
        WORDS.map(
            lambda word: (
                '<ac:link ac:anchor="x"><ac:plain-text-link-body>'
                f"<![CDATA[{word}]]></ac:plain-text-link-body></ac:link>"
            )
        ),
        JUNK.map(lambda junk: f'<ac:link><ri:user ri:account-id="{junk}" /></ac:link>'),
    )


def _leaves() -> st.SearchStrategy[str]:
    status = (
        '<ac:structured-macro ac:name="status"><ac:parameter ac:name="title">{}</ac:parameter></ac:structured-macro>'
    )
    return st.one_of(
        _texts(),
        GAPS,
        _texts(),
        st.just("<br/>"),
        JUNK.map(lambda junk: f"<ac:placeholder>{junk}</ac:placeholder>"),
        WORDS.map(status.format),
        WORDS.map(lambda word: f'<ac:structured-macro ac:name="made-up">{word}</ac:structured-macro>'),
        JUNK.map(lambda junk: f'<ac:image ac:width="{junk}"><ri:attachment ri:filename="a.png" /></ac:image>'),
        macros("", ("toc", "children", "made-up", "drawio", "jira")),
    )


def _inline(content: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    tags = ("strong", "em", "b", "i", "u", "s", "sub", "sup", "code", "span", "ac:inline-comment-marker")
    return st.one_of(*(_element(tag, _many(content, least=1)) for tag in tags), _links(_many(content, least=1)))


INLINE = st.recursive(_leaves(), _inline, max_leaves=6)
LINE = _many(INLINE, least=1, most=4)


@st.composite
def _table(draw: st.DrawFn, content: st.SearchStrategy[str]) -> str:
    rows = []
    for _ in range(draw(st.integers(1, 3))):
        cells = []
        for _ in range(draw(st.integers(1, 3))):
            tag = draw(st.sampled_from(["td", "td", "th"]))
            spans = draw(st.sampled_from(["", "", ' colspan="2"', ' rowspan="2"', ' colspan="99999"', ' rowspan="0"']))
            cells.append(f"<{tag}{spans}>{draw(content)}</{tag}>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table><tbody>{''.join(rows)}</tbody></table>"


def _code() -> st.SearchStrategy[str]:
    text = st.builds(lambda a, signs, b: f"{a} {signs}\n{b}".replace("]]>", ""), WORDS, SIGNS, WORDS)
    body = text.map(lambda code: f"<ac:plain-text-body><![CDATA[{code}]]></ac:plain-text-body>")
    return body.flatmap(lambda plain: macros(plain, ("code", "noformat", "made-up", "plantuml", "sql")))


def _rich(content: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    names = ("info", "panel", "expand", "made-up", "excerpt", "details", "section", "column", "ui-tab", "scroll-ignore")
    body = _many(content).map(lambda inner: f"<ac:rich-text-body>{inner}</ac:rich-text-body>")
    return body.flatmap(lambda rich: macros(rich, names))


@st.composite
def _tasks(draw: st.DrawFn, content: st.SearchStrategy[str]) -> str:
    state = draw(st.sampled_from(["complete", "incomplete"]))
    return (
        f"<ac:task-list><ac:task><ac:task-id>{draw(JUNK)}</ac:task-id><ac:task-status>{state}</ac:task-status>"
        f"<ac:task-body>{draw(content)}</ac:task-body></ac:task></ac:task-list>"
    )


def _blocks(content: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    many = _many(content)
    item = st.one_of(LINE, many).map(lambda inner: f"<li>{inner}</li>")
    layout = _element("ac:layout-cell", many).map(lambda cell: f"<ac:layout-section>{cell}{cell}</ac:layout-section>")
    panel = many.map(
        lambda inner: (
            '<ac:adf-extension><ac:adf-node type="panel"><ac:adf-attribute key="panel-type">junk1'
            f"</ac:adf-attribute><ac:adf-content>{inner}</ac:adf-content></ac:adf-node></ac:adf-extension>"
        )
    )
    return st.one_of(
        _element("ul", _many(item)),
        _element("ol", _many(item), ' start="7"'),
        _table(st.one_of(LINE, many)),
        _rich(content),
        _tasks(st.one_of(LINE, many)),
        _element("blockquote", many),
        _element("div", st.one_of(LINE, many)),
        _element("ac:layout", layout),
        many.map(lambda inner: f"<made-up><p>w1</p>{inner}<p>w2</p></made-up>"),
        panel,
    )


def _simple_blocks() -> st.SearchStrategy[str]:
    headings = st.integers(1, 6).flatmap(lambda level: _element(f"h{level}", LINE))
    return st.one_of(
        _element("p", LINE), _element("p", LINE), headings, _code(), st.just("<hr />"), LINE, _element("pre", LINE)
    )


DOCUMENTS = _many(st.recursive(_simple_blocks(), _blocks, max_leaves=8), most=4)
"""Whole bodies."""
