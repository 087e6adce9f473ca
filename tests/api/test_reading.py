"""Searching and reading through the API: each program finds what its member would."""

import pytest

from mainstem.wiki.properties import PageProperty, PropertyType
from tests.api.conftest import Api

pytestmark = pytest.mark.anyio

NOT_FOR_CHARLIE = ("broker", "Broker", "Merger", "Engineering", "ENG", "Gateways", "secret", "runbook", "Archer")


async def test_everybody_finds_what_they_may_read(api: Api) -> None:
    found = {}
    for who in ("alice", "bob", "charlie"):
        async with api.program(who) as one:
            answer = (await one.get("/api/v1/search?q=broker&facets=true")).json()
        found[who] = (answer["total"], {each["title"] for each in answer["results"]}, len(answer["facets"]))
    assert found["alice"] == (3, {"Broker certificates", "Gateways", "Merger"}, 9)
    assert found["bob"] == (2, {"Broker certificates", "Gateways"}, 9)
    assert found["charlie"] == (0, set(), 0)


async def test_an_outsider_gets_no_trace_of_anything_by_any_address(api: Api) -> None:
    async with api.program("charlie") as charlie:
        for path in ("search?q=", "search?facets=true", "search?q=merger&label=secret", "suggest?q=mer", "spaces"):
            answer = await charlie.get(f"/api/v1/{path}")
            assert answer.status_code == 200, path
            assert not [word for word in NOT_FOR_CHARLIE if word in answer.text], path
        told = await charlie.post("/api/v1/ask", json={"question": "What about the broker of the merger?"})
        assert (told.json()["outcome"], told.json()["nearest"]) == ("nothing", [])
        assert not [word for word in NOT_FOR_CHARLIE if word in told.text.replace('["broker"', "")]
        for id_ in (*api.ids.values(), 999_999):
            answer = await charlie.get(f"/api/v1/documents/{id_}")
            assert answer.status_code == 404
            assert answer.json() == {
                "type": "about:blank",
                "title": "Not Found",
                "status": 404,
                "detail": "There is nothing here, or nothing that you may see.",
                "errors": [],
            }


async def test_a_result_says_where_it_was_found(api: Api) -> None:
    async with api.program("bob") as bob:
        [hit] = (await bob.get("/api/v1/search?q=greets")).json()["results"]
    assert hit["passage"]["text"] == "The broker greets gateways."
    assert hit["passage"]["marks"] == [[11, 17]]
    assert (hit["space"], hit["space_name"], hit["connection"], hit["kind"]) == ("ENG", "Engineering", "Acme", "page")
    assert hit["href"] == f"/documents/{api.ids['gateways']}#part-0"
    assert hit["author"] == "Bob Berg"


async def test_filters_narrow_and_pages_follow_each_other(api: Api) -> None:
    async with api.program("alice") as alice:
        labelled = (await alice.get("/api/v1/search?label=runbook")).json()
        both = (await alice.get("/api/v1/search?author=Bob Berg&author=Alice Archer&kind=page")).json()
        pages = [(await alice.get(f"/api/v1/search?limit=3&offset={offset}")).json() for offset in (0, 3)]
    assert [each["title"] for each in labelled["results"]] == ["Broker certificates"]
    assert both["total"] == 4
    ids = [each["id"] for page in pages for each in page["results"]]
    assert sorted(ids) == sorted(api.ids.values())


async def test_a_document_comes_as_markdown_and_its_links_as_far_as_one_may_follow_them(api: Api) -> None:
    path = f"/api/v1/documents/{api.ids['certificates']}"
    async with api.program("alice") as alice, api.program("bob") as bob:
        hers, his = (await alice.get(path)).json(), (await bob.get(path)).json()
    gateways, merger = (f"/documents/{api.ids[name]}" for name in ("gateways", "merger"))
    assert "## By hand" in hers["markdown"]
    assert "**broker**" in hers["markdown"]
    assert f"[Gateways]({gateways})" in hers["markdown"]
    assert f"[Merger]({merger})" in hers["markdown"]
    assert f"[Gateways]({gateways})" in his["markdown"]
    assert merger not in his["markdown"]
    assert [(each["level"], each["anchor"]) for each in his["sections"]] == [
        (2, "by-hand"),
        (3, "afterwards"),
        (2, "by-machine"),
    ]
    assert (his["space"], his["labels"], his["url"]) == ("ENG", ["runbook"], "https://acme.example/wiki/1")


async def test_one_section_is_read_alone_with_what_stands_below_it(api: Api) -> None:
    path = f"/api/v1/documents/{api.ids['certificates']}"
    async with api.program("bob") as bob:
        section = (await bob.get(f"{path}?section=by-hand")).json()
        assert section["markdown"].startswith("## By hand\n")
        assert "### Afterwards" in section["markdown"]
        assert "By machine" not in section["markdown"]
        assert section["href"].endswith("#by-hand")
        assert (await bob.get(f"{path}?section=nowhere")).status_code == 404


