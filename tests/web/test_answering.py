"""The pages of questions: asked with scripts and without, watched, stopped, judged and forgotten, each by its asker."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import httpx
import pytest
from pydantic_ai.messages import ModelMessage
from pydantic_ai.models.function import AgentInfo, FunctionModel

from mainstem.accounts.members import deactivate
from mainstem.assist.language_model import LanguageModel
from mainstem.store import answers, members
from mainstem.store.answers import State
from mainstem.store.database import reading
from mainstem.web.writing import BROKE
from tests.store.site import ALICE, BOB
from tests.web.conftest import Hub
from tests.web.desk import application

pytestmark = pytest.mark.anyio

QUESTION = "How long is the broker certificate valid?"
MERGER = "When does the merger with Brookmere close?"
PART = {"hx-request": "true", "hx-request-type": "partial"}

Speak = Callable[[list[ModelMessage], AgentInfo], AsyncIterator[str]]


@pytest.fixture
def filled(hub: Hub) -> Hub:
    """Two pages; the merger is Alice's alone."""
    hub.wiki.save("1", "The broker certificate is valid for 90 days.", title="Broker certificates")
    hub.wiki.save("2", "The merger with Brookmere closes in May.", title="Kingfisher")
    hub.restrict("2", ALICE.id)
    hub.wiki.index_all()
    return hub


def with_model(hub: Hub, speak: Speak) -> Hub:
    """The hub with a model that says this."""
    model = LanguageModel("fake", frozenset({"*"}), lambda: FunctionModel(stream_function=speak))
    return replace(hub, app=application(replace(hub.app.state.face, model=model)))


async def asked(browser: httpx.AsyncClient, question: str, **more: str) -> str:
    """Ask; the address of the answer."""
    taken = await browser.post("/ask", data={"question": question, **more})
    assert taken.status_code == 303
    address: str = taken.headers["location"]
    return address


def sentences(html: str) -> list[str]:
    """The sentences of an answer as they are read."""
    return [
        re.sub("<[^>]+>", "", each) for each in re.findall(r"<span(?: class=\"uncited\"[^>]*)?>(.*?)</span><a", html)
    ]


def state_of(hub: Hub, address: str) -> State:
    with reading(hub.wiki.engine) as db:
        found = [
            answer
            for member in range(1, 9)
            if (answer := answers.answer(db, int(address.rpartition("/")[2]), member)) is not None
        ]
    return found[0].state


async def test_without_scripts_a_question_leads_to_its_whole_answer(filled: Hub) -> None:
    async with filled.browser("alice") as browser:
        page = (await browser.get(await asked(browser, QUESTION))).text
    assert sentences(page) == ["The broker certificate is valid for 90 days."]
    assert 'aria-busy="false"' in page
    assert "word for word from 1 passage" in page
    link = re.search(r'<a class="cite" href="([^"]+)" data-n="1"', page)
    assert link is not None
    assert re.fullmatch(
        r"/documents/\d+#part-0:~:text=The%20broker%20certificate%20is%20valid%20for%2090%20days\.", link[1]
    )
    assert "hx-trigger" not in page.partition("<main")[2].partition("</main>")[0]


async def test_with_scripts_the_answer_is_watched_while_it_is_written(filled: Hub) -> None:
    async with filled.browser("alice") as browser:
        address = await asked(browser, QUESTION, live="1")
        waiting = (await browser.get(address)).text
        assert f'hx-post="{address}/stream" hx-trigger="load"' in waiting
        assert "Searching what you may read" in waiting
        assert state_of(filled, address) is State.WRITING
        streamed = await browser.post(f"{address}/stream", headers=PART)
        assert streamed.headers["content-type"].startswith("text/event-stream")
        assert "valid for 90 days" in streamed.text
        assert 'hx-target="#announce" hx-swap="textContent">Answer ready, 1 passage' in streamed.text
        assert state_of(filled, address) is State.DONE
        assert "stream" not in (await browser.get(address)).text.partition("<main")[2]


async def test_a_page_that_is_loaded_again_before_the_end_goes_on(filled: Hub) -> None:
    async with filled.browser("alice") as browser:
        address = await asked(browser, QUESTION, live="1")
        for _ in range(2):
            assert 'hx-trigger="load"' in (await browser.get(address)).text
        await browser.post(f"{address}/stream", headers=PART)
        assert sentences((await browser.get(address)).text) == ["The broker certificate is valid for 90 days."]


