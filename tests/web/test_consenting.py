"""What may go to a language model: nothing until an admin says so, and no more than they say."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

import httpx
import pytest
from pydantic_ai.messages import ModelMessage
from pydantic_ai.models.function import AgentInfo, FunctionModel

from mainstem.accounts.deeds import differences, in_words
from mainstem.accounts.roles import Role
from mainstem.assist.language_model import LanguageModel
from mainstem.store import audiences, content, deeds
from mainstem.store.audiences import HolderKind
from mainstem.store.database import reading
from mainstem.store.deeds import Wanted
from mainstem.web.app import make_app
from mainstem.wiki.audience import ALL_LICENSED
from mainstem.wiki.content import Space
from tests.store.site import NOW, clause
from tests.web.conftest import Hub
from tests.web.test_answering import asked

pytestmark = pytest.mark.anyio

PATH = "/system/model"
CERTIFICATE, HARBOUR = "How long is the broker certificate valid?", "When does the harbour crane close?"


@dataclass
class Heard:
    """A hub whose model is far away, and how many questions came there."""

    hub: Hub
    prompts: list[str] = field(default_factory=list)

    def at(self, destination: str, spaces: frozenset[str] = frozenset()) -> Hub:
        """The hub with its model there."""

        async def speak(messages: list[ModelMessage], _: AgentInfo) -> AsyncIterator[str]:
            self.prompts.append(str(messages))
            yield "So it is [1]."

        model = LanguageModel("fake", spaces, lambda: FunctionModel(stream_function=speak), destination=destination)
        return replace(self.hub, app=make_app(replace(self.hub.app.state.face, model=model)))

    async def goes(self, browser: httpx.AsyncClient, question: str) -> bool:
        """Whether anything goes to the model for a question, which is told to the asker otherwise."""
        before = len(self.prompts)
        page = (await browser.get(await asked(browser, question))).text
        went = len(self.prompts) > before
        assert ("under System, Language model" in page) != went
        return went


@pytest.fixture
def heard(hub: Hub) -> Heard:
    """A page in Engineering and one in Operations, and an admin, Ada."""
    with hub.wiki.engine.begin() as db:
        content.save_spaces(db, hub.wiki.site_id, [Space("s2", "OPS", "Operations")])
        audiences.save_clauses(db, hub.wiki.site_id, HolderKind.SPACE, {"s2": clause(ALL_LICENSED)})
        audiences.rules_read(db, hub.wiki.site_id, ["s1", "s2"], NOW)
    hub.wiki.save("1", "The broker certificate is valid for 90 days.", title="Broker certificates")
    hub.wiki.save("2", "The harbour crane closes at noon.", title="Harbour", space_id="s2")
    hub.wiki.index_all()
    hub.join("ada", Role.ADMIN)
    return Heard(hub)


async def test_nothing_goes_until_an_admin_says_so_and_no_more_than_they_say(heard: Heard) -> None:
    hub = heard.at("models.example")
    site = f"{PATH}/{hub.wiki.site_id}"
    async with hub.browser("ada") as ada, hub.browser("alice") as alice:

        async def go() -> tuple[bool, bool]:
            return await heard.goes(alice, CERTIFICATE), await heard.goes(alice, HARBOUR)

        shown = (await ada.get(PATH)).text
        assert "models.example" in shown
        assert "Nothing goes" in shown
        assert await go() == (False, False)
        saved = await ada.post(site, data={"scope": "some", "space": ["s2", "s-unknown"]})
        assert (await ada.get(saved.headers["location"])).text.count("Saved, and written in the audit log.") == 1
        assert await go() == (False, True)
        assert "harbour" in heard.prompts[-1]
        assert "certificate" not in heard.prompts[-1]
        await ada.post(site, data={"scope": "all"})
        assert await go() == (True, True)
        await ada.post(site, data={"scope": "none", "space": ["s2"]})
        assert await go() == (False, False)
    with reading(hub.wiki.engine) as db:
        written = list(reversed(deeds.newest(db, Wanted(), limit=9)))
    said = "changed what of Acme may be sent to models.example"
    assert [(deed.member, in_words(deed)) for deed in written] == [("Ada", said)] * 3
    assert [differences(deed)[0][1:] for deed in written] == [("nothing", "OPS"), ("OPS", "all"), ("all", "nothing")]


async def test_a_consent_is_for_one_place_and_does_not_follow_the_settings_elsewhere(heard: Heard) -> None:
    hub = heard.at("models.example")
    async with hub.browser("ada") as ada, hub.browser("alice") as alice:
        await ada.post(f"{PATH}/{hub.wiki.site_id}", data={"scope": "all"})
        assert await heard.goes(alice, CERTIFICATE)
    elsewhere = heard.at("other.example")
    async with elsewhere.browser("ada") as ada, elsewhere.browser("alice") as alice:
        assert not await heard.goes(alice, CERTIFICATE)
        assert "Nothing goes" in (await ada.get(PATH)).text


async def test_what_the_settings_let_go_is_shown_and_goes(heard: Heard) -> None:
    hub = heard.at("models.example", frozenset({"acme/ops"}))
    async with hub.browser("ada") as ada, hub.browser("alice") as alice:
        assert (await ada.get(PATH)).text.count("By the settings") == 1
        assert await heard.goes(alice, HARBOUR)
        assert not await heard.goes(alice, CERTIFICATE)
    async with heard.at("models.example", frozenset({"*"})).browser("ada") as ada:
        assert "MAINSTEM_MODEL_SPACES=*" in (await ada.get(PATH)).text


async def test_an_outsider_neither_sees_nor_says_what_goes(heard: Heard) -> None:
    hub = heard.at("models.example")
    site = f"{PATH}/{hub.wiki.site_id}"
    async with hub.browser("charlie") as charlie, hub.browser("alice") as alice, hub.browser("ada") as ada:
        for reader in (charlie, alice):
            assert (await reader.get(PATH)).status_code == 403
            assert (await reader.post(site, data={"scope": "all"})).status_code == 403
            assert PATH not in (await reader.get("/search")).text
        assert not await heard.goes(alice, CERTIFICATE)
        assert (await ada.post(f"{PATH}/99", data={"scope": "all"})).status_code == 404


async def test_without_a_model_the_page_says_what_that_means(heard: Heard) -> None:
    async with heard.hub.browser("ada") as ada:
        assert "No language model is set" in (await ada.get(PATH)).text
        assert (await ada.post(f"{PATH}/{heard.hub.wiki.site_id}", data={"scope": "all"})).status_code == 404
