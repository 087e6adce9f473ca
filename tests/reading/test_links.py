"""Links lead a viewer to what they may read; to everything else they are words."""

import re
from datetime import UTC, date, datetime

import pytest

from mainstem.store import content
from mainstem.wiki.audience import Viewer
from mainstem.wiki.content import Kind
from tests.reading.conftest import CHARLIE, Wiki
from tests.store.site import ALICE, BOB

BY_TITLE = '<p><ac:link><ri:page ri:content-title="Target" /></ac:link></p>'
BY_ID = '<p><ac:link><ri:content-entity ri:content-id="t" /></ac:link></p>'
BY_BOTH = '<p><ac:link><ri:page ri:content-title="Old title" ri:content-id="t" /></ac:link></p>'
BY_KEY = '<p><ac:link><ri:page ri:content-title="Target" ri:space-key="ENG" /></ac:link></p>'


@pytest.mark.parametrize("body", [BY_TITLE, BY_ID, BY_BOTH, BY_KEY])
def test_a_page_is_found_however_it_is_named(wiki: Wiki, alice: Viewer, body: str) -> None:
    target = wiki.save("t", title="Target")
    html = wiki.read(wiki.save("1", body), alice).html
    assert f'<a href="/documents/{target}" rel="noopener noreferrer">Target</a>' in html


@pytest.mark.parametrize("body", [BY_TITLE, BY_ID, BY_BOTH, BY_KEY])
def test_a_hidden_page_reads_as_one_that_does_not_exist(wiki: Wiki, bob: Viewer, body: str) -> None:
    id_ = wiki.save("1", body)
    missing = wiki.read(id_, bob).html
    wiki.save("t", title="Target")
    wiki.restrict("t", ALICE.id)
    assert wiki.read(id_, bob).html == missing
    assert "href" not in missing


def test_the_title_of_a_page_that_only_its_id_names_is_not_told(wiki: Wiki, alice: Viewer, bob: Viewer) -> None:
    wiki.save("t", title="Secret plan")
    wiki.restrict("t", ALICE.id)
    id_ = wiki.save("1", BY_ID)
    assert "Secret plan" in wiki.read(id_, alice).html
    assert "Secret plan" not in wiki.read(id_, bob).html
    assert wiki.open(id_, CHARLIE) is None


def test_a_link_leads_to_a_heading(wiki: Wiki, alice: Viewer) -> None:
    target = wiki.save("t", title="Target")
    body = '<ac:link ac:anchor="Next"><ri:page ri:content-title="Target" /><ac:link-body>go</ac:link-body></ac:link>'
    assert f'href="/documents/{target}#next"' in wiki.read(wiki.save("1", body), alice).html


@pytest.mark.parametrize("written", ["Next-steps", "Next steps", "Target-Nextsteps", "next-steps"])
def test_a_link_leads_to_a_heading_however_confluence_spells_it(wiki: Wiki, alice: Viewer, written: str) -> None:
    target = wiki.save("t", "<h2>First</h2><p>One.</p><h2>Next steps</h2><p>Two.</p>", title="Target")
    body = (
        f'<ac:link ac:anchor="{written}"><ri:page ri:content-title="Target" /><ac:link-body>go</ac:link-body></ac:link>'
    )
    assert f'href="/documents/{target}#next-steps"' in wiki.read(wiki.save("1", body), alice).html


def test_a_post_is_named_with_its_day(wiki: Wiki, alice: Viewer) -> None:
    wiki.save("p", title="News")
    for day in (1, 20):
        wiki.save(f"b{day}", title="News", kind=Kind.BLOGPOST, created_at=datetime(2026, 2, day, 23, tzinfo=UTC))
    second = content.ids_of(wiki.db, wiki.site.id, ["b20"])["b20"]
    told = date(2026, 2, 21)
    body = f'<ac:link><ri:blog-post ri:content-title="News" ri:posting-day="{told:%Y/%m/%d}" /></ac:link>'
    from_ = wiki.save("1", body)
    assert f'href="/documents/{second}"' in wiki.read(from_, alice).html
    assert [ref.document_id for ref in wiki.read(second, alice).backlinks] == [from_]


def test_a_picture_of_the_page_is_shown(wiki: Wiki, alice: Viewer) -> None:
    file = wiki.attach("f", "1", "plan.png")
    body = '<ac:image ac:alt="The plan"><ri:attachment ri:filename="plan.png" /></ac:image>'
    html = wiki.read(wiki.save("1", body), alice).html
    assert f'<img src="/files/{file}" alt="The plan" loading="lazy">' in html