async def test_what_a_model_writes_is_shown_with_its_citations_and_what_cites_nothing_is_marked(filled: Hub) -> None:
    async def speak(_messages: list[ModelMessage], _info: AgentInfo) -> AsyncIterator[str]:
        yield "For `90` days [1]. <b>Surely</b> [x](https://evil.example)."

    hub = with_model(filled, speak)
    async with hub.browser("alice") as browser:
        page = (await browser.get(await asked(browser, QUESTION))).text
    assert "For <code>90</code> days." in page
    assert "written by fake" in page
    assert '<span class="uncited"' in page
    assert "&lt;b&gt;Surely&lt;/b&gt;" in page
    assert 'href="https://evil.example' not in page
    assert "Sentences underlined with dots cite no passage." in page


async def test_a_model_that_fails_is_told_and_passages_are_quoted(filled: Hub) -> None:
    async def speak(_messages: list[ModelMessage], _info: AgentInfo) -> AsyncIterator[str]:
        yield ""

    hub = with_model(filled, speak)
    async with hub.browser("alice") as browser:
        page = (await browser.get(await asked(browser, QUESTION))).text
    assert "The language model" in page
    assert sentences(page) == ["The broker certificate is valid for 90 days."]
    assert "Try again" in page


async def test_a_fault_of_ours_keeps_the_question_and_ends_the_stream(
    filled: Hub, caplog: pytest.LogCaptureFixture
) -> None:
    async def speak(_messages: list[ModelMessage], _info: AgentInfo) -> AsyncIterator[str]:
        yield "For 90 days"
        raise ZeroDivisionError

    hub = with_model(filled, speak)
    async with hub.browser("alice") as browser:
        address = await asked(browser, QUESTION, live="1")
        assert BROKE in (await browser.post(f"{address}/stream", headers=PART)).text
        page = (await browser.get(address)).text
    assert BROKE in page
    assert QUESTION in page
    assert "A question could not be answered" in caplog.text


async def test_stopping_keeps_what_was_written_and_ends_the_writing(filled: Hub) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def speak(_messages: list[ModelMessage], _info: AgentInfo) -> AsyncIterator[str]:
        try:
            yield "It is valid for 90 days [1]. "
            begun.set()
            while True:
                await asyncio.sleep(0.05)
                yield "On and on [1]. "
        finally:
            ended.set()

    hub = with_model(filled, speak)
    async with hub.browser("alice") as browser:
        address = await asked(browser, QUESTION, live="1")
        async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
            streaming = tasks.create_task(browser.post(f"{address}/stream", headers=PART))
            await begun.wait()
            await asyncio.sleep(0.5)
            stopped = await browser.post(f"{address}/stop", headers=PART)
            await streaming
            await ended.wait()
        assert '<hx-partial hx-target="#answer"' in stopped.text
        page = (await browser.get(address)).text
    assert "Stopped" in page
    assert "It is valid for 90 days." in page
    assert state_of(hub, address) is State.STOPPED


async def test_nothing_more_is_sent_to_whoever_is_shut_out_while_they_are_answered(filled: Hub) -> None:
    ended = asyncio.Event()

    async def speak(_messages: list[ModelMessage], _info: AgentInfo) -> AsyncIterator[str]:
        try:
            with filled.wiki.engine.begin() as db:
                alice = members.with_email(db, "alice@hub.example")
                assert alice is not None
                deactivate(db, alice.id)
            while True:
                yield "It is valid for 90 days [1]. "
                await asyncio.sleep(0.05)
        finally:
            ended.set()

    hub = with_model(filled, speak)
    async with hub.browser("alice") as browser, asyncio.timeout(30):
        address = await asked(browser, QUESTION, live="1")
        streamed = await browser.post(f"{address}/stream", headers=PART)
        await ended.wait()
        assert "valid" not in streamed.text
        assert (await browser.get(address)).headers["location"].startswith("/login")


async def test_stopping_without_scripts_leads_back_to_the_page(filled: Hub) -> None:
    async with filled.browser("alice") as browser:
        address = await asked(browser, QUESTION, live="1")
        assert (await browser.post(f"{address}/stop")).headers["location"] == address
        assert "You stopped it before anything was written" in (await browser.get(address)).text


async def test_what_is_not_in_the_documents_is_said_plainly(filled: Hub) -> None:
    async with filled.browser("bob") as browser:
        page = (await browser.get(await asked(browser, MERGER))).text
    assert "This is not in your documents." in page
    assert "“Brookmere”" in page
    assert "Kingfisher" not in page


