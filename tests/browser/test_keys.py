"""Keys: each that the list of shortcuts names does what is said of it, for whoever sees it listed."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import Chromium

PLACES = {"G S": "/search", "G A": "/ask", "G C": "/connections"}


@pytest.mark.parametrize(("who", "listed"), [("owner", {"G S", "G A", "G C"}), ("member", {"G S", "G A"})])
def test_the_keys_that_are_listed_lead_where_they_say(chromium: Chromium, who: str, listed: set[str]) -> None:
    with chromium.window(who) as page:
        page.goto("/account")
        page.keyboard.press("?")
        told = page.locator("#shortcuts kbd").all_inner_texts()
        assert {keys for keys in told if keys in PLACES} == listed
        page.keyboard.press("Escape")
        for keys, place in PLACES.items():
            page.goto("/account")
            for key in keys.lower().split():
                page.keyboard.press(key)
            page.wait_for_url(f"**{place}" if keys in listed else "**/account")
        page.goto("/search?q=gateway")
        page.keyboard.press("j")
        page.keyboard.press("j")
        expect(page.locator(".result h2 a").nth(1)).to_be_focused()
        page.keyboard.press("/")
        expect(page.locator("#q")).to_be_focused()


def test_the_window_is_named_after_what_is_searched_for(chromium: Chromium) -> None:
    with chromium.window("owner") as page:
        page.goto("/search")
        page.locator("#q").fill("gateway")
        expect(page).to_have_title(re.compile(r"^gateway · Mainstem$"))