def test_pictures_of_one_name_stay_each_on_its_own_page(wiki: Wiki, alice: Viewer) -> None:
    files = {id_: wiki.attach(f"f{id_}", id_, "plan.png") for id_ in ("1", "2")}
    for id_, file in files.items():
        html = wiki.read(wiki.save(id_, '<ac:image><ri:attachment ri:filename="plan.png" /></ac:image>'), alice).html
        assert re.findall(r'src="/files/(\d+)"', html) == [str(file)]


def test_a_file_of_another_page_has_that_pages_readers(wiki: Wiki, alice: Viewer, bob: Viewer) -> None:
    wiki.save("t", title="Target")
    file = wiki.attach("f", "t", "plan.pdf")
    wiki.restrict("t", ALICE.id)
    link = '<ri:attachment ri:filename="plan.pdf"><ri:page ri:content-title="Target" /></ri:attachment>'
    id_ = wiki.save("1", f"<ac:link>{link}</ac:link>")
    assert f'<a href="/files/{file}" rel="noopener noreferrer">plan.pdf</a>' in wiki.read(id_, alice).html
    assert "href" not in wiki.read(id_, bob).html


def test_a_space_is_linked_for_whom_it_holds_anything(wiki: Wiki, alice: Viewer, bob: Viewer) -> None:
    wiki.add_space("s2", "OPS", "Operations", ALICE.id)
    wiki.save("o", space_id="s2")
    id_ = wiki.save("1", '<ac:link><ri:space ri:space-key="OPS" /></ac:link>')
    assert (
        f'<a href="/spaces/{wiki.site.id}/OPS" rel="noopener noreferrer">Operations</a>' in wiki.read(id_, alice).html
    )
    assert "Operations" not in wiki.read(id_, bob).html


def test_people_are_names_by_any_of_their_ids(wiki: Wiki, alice: Viewer) -> None:
    named = (f'ri:account-id="{ALICE.id}"', 'ri:username="bberg"')
    body = "".join(f"<p><ac:link><ri:user {name} /></ac:link></p>" for name in named)
    html = wiki.read(wiki.save("1", body), alice).html
    assert f'<span class="mention">@{ALICE.display_name}</span>' in html
    assert f'<span class="mention">@{BOB.display_name}</span>' in html


