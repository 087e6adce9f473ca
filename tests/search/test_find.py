"""Searching a stored and indexed wiki: the right documents, told apart by who asks."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mainstem.index.passage_index import Count
from mainstem.index.query import Field, Filter, Reach
from mainstem.search.find import COUNTS, Page, Results, find, finder
from mainstem.store import content
from mainstem.store.database import reading
from mainstem.wiki.audience import OPERATOR, Viewer
from mainstem.wiki.content import Kind
from tests.search.conftest import CHARLIE, Wiki
from tests.store.site import ALICE, NOW, counted_statements


def titles(results: Results) -> list[str]:
    return [result.title for result in results.results]


@pytest.fixture
def handbook(wiki: Wiki) -> Wiki:
    """Pages that answer the questions below."""
    wiki.save("1", "Install the agent on every host.", "Then register the host with the console.", title="Agent setup")
    wiki.save("2", "When the pager rings, open the incident channel first.", title="On-call guide", labels=("oncall",))
    wiki.save("3", "Rotate the signing keys twice a year.", "Old keys stay valid for a day.", title="Key rotation")
    wiki.save("4", "Employees may carry five days of vacation over.", title="Vacation policy", labels=("hr",))
    wiki.save("5", "Call fetchInvoiceTotals() once a day; it is slow.", title="Billing API")
    wiki.save("6", "障害が発生したら、まず監視画面を確認します。", title="障害対応")
    wiki.save("7", "Le café est servi à la réception.", title="Accueil", kind=Kind.BLOGPOST)
    wiki.index_all()
    return wiki


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("rotating keys", "Key rotation"),
        ("vacation days", "Vacation policy"),
        ("incident pager", "On-call guide"),
        ("registering hosts", "Agent setup"),
        ("invoice", "Billing API"),
        ("fetch_invoice_totals", "Billing API"),
        ("監視", "障害対応"),
        ("障害対応", "障害対応"),
        ("cafe reception", "Accueil"),
        ("vacat", "Vacation policy"),
        ("vacatoin", "Vacation policy"),
        ('"incident channel"', "On-call guide"),
        ("label:hr", "Vacation policy"),
        ("type:blog", "Accueil"),
        ("day -keys -invoice", "Vacation policy"),
        ("how do I rotate keys", "Key rotation"),
    ],
)
def test_the_best_answer_comes_first(handbook: Wiki, alice: Viewer, question: str, answer: str) -> None:
    assert titles(handbook.find(question, alice))[:1] == [answer]


def test_a_result_shows_why_and_where(handbook: Wiki, alice: Viewer) -> None:
    (result,) = handbook.find("old keys", alice).results
    marked = [result.passage.text[start:end] for start, end in result.passage.marks]
    assert marked == ["Old", "keys"]
    assert (result.anchor, result.heading_path, result.space) == ("part-1", ("Top",), "ENG")
    assert (result.url, result.author, result.source) == ("https://acme.example/wiki/3", ALICE.display_name, "Acme")
    assert (result.kind, result.tags, result.updated_at) == (Kind.PAGE, (), NOW)
    assert [result.title[start:end] for start, end in result.title_marks] == ["Key"]


@pytest.mark.parametrize(
    ("text", "reach"),
    [("rotation", Reach.ALL_WORDS), ("rotatoin", Reach.SIMILAR_WORDS), ("rotation zeppelin", Reach.ANY_WORD)],
)
def test_results_tell_how_far_the_search_went(handbook: Wiki, alice: Viewer, text: str, reach: Reach) -> None:
    results = handbook.find(text, alice)
    assert (results.reach, results.relaxed) == (reach, reach is Reach.ANY_WORD)
    assert titles(results) == ["Key rotation"]


def test_a_text_without_words_lists_the_newest(handbook: Wiki, alice: Viewer) -> None:
    assert handbook.find("", alice, limit=2).total == 7
    assert handbook.find("zeppelin", alice).total == 0


@pytest.mark.parametrize("text", ["merger", "project merger", "mergr", "label:board", "", "type:page", '"the merger"'])
def test_an_outsider_gets_nothing_at_all(wiki: Wiki, text: str) -> None:
    wiki.save("1", "The merger is near.", title="Project Merger", labels=("board",))
    wiki.index_all()
    for facets in (True, False):
        results = wiki.find(text, CHARLIE, facets=facets)
        assert (results.total, results.results, dict(results.facets)) == (0, (), {})


def test_who_may_read_less_sees_less_in_every_number(wiki: Wiki, alice: Viewer, bob: Viewer) -> None:
    wiki.save("1", "tea", labels=("open",))
    wiki.save("2", "tea secretword", title="Hidden tea")
    wiki.restrict("2", ALICE.id)
    wiki.index_all()
    assert wiki.find("tea", alice).total == wiki.find("tea", OPERATOR).total == 2
    results = wiki.find("tea", bob, facets=True)
    assert (results.total, titles(results)) == (1, ["Page 1"])
    assert results.facets[Field.SPACE] == (Count("ENG", 1),)
    assert wiki.find("secretwrd", bob).reach is Reach.ALL_WORDS


def test_who_looks_again_is_counted_the_same_without_asking_the_store_again(wiki: Wiki, bob: Viewer) -> None:
    wiki.save("1", "tea", labels=("open",))
    wiki.save("2", "tea secretword", title="Hidden tea", labels=("open",))
    wiki.restrict("2", ALICE.id)
    wiki.index_all()
    sent: list[str] = []
    with reading(wiki.engine) as db:
        look = finder(viewer=bob, store=db, index=wiki.index, now=NOW)
        first = look("tea", Page(facets=True), ())
        with counted_statements(db, sent):
            again = look("tea", COUNTS, (Filter(Field.LABEL, frozenset({"open"})),))
    assert (again.total, again.results, again.facets) == (1, (), first.facets)
    assert not sent


def test_a_restriction_holds_before_the_index_hears_of_it(wiki: Wiki, alice: Viewer, bob: Viewer) -> None:
    wiki.save("1", "tea", labels=("a",))
    wiki.save("2", "tea", labels=("b",))
    wiki.index_all()
    wiki.restrict("2", ALICE.id)
    results = wiki.find("tea", bob, facets=True)
    assert (results.total, titles(results), results.facets[Field.LABEL]) == (1, ["Page 1"], (Count("a", 1),))
    assert wiki.find("tea", alice).total == 2


def test_a_deleted_page_is_gone_before_the_index_hears_of_it(wiki: Wiki, alice: Viewer) -> None:
    wiki.save("1", "tea")
    gone = wiki.save("2", "tea leaves")
    wiki.index_all()
    with wiki.engine.begin() as db:
        content.tombstone(db, [gone], NOW)
    for viewer in (alice, OPERATOR):
        assert titles(wiki.find("tea", viewer)) == ["Page 1"]
        assert wiki.find("tea", viewer).total == 1
    assert wiki.suggest("lea", alice).texts == ()


def test_a_document_without_passages_is_found_by_its_title(wiki: Wiki, alice: Viewer) -> None:
    wiki.save("1", title="Team whiteboard", kind=Kind.WHITEBOARD, body=None)
    wiki.index_all()
    (result,) = wiki.find("whiteboard", alice).results
    assert (result.passage.text, result.anchor, result.heading_path) == ("", "", ())


def test_suggestions_go_on_with_the_text_and_name_titles(handbook: Wiki, alice: Viewer) -> None:
    suggested = handbook.suggest("key rota", alice)
    assert suggested.texts == ("key rotate", "key rotation")
    assert [result.title for result in suggested.titles] == ["Key rotation"]
    for text in ("", "key ", '"', "space:", "-"):
        assert handbook.suggest(text, alice).texts == ()


def test_suggestions_are_made_of_what_the_viewer_may_read(handbook: Wiki, bob: Viewer) -> None:
    handbook.restrict("3", ALICE.id)
    for viewer in (bob, CHARLIE):
        suggested = handbook.suggest("rota", viewer)
        assert (suggested.titles, "rotation" in suggested.texts) == ((), False)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(st.text(max_size=40) | st.text(alphabet=':-"*?()[]~^,.<>= ACceilnorst東\u00e9', max_size=30))
def test_no_text_raises_or_opens_a_door(handbook: Wiki, text: str) -> None:
    assert handbook.find(text, CHARLIE).total == 0
    assert handbook.find(text, OPERATOR).total <= 7
    assert handbook.suggest(text, CHARLIE).texts == ()


def test_filters_narrow_whatever_the_text_says(handbook: Wiki, alice: Viewer) -> None:
    def titled(*filters: Filter) -> list[str]:
        with reading(handbook.engine) as db:
            return titles(find("day", viewer=alice, store=db, index=handbook.index, now=NOW, filters=filters))

    assert len(titled()) > 1
    assert titled(Filter(Field.LABEL, frozenset({"hr"}))) == ["Vacation policy"]
    assert titled(Filter(Field.SPACE, frozenset({"OPS"}))) == []