async def test_an_outsider_is_answered_from_nothing_and_finds_nobodys_answers(filled: Hub) -> None:
    async with filled.browser("alice") as browser:
        address = await asked(browser, MERGER)
        assert "closes in May" in (await browser.get(address)).text
    async with filled.browser("charlie") as browser:
        for path in ("", "/again", "/stream", "/stop", "/feedback", "/forget"):
            data = {"good": "yes"} if path == "/feedback" else {}
            answer = await (browser.post(address + path, data=data) if path else browser.get(address))
            assert answer.status_code == 404, path
            assert not re.search("May|Brookmere|merger", answer.text)
        own = (await browser.get(await asked(browser, MERGER))).text
        assert "This is not in your documents." in own
        assert not re.search("closes in May|Kingfisher|Broker certificates", own)
        first = (await browser.get("/ask")).text
        assert address not in first
    async with filled.browser("alice") as browser:
        assert "closes in May" in (await browser.get(address)).text


async def test_whoever_is_nobody_is_sent_to_sign_in(filled: Hub) -> None:
    async with filled.browser() as browser:
        assert (await browser.get("/ask")).headers["location"] == "/login?next=/ask"
        assert (await browser.post("/ask", data={"question": MERGER})).headers["location"].startswith("/login")


async def test_an_answer_loses_what_its_asker_may_no_longer_read(filled: Hub) -> None:
    async with filled.browser("alice") as browser:
        address = await asked(browser, MERGER)
        filled.restrict("2", BOB.id)
        page = (await browser.get(address)).text
    assert "You can no longer read everything this answer rested on" in page
    assert not re.search("closes in May|Kingfisher", page)


async def test_feedback_is_kept_with_its_reasons(filled: Hub) -> None:
    async with filled.browser("alice") as browser:
        address = await asked(browser, QUESTION)
        liked = await browser.post(f"{address}/feedback", data={"good": "yes", "reason": "wrong"}, headers=PART)
        assert re.search(r'aria-label="This helped"[^>]*aria-pressed="true"', liked.text)
        assert "wrong" not in liked.text.partition("Thank you for telling")[2].partition("</span>")[0]
        sent = await browser.post(
            f"{address}/feedback", data={"good": "no", "reason": ["outdated", "made up"], "text": " It is 60. "}
        )
        assert sent.headers["location"] == address
        assert "Thank you for telling: outdated." in (await browser.get(address)).text
    with reading(filled.wiki.engine) as db:
        found = [each for member in range(1, 9) for each in answers.every(db, member, 5)]
        kept = [answers.answer(db, each.id, member) for each in found for member in range(1, 9)]
    assert [each.feedback.text for each in kept if each and each.feedback] == ["It is 60."]


async def test_a_question_can_be_asked_again_and_forgotten(filled: Hub) -> None:
    async with filled.browser("alice") as browser:
        address = await asked(browser, QUESTION)
        filled.wiki.save("1", "The broker certificate is valid for 60 days.", title="Broker certificates", version=2)
        filled.wiki.index_all()
        assert "for 90 days" in (await browser.get(address)).text
        assert (await browser.post(f"{address}/again")).headers["location"] == address
        assert "for 60 days" in (await browser.get(address)).text
        assert (await browser.post(f"{address}/again", data={"live": "1"})).headers["location"] == address
        assert 'hx-trigger="load"' in (await browser.get(address)).text
        assert (await browser.post(f"{address}/forget")).headers["location"] == "/ask"
        assert (await browser.get(address)).status_code == 404


async def test_the_page_to_ask_on_lists_what_was_asked_and_takes_a_beginning(filled: Hub) -> None:
    async with filled.browser("alice") as browser:
        await asked(browser, QUESTION)
        page = (await browser.get("/ask?q=merger+%3C")).text
        assert QUESTION in page
        assert ">merger &lt;</textarea>" in page
        assert (await asked(browser, "   ")) == "/ask"
        found = (await browser.get("/search?q=broker")).text
    assert 'href="/ask?q=broker"' in found


async def test_another_site_cannot_ask_in_somebodys_name(filled: Hub) -> None:
    async with filled.browser("alice", **{"Sec-Fetch-Site": "cross-site"}) as browser:
        assert (await browser.post("/ask", data={"question": MERGER})).status_code == 403


