"""A real browser, and what it notices while a page is used: errors, refusals, strangers, scripts that ought not to run.

Playwright answers in the thread that started it alone, and its event loop would stand in the way of other tests'. So
it lives in a thread of its own, in which every test runs that asks for it (see conftest).
"""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Playwright, Request

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
PATIENCE = 15_000
"""Milliseconds for what must happen."""

DESKTOP = (1280, 800)
PHONE = (390, 844)
LISTENER = "addEventListener('securitypolicyviolation', e => __refused(`${e.violatedDirective} ${e.blockedURI}`))"


def found(playwright: Playwright) -> str | None:
    """Where a browser is: the machine's own, or the one that playwright keeps."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    kept = playwright.chromium.executable_path
    return kept if os.access(kept, os.X_OK) else None


def launched(playwright: Playwright) -> Browser | None:
    """The browser; None where there is none."""
    path = found(playwright)
    return (path and playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))) or None


@dataclass
class Noticed:
    """What went wrong in a window, a line each, and what scripts of strangers reported (`__ran`), with their origin."""

    origin: str
    wrong: list[str] = field(default_factory=list)
    ran: list[tuple[str, str]] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        context.expose_binding("__ran", lambda source, what="": self.ran.append((source["frame"].url, str(what))))
        context.expose_binding("__refused", lambda _, what: self.wrong.append(f"refused by the policy: {what}"))
        context.add_init_script(LISTENER)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.wrong.append(f"uncaught: {error.error}"))
        context.on("dialog", self._asked)
        context.on("requestfinished", self._requested)
        context.on("requestfailed", self._requested)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.wrong.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def _asked(self, dialog: Dialog) -> None:
        self.wrong.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _requested(self, request: Request) -> None:
        asked = urlsplit(request.url)
        if request.failure == "csp":
            return
        if asked.scheme in {"http", "https"} and f"{asked.scheme}://{asked.netloc}" != self.origin:
            self.wrong.append(f"asked elsewhere: {request.url}")


@dataclass(frozen=True)
class Chromium:
    """The browser at one hub. `cookies` hold who is signed in, by the name that tests call them."""

    browser: Browser
    url: str
    cookies: Mapping[str, str]

    @contextmanager
    def window(
        self, who: str = "", *, size: tuple[int, int] = DESKTOP, expected: Sequence[str] = (), **more: Any
    ) -> Iterator[Page]:
        """A window without a past, in which somebody is signed in. Fails in the end if anything went wrong in it.

        `expected` are parts of what may go wrong; `more` is playwright's, as `java_script_enabled`.
        """
        width, height = size
        context = self.browser.new_context(
            base_url=self.url, viewport={"width": width, "height": height}, reduced_motion="reduce", **more
        )
        context.set_default_timeout(PATIENCE)
        noticed = Noticed(self.url)
        noticed.watch(context)
        if who:
            context.add_cookies([{"name": "mainstem_session", "value": self.cookies[who], "url": self.url}])
        try:
            yield context.new_page()
        finally:
            context.close()
        unexpected = [line for line in noticed.wrong if not any(part in line for part in expected)]
        unexpected += [f"a script ran at {place}: {what}" for place, what in noticed.ran]
        assert not unexpected, "\n".join(unexpected)
