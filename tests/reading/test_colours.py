"""Code in colours: told apart by its language, and never another letter than was written."""

import re
from html import escape, unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstem.reading.colours import _LANGUAGES, CLASSES, LONGEST, MOST, _spans, coloured
from mainstem.reading.safe_html import safe


def block(language: str, code: str) -> str:
    return f'<pre data-language="{language}"><code>{escape(code, quote=False)}</code></pre>\n'


def letters(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


@pytest.mark.parametrize(
    ("language", "code", "shown"),
    [
        ("python", "def f(): # x", '<span class="code-keyword">def</span> <span class="code-name">f</span>(): '),
        ("Python", "# <b>", '<span class="code-comment"># &lt;b&gt;</span>'),
        ("sh", 'echo "hi"', '<span class="code-string">"hi"</span>'),
        ("yml", "a: 1", '<span class="code-name">a</span>: 1'),
        ("diff", "+ one\n- two", '<span class="code-added">+ one'),
        ("c#", "int x;", '<span class="code-keyword">int</span>'),
    ],
)
def test_words_of_a_language_have_their_class(language: str, code: str, shown: str) -> None:
    assert shown in coloured(block(language, code))


@pytest.mark.parametrize("language", ["", "klingon", "text", "none"])
def test_a_language_that_nobody_knows_stays_plain(language: str) -> None:
    html = block(language, "if x: y") + "<p>if</p>"
    assert coloured(html) == html


def test_long_code_and_what_comes_after_much_code_stay_plain() -> None:
    long = block("python", "x = 1\n" * LONGEST)
    assert coloured(long) == long
    some = block("python", "x = 1\n" * (LONGEST // 7))
    many = coloured(some * (MOST // (LONGEST * 6 // 7) + 1))
    blocks = re.findall(r"<pre.*?</pre>\n", many, re.DOTALL)
    assert "code-number" in blocks[0]
    assert blocks[-1] == some


def test_each_language_that_is_named_can_be_told_apart() -> None:
    for name in _LANGUAGES:
        assert "".join(_spans("x", _LANGUAGES[name.lower()]))


def test_every_class_passes_the_last_gate() -> None:
    html = "".join(f'<span class="{name}">x</span>' for name in CLASSES)
    assert safe(html, anchors=True) == html


@given(st.text(max_size=200), st.sampled_from(["python", "xml", "bash", "diff", "json", "html", "sql"]))
def test_no_letter_changes_and_nothing_but_spans_is_added(code: str, language: str) -> None:
    html = block(language, code)
    made = coloured(html)
    assert letters(made) == letters(html)
    assert set(re.findall(r"<[^>]*>", made)) - set(re.findall(r"<[^>]*>", html)) <= {
        "</span>",
        *(f'<span class="{name}">' for name in CLASSES),
    }