async def test_where_to_look_is_picked_kept_with_the_question_and_shown_as_words(filled: Hub) -> None:
    async with filled.browser("alice") as browser:
        offered = (await browser.get("/ask")).text
        assert 'name="space" value="ENG"' in offered
        assert 'name="type" value="page"' in offered
        within = await browser.post("/ask", data={"question": QUESTION, "space": ["ENG"], "type": ["page", "comment"]})
        page = (await browser.get(within.headers["location"])).text
        assert sentences(page) == ["The broker certificate is valid for 90 days."]
        assert f'<h1 class="question">{QUESTION}</h1>' in page
        assert [*re.findall('<span class="tag">([^<]+)</span>', page)] == ["Engineering", "Page", "Comment"]
        assert re.search('value="ENG" checked', page)
        beside = await browser.post("/ask", data={"question": QUESTION, "space": "HR"})
        assert "This is not in your documents." in (await browser.get(beside.headers["location"])).text
        again = await browser.post(f"{beside.headers['location']}/again")
        assert "This is not in your documents." in (await browser.get(again.headers["location"])).text
        assert "space:" not in page + (await browser.get("/ask")).text


async def test_what_is_too_long_with_its_places_is_refused_and_not_cut(filled: Hub) -> None:
    async with filled.browser("alice") as browser:
        answer = await browser.post(
            "/ask", data={"question": "word " * 190, "label": [f"a label of letters {n}" for n in range(9)]}
        )
        assert (answer.status_code, "This is too much at once" in answer.text) == (413, True)
        assert "word word" not in (await browser.get("/ask")).text


async def test_a_search_leads_to_the_question_with_what_it_picked(filled: Hub) -> None:
    async with filled.browser("alice") as browser:
        found = (await browser.get("/search?q=zymurgy&type=page")).text
        [address] = re.findall('href="(/ask[?][^"]+)"', found)
        page = (await browser.get(address.replace("&amp;", "&"))).text
        typed = (await browser.get("/ask?q=space:ENG+-label:old+how+long")).text
    assert re.search('value="page" checked', page)
    assert ">zymurgy</textarea>" in page
    assert re.search('value="ENG" checked', typed)
    assert ">-label:old how long</textarea>" in typed


async def test_a_question_about_one_page_is_answered_from_that_page_alone(filled: Hub) -> None:
    filled.wiki.save("3", "The broker certificate is renewed by hand.", title="Renewals")
    filled.wiki.index_all()
    async with filled.browser("alice") as alice, filled.browser("bob") as bob:
        found = re.search(r'<h2><a href="/documents/(\d+)">', (await alice.get("/search?q=renewed")).text)
        assert found
        read = (await alice.get(f"/documents/{found[1]}")).text
        assert f'name="document" value="{found[1]}"' in read
        page = (await alice.get(await asked(alice, "What about the broker certificate?", document=found[1]))).text
        assert sentences(page) == ["The broker certificate is renewed by hand."]
        assert '<span class="tag">Renewals</span>' in page
        assert f'name="document" value="{found[1]}" checked' in page
        filled.restrict("3", ALICE.id)
        hidden = (await bob.get(await asked(bob, "What about the broker certificate?", document=found[1]))).text
        assert "Renewals" not in hidden
        assert "A page that you cannot open" in hidden
        assert "This is not in your documents." in hidden
        chip = re.search(
            r'<span class="chip">Document: ([^<]+)', (await alice.get(f"/search?q=document:{found[1]}")).text
        )
        assert chip
        assert chip[1] == "Renewals"


async def test_an_outsider_is_offered_nothing_to_look_in(filled: Hub) -> None:
    async with filled.browser("charlie") as browser:
        page = (await browser.get("/ask?space=ENG")).text
    assert "Engineering" not in page
    assert 'value="page"' not in page


async def test_rows_of_a_table_are_shown_and_copied_as_a_table(hub: Hub) -> None:
    hub.wiki.save("1", "Cost | This year | Next year\nPumps | 12 | 15\nGauges & co | 3 |", title="Costs")
    hub.wiki.index_all()
    async with hub.browser("alice") as browser:
        page = (await browser.get(await asked(browser, "What will be the cost next year?"))).text
    assert re.findall("<t[hd](?: [^>]*)?>([^<]*)", page) == [
        *("Cost", "This year", "Next year"),
        *("Pumps", "12", "15"),
        *("Gauges &amp; co", "3", ""),
    ]
    assert page.count('class="cite"') >= 1
    assert "| Cost | This year | Next year [1] |\n| --- | --- | --- |\n| Pumps | 12 | 15 [1] |" in page
