"""The search page: what it shows to whom, with and without scripts, and that it shows no more."""

import re

import pytest

from mainstem.index.query import Field, Filter
from mainstem.web.searching import AT_ONCE, Asked, Stretch, stretches
from mainstem.wiki.properties import PageProperty
from tests.store.site import ALICE, BOB
from tests.web.conftest import Hub

pytestmark = pytest.mark.anyio

PART = {"hx-request": "true", "hx-request-type": "partial"}


@pytest.fixture
def filled(hub: Hub) -> Hub:
    """Four pages; one is Alice's alone."""
    hub.wiki.save("1", "Rotate the broker certificate by hand.", title="Broker certificates", labels=("runbook",))
    hub.wiki.save("2", "The broker greets gateways.", title="Gateways", labels=("runbook", "gateway"))
    hub.wiki.save("3", "Nothing of interest.", title="Holidays", author_id=BOB.id)
    hub.wiki.save("4", "The broker of the merger.", title="Merger")
    hub.restrict("4", ALICE.id, "secret")
    hub.wiki.index_all()
    return hub


def titles(html: str) -> list[str]:
    """The titles of the results, in order."""
    return [re.sub("<[^>]+>", "", each) for each in re.findall(r"<h2><a href=\"/documents/\d+\">(.*?)</a></h2>", html)]


async def test_results_have_what_was_found_marked_and_lead_to_the_page_and_its_section(filled: Hub) -> None:
    async with filled.browser("alice") as browser:
        page = (await browser.get("/search?q=certificate")).text
    assert titles(page) == ["Broker certificates"]
    assert "Broker <mark>certificates</mark>" in page
    assert "Rotate the broker <mark>certificate</mark> by hand." in page
    assert re.search(r'href="/documents/\d+#part-0">Top</a>', page)
    assert "<strong" not in page
    assert re.search(r"1</span> result in \d+ ms", page)


async def test_everybody_finds_what_they_may_read(filled: Hub) -> None:
    found = {}
    for who in ("alice", "bob", "charlie"):
        async with filled.browser(who) as browser:
            found[who] = set(titles((await browser.get("/search?q=broker")).text))
    assert found["alice"] == {"Broker certificates", "Gateways", "Merger"}
    assert found["bob"] == {"Broker certificates", "Gateways"}
    assert found["charlie"] == set()


async def test_an_outsider_finds_nothing_and_no_trace_of_it(filled: Hub) -> None:
    async with filled.browser("charlie") as browser:
        answers = [
            await browser.get(path) for path in ("/search", "/search?q=broker", "/search?space=ENG&label=secret")
        ]
        answers.append(await browser.get("/palette?q=bro", headers=PART))
    for answer in answers:
        assert answer.status_code == 200
        assert titles(answer.text) == []
        assert not re.search(r"Merger|Engineering|Alice Archer|greets|Rotate|Gateways", answer.text)
    assert "not tied to a person in Confluence" in answers[0].text
    assert "Nothing matches “broker”" in answers[1].text
    assert answers[3].text.strip() == ""


async def test_what_bob_may_not_read_is_in_none_of_his_numbers(filled: Hub) -> None:
    async with filled.browser("alice") as browser:
        assert 'value="secret"' in (await browser.get("/search?q=broker")).text
    async with filled.browser("bob") as browser:
        page = (await browser.get("/search?q=broker")).text
        suggested = (await browser.get("/palette?q=merg", headers=PART)).text
    assert re.search(r">2</span> results", page)
    assert "secret" not in page
    assert "merg" not in suggested.lower()


async def test_without_words_the_page_lists_what_one_may_read(filled: Hub) -> None:
    async with filled.browser("bob") as browser:
        page = (await browser.get("/search")).text
    assert set(titles(page)) == {"Broker certificates", "Gateways", "Holidays"}
    assert "documents you may read, the newest first" in page


async def test_ticked_values_narrow_and_can_be_taken_away_again(filled: Hub) -> None:
    async with filled.browser("alice") as browser:
        page = (await browser.get("/search?q=broker&label=runbook&label=gateway")).text
        assert titles(page) == ["Gateways"]
        assert 'name="label" value="gateway" checked' in page
        assert 'href="/search?q=broker&amp;label=runbook" aria-label="Remove filter gateway"' in page
        assert (await browser.get("/search?q=broker&type=blogpost")).text.count("Nothing matches") == 1


async def test_values_of_which_a_page_has_one_widen_and_their_counts_say_so(filled: Hub) -> None:
    async with filled.browser("alice") as browser:
        page = (await browser.get("/search", params={"author": "Bob Berg"})).text
        both = (await browser.get("/search", params={"author": ["Bob Berg", "Alice Archer"]})).text
    assert titles(page) == ["Holidays"]
    assert re.search(r'value="Alice Archer">.*?<span class="count">3</span>', page)
    assert len(titles(both)) == 4


