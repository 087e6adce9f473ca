"""The notation that sample pages are written in, and every way to get it wrong."""

import pytest

from confluence_emulator.sample.notation import NotationError, Writing, render


def writing() -> Writing:
    return Writing("ENG", "Page", {"mara": "712020:m"}, {"ENG:Other": "7", "OPS:Third": "8"}, {})


def storage(source: str) -> str:
    return render(source, writing())


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("# One & two", "<h1>One &amp; two</h1>"),
        ("a **b** *c* `d < e`", "<p>a <strong>b</strong> <em>c</em> <code>d &lt; e</code></p>"),
        ("one\ntwo", "<p>one two</p>"),
        ("> quoted", "<blockquote><p>quoted</p></blockquote>"),
        ("- a\n  - b\n- c", "<ul><li><p>a</p><ul><li><p>b</p></li></ul></li><li><p>c</p></li></ul>"),
        ("1. a\n2. b", "<ol><li><p>a</p></li><li><p>b</p></li></ol>"),
        ("1. a\n\n   more\n\n2. b", "<ol><li><p>a</p><p>more</p></li><li><p>b</p></li></ol>"),
        ("@mara", '<p><ac:link><ri:user ri:account-id="712020:m" /></ac:link></p>'),
        ("[[Other]]", '<p><ac:link><ri:page ri:content-title="Other" /></ac:link></p>'),
        ("[[#up|top]]", '<p><ac:link ac:anchor="up"><ac:link-body>top</ac:link-body></ac:link></p>'),
        ("[[id:Other]]", '<p><ac:link><ri:content-entity ri:content-id="7" /></ac:link></p>'),
        (
            "[[card:OPS:Third]]",
            '<p><a href="/wiki/spaces/OPS/pages/8/Third" data-card-appearance="inline">Third</a></p>',
        ),
        ("mail a@b.example: no mention", "<p>mail a@b.example: no mention</p>"),
        ("{date:2026-01-31}", '<p><time datetime="2026-01-31" /></p>'),
        ("----", "<hr />"),
    ],
)
def test_short_forms_become_storage_format(source: str, expected: str) -> None:
    assert storage(source) == expected


def test_cells_join_and_pipes_inside_braces_do_not_end_them() -> None:
    table = storage("| a | b |\n|---|---|\n|! x | {status:Red|no} |\n| ^^ | z |")
    assert '<th rowspan="2"><p>x</p></th>' in table
    assert '<ac:parameter ac:name="title">no</ac:parameter>' in table
    assert table.count("<tr>") == 3


def test_an_end_of_cdata_inside_code_is_split() -> None:
    assert "]]]]><![CDATA[>" in storage("```xml\na ]]> b\n```")


def test_containers_nest() -> None:
    nested = storage(":::expand Don't panic\n:::info\ninner\n:::\n:::")
    assert nested.index('ac:name="expand"') < nested.index('ac:name="info"') < nested.index("inner")
    assert ">Don't panic</ac:parameter>" in nested


@pytest.mark.parametrize("source", ["[[Nowhere]]", "@nobody", "{nonsense:1}", "```python\nx", ":::info\nx"])
def test_mistakes_name_the_page(source: str) -> None:
    with pytest.raises(NotationError, match=r"ENG:Page"):
        storage(source)
