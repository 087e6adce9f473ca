"""What must work in a browser that runs no scripts: signing in, searching, narrowing, reading, signing out."""

from playwright.sync_api import expect

from tests.browser.chromium import Chromium
from tests.browser.hubs import PASSWORD


def test_search_and_reading_need_no_scripts(chromium: Chromium) -> None:
    with chromium.window(java_script_enabled=False) as page:
        page.goto("/search?q=gateway")
        page.get_by_label("Email").fill("mara@hub.example")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("list", name="Results")).to_be_visible()
        page.get_by_label("Search documents", exact=True).fill("certificates")
        page.get_by_label("Search documents", exact=True).press("Enter")
        expect(page).to_have_title("certificates · Mainstem")
        page.locator("#facets input[name=space]").first.check()
        page.get_by_role("button", name="Apply filters").click()
        expect(page.get_by_role("link", name="Remove filter").first).to_be_visible()
        page.locator("#rows h2 a").first.click()
        expect(page.get_by_role("article")).to_be_visible()
