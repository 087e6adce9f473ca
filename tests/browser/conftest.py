"""One browser and one loaded hub for all tests here; each test opens windows of its own.

A test that asks for `chromium` runs in the browser's thread. A new page of the hub joins all checks by one line in
`pages.py`.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Browser, sync_playwright

from confluence_emulator.sample import build_sample_site
from tests.browser import hostile
from tests.browser.chromium import Chromium, launched
from tests.browser.hubs import Served, answered, changing, document_called, drafted, now, peopled, served, wiki
from tests.cli.conftest import mainstem

THREAD = ThreadPoolExecutor(1, thread_name_prefix="browser")
TITLES = {
    "incident": "INC-41 Gateway certificates expire overnight",
    "tables": "Data dictionary",
    "pictures": "Installing a gauge",
    "lists": "Lists and shared parts",
    "macros": "Macro gallery",
}


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run what asks for the browser where the browser lives."""
    if "browser" not in pyfuncitem.fixturenames:
        return None
    wanted = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    THREAD.submit(pyfuncitem.obj, **wanted).result()
    return True


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser itself."""
    started = sync_playwright()
    playwright = THREAD.submit(started.start).result()
    found = THREAD.submit(launched, playwright).result()
    if found is None:
        THREAD.submit(playwright.stop).result()
        pytest.skip("no browser: install chromium, or `playwright install chromium`, and pages are tested in one")
    yield found
    THREAD.submit(found.close).result()
    THREAD.submit(playwright.stop).result()


@pytest.fixture(scope="session")
def sample_wiki(browser: Browser) -> Iterator[str]:
    """The sample Confluence with a space of traps, served; not where there is no browser."""
    site = build_sample_site(now)
    hostile.lay(site)
    with wiki(site) as url:
        yield url


@pytest.fixture(scope="session")
def hub(sample_wiki: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A served hub that holds the sample, with its owner, a member and an outsider."""
    home = tmp_path_factory.mktemp("browser") / "home"
    as_mara = ("--url", sample_wiki, "--email", "mara@larkspur.example", "--token", "mara-api-token")
    loaded = mainstem("sync", "Larkspur", *as_mara, "--home", home)
    assert loaded.exit_code == 0, loaded.output
    cookies = peopled(home)
    with served(home) as url:
        known = {name: document_called(url, cookies["owner"], title) for name, title in TITLES.items()}
        known["draft"] = drafted(url, cookies["owner"], sample_wiki)
        known["change"] = changing(url, cookies["owner"])
        known["answer"] = answered(url, cookies["owner"], "How long is the broker certificate valid?")
        known["nothing"] = answered(url, cookies["owner"], "What is the price of a Heron G3?")
        yield Served(url, cookies, known)


@pytest.fixture
def chromium(browser: Browser, hub: Served) -> Chromium:
    """The browser, at the loaded hub."""
    return Chromium(browser, hub.url, hub.cookies)
