"""What no template may contain, because the browser would refuse it or run what somebody wrote."""

import re
from collections.abc import Iterator

import pytest

from mainstem.web.pages import TEMPLATES

FILES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
MADE_SAFE = {
    "document.html": {"html", "said.comment.html"},
    "partials/conversion.html": {"side.html"},
}
"""What `mainstem.reading` has cleaned. Everything else is escaped."""

BANNED = {
    "a script within the page": re.compile(r"<script(?![^>]*\ssrc=)", re.IGNORECASE),
    "a style within the page": re.compile(r"<style|\sstyle\s*=", re.IGNORECASE),
    "a handler within the page": re.compile(r"\son[a-z]+\s*=|hx-on", re.IGNORECASE),
    "an expression for htmx": re.compile(r"(?:js|javascript):", re.IGNORECASE),
    "a filter for htmx": re.compile(r"hx-trigger\s*=\s*[\"'][^\"']*\["),
    "an address elsewhere": re.compile(r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE),
    "unquoted attribute": re.compile(r"\s[a-z-]+=\{\{"),
}


def faults(text: str) -> Iterator[str]:
    yield from (name for name, pattern in BANNED.items() if pattern.search(text))


@pytest.mark.parametrize("name", FILES)
def test_a_template_keeps_to_what_the_policy_allows(name: str) -> None:
    assert list(faults((TEMPLATES / name).read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("name", FILES)
def test_a_template_escapes_everything_that_was_not_made_safe(name: str) -> None:
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    unescaped = set(re.findall(r"\{\{\s*([^|{}]+?)\s*\|\s*safe\b", text))
    assert unescaped == MADE_SAFE.get(name, set())
    assert "autoescape" not in text


@pytest.mark.parametrize(
    "markup",
    [
        "<script>x()</script>",
        '<p style="color: red">',
        "<style>p {}</style>",
        '<p onclick="x()">',
        '<p hx-on:click="x()">',
        "<p hx-vals='js:{q: 1}'>",
        '<a href="javascript:x()">',
        '<p hx-trigger="click[ctrlKey]">',
        '<img src="//cdn.example/x.png">',
        "<p title={{ page.title }}>",
    ],
)
def test_what_is_banned_is_found(markup: str) -> None:
    assert list(faults(markup))