@pytest.mark.parametrize(
    ("written", "href"),
    [
        ("https://example.org/a?b=c", "https://example.org/a?b=c"),
        ("/wiki/people/1", "https://acme.example/wiki/people/1"),
        ("other", "https://acme.example/wiki/other"),
        ("//example.org/a", "https://example.org/a"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("http:sign-out", None),
        ("javascript:alert(1)", None),
        ("http://[", None),
    ],
)
def test_addresses_stay_and_never_lead_into_the_hub(wiki: Wiki, alice: Viewer, written: str, href: str | None) -> None:
    html = wiki.read(wiki.save("1", f'<p><a href="{written}">there</a></p>'), alice).html
    assert "there" in html
    assert (f'href="{href}"' in html) if href else ("href" not in html)


def test_without_an_address_of_the_page_relative_ones_lead_nowhere(wiki: Wiki, alice: Viewer) -> None:
    assert "href" not in wiki.read(wiki.save("1", '<a href="/sign-out">there</a>', url=""), alice).html


@pytest.mark.parametrize(
    "address",
    [
        "https://acme.example/wiki/spaces/ENG/pages/77/Whatever+it+was+called",
        "https://ACME.example/wiki/spaces/ENG/pages/77#Next-steps",
        "http://acme.example/wiki/pages/viewpage.action?pageId=77",
        "/wiki/pages/viewpage.action?pageId=77",
        "https://acme.example/wiki/display/ENG/Target",
        "https://acme.example/wiki/pages/viewpage.action?spaceKey=ENG&amp;title=Target",
        "https://acme.example/wiki/x/TQ",
    ],
)
def test_an_address_of_the_site_leads_to_our_page(wiki: Wiki, alice: Viewer, bob: Viewer, address: str) -> None:
    target = wiki.save("77", "<h2>Next steps</h2><p>Two.</p>", title="Target")
    id_ = wiki.save("1", f'<p><a href="{address}">there</a></p>')
    assert f'href="/documents/{target}{"#next-steps" if "#" in address else ""}"' in wiki.read(id_, alice).html
    wiki.restrict("77", ALICE.id)
    hidden = wiki.read(id_, bob).html
    assert "/documents/" not in hidden
    assert 'href="http' in hidden


def test_addresses_of_files_and_spaces_lead_to_ours(wiki: Wiki, alice: Viewer) -> None:
    wiki.save("77", title="Target")
    file = wiki.attach("att9", "77", "plan b.png")
    site = "https://acme.example/wiki"
    body = "".join(
        f'<p><a href="{site}{path}">x</a></p>'
        for path in (
            "/download/attachments/77/plan%20b.png?version=1",
            "/rest/api/content/77/child/attachment/att9/download",
            "/spaces/ENG/overview",
        )
    )
    html = wiki.read(
        wiki.save("1", f'{body}<ac:image><ri:url ri:value="{site}/download/attachments/77/plan+b.png"/></ac:image>'),
        alice,
    ).html
    assert html.count(f'<a href="/files/{file}"') == 2
    assert f'<a href="/spaces/{wiki.site.id}/ENG"' in html
    assert f'<img src="/files/{file}"' in html


def test_a_card_shows_the_title_of_the_page_to_those_who_may_read_it(wiki: Wiki, alice: Viewer, bob: Viewer) -> None:
    wiki.save("77", title="Secret plan")
    wiki.restrict("77", ALICE.id)
    url = "https://acme.example/wiki/spaces/ENG/pages/77"
    id_ = wiki.save("1", f'<p><a href="{url}" data-card-appearance="inline"></a></p>')
    assert ">Secret plan</a>" in wiki.read(id_, alice).html
    assert "Secret" not in wiki.read(id_, bob).html


@pytest.mark.parametrize(
    "address", ["https://other.example/wiki/spaces/ENG/pages/77", "https://acme.example/other/spaces/ENG/pages/77"]
)
def test_an_address_of_another_site_stays(wiki: Wiki, alice: Viewer, address: str) -> None:
    wiki.save("77", title="Target")
    assert f'href="{address}"' in wiki.read(wiki.save("1", f'<a href="{address}">x</a>'), alice).html


@pytest.mark.parametrize(
    "body", [BY_TITLE, BY_KEY, '<a href="https://acme.example/wiki/display/ENG/Target">Target</a>']
)
def test_a_link_by_title_follows_its_page_through_renames_and_moves(wiki: Wiki, alice: Viewer, body: str) -> None:
    target = wiki.save("t", title="Target")
    id_ = wiki.save("1", body)
    wiki.add_space("s2", "OPS", "Operations", ALICE.id)
    wiki.save("t", title="New name")
    wiki.save("t", title="New name", space_id="s2")
    assert f'href="/documents/{target}"' in wiki.read(id_, alice).html
    assert [ref.document_id for ref in wiki.read(target, alice).backlinks] == [id_]
    # Whoever has the name now is meant by it.
    other = wiki.save("o", title="Target")
    assert f'href="/documents/{other}"' in wiki.read(id_, alice).html
    assert not wiki.read(target, alice).backlinks
    assert [ref.document_id for ref in wiki.read(other, alice).backlinks] == [id_]


def test_a_former_title_opens_nothing_to_those_who_may_not_read_the_page(
    wiki: Wiki, alice: Viewer, bob: Viewer
) -> None:
    wiki.save("t", title="Target")
    id_ = wiki.save("1", BY_TITLE)
    wiki.save("t", title="New name")
    wiki.restrict("t", ALICE.id)
    assert "href" in wiki.read(id_, alice).html
    assert "href" not in wiki.read(id_, bob).html


def test_addresses_count_as_backlinks(wiki: Wiki, alice: Viewer) -> None:
    target = wiki.save("77", title="Target")
    ours = [
        wiki.save(f"l{number}", f'<a href="{url}">x</a>')
        for number, url in enumerate(
            (
                "https://acme.example/wiki/spaces/ENG/pages/77",
                "/wiki/x/TQ",
                "https://acme.example/wiki/display/ENG/Target",
            )
        )
    ]
    wiki.save("no", '<a href="https://other.example/wiki/spaces/ENG/pages/77">x</a>')
    assert sorted(ref.document_id for ref in wiki.read(target, alice).backlinks) == sorted(ours)
