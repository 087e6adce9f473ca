"""The last gate: nothing runs, whatever comes through the converter; and what the converter writes stays."""

import pytest

from mainstem.convert import parse, to_html
from mainstem.reading.safe_html import safe
from mainstem.wiki.audience import Viewer
from tests.convert.test_html_safety import PAYLOADS, dangers
from tests.reading.conftest import Wiki

ATTACKS = {
    "script": "<script>alert(1)</script>",
    "event handler": '<img src="/a.png" onerror="alert(1)">',
    "javascript link": '<a href="javascript:alert(1)">x</a>',
    "disguised javascript link": '<a href=" jAva&#10;script:alert(1)">x</a>',
    "svg": '<svg onload="alert(1)"><a href="javascript:alert(1)"></a></svg>',
    "mathml": '<math><mtext><style><img src=x onerror="alert(1)"></style></mtext></math>',
    "style element": "<style>*{background:url(//evil.example)}</style>",
    "style attribute": '<p style="position:fixed;inset:0">x</p>',
    "frame": '<iframe src="https://evil.example" srcdoc="<script>alert(1)</script>"></iframe>',
    "data link": '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    "data picture": '<img src="data:image/svg+xml,<svg onload=alert(1)>">',
    "form": '<form action="https://evil.example"><button formaction="javascript:alert(1)">x</button></form>',
    "base": '<base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=https://evil.example">',
    "unclosed": '<img src="/a.png" onerror="alert(1)"',
}

KEPT = (
    '<h2 id="next-steps">Next steps</h2>',
    '<table><thead><tr><th colspan="2">a</th></tr></thead><tbody><tr><td rowspan="2">b</td></tr></tbody></table>',
    '<figure class="code"><figcaption>t</figcaption><pre data-language="py"><code>a &lt; b</code></pre></figure>',
    '<div class="panel warning"><p class="panel-title">t</p><p>x</p></div>',
    '<img src="/files/1" alt="a" width="20" loading="lazy">',
    "<details><summary>More</summary><p>x</p></details>",
    '<ul class="tasks"><li><input type="checkbox" disabled="" aria-label="Task" checked=""> x</li></ul>',
    '<div class="columns"><div class="column">x</div></div>',
    '<span id="place"></span><span class="status" data-colour="green">OK</span>',
    '<span class="macro" data-macro="chart">[macro: chart]</span>',
    '<a href="/documents/1#x" rel="noopener noreferrer">x</a>',
)


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_inert_behind_the_gate(name: str) -> None:
    assert dangers(safe(ATTACKS[name], anchors=True)) == []
    assert "alert" not in safe(ATTACKS[name], anchors=True)


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_payload_in_a_body_is_inert_on_the_page_and_in_a_comment(wiki: Wiki, alice: Viewer, name: str) -> None:
    id_ = wiki.save("1", PAYLOADS[name])
    wiki.comment("c1", "1", PAYLOADS[name])
    found = wiki.read(id_, alice)
    assert dangers(found.html) == dangers(found.comments[0].html) == []


@pytest.mark.parametrize("html", KEPT)
def test_what_the_converter_writes_stays(html: str) -> None:
    kept = safe(html, anchors=True)
    assert sorted(kept) == sorted(html)


def test_everything_the_reader_sees_of_a_body_passes_unchanged() -> None:
    macro = "<ac:structured-macro ac:name='{}'><ac:parameter ac:name='title'>T</ac:parameter>{}</ac:structured-macro>"
    rich = "<ac:rich-text-body><p>x</p></ac:rich-text-body>"
    names = ("info", "note", "tip", "warning", "panel", "expand", "excerpt", "details", "vendor")
    body = "".join(macro.format(name, rich) for name in names)
    html = to_html(parse(f"<h1>A</h1>{body}<ul><li>b</li></ul><blink-box>c</blink-box>"))
    assert safe(html, anchors=True) == html


def test_a_class_that_is_not_ours_and_a_field_to_type_into_do_not_pass() -> None:
    assert safe('<div class="dialog panel">x</div>', anchors=True) == '<div class="panel">x</div>'
    assert 'type="checkbox"' in safe('<input type="password" name="p">', anchors=True)
    assert "name" not in safe('<input type="password" name="p">', anchors=True)


def test_ids_stay_in_the_first_fragment_alone() -> None:
    assert safe('<h1 id="a">x</h1>', anchors=False) == "<h1>x</h1>"
    assert safe('<p id="a">x</p>', anchors=True) == "<p>x</p>"


def test_a_picture_comes_by_http_alone() -> None:
    assert "src" not in safe('<img src="file:///etc/passwd"><img src="picture.png">', anchors=True)
