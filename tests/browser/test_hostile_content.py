"""What people wrote, named and asked runs no script in anybody's browser, and asks no other site for anything."""

import re
from html import unescape
from itertools import islice
from urllib.parse import urlencode

import httpx
import pytest
from playwright.sync_api import Browser, Page

from tests.browser import hostile
from tests.browser.chromium import Chromium, Noticed
from tests.browser.hubs import Served

ARMED = r"""() => [...document.querySelectorAll("*")].flatMap(one => [...one.attributes]
  .filter(({ name, value }) => /^(on|(data-)?hx-on)/i.test(name)
    || /^(href|src|action|formaction|xlink:href|data)$/i.test(name)
      && /^[\s\x00-\x1f]*(javascript|vbscript|data:text)/i.test(value))
  .map(({ name, value }) => `<${one.localName} ${name}="${value}">`))"""
STRANGE = """() => [...document.querySelectorAll("main :is(script, style, iframe, object, embed, base, meta, link)")]
  .map(one => one.outerHTML.slice(0, 100))"""
ROW = re.compile(r'<h2><a href="(/documents/\d+)">(.*?)</a></h2>')
REFUSED = ("Failed to load resource", "by the policy: img-src", '"img-src', "status of 404")
"""A picture that is not there, or not ours to show, is no harm."""


def disarmed(page: Page, address: str) -> None:
    """Open a page, and look for what could still run in it once somebody points at it or presses it."""
    page.goto(address)
    assert page.evaluate(ARMED) == []
    assert page.evaluate(STRANGE) == []


@pytest.fixture(scope="session")
def traps(hub: Served) -> dict[str, str]:
    """The addresses of all pages in the space of payloads, by title."""
    found: dict[str, str] = {}
    with httpx.Client(base_url=hub.url, cookies={"mainstem_session": hub.cookies["owner"]}, timeout=30) as browser:
        while rows := ROW.findall(
            browser.get("/search", params={"q": "space:TRAP type:page", "offset": len(found)}).text
        ):
            found |= {unescape(title): address for address, title in rows}
    assert len(found) == len(hostile.VECTORS) + len(list(hostile.bodies())) + 2
    return found


def test_the_payloads_are_alive_and_the_window_notices_them(browser: Browser) -> None:
    noticed, alive = Noticed("about:"), 0
    context = browser.new_context()
    noticed.watch(context)
    page = context.new_page()
    for vector in hostile.RUNS_AT_ONCE:
        noticed.ran.clear()
        page.goto("about:blank")
        page.set_content(f"<!doctype html><p>{vector}")
        page.wait_for_timeout(30)
        alive += bool(noticed.ran)
    context.close()
    assert alive > len(hostile.RUNS_AT_ONCE) * 0.7
    assert hostile.payloads() > 500


def test_nothing_that_is_written_in_a_page_runs(chromium: Chromium, traps: dict[str, str]) -> None:
    with chromium.window("owner", expected=REFUSED) as page:
        for title, address in traps.items():
            if title.startswith("Trap"):
                disarmed(page, address)


def test_no_title_runs_wherever_it_is_shown(chromium: Chromium, traps: dict[str, str]) -> None:
    with chromium.window("owner", expected=REFUSED) as page:
        for at in range(0, len(traps), 20):
            disarmed(page, f"/search?q=space%3ATRAP+type%3Apage&offset={at}")
        for title in [title for title in traps if not title.startswith("Trap")][::6]:
            disarmed(page, traps[title])
        page.keyboard.press("Control+k")
        page.get_by_role("combobox").fill("script")
        page.locator("#palette-hits [role=option]").first.wait_for()
        assert page.evaluate(ARMED) == []


def test_no_file_runs_at_our_own_address(chromium: Chromium, traps: dict[str, str]) -> None:
    with chromium.window("owner", expected=REFUSED) as page:
        disarmed(page, traps["Trap: files, labels and comments"])
        links = page.locator("main a[href^='/files/']").evaluate_all("all => all.map(one => one.href)")
        names = tuple(f"/{name}" for name, _, _ in hostile.FILES)
        files = {link for link in links if link.endswith(names)}
        assert len(files) == len(names)
        for link in files:
            sent = page.request.get(link)
            assert sent.headers["x-content-type-options"] == "nosniff"
            if not sent.headers["content-disposition"].startswith("attachment"):
                assert "sandbox" in sent.headers["content-security-policy"]
                page.goto(link)


def test_nothing_that_is_asked_for_runs(chromium: Chromium) -> None:
    asked = iter(hostile.VECTORS)
    with chromium.window("outsider", expected=REFUSED) as page:
        while vectors := list(islice(asked, 3)):
            disarmed(page, "/search?" + urlencode(dict(zip(("q", "space", "label"), vectors, strict=False))))
    with chromium.window(expected=REFUSED) as page:
        for way in ("javascript:__ran()", "//elsewhere.invalid", "/\\elsewhere.invalid", '"><script>__ran()</script>'):
            disarmed(page, "/login?" + urlencode({"next": way}))


def test_no_question_and_no_passage_of_an_answer_runs(chromium: Chromium) -> None:
    questions = [*hostile.VECTORS[::13], "What does __ran script onerror do?", "Trap: titles"]
    with chromium.window("owner", expected=REFUSED) as page:
        for question in questions:
            page.goto("/ask")
            page.get_by_role("main").get_by_role("textbox").first.fill(question)
            page.get_by_role("main").get_by_role("textbox").first.press("Enter")
            page.locator("#answer[aria-busy=false]").wait_for()
            assert page.evaluate(ARMED) == []
            assert page.evaluate(STRANGE) == []
            disarmed(page, page.url)
