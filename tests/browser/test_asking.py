"""Asking in a browser: an answer comes by itself, a citation shows its passage, and leads to the very words."""

import re

from playwright.sync_api import expect

from tests.browser.chromium import Chromium

ANSWER = re.compile(r"/ask/\d+$")


def test_a_question_is_answered_and_a_citation_leads_to_the_words_it_cites(chromium: Chromium) -> None:
    with chromium.window("owner") as page:
        page.goto("/ask")
        page.get_by_role("textbox", name="Your question").fill("How do I rotate the broker certificate?")
        page.keyboard.press("Enter")
        page.wait_for_url(ANSWER)
        expect(page.locator("#answer")).to_have_attribute("aria-busy", "false")
        expect(page.locator("#announce")).to_have_text("Answer ready, 2 passages")
        expect(page.locator("#answer li").first).to_contain_text("Ask keystone for the new certificate.")
        chip = page.locator("#answer-text a.cite").first
        chip.hover()
        expect(page.locator("#hovercard")).to_contain_text("Rotating the broker certificate")
        page.keyboard.press("Escape")
        expect(page.locator("#hovercard")).to_be_hidden()
        chip.click()
        page.wait_for_url(re.compile(r"/documents/\d+#steps"))
        expect(page.locator(":target")).to_contain_text("Ask keystone for the new certificate")
        expect(page.locator(":target")).to_be_in_viewport()
        page.get_by_label("Ask about this page").fill("Who is asked for the new certificate?")
        page.keyboard.press("Enter")
        page.wait_for_url(ANSWER)
        expect(page.locator("#announce")).to_have_text("Answer ready, 1 passage")
        expect(page.locator(".looked-in")).to_have_text(re.compile("Rotating the broker certificate"))


def test_the_palette_asks_and_feedback_and_forgetting_work(chromium: Chromium) -> None:
    with chromium.window("member") as page:
        page.goto("/search")
        page.keyboard.press("Control+k")
        page.keyboard.type("What is the price of a Heron G3?")
        page.get_by_role("option", name="Ask “").click()
        page.wait_for_url(ANSWER)
        expect(page.locator("#answer")).to_contain_text("This is not in your documents.")
        page.get_by_role("button", name="This did not help").click()
        page.get_by_label("Outdated").check()
        page.get_by_role("button", name="Send").click()
        expect(page.locator("#answer footer")).to_contain_text("Thank you for telling: outdated.")
        page.get_by_role("button", name="This helped").click()
        expect(page.get_by_role("button", name="This helped")).to_have_attribute("aria-pressed", "true")
        page.get_by_role("button", name="Forget this question").click()
        page.get_by_role("button", name="Forget it").click()
        page.wait_for_url("**/ask")


def test_without_scripts_a_question_is_answered_all_the_same(chromium: Chromium) -> None:
    with chromium.window("owner", java_script_enabled=False) as page:
        page.goto("/ask")
        page.get_by_role("textbox", name="Your question").fill("How long is parental leave?")
        page.locator("form.ask button").click()
        page.wait_for_url(ANSWER)
        expect(page.locator("#answer-text")).to_contain_text("six months")