async def test_a_question_is_answered_from_what_one_may_read_and_each_sentence_cites_its_passage(api: Api) -> None:
    asked = {"question": "What about the broker of the merger?"}
    async with api.program("alice") as alice, api.program("bob") as bob:
        hers, his = [(await one.post("/api/v1/ask", json=asked)).json() for one in (alice, bob)]
        silly = await bob.post("/api/v1/ask", json=asked | {"model": "mine"})
    cited = hers["sentences"][0]["cites"]
    passage = next(each for each in hers["passages"] if each["number"] in cited)
    assert (passage["title"], passage["text"]) == ("Merger", "The broker of the merger.")
    assert passage["href"].startswith(f"/documents/{api.ids['merger']}")
    assert "Merger" not in [each["title"] for each in (*his["passages"], *his["nearest"])]
    assert silly.status_code == 422


async def test_suggestions_are_made_of_what_one_may_read(api: Api) -> None:
    async with api.program("alice") as alice, api.program("bob") as bob:
        hers = (await alice.get("/api/v1/suggest?q=merg")).json()
        his = (await bob.get("/api/v1/suggest?q=merg")).json()
    assert [each["title"] for each in hers["documents"]] == ["Merger"]
    assert his == {"texts": [], "documents": []}


async def test_spaces_are_those_in_which_one_reads_something_counted_for_oneself(api: Api) -> None:
    told = {}
    for who in ("alice", "bob", "charlie"):
        async with api.program(who) as one:
            answer = (await one.get("/api/v1/spaces")).json()
        told[who] = (answer["total"], [(each["key"], each["name"], each["documents"]) for each in answer["spaces"]])
    assert told["alice"] == (1, [("ENG", "Engineering", 4)])
    assert told["bob"] == (1, [("ENG", "Engineering", 3)])
    assert told["charlie"] == (0, [])


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("search?limit=0", "query.limit"),
        ("search?limit=101", "query.limit"),
        ("search?offset=-1", "query.offset"),
        ("search?kind=nonsense", "query.kind.0"),
        ("documents/x", "path.document_id"),
        ("documents/0", "path.document_id"),
        ("suggest", "query.q"),
        ("search?labels=runbook", "query.labels"),
        ("spaces?page=2", "query.page"),
    ],
)
async def test_what_is_wrong_with_a_request_is_said_and_nothing_of_it_is_quoted(
    api: Api, path: str, where: str
) -> None:
    async with api.program("alice") as alice:
        answer = await alice.get(f"/api/v1/{path}")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [each["where"] for each in answer.json()["errors"]] == [where]
    assert "nonsense" not in answer.text


async def test_every_answer_is_kept_nowhere_and_run_by_nobody(api: Api) -> None:
    async with api.program("alice") as alice, api.program() as nobody:
        answers = [await alice.get("/api/v1/me"), await nobody.get("/api/v1/me"), await alice.get("/api/v1/none")]
        answers += [await alice.delete("/api/v1/me"), await nobody.get("/api/v1/openapi.json")]
    assert [answer.status_code for answer in answers] == [200, 401, 404, 405, 200]
    for answer in answers:
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_a_fault_of_ours_is_told_without_its_cause(api: Api) -> None:
    @api.app.get("/api/v1/broken", tags=["test"])
    def broken() -> None:
        raise ValueError("the secret")

    async with api.program("alice") as alice:
        answer = await alice.get("/api/v1/broken")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert "the secret" not in answer.text


async def test_a_question_is_narrowed_as_a_search_is(api: Api) -> None:
    asked = {"question": "Who should rotate the broker certificate?", "kind": ["page"]}
    async with api.program("alice") as alice:
        for more, found in (
            ({"label": ["runbook"]}, True),
            ({"label": ["zymurgy"]}, False),
            ({"space": ["HR"]}, False),
        ):
            answer = (await alice.post("/api/v1/ask", json=asked | more)).json()
            assert (answer["outcome"] != "nothing") == found, more
        assert (await alice.post("/api/v1/ask", json=asked | {"kind": ["poem"]})).status_code == 422


async def test_page_properties_come_with_types_and_narrow_a_search(api: Api) -> None:
    owner = PageProperty("Owner", "@Mara Lindt", PropertyType.PERSON, ("Mara Lindt",))
    id_ = api.hub.wiki.save("owned", "A sluice.", title="Owned", properties=(owner,))
    api.hub.wiki.index_all()
    async with api.program("bob") as bob, api.program("charlie") as charlie:
        document = (await bob.get(f"/api/v1/documents/{id_}")).json()
        found = (await bob.get("/api/v1/search?q=property:owner=mara&facets=true")).json()
        wrong = (await bob.get("/api/v1/search?q=sluice property:owner>mara")).json()
        hidden = (await charlie.get("/api/v1/search?q=property:owner&facets=true")).json()
    assert document["properties"] == {"Owner": "@Mara Lindt"}
    assert document["fields"] == [{"name": "Owner", "type": "person", "values": ["Mara Lindt"]}]
    assert [each["title"] for each in found["results"]] == ["Owned"]
    assert found["facets"]["property"] == [{"value": "Owner", "documents": 1}]
    assert found["properties"] == {"owner": [{"value": "Mara Lindt", "documents": 1}]}
    assert "neither a number nor a day" in wrong["troubles"][0]
    assert (hidden["total"], hidden["facets"], hidden["properties"]) == (0, {}, {})
