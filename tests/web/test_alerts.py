"""The page of alerts: for admins alone, and what is secret goes in and never comes out."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.desk import Desk, served
from tests.wiring.listening import Hook, hooked

SECRET = "a secret made by chance"
POSTS = ("/webhook", "/mail", "/1/test", "/1/remove")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with served(tmp_path / "home") as desk:
        yield desk


@pytest.fixture
def hook() -> Iterator[Hook]:
    with hooked() as hook:
        yield hook


@pytest.mark.anyio
async def test_an_admin_adds_a_webhook_tests_it_and_removes_it(desk: Desk, hook: Hook) -> None:
    form = {"url": hook.url, "secret": SECRET, "kind": ["sync failed", "token expires"]}
    async with desk.browser("olga") as browser:
        assert (await browser.post("/system/alerts/webhook", data=form)).status_code == 303
        shown = (await browser.get("/system/alerts")).text
        assert "A sync failed; A token expires in 30, 7 or 1 days" in shown
        tested = await browser.post("/system/alerts/1/test")
        assert "The test was sent to 127.0.0.1, and taken." in tested.text
        assert len(hook.got) == 1
        hook.status = 404
        refused = await browser.post("/system/alerts/1/test")
        assert (refused.status_code, "HTTP 404" in refused.text) == (422, True)
        assert all(secret not in shown + tested.text + refused.text for secret in (SECRET, "path-with-a-right"))
        assert (await browser.post("/system/alerts/1/remove")).status_code == 303
        assert (await browser.post("/system/alerts/1/remove")).status_code == 404
        assert (await browser.post("/system/alerts/1/test")).status_code == 404
        assert "Nobody yet" in (await browser.get("/system/alerts")).text


@pytest.mark.anyio
async def test_what_is_wrong_with_a_form_is_told_without_its_secret(desk: Desk) -> None:
    async with desk.browser("olga") as browser:
        for form in ({"url": "x", "secret": SECRET, "kind": "sync failed"}, {"url": "https://x", "secret": "hush"}):
            refused = await browser.post("/system/alerts/webhook", data=form)
            assert (refused.status_code, SECRET in refused.text, "hush" in refused.text) == (422, False, False)
        mail = await browser.post("/system/alerts/mail", data={"address": "a@b.example", "kind": "sync failed"})
        assert (mail.status_code, "No mail server is set" in mail.text) == (422, True)
        assert (await browser.post("/system/alerts/mail", data={"kind": "anything"})).status_code == 400


@pytest.mark.anyio
async def test_a_reader_is_told_that_alerts_are_for_admins(desk: Desk) -> None:
    async with desk.browser("charlie") as browser:
        assert (await browser.get("/system/alerts")).status_code == 403
        for path in POSTS:
            assert (await browser.post(f"/system/alerts{path}")).status_code == 403, path
        assert "/system/alerts" not in (await browser.get("/search")).text
