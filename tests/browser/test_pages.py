"""Each page in a real browser: light and dark, wide and narrow, what it weighs, and that nothing goes wrong in it."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]  # it tells no types
from playwright.sync_api import Page

from tests.browser.chromium import PHONE, Chromium
from tests.browser.hubs import Served
from tests.browser.pages import PAGES
from tests.browser.pages import Page as Listed

FIRST_LOAD = 130_000
NEXT_PAGE = 15_000
"""Bytes over the wire, headers and all: with an empty cache, and when the hub's own files are known."""

AXE = """options => axe.run(document, options).then(found => found.violations.map(
  one => `${one.id}: ${one.nodes.map(node => `${node.target.join(" ")} ${node.any[0]?.message ?? ""}`).join("; ")}`))"""
FAULTS = {"resultTypes": ["violations"], "preload": False}
SHIFTED = """() => new Promise(done => {
  const moved = [];
  new PerformanceObserver(list => {
    for (const one of list.getEntries()) if (one.value > 0.0005)
      moved.push(`${one.value}: ${one.sources.map(({ node }) => node?.outerHTML?.slice(0, 90) ?? node?.textContent)}`);
  }).observe({type: "layout-shift", buffered: true});
  requestAnimationFrame(() => requestAnimationFrame(() => done(moved)));
})"""
SETTLED = (
    "() => document.fonts.ready.then(() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 20))))"
)
SIDEWAYS = "() => document.scrollingElement.scrollWidth - document.documentElement.clientWidth"


@dataclass
class Wire:
    """Counts what comes over the wire into one window."""

    page: Page
    bytes: int = field(default=0)

    def __post_init__(self) -> None:
        session = self.page.context.new_cdp_session(self.page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", self._came)

    def _came(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])

    def of(self, address: str) -> int:
        """What opening a page brings."""
        before = self.bytes
        self.page.goto(address)
        self.page.evaluate(SETTLED)
        return self.bytes - before


def inaccessible(page: Page) -> list[str]:
    """What axe finds, with the place of each."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(f"{AXE_SCRIPT};1")
    page.evaluate(SETTLED)
    found: list[str] = page.evaluate(AXE, FAULTS)
    return found


@pytest.mark.parametrize("listed", PAGES, ids=lambda listed: listed.name)
def test_a_page_is_light_and_still_and_can_be_used_by_everybody(
    chromium: Chromium, hub: Served, listed: Listed
) -> None:
    address = listed.address.format_map(hub.known)
    with chromium.window(listed.who, expected=listed.expected, color_scheme="light") as page:
        wire = Wire(page)
        assert wire.of(address) < FIRST_LOAD
        assert page.evaluate(SHIFTED) == [] or listed.has_pictures
        assert page.evaluate(SIDEWAYS) <= 0
        assert inaccessible(page) == []
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        assert wire.of(address) < NEXT_PAGE
        assert page.evaluate(SHIFTED) == [] or listed.has_pictures
        assert page.evaluate(SIDEWAYS) <= 0
        assert inaccessible(page) == []


def test_drawer_palette_filters_and_shortcuts_can_be_used_by_everybody(chromium: Chromium) -> None:
    for scheme in ("light", "dark"):
        with chromium.window("owner", size=PHONE, color_scheme=scheme) as page:
            page.goto("/search?q=gateway")
            page.get_by_role("button", name="Menu").click()
            assert inaccessible(page) == []
            page.keyboard.press("Escape")
            page.get_by_role("button", name="Filters").click()
            assert inaccessible(page) == []
        with chromium.window("owner", color_scheme=scheme) as page:
            page.goto("/members")
            page.keyboard.press("?")
            assert inaccessible(page) == []
            page.keyboard.press("Escape")
            page.keyboard.press("Control+k")
            assert inaccessible(page) == []
