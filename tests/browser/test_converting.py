"""Choosing how pages are converted: a page before and after is seen at once, and without scripts by a button."""

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import Chromium
from tests.browser.test_pages import SIDEWAYS, inaccessible


@pytest.mark.parametrize("scripts", [True, False])
def test_a_page_before_and_after_stands_beside_the_choice(chromium: Chromium, *, scripts: bool) -> None:
    with chromium.window("owner", java_script_enabled=scripts) as page:
        page.goto("/connections/1/conversion")
        page.locator("#macro-status select").select_option("drop")
        page.get_by_placeholder("Its name in Confluence").fill("gliffy")
        page.get_by_role("button", name="Add").click()
        expect(page.locator("#macro-gliffy select")).to_have_value("text")
        expect(page.locator("#macro-status select")).to_have_value("drop")
        expect(page.get_by_placeholder("Its name in Confluence")).to_have_value("")
        page.get_by_text("As Markdown", exact=True).click()
        expect(page.get_by_role("region", name="With your choice, as Markdown")).to_be_visible()
        expect(page.locator(".look-markdown .other").first).to_be_visible()
        expect(page.get_by_text("Saving converts")).to_be_visible()
        if scripts:
            assert page.evaluate(SIDEWAYS) <= 0
            assert inaccessible(page) == []