async def test_htmx_gets_the_results_and_the_facets_alone(filled: Hub) -> None:
    async with filled.browser("alice") as browser:
        part = (await browser.get("/search?q=broker", headers=PART)).text
    assert "<html" not in part
    assert "<form" not in part
    assert len(titles(part)) == 3
    assert '<hx-partial hx-target="#facets" hx-swap="innerMorph">' in part


async def test_the_next_results_come_below_those_that_are_shown(hub: Hub) -> None:
    for number in range(AT_ONCE + 2):
        hub.wiki.save(f"p{number}", "The broker again.", title=f"Broker {number}")
    hub.wiki.index_all()
    async with hub.browser("alice") as browser:
        first = (await browser.get("/search?q=broker")).text
        part = (await browser.get(f"/search?q=broker&offset={AT_ONCE}", headers=PART)).text
        whole = (await browser.get(f"/search?q=broker&offset={AT_ONCE}")).text
        behind = await browser.get("/search?q=broker&offset=9999")
        senseless = await browser.get("/search?q=broker&offset=-1")
    assert f'href="/search?q=broker&amp;offset={AT_ONCE}"' in first
    assert len(set(titles(first)) | set(titles(part))) == AT_ONCE + 2
    assert part.strip().startswith("<li")
    assert '<hx-partial hx-target="#more" hx-swap="innerMorph"></hx-partial>' in part.replace("\n", "")
    assert titles(whole) == titles(part)
    assert "back to the first" in whole
    assert "No more results" in behind.text
    assert titles(senseless.text) == titles(first)


async def test_nothing_that_somebody_wrote_is_run(hub: Hub) -> None:
    evil = '<script>x()</script>"onload="y()'
    hub.wiki.save("1", f"About {evil} here.", title=f"Title {evil}", labels=("<img-src=x>",))
    hub.wiki.index_all()
    async with hub.browser("alice") as browser:
        for path, params in (
            ("/search", {"q": evil}),
            ("/search", {"q": "title"}),
            ("/search", {"label": evil, "space": '"><script>x()</script>'}),
            ("/palette", {"q": "title <script>"}),
            ("/palette", {"q": "titl"}),
        ):
            text = (await browser.get(path, params=params)).text
            assert "<script>" not in text
            assert "<img" not in text
            assert '"onload' not in text


async def test_the_palette_suggests_words_and_titles(filled: Hub) -> None:
    async with filled.browser("alice") as browser:
        text = (await browser.get("/palette?q=cert", headers=PART)).text
        nothing = (await browser.get("/palette?q=%20", headers=PART)).text
    assert 'data-href="/search?q=certificates"' in text
    assert re.search(r'data-href="/documents/\d+".*Broker certificates', text)
    assert nothing.strip() == ""


async def test_operators_in_the_text_are_chips_that_can_be_taken_away(filled: Hub) -> None:
    async with filled.browser("alice") as browser:
        page = (await browser.get("/search", params={"q": "broker space:eng -label:gateway updated:<9y"})).text
    assert titles(page) == ["Broker certificates", "Merger"]
    chips = re.findall(r'<span class="chip">([^<]+)<a href="([^"]+)"', page)
    assert [(said, href.replace("&amp;", "&")) for said, href in chips] == [
        ("Space: eng", "/search?q=broker+-label%3Agateway+updated%3A%3C9y"),
        ("Not tag: gateway", "/search?q=broker+space%3Aeng+updated%3A%3C9y"),
        ("Updated: &lt;9y", "/search?q=broker+space%3Aeng+-label%3Agateway"),
    ]


async def test_where_nothing_is_found_each_filter_can_be_left_out(filled: Hub) -> None:
    async with filled.browser("alice") as browser:
        page = (await browser.get("/search", params={"q": "broker label:none", "type": "page"})).text
        plain = (await browser.get("/search", params={"q": "zebra"})).text
    assert 'href="/search?q=broker&amp;type=page"' in page
    assert 'href="/search?q=broker+label%3Anone"' in page
    assert '<a class="btn" href="/search?q=broker">Without any filter</a>' in page
    assert "Look at the newest documents" in plain


async def test_each_result_tells_why_it_was_found(filled: Hub) -> None:
    async with filled.browser("alice") as browser:
        page = (await browser.get("/search", params={"q": "certificate hand"})).text
        listed = (await browser.get("/search")).text
    assert "<li>“certificate” is in the title, as “certificates”.</li>" in page
    assert "<li>“hand” is in the text.</li>" in page
    assert re.search(r"Together they score \d+\.\d:", page)
    assert "Why this result" not in listed


async def test_the_box_offers_operators_and_their_values_to_whoever_may_read_them(filled: Hub) -> None:
    offered = {}
    for who in ("alice", "bob", "charlie"):
        async with filled.browser(who) as browser:
            answer = await browser.get("/search/complete", params={"q": "broker label:"}, headers=PART)
            offered[who] = re.findall(r'data-text="([^"]*)"', answer.text)
    assert offered["alice"] == ["broker label:runbook ", "broker label:gateway ", "broker label:secret "]
    assert offered["bob"] == ["broker label:runbook ", "broker label:gateway "]
    assert offered["charlie"] == []


