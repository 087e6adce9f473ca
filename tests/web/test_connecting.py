"""The wizard that adds a connection: its steps, its draft, its test, and what becomes of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from mainstem.store import connections, drafts, plans
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.store.drafts import Draft
from mainstem.store.tables import drafts as rows
from mainstem.wiki.content import Kind
from mainstem.wiki.selection import Filter
from tests.web.desk import SECRET, Desk

pytestmark = pytest.mark.anyio

START = "/new-connection"
STEPS = ("where", "credentials", "test", "spaces", "options", "review")


def where(desk: Desk, **more: str) -> dict[str, str]:
    form = {"name": "Larkhill two", "family": "cloud", "url": desk.session.wiki.site.base_url, "act": "next"}
    return form | more


def credentials(**more: str) -> dict[str, str]:
    return {"login": "sync@larkhill.example", "secret": SECRET, "act": "next"} | more


async def begun(desk: Desk, *, until: str = "review") -> str:
    """The address of a draft that is filled in up to a step."""
    async with desk.browser("olga") as browser:
        draft = (await browser.post(START, data=where(desk))).headers["location"].removesuffix("/credentials")
        if until != "credentials":
            await browser.post(f"{draft}/credentials", data=credentials())
        if until not in ("credentials", "test"):
            await browser.post(f"{draft}/test")
    return str(draft)


def draft_of(desk: Desk, address: str) -> Draft | None:
    with reading(desk.session.hub.engine) as db:
        return drafts.draft(db, int(address.rpartition("/")[2]))


def named(desk: Desk, name: str) -> SavedConnection | None:
    with reading(desk.session.hub.engine) as db:
        return connections.named(db, name)


async def test_a_connection_is_made_step_by_step_and_its_first_sync_begins(desk: Desk) -> None:
    draft = await begun(desk)
    async with desk.browser("olga") as browser:
        assert "All spaces" in (await browser.get(f"{draft}/spaces")).text
        picked = {"scope": "some", "key": "ENG", "act": "next"}
        assert (await browser.post(f"{draft}/spaces", data=picked)).headers["location"] == f"{draft}/options"
        kinds = {"kind": ["page", "comment"], "rhythm": "daily", "at": "02:30", "zone": "Europe/Berlin", "act": "next"}
        assert (await browser.post(f"{draft}/options", data=kinds)).headers["location"] == f"{draft}/review"
        told = (await browser.get(f"{draft}/review")).text
        assert "Engineering: 1 pages" in told
        assert "Pages, comments" in told
        assert "Every day at 02:30 (Europe/Berlin)" in told
        made = await browser.post(f"{draft}/review", data={"act": "start"})
        shown = (await browser.get(made.headers["location"])).text
        assert "Connected: Larkhill two." in shown
        assert "The first sync has started" in shown
        await desk.rest()
        assert "Succeeded" in (await browser.get(made.headers["location"])).text
    saved = named(desk, "Larkhill two")
    assert saved is not None
    assert saved.chosen_spaces == ("ENG",)
    assert saved.kinds == {Kind.PAGE, Kind.COMMENT}
    with reading(desk.session.hub.engine) as db:
        assert plans.plan(db, saved.id).schedule == "daily 02:30 Europe/Berlin"
    assert draft_of(desk, draft) is None


async def test_a_connection_saved_to_be_synced_later_rests_with_its_schedule(desk: Desk) -> None:
    draft = await begun(desk)
    async with desk.browser("olga") as browser:
        chosen = {"kind": ["page"], "rhythm": "daily", "at": "02:30", "zone": "Europe/Berlin"}
        await browser.post(f"{draft}/options", data=chosen)
        made = await browser.post(f"{draft}/review", data={"act": "later"})
        shown = (await browser.get(made.headers["location"])).text
        assert "Nothing is loaded yet" in shown
        assert "Every day at 02:30 (Europe/Berlin)" in shown
    await desk.rest()
    saved = named(desk, "Larkhill two")
    assert saved is not None
    assert saved.last_sync_at is None
    with reading(desk.session.hub.engine) as db:
        plan = plans.plan(db, saved.id)
    assert (plan.schedule, plan.paused_at is None) == ("daily 02:30 Europe/Berlin", False)


async def test_a_draft_is_listed_resumed_where_it_was_left_and_thrown_away_with_its_secret(desk: Desk) -> None:
    draft = await begun(desk, until="test")
    async with desk.browser("olga") as browser:
        listed = (await browser.get("/connections")).text
        assert "Draft" in listed
        assert f'href="{draft}"' in listed
        assert (await browser.get(draft)).headers["location"] == f"{draft}/test"
        assert 'value="sync@larkhill.example"' in (await browser.get(f"{draft}/credentials")).text
        assert (await browser.post(f"{draft}/discard")).headers["location"] == "/connections"
        assert (await browser.get(draft)).status_code == 404
    with reading(desk.session.hub.engine) as db:
        assert db.execute(select(rows.c.id)).all() == []


async def test_going_back_keeps_what_was_filled_in(desk: Desk) -> None:
    draft = await begun(desk)
    async with desk.browser("olga") as browser:
        back = await browser.post(f"{draft}/spaces", data={"scope": "some", "key": "ENG", "act": "back"})
        assert back.headers["location"] == f"{draft}/test"
        assert 'value="ENG" checked' in (await browser.get(f"{draft}/spaces")).text
        back = await browser.post(f"{draft}/options", data={"kind": ["page"], "act": "back"})
        assert back.headers["location"] == f"{draft}/spaces"
        kept = (await browser.get(f"{draft}/options")).text
        assert 'value="page" checked' in kept
        assert 'value="comment" checked' not in kept
        unfinished = await browser.post(f"{draft}/credentials", data={"login": "", "secret": "", "act": "back"})
        assert unfinished.headers["location"] == f"{draft}/where"
        # A later step is not to be had as long as an earlier one is lacking.
        assert (await browser.get(f"{draft}/review")).headers["location"] == f"{draft}/credentials"


async def test_no_page_and_no_row_shows_the_secret(desk: Desk) -> None:
    draft = await begun(desk)
    async with desk.browser("olga") as browser:
        pages = [await browser.get(f"{draft}/{step}") for step in STEPS]
        streamed = await browser.post(f"{draft}/test/stream")
        assert all(answer.status_code == 200 for answer in [*pages, streamed])
        assert SECRET not in "".join(answer.text for answer in [*pages, streamed])
        assert "One is stored, sealed" in pages[1].text
    with reading(desk.session.hub.engine) as db:
        assert SECRET not in str(db.execute(text("SELECT * FROM drafts")).all())


@pytest.mark.parametrize(
    "other",
    [
        {"url": "https://elsewhere.example/confluence"},
        {"url": "https://wiki.larkhill.example/confluence", "family": "datacenter"},
        {"url": "elsewhere"},
    ],
)
async def test_a_secret_is_never_sent_to_another_site_than_it_was_given_for(desk: Desk, other: dict[str, str]) -> None:
    draft = await begun(desk)
    async with desk.browser("olga") as browser:
        await browser.post(f"{draft}/where", data=where(desk, **other))
        assert (await browser.get(f"{draft}/test")).headers["location"] == f"{draft}/credentials"
    kept = draft_of(desk, draft)
    assert kept is not None
    assert kept.answers.secret is None


async def test_another_address_of_the_same_site_keeps_the_secret(desk: Desk) -> None:
    draft = await begun(desk)
    page = f"{desk.session.wiki.site.base_url}/spaces/ENG/pages/{desk.page.id}/Kettle"
    async with desk.browser("olga") as browser:
        assert "The stored token goes" in (await browser.get(f"{draft}/where")).text
        await browser.post(f"{draft}/where", data=where(desk, url=page, name="Renamed"))
        assert "Renamed" in (await browser.get(f"{draft}/review")).text


async def test_what_is_missing_or_wrong_is_said_beside_each_field_at_once(desk: Desk) -> None:
    async with desk.browser("olga") as browser:
        empty = await browser.post(START, data={"act": "next"})
        assert empty.status_code == 422
        assert "Give it a name." in empty.text
        assert "Say where Confluence is." in empty.text
        taken = await browser.post(START, data=where(desk, name="Larkhill", url="http://acme.example"))
        assert "There is a connection named “Larkhill” already" in taken.text
        assert "it is not encrypted" in taken.text
        other = await browser.post(START, data=where(desk, family="datacenter", url="acme"))
        assert "This address is one of Confluence Cloud." in other.text
        draft = await begun(desk, until="credentials")
        lacking = await browser.post(f"{draft}/credentials", data={"expires": "2020-01-01", "act": "next"})
        assert lacking.status_code == 422
        for said in ("Give the email of the account.", "Paste the token.", "This day is past"):
            assert said in lacking.text


async def test_beside_the_credentials_stands_what_to_click_and_what_the_account_needs(desk: Desk) -> None:
    draft = await begun(desk, until="credentials")
    async with desk.browser("olga") as browser:
        cloud = (await browser.get(f"{draft}/credentials")).text
        for said in (
            "https://id.atlassian.com/manage-profile/security/api-tokens",
            "Mainstem: Larkhill two",
            "90 days recommended",
            "It is shown once: store it securely.",
            "API key",
            "Token expires on",
            "Browse users and groups",
        ):
            assert said in cloud, said
        await browser.post(
            f"{draft}/where", data=where(desk, family="datacenter", url="https://wiki.example/confluence")
        )
        server = (await browser.get(f"{draft}/credentials")).text
        for said in (
            "https://wiki.example/confluence/plugins/personalaccesstokens/usertokens.action",
            "Personal Access Tokens",
            "User name and password",
            "Administers the space, or Confluence",
        ):
            assert said in server, said


async def test_a_hub_that_is_no_app_yet_says_how_to_make_it_one(desk: Desk) -> None:
    draft, id_ = await begun(desk, until="credentials"), desk.session.connection_id
    async with desk.browser("olga") as browser:
        shown = (await browser.get(f"{draft}/credentials")).text
        for said in ("Not set up on this hub", "/atlassian/back", "MAINSTEM_ATLASSIAN_CLIENT_ID", "search:confluence"):
            assert said in shown, said
        assert f"{draft}/atlassian" not in shown
        assert (await browser.get(f"{draft}/atlassian")).status_code == 404
        assert "Connect with Atlassian" not in (await browser.get(f"/connections/{id_}/settings")).text


async def test_the_checks_show_one_by_one_and_are_there_after_a_reload(desk: Desk) -> None:
    draft = await begun(desk, until="test")
    async with desk.browser("olga") as browser:
        assert "load" in (await browser.get(f"{draft}/test")).text
        streamed = await browser.post(f"{draft}/test/stream")
        assert streamed.headers["content-type"].startswith("text/event-stream")
        steps = [event for event in streamed.text.split("\n\n") if "Reach the address" in event]
        assert [event.count("check-ok") for event in steps] == [0, 1, 2, 3, 4, 5, 6, 7, 8, 8]
        assert "Connection successful, found " in steps[-1]
        assert f"{draft}/test/passed" in steps[-1]
        assert "Connection successful, found " in (await browser.get(f"{draft}/test")).text
        onward = await browser.get(f"{draft}/test/passed", headers={"HX-Request": "true"})
        assert onward.headers["hx-redirect"] == f"{draft}/spaces"


async def test_a_failed_check_shows_symptom_causes_fixes_and_a_button_to_the_field(desk: Desk) -> None:
    draft = await begun(desk, until="credentials")
    async with desk.browser("olga") as browser:
        await browser.post(f"{draft}/credentials", data=credentials(secret="wrong-token"))
        assert (await browser.post(f"{draft}/test")).headers["location"] == f"{draft}/test"
        told = (await browser.get(f"{draft}/test")).text
        for said in ("It does not work yet", "HTTP 401; on Cloud also 403", "mistyped", "What to do"):
            assert said in told, said
        assert f'href="{draft}/credentials#secret"' in told
        assert "wrong-token" not in told
        for step in ("spaces", "options", "review"):
            assert (await browser.get(f"{draft}/{step}")).headers["location"] == f"{draft}/test", step
        assert (await browser.post(f"{draft}/review", data={"act": "start"})).headers["location"] == f"{draft}/test"
    assert named(desk, "Larkhill two") is None


async def test_pasted_keys_and_addresses_are_understood_and_unknown_ones_named(desk: Desk) -> None:
    desk.session.wiki.new_space("OPS", "Operations")
    draft = await begun(desk)
    base = desk.session.wiki.site.base_url
    async with desk.browser("olga") as browser:
        wrong = await browser.post(f"{draft}/spaces", data={"scope": "some", "pasted": "eng, EGN", "act": "next"})
        assert wrong.status_code == 422
        assert "EGN" in wrong.text
        assert "did you mean ENG" in wrong.text
        none = await browser.post(f"{draft}/spaces", data={"scope": "some", "act": "next"})
        assert "Pick at least one space" in none.text
        await browser.post(
            f"{draft}/spaces", data={"scope": "some", "pasted": f"eng, {base}/spaces/OPS/overview", "act": "next"}
        )
        assert "Engineering, Operations: " in (await browser.get(f"{draft}/review")).text


async def test_options_that_make_no_sense_are_refused(desk: Desk) -> None:
    draft = await begun(desk)
    async with desk.browser("olga") as browser:
        refused = await browser.post(f"{draft}/options", data={"kind": ["comment"], "act": "next"})
        assert refused.status_code == 422
        assert "Take pages or blog posts" in refused.text
        refused = await browser.post(f"{draft}/options", data={"kind": ["page"], "rhythm": "every", "minutes": "1"})
        assert "Sync every 5 to 1,440 minutes." in refused.text


async def test_a_name_that_was_taken_meanwhile_is_said_and_the_draft_stays(desk: Desk) -> None:
    draft, other = await begun(desk), await begun(desk)
    async with desk.browser("olga") as browser:
        assert (await browser.post(f"{other}/review", data={"act": "later"})).status_code == 303
        refused = await browser.post(f"{draft}/review", data={"act": "later"})
        assert refused.status_code == 422
        assert "There is a connection named “Larkhill two” already" in refused.text
    assert draft_of(desk, draft) is not None


async def test_a_reader_sees_and_changes_no_draft_and_an_unknown_one_is_not_found(desk: Desk) -> None:
    draft = await begun(desk)
    async with desk.browser("charlie") as browser:
        for path in (START, draft, *(f"{draft}/{step}" for step in STEPS), f"{draft}/test/passed"):
            assert (await browser.get(path)).status_code == 403, path
        deeds = (START, f"{draft}/discard", f"{draft}/test/stream", *(f"{draft}/{step}" for step in STEPS))
        for path in deeds:
            assert (await browser.post(path, data=where(desk))).status_code == 403, path
    assert draft_of(desk, draft) is not None
    async with desk.browser("olga") as browser:
        for path in (f"{START}/99", *(f"{START}/99/{step}" for step in STEPS)):
            assert (await browser.get(path)).status_code == 404, path


async def test_labels_dates_and_days_to_look_back_are_chosen_told_and_kept(desk: Desk) -> None:
    draft = await begun(desk)
    chosen = {"kind": ["page"], "labels": "HowTo, policy", "without_labels": "draft", "look_back": "90", "act": "next"}
    chosen |= {"trees": "123, https://larkhill.atlassian.net/wiki/x/yAE", "without_trees": "789", "archived": "true"}
    async with desk.browser("olga") as browser:
        assert (await browser.post(f"{draft}/options", data=chosen)).status_code == 303
        told = (await browser.get(f"{draft}/review")).text
        assert "Only with the label howto or policy, without the label draft" in told
        assert "changed within 90 days before each sync" in told
        assert "below pages 123, 456, not below page 789, archived ones too" in told
        assert 'value="howto, policy"' in (await browser.get(f"{draft}/options")).text
        await browser.post(f"{draft}/options", data=chosen | {"looking": "fixed"})
        day = desk.session.hub.clock().date() - timedelta(days=90)
        assert f"changed since {day.day} {day:%B %Y}" in (await browser.get(f"{draft}/review")).text
        await browser.post(f"{draft}/review", data={"act": "later"})
    saved = named(desk, "Larkhill two")
    assert saved is not None
    assert saved.filter == Filter(
        labels=frozenset({"howto", "policy"}),
        without_labels=frozenset({"draft"}),
        modified_after=day,
        trees=frozenset({"123", "456"}),
        without_trees=frozenset({"789"}),
        archived=True,
    )


async def test_a_filter_that_makes_no_sense_is_refused_and_stands_as_it_was_typed(desk: Desk) -> None:
    draft = await begun(desk)
    wrong = {"kind": ["page"], "labels": "draft", "without_labels": "draft", "look_back": "many", "created_after": "x"}
    wrong |= {"trees": "Handbook"}
    async with desk.browser("olga") as browser:
        refused = await browser.post(f"{draft}/options", data=wrong | {"act": "next"})
        assert refused.status_code == 422
        for said in (
            "cannot be wanted and left out at once",
            "Give a number of days",
            "Give a day",
            "names no page",
            'value="many"',
        ):
            assert said in refused.text, said


async def test_the_list_of_spaces_tells_when_each_was_changed_last(desk: Desk) -> None:
    wiki = desk.session.wiki
    wiki.new_space("OPS", "Operations")
    wiki.clock.forward(days=3)
    wiki.edit(desk.page, "<p>Newer.</p>")
    draft = await begun(desk)
    async with desk.browser("olga") as browser:
        picked = (await browser.get(f"{draft}/spaces")).text
    assert picked.count("<time") == 1
    assert f'datetime="{desk.page.version.created_at:%Y-%m-%dT%H:%M}' in picked


async def test_all_spaces_may_come_in_but_some(desk: Desk) -> None:
    desk.session.wiki.new_space("OPS", "Operations")
    draft = await begun(desk)
    async with desk.browser("olga") as browser:
        wrong = await browser.post(f"{draft}/spaces", data={"scope": "all", "without": "OSP", "act": "next"})
        assert "did you mean OPS" in wrong.text
        await browser.post(f"{draft}/spaces", data={"scope": "all", "without": "ops", "act": "next"})
        assert "All but OPS" in (await browser.get(f"{draft}/review")).text
        await browser.post(f"{draft}/review", data={"act": "later"})
    saved = named(desk, "Larkhill two")
    assert saved is not None
    assert saved.filter.without_spaces == {"OPS"}
