"""Signing in at a provider: the owner names it, and somebody new comes in as who they are in Confluence."""

from playwright.sync_api import expect

from confluence_emulator.sample.cast import PEOPLE
from mainstem.wiring.single_sign_on import CALLBACK
from tests.accounts.provider import MAY_SIGN, provider
from tests.browser.chromium import Chromium
from tests.browser.hubs import Served

pytestmark = MAY_SIGN

(YUKI,) = (each for each in PEOPLE if each.key == "yuki")
"""An engineer, who may read of incidents."""


def test_somebody_signs_in_where_an_owner_said_and_reads_as_who_they_are(chromium: Chromium, hub: Served) -> None:
    with provider() as there, chromium.window("owner") as owner:
        there.register(chromium.url + CALLBACK)
        there.knows("s-new", email=YUKI.email, email_verified=True, name="Yuki")
        owner.goto("/system/single-sign-on")
        expect(owner.get_by_text(chromium.url + CALLBACK)).to_be_visible()
        owner.get_by_label("Address of the provider").fill(there.url)
        owner.get_by_label("Client id").fill(there.client)
        owner.get_by_label("Client secret").fill(there.secret)
        owner.get_by_label("Name on the button").fill("Larkspur Login")
        owner.get_by_text("Everybody with a verified email").click()
        owner.get_by_role("button", name="Turn on").click()
        expect(owner.get_by_text("The provider answered")).to_be_visible()
        with chromium.browser.new_context(base_url=chromium.url) as elsewhere:
            page = elsewhere.new_page()
            page.goto("/login?next=/account")
            page.get_by_role("link", name="Sign in with Larkspur Login").click()
            page.get_by_placeholder("sub").fill("s-new")
            page.get_by_role("button", name="Authorize").click()
            expect(page.get_by_text(YUKI.email).first).to_be_attached()
            assert page.url == f"{chromium.url}/account"
            page.goto(hub.known["incident"])
            expect(page.get_by_role("heading", level=1)).to_contain_text("Gateway certificates")
        owner.get_by_role("button", name="Turn off").click()
        expect(owner.get_by_role("button", name="Turn on")).to_be_visible()