async def test_a_search_is_kept_run_and_dropped_by_its_owner_alone(filled: Hub) -> None:
    async with filled.browser("alice") as browser, filled.browser("charlie") as other:
        form = {"name": "  My\nbrokers ", "search": "/search?q=broker&label=runbook"}
        kept = await browser.post("/searches", data=form)
        assert (kept.status_code, kept.headers["location"]) == (303, "/search?q=broker&label=runbook")
        page = (await browser.get("/search")).text
        assert '<a class="grow truncate" href="/search?q=broker&amp;label=runbook">My brokers</a>' in page
        assert "My brokers" not in (await other.get("/search")).text
        drop = re.search(r'action="(/searches/\d+/delete)"', page)
        assert drop
        await other.post(drop[1])
        assert "My brokers" in (await browser.get("/search")).text
        gone = await browser.post(drop[1], data={"search": "https://evil.example/"})
        assert gone.headers["location"] == "/search"
        assert "My brokers" not in (await browser.get("/search")).text


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"name": "x"},
        {"search": "/search?q=x"},
        {"name": " ", "search": "/search?q=x"},
        {"name": "x", "search": "//a.example/?q"},
    ],
)
async def test_a_search_without_name_or_words_is_not_kept(filled: Hub, form: dict[str, str]) -> None:
    async with filled.browser("alice") as browser:
        assert (await browser.post("/searches", data=form)).status_code == 400


@pytest.mark.parametrize(
    ("text", "marks", "pieces"),
    [
        ("", (), ()),
        ("abc", (), (("abc", False),)),
        ("abc", ((0, 3),), (("abc", True),)),
        ("abcd", ((1, 2), (3, 4)), (("a", False), ("b", True), ("c", False), ("d", True))),
    ],
)
def test_a_text_is_cut_where_something_was_found(
    text: str, marks: tuple[tuple[int, int], ...], pieces: tuple[tuple[str, bool], ...]
) -> None:
    assert stretches(text, marks) == tuple(Stretch(piece, found) for piece, found in pieces)


def test_labels_narrow_one_by_one_and_all_else_widens() -> None:
    asked = Asked("x", {Field.SPACE: ("A", "B"), Field.KIND: (), Field.LABEL: ("c", "d"), Field.AUTHOR: ()})
    assert asked.filters == (
        Filter(Field.SPACE, frozenset({"A", "B"})),
        Filter(Field.LABEL, frozenset({"c"})),
        Filter(Field.LABEL, frozenset({"d"})),
    )
    assert asked.href == "/search?q=x&space=A&space=B&label=c&label=d"


@pytest.fixture
def owned(hub: Hub) -> Hub:
    """Three pages with owners; that of the merger is Alice's alone."""
    for number, (owner, more) in enumerate((("Mara Lindt", "Cost"), ("Ben Ode", "Cost"), ("Eve <Rival>", "Rival"))):
        made = (PageProperty("Owner", owner, parts=(owner,)), PageProperty(more, "12", parts=("12",)))
        hub.wiki.save(str(number), "The broker.", title=f"Of {owner}", properties=made)
    hub.restrict("2", ALICE.id)
    hub.wiki.index_all()
    return hub


def property_boxes(html: str) -> list[str]:
    return re.findall(r'name="property" value="([^"]*)"', html)


async def test_properties_narrow_by_name_and_then_by_value(owned: Hub) -> None:
    async with owned.browser("bob") as browser:
        names = (await browser.get("/search?q=broker")).text
        values = (await browser.get("/search?q=broker&property=Owner")).text
        one = (await browser.get("/search", params={"property": ["Owner", 'Owner="Mara Lindt"']})).text
        both = (await browser.get("/search", params={"property": ['owner="Mara Lindt"', 'Owner="Ben Ode"']})).text
        off = (await browser.get("/search", params={"q": "property:cost>dear", "property": "cost>dear"})).text
    assert property_boxes(names) == ["Cost", "Owner"]
    assert property_boxes(values) == ["Cost", "Owner", "Owner=&#34;Ben Ode&#34;", "Owner=&#34;Mara Lindt&#34;"]
    assert titles(one) == ["Of Mara Lindt"]
    assert "Ben Ode" in one
    assert re.search(r'Owner: Mara Lindt<a href="/search\?property=Owner"', one)
    assert set(titles(both)) == {"Of Mara Lindt", "Of Ben Ode"}
    assert "neither a number nor a day" in off


async def test_properties_of_hidden_pages_show_nowhere(owned: Hub) -> None:
    async with owned.browser("bob") as bob, owned.browser("charlie") as charlie:
        for browser in (bob, charlie):
            for asked in ("Owner", "Rival", 'Owner="Eve <Rival>"'):
                page = (await browser.get("/search", params={"q": "broker", "property": asked})).text
                assert "Of Eve" not in page
                assert "Eve" not in "".join(property_boxes(page))
                assert "Rival" not in property_boxes(page)
        assert property_boxes((await charlie.get("/search?property=Owner")).text) == []
    async with owned.browser("alice") as alice:
        assert "Rival" in property_boxes((await alice.get("/search?q=broker")).text)
