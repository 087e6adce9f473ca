"""Nothing in a document can run in a reader's browser."""

from html.parser import HTMLParser

import pytest

from mainstem.convert import parse, to_html, to_markdown
from mainstem.wiki.documents import Destination, Target

SAFE_SCHEMES = ("http:", "https:", "mailto:", "#", "/")
PAYLOADS = {
    "script element": "<script>alert(1)</script><p>ok</p>",
    "script in text": "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
    "script in code": "<ac:structured-macro ac:name='code'><ac:plain-text-body><![CDATA[</code></pre><script>alert(1)"
    "</script>]]></ac:plain-text-body></ac:structured-macro>",
    "event handler": '<p onclick="alert(1)">ok</p><img src="x.png" onerror="alert(1)" />',
    "javascript link": '<a href="javascript:alert(1)">ok</a>',
    "disguised javascript link": '<a href=" java&#10;script:alert(1)">ok</a><a href="&#1;javascript:alert(1)">ok</a>',
    "javascript link of Confluence": '<ac:link><ri:url ri:value="javascript:alert(1)" />'
    "<ac:link-body>ok</ac:link-body></ac:link>",
    "javascript picture": '<ac:image><ri:url ri:value="javascript:alert(1)" /></ac:image>',
    "data picture": '<img src="data:text/html,&lt;script&gt;alert(1)&lt;/script&gt;" />',
    "quotes in a title": '<ac:image ac:title="&quot; onload=&quot;alert(1)" ac:alt="&quot;&gt;&lt;script&gt;">'
    '<ri:url ri:value="https://example.org/a.png" /></ac:image>',
    "macro name": '<ac:structured-macro ac:name="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;" />',
    "panel title": '<ac:structured-macro ac:name="info"><ac:parameter ac:name="title">&lt;img src=x onerror=f()&gt;'
    "</ac:parameter><ac:rich-text-body><p>ok</p></ac:rich-text-body></ac:structured-macro>",
    "expand title": '<ac:structured-macro ac:name="expand"><ac:parameter ac:name="title">&lt;/summary&gt;&lt;script&gt;'
    "</ac:parameter><ac:rich-text-body><p>ok</p></ac:rich-text-body></ac:structured-macro>",
    "html macro": '<ac:structured-macro ac:name="html"><ac:plain-text-body><![CDATA[<script>alert(1)</script>]]>'
    "</ac:plain-text-body></ac:structured-macro>",
    "frame": '<iframe src="https://evil.example"></iframe><object data="x"></object><embed src="x" />',
    "form": '<form action="https://evil.example"><input name="password" /><button>ok</button></form>',
    "svg": '<svg onload="alert(1)"><script>alert(1)</script></svg>',
    "style": '<style>p{background:url("javascript:alert(1)")}</style><p style="background:url(//evil)">ok</p>',
    "unclosed": '<p><img src="x" onerror="alert(1)"',
    "anchor": '<ac:structured-macro ac:name="anchor"><ac:parameter ac:name="">x" onclick="alert(1)</ac:parameter>'
    "</ac:structured-macro>",
    "date": '<time datetime="2026&quot; onclick=&quot;alert(1)" />',
    "mention": '<ac:link><ri:user ri:username="&lt;script&gt;alert(1)&lt;/script&gt;" /></ac:link>',
}


class Dangers(HTMLParser):
    """Collects whatever could run, load or post."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style", "iframe", "object", "embed", "form", "svg", "button", "base", "meta", "link"):
            self.found.append(tag)
        for name, value in attrs:
            leads = name in ("href", "src", "action") and not (value or "").startswith(SAFE_SCHEMES)
            if name.startswith("on") or name == "style" or (leads and ":" in (value or "")):
                self.found.append(f"{name}={value}")


def dangers(html: str) -> list[str]:
    reader = Dangers()
    reader.feed(html)
    reader.close()
    return reader.found


class EvilLinks:
    """A resolver gone wrong."""

    def resolve(self, target: Target) -> Destination | None:
        return Destination("javascript:alert(1)", f'"><script>alert("{target}")</script>')


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_payload_yields_inert_html(name: str) -> None:
    assert dangers(to_html(parse(PAYLOADS[name]))) == []


@pytest.mark.parametrize("name", PAYLOADS)
def test_even_a_resolver_gone_wrong_yields_inert_html(name: str) -> None:
    assert dangers(to_html(parse(PAYLOADS[name]), EvilLinks())) == []


@pytest.mark.parametrize("name", PAYLOADS)
def test_markdown_carries_no_markup_of_the_document_and_no_address_that_runs(name: str) -> None:
    markdown = to_markdown(parse(PAYLOADS[name]))
    outside_code = "".join(markdown.split("```")[::2]).replace("\\<", "")
    assert "<script" not in outside_code
    assert "<img" not in outside_code
    assert "](javascript" not in outside_code
    assert "<javascript" not in outside_code
