"""Larkspur, the sample site: what is in it, and that it holds together."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from importlib.resources import files
from itertools import groupby

import pytest
from lxml import etree

from confluence_emulator.sample import MEMBER, OUTSIDER, OWNER, RESTRICTED_WORD, build_sample_site
from confluence_emulator.sample.cast import PEOPLE
from confluence_emulator.state import Content, Kind, Sight, Site, Status
from confluence_emulator.state.spaces import user_principal

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
AC, RI = "http://atlassian.com/content", "http://atlassian.com/resource/identifier"
WRAP = f'<root xmlns:ac="{AC}" xmlns:ri="{RI}">%s</root>'
BROKEN = "Import log of the old wiki"
MACROS = {
    *("info", "note", "tip", "warning", "panel", "code", "expand", "toc", "status", "excerpt", "excerpt-include"),
    *("include", "details", "detailssummary", "children", "jira", "section", "column", "anchor", "view-file"),
    *("drawio", "plantuml", "mermaid-macro", "mathinline", "mathblock", "noformat", "profile", "gallery"),
    *("attachments", "contentbylabel", "pagetree", "recently-updated", "table-chart", "larkspur-sun-widget"),
}
SECRET = "Compensation of the executive team"


def clock(at: datetime = NOW) -> Callable[[], datetime]:
    return lambda: at


@pytest.fixture(scope="module")
def site() -> Site:
    return build_sample_site(clock())


def written(site: Site) -> list[Content]:
    return [*site.listing(Kind.PAGE), *site.listing(Kind.BLOGPOST)]


def parsed(content: Content) -> etree._Element:
    body = re.sub(r"&(?!amp;|lt;|gt;|quot;|apos;)\w+;", lambda match: unescape(match[0]), content.body or "")
    return etree.fromstring(WRAP % body)


def elements(site: Site, tag: str) -> Iterator[tuple[Content, etree._Element]]:
    for content in written(site):
        if content.title != BROKEN:
            yield from ((content, found) for found in parsed(content).iter(tag))


def seen(site: Site, email: str | None) -> list[Content]:
    user = site.user_by_email(email) if email else None
    sight = Sight(site, user)
    return [content for content in written(site) if sight.content(content)]


def test_every_body_but_the_one_broken_on_purpose_is_well_formed(site: Site) -> None:
    for content in written(site):
        if content.title != BROKEN:
            parsed(content)
    broken = next(content for content in written(site) if content.title == BROKEN)
    with pytest.raises(etree.XMLSyntaxError):
        parsed(broken)


def test_there_are_enough_pages_posts_and_spaces_to_look_around(site: Site) -> None:
    counted = Counter(content.kind for content in site.contents.values())
    assert len(site.spaces) >= 8
    assert counted[Kind.PAGE] + counted[Kind.BLOGPOST] >= 150
    assert counted[Kind.BLOGPOST] >= 14
    assert counted[Kind.FOLDER] >= 4
    assert counted[Kind.COMMENT] >= 40
    assert {Kind.WHITEBOARD, Kind.DATABASE, Kind.EMBED} <= set(counted)
    assert {content.status for content in written(site)} >= {Status.ARCHIVED, Status.DRAFT}


def test_every_macro_that_people_use_occurs(site: Site) -> None:
    used = {macro.get(f"{{{AC}}}name") for _, macro in elements(site, f"{{{AC}}}structured-macro")}
    assert used >= MACROS
    languages = {
        parameter.text
        for _, parameter in elements(site, f"{{{AC}}}parameter")
        if parameter.get(f"{{{AC}}}name") == "language"
    }
    assert len(languages) >= 12


@pytest.mark.parametrize(
    "tag",
    [
        *("macro", "task-list", "layout", "layout-section", "adf-extension", "emoticon", "inline-comment-marker"),
        *("image", "caption", "placeholder", "default-parameter", "plain-text-link-body", "link-body"),
    ],
)
def test_every_shape_of_storage_format_occurs(site: Site, tag: str) -> None:
    assert any(True for _ in elements(site, f"{{{AC}}}{tag}"))


@pytest.mark.parametrize("target", ["page", "blog-post", "attachment", "user", "space", "content-entity", "url"])
def test_links_of_every_kind_occur(site: Site, target: str) -> None:
    assert any(True for _ in elements(site, f"{{{RI}}}{target}"))


def test_tables_have_merged_cells_header_columns_and_lists_in_cells(site: Site) -> None:
    cells = [cell for tag in ("td", "th") for _, cell in elements(site, tag)]
    assert any(cell.get("rowspan") for cell in cells)
    assert any(cell.get("colspan") for cell in cells)
    assert any(cell.get("data-highlight-colour") for cell in cells)
    assert any(cell.find("ul") is not None for cell in cells)
    assert any(cell.tag == "th" and cell.getparent().index(cell) == 0 for cell in cells)  # type: ignore[union-attr]  # a cell has a row


def test_links_to_pages_lead_somewhere(site: Site) -> None:
    for content, link in elements(site, f"{{{RI}}}page"):
        key = link.get(f"{{{RI}}}space-key") or site.spaces[content.space_id].key
        space = site.space_by_key(key)
        assert space is not None
        assert site.page_titled(space.id, link.get(f"{{{RI}}}content-title") or ""), (content.title, link.attrib)


def test_mentions_name_people_and_attachments_exist(site: Site) -> None:
    for _, user in elements(site, f"{{{RI}}}user"):
        assert user.get(f"{{{RI}}}account-id") in site.users
    for content, file in elements(site, f"{{{RI}}}attachment"):
        if len(file):
            continue  # the file of another page
        names = {attached.title for attached in site.contained(content.id, Kind.ATTACHMENT)}
        assert file.get(f"{{{RI}}}filename") in names, content.title


def test_every_open_inline_comment_has_its_words_marked(site: Site) -> None:
    marked = {marker.get(f"{{{AC}}}ref") for _, marker in elements(site, f"{{{AC}}}inline-comment-marker")}
    remarks = [content.remark for content in site.listing(Kind.COMMENT) if content.remark]
    inline = [remark for remark in remarks if remark.selection]
    assert {remark.resolution for remark in inline} == {"open", "resolved", "dangling"}
    assert {remark.marker_ref for remark in inline if remark.resolution != "dangling"} == marked


def test_every_file_of_the_package_is_attached_and_small(site: Site) -> None:
    attached = {content.title: content.file for content in site.listing(Kind.ATTACHMENT)}
    folder = files("confluence_emulator.sample") / "content" / "files"
    assert {file.name for file in folder.iterdir()} == set(attached)
    assert all(0 < len(file.data) <= 60_000 for file in attached.values())
    assert {name.rpartition(".")[2] for name in attached} >= {"pdf", "docx", "xlsx", "png", "svg", "csv", "drawio"}


def test_the_owner_sees_every_published_page_but_one(site: Site) -> None:
    hidden = set(map(id, written(site))) - set(map(id, seen(site, OWNER.email)))
    titles = {content.title for content in written(site) if id(content) in hidden and content.status != Status.DRAFT}
    assert titles == {SECRET}


def test_the_owner_administers_every_space_and_so_is_told_who_may_view_it(site: Site) -> None:
    owner = user_principal(OWNER.account_id)
    for space in site.spaces.values():
        held = {(grant.operation, grant.target) for grant in space.grants.values() if grant.principal == owner}
        assert ("administer", "space") in held, space.key


def test_the_restricted_word_is_found_by_the_owner_alone(site: Site) -> None:
    def finds(email: str) -> bool:
        return any(RESTRICTED_WORD in (content.body or "") for content in seen(site, email))

    assert finds(OWNER.email)
    assert not finds(MEMBER.email)
    assert not finds(OUTSIDER.email)


def test_each_of_the_cast_sees_less_than_the_one_before(site: Site) -> None:
    counts = [len(seen(site, persona.email)) for persona in (OWNER, MEMBER, OUTSIDER)]
    assert counts == sorted(counts, reverse=True)
    assert {site.spaces[content.space_id].key for content in seen(site, OUTSIDER.email)} == {"EBRO", "DOCS"}
    assert {site.spaces[content.space_id].key for content in seen(site, None)} == {"DOCS"}


def test_restricted_pages_stand_below_restricted_pages_that_share_no_reader_but_the_owner(site: Site) -> None:
    backlog = next(content for content in written(site) if content.title == "Penetration test 2026")
    readers = [persona.key for persona in PEOPLE if Sight(site, site.user_by_email(persona.email)).content(backlog)]
    assert readers == ["mara"]
    assert sum(above.readers is not None for above in site.ancestors(backlog)) == 2


def test_two_people_share_a_name_and_one_has_left(site: Site) -> None:
    names = Counter(user.display_name for user in site.users.values())
    assert names["Anna Berg"] == 2
    assert [user.username for user in site.users.values() if not user.active] == ["jonas"]
    assert [user.username for user in site.users.values() if user.guest] == ["nadia"]
    assert [user.username for user in site.users.values() if user.kind == "app"] == ["weirbot"]


def test_nothing_was_written_ahead_of_the_clock_or_out_of_order(site: Site) -> None:
    for content in site.contents.values():
        moments = [version.created_at for version in content.versions]
        assert content.created_at == moments[0]
        assert moments == sorted(moments), content.title
        assert moments[-1] <= NOW


@pytest.mark.parametrize("days", [0, 1, 2, 40, 100, 131, 200, 401, 830])
def test_the_wiki_can_be_built_on_any_day(days: int) -> None:
    later = build_sample_site(clock(NOW + timedelta(days=days, hours=days % 24)))
    assert len(written(later)) >= 150


def test_two_builds_on_one_clock_are_equal(site: Site) -> None:
    again = build_sample_site(clock())
    assert list(again.contents) == list(site.contents)
    assert list(again.contents.values()) == list(site.contents.values())
    assert list(again.users.values()) == list(site.users.values())


def test_no_two_pages_open_with_the_same_words(site: Site) -> None:
    openings = sorted("".join(parsed(each).itertext())[:60] for each in written(site) if each.title != BROKEN)
    repeated = [words for words, group in groupby(openings) if words and len(list(group)) > 1]
    assert repeated == []
