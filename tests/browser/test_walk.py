"""The main job in a browser: a new hub is set up, connected, loaded, searched, read and asked by three people."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from confluence_emulator.sample import MEMBER, OWNER, RESTRICTED_WORD
from tests.browser.chromium import DESKTOP, PHONE, Chromium
from tests.browser.hubs import PASSWORD, served

PATIENCE = 45_000
"""Milliseconds for a sync, in which Confluence is read over the wire."""


SPACES = ("Operations", "Leadership")


@dataclass(frozen=True)
class Way:
    """A way to sign in to Confluence, whom admins then call by which names, and how large the window is."""

    choice: str
    fields: dict[str, str]
    member: str
    owner: str
    size: tuple[int, int]


WAYS = {
    "cloud, at a desk": Way(
        "Confluence Cloud",
        {"Email": "mara@larkspur.example", "API token": "mara-api-token"},
        MEMBER.account_id,
        OWNER.account_id,
        DESKTOP,
    ),
    "data center, on a phone": Way(
        "Data Center or Server",
        {"Personal access token, or password": "mara-personal-access-token"},
        MEMBER.key,
        OWNER.key,
        PHONE,
    ),
}


@pytest.fixture
def new_hub(browser: Browser, tmp_path: Path) -> Iterator[Chromium]:
    """The browser at a hub that nobody has set up."""
    with served(tmp_path / "home") as url:
        yield Chromium(browser, url, {})


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_hub_is_set_up_loaded_searched_and_read_by_three_people(
    new_hub: Chromium, sample_wiki: str, way: Way
) -> None:
    with new_hub.window(size=way.size) as page:
        set_up(page)
        connect(page, way, address_of(sample_wiki, way))
        add_member(page, MEMBER.name, way.member)
        add_member(page, "Charlie Outsider")
        assert found(page, RESTRICTED_WORD) == 0, "the owner is nobody in Confluence yet"
        tie(page, "Mara", way.owner)
        assert found(page, RESTRICTED_WORD) > 0
        secret = open_first(page)
        sign_out(page, way)
    for name, sees in ((MEMBER.name, True), ("Charlie Outsider", False)):
        with new_hub.window(size=way.size, expected=("status of 404",)) as page:
            sign_in(page, name)
            assert found(page, RESTRICTED_WORD) == 0
            assert (found(page, "gateway") > 0) is sees
            if sees:
                open_first(page)
            ask(page, known=sees)
            page.goto(secret)
            expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()


def address_of(wiki: str, way: Way) -> str:
    """Where the wiki plays Cloud, or Data Center."""
    return (
        wiki
        if way.member == MEMBER.account_id
        else wiki.replace("127.0.0.1", "localhost")[: -len("wiki")] + "confluence"
    )


def set_up(page: Page) -> None:
    page.goto("/")
    for label, text in {"Workspace": "Larkspur", "Your name": "Mara", "Email": "mara@hub.example"}.items():
        page.get_by_label(label).fill(text)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create workspace").click()
    page.wait_for_url("**/connections")


def connect(page: Page, way: Way, address: str) -> None:
    """Go through the steps, and watch the first sync without touching the page."""
    page.goto("/connections")
    page.get_by_role("main").get_by_role("link", name="Connect Confluence").click()
    page.get_by_label("Name", exact=True).fill("Larkspur")
    page.get_by_text(way.choice, exact=True).click()
    page.get_by_label("Confluence URL or domain").fill(address)
    page.get_by_role("button", name="Continue").click()
    for label, text in way.fields.items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="Test connection").click()
    expect(page.get_by_role("heading", name="Test connection")).to_be_visible()
    page.wait_for_url("**/spaces")  # the test runs by itself, and leads on where all is well
    page.get_by_text("Only these", exact=True).click()
    for space in SPACES:
        page.get_by_role("row", name=space).get_by_role("checkbox").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("How often").select_option("By a cron line")
    page.get_by_label("Cron line").fill("0 3 * * sun")
    expect(page.get_by_text("Next syncs in UTC")).to_be_visible()
    expect(page.locator(".moments li").first).to_contain_text("03:00")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("By the cron line 0 3 * * sun (UTC)")).to_be_visible()
    page.get_by_role("button", name="Connect and start the first sync").click()
    expect(page.get_by_role("heading", name="Sync in progress")).to_be_visible()
    expect(page.get_by_role("heading", name="Last sync")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("Succeeded").first).to_be_visible()


def add_member(page: Page, name: str, account: str = "") -> None:
    page.goto("/members")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Email", exact=True).fill(email_of(name))
    page.get_by_label("First password").fill(PASSWORD)
    page.get_by_role("button", name="Add member").click()
    expect(page.get_by_role("row", name=name)).to_be_visible()
    if account:
        tie(page, name, account)


def tie(page: Page, name: str, account: str) -> None:
    page.goto("/members")
    page.get_by_role("row", name=name).get_by_role("link", name=name).click()
    page.get_by_label("Account", exact=True).fill(account)
    page.get_by_role("button", name="Tie", exact=True).click()
    expect(page.get_by_role("status").get_by_text("what they read has changed")).to_be_visible()


def email_of(name: str) -> str:
    return f"{name.split()[0].lower()}@hub.example".encode("ascii", "ignore").decode()


def found(page: Page, words: str) -> int:
    """How many results somebody gets who types these words."""
    page.goto("/search")
    page.get_by_label("Search documents", exact=True).fill(words)
    expect(page.locator("#results").get_by_text(words).first).to_be_visible()
    return page.locator("#rows > li").count()


def open_first(page: Page) -> str:
    """Read the first result that is no file; its address."""
    heading = page.locator("#rows > li", has_not_text="Attachment").locator("h2 a").first
    title = heading.inner_text()
    heading.click()
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
    expect(page.locator(".prose")).not_to_be_empty()
    return page.url


def ask(page: Page, *, known: bool) -> None:
    """Ask a question, and watch the answer come, with the passages it rests on or the word that there are none."""
    page.goto("/ask")
    box = page.get_by_role("main").get_by_role("textbox").first
    box.fill("What renews the certificates of a gateway?")
    box.press("Enter")
    expect(page.get_by_role("article", name="Answer")).to_have_attribute("aria-busy", "false")
    if known:
        expect(page.get_by_role("list", name="Passages").get_by_role("link").first).to_be_visible()
    else:
        expect(page.get_by_text("This is not in your documents.")).to_be_visible()


def sign_in(page: Page, name: str) -> None:
    page.goto("/search")
    page.get_by_label("Email").fill(email_of(name))
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/search")


def sign_out(page: Page, way: Way) -> None:
    if way.size == PHONE:
        page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name="Mara").last.click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login")
