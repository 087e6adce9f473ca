"""Answers, their passages and feedback as rows, on each database."""

import pytest
from sqlalchemy import Connection, delete, select

from mainstem.store import answers, members, quotes, visibility
from mainstem.store.answers import Claim, Feedback, Outcome, State, Written
from mainstem.store.members import NewMember
from mainstem.store.results import Card
from mainstem.store.tables import answer_feedback, answer_sources, documents
from mainstem.store.tables import members as member_rows
from mainstem.wiki.documents import Passage
from tests.store.site import ALICE, BOB, NOW, Site, page, site

WRITTEN = Written(Outcome.WRITTEN, (Claim("About 1.", (1,)), Claim("So.", (), 1, listed=True)), ("x",), "m", "slow")


@pytest.fixture
def stored(db: Connection) -> Site:
    return site(db)


@pytest.fixture
def asker(db: Connection) -> int:
    id_ = members.add(db, NewMember("rita@example.com", "Rita", "reader", "a hash"), NOW)
    assert id_ is not None
    return id_


def quote(number: int, card: Card, passages: tuple[Passage, ...]) -> quotes.Quote:
    """The first passage of a document, as an answer cites it."""
    return quotes.Quote(
        number, card.document_id, card.kind, card.title, card.space_key, card.space_name, card.source, card.url,
        passages[0].ordinal, passages[0].heading_path, passages[0].anchor, passages[0].text, card.updated_at,
    )  # fmt: skip


def kept(db: Connection, stored: Site, asker: int) -> tuple[int, int]:
    """An answer that rests on the one passage of a page: their ids."""
    document_id = stored.save(page("1"))["1"]
    viewer = visibility.viewer_for(db, ALICE.id, rules_since=None)
    ((card, (passage,)),) = quotes.in_full(db, [document_id, 999], viewer=viewer)
    first = quote(1, card, (passage,))
    answer_id = answers.ask(db, asker, "What?", NOW)
    run = answers.begin(db, answer_id, asker)
    assert run is not None
    assert answers.save_sources(db, answer_id, run, [first])
    assert answers.end(db, answer_id, run, WRITTEN, NOW)
    assert answers.say(db, answer_id, asker, Feedback(good=False, reasons=("outdated",), text="Old."), NOW)
    assert quotes.quoted(db, answer_id, viewer=viewer) == (first,)
    return answer_id, document_id


def test_an_answer_comes_back_as_it_was_kept(db: Connection, stored: Site, asker: int) -> None:
    answer_id, _ = kept(db, stored, asker)
    found = answers.answer(db, answer_id, asker)
    assert found is not None
    assert found.written == WRITTEN
    assert (found.state, found.sources, found.question, found.asked_at) == (State.DONE, 1, "What?", NOW)
    assert found.feedback == Feedback(good=False, reasons=("outdated",), text="Old.")
    assert answers.every(db, asker, 5)[0].id == answer_id


def test_a_passage_is_quoted_to_nobody_who_may_not_read_its_document(db: Connection, stored: Site, asker: int) -> None:
    answer_id, document_id = kept(db, stored, asker)
    charlie = visibility.viewer_for(db, "charlie", rules_since=None)
    assert quotes.quoted(db, answer_id, viewer=charlie) == ()
    assert quotes.in_full(db, [document_id], viewer=charlie) == []
    assert quotes.quoted(db, answer_id, viewer=visibility.viewer_for(db, BOB.id, rules_since=None))


def test_passages_go_with_their_document_and_all_of_it_with_the_member(
    db: Connection, stored: Site, asker: int
) -> None:
    answer_id, document_id = kept(db, stored, asker)
    db.execute(delete(documents).where(documents.c.id == document_id))
    assert db.execute(select(answer_sources)).all() == []
    db.execute(delete(member_rows))
    assert answers.answer(db, answer_id, asker) is None
    assert db.execute(select(answer_feedback)).all() == []


def test_asking_again_begins_with_nothing(db: Connection, stored: Site, asker: int) -> None:
    answer_id, _ = kept(db, stored, asker)
    assert answers.begin(db, answer_id, asker) == 2
    found = answers.answer(db, answer_id, asker)
    assert found is not None
    assert (found.written, found.sources, found.feedback, found.state) == (Written(), 0, None, State.WRITING)
