"""Kept answers are opened under the rules of now: what their asker may no longer read is not in them any more."""

from dataclasses import replace

import pytest

from mainstem.accounts import members
from mainstem.accounts.roles import Role
from mainstem.assist.asking import Draft
from mainstem.assist.keeping import OpenAnswer, open_answer, renumbered
from mainstem.store import answers
from mainstem.store.answers import Claim, Feedback, Outcome, State, Written
from mainstem.store.database import reading
from mainstem.wiki.audience import Viewer
from tests.assist.library import asked
from tests.search.conftest import Wiki
from tests.store.site import NOW
from tests.web.conftest import CHEAP, PASSWORD

MERGER = "When does the merger with Brookmere close?"


@pytest.fixture
def asker(filled: Wiki) -> int:
    """A member who asks."""
    return joined(filled, "ann")


def joined(wiki: Wiki, name: str) -> int:
    with wiki.engine.begin() as db:
        email = f"{name}@hub.example"
        return members.add(db, name=name, email=email, password=PASSWORD, role=Role.READER, now=NOW, hasher=CHEAP).id


def kept(wiki: Wiki, asker: int, question: str, draft: Draft) -> int:
    """Keep an answer; its id."""
    with wiki.engine.begin() as db:
        answer_id = answers.ask(db, asker, question, NOW)
        run = answers.begin(db, answer_id, asker)
        assert run == 1
        assert answers.save_sources(db, answer_id, run, draft.quotes)
        assert answers.end(db, answer_id, run, draft.written, NOW)
    return answer_id


def opened(wiki: Wiki, answer_id: int, asker: int, viewer: Viewer) -> OpenAnswer | None:
    with reading(wiki.engine) as db:
        return open_answer(db, answer_id, asker, viewer=viewer)


def test_an_answer_is_kept_as_it_was_given(filled: Wiki, asker: int, alice: Viewer) -> None:
    draft = asked(filled, MERGER, alice)
    found = opened(filled, kept(filled, asker, MERGER, draft), asker, alice)
    assert found is not None
    assert found.claims == draft.written.claims
    assert found.quotes == draft.quotes
    assert found.saved.question == MERGER
    assert found.saved.state is State.DONE
    assert found.grounded
    assert not found.withheld


def test_an_answer_is_shown_to_its_asker_alone(filled: Wiki, asker: int, alice: Viewer) -> None:
    answer_id = kept(filled, asker, MERGER, asked(filled, MERGER, alice))
    somebody = joined(filled, "sue")
    assert opened(filled, answer_id, somebody, alice) is None
    with filled.engine.begin() as db:
        assert answers.every(db, somebody, 10) == []
        assert not answers.forget(db, answer_id, somebody)
        assert not answers.stop(db, answer_id, somebody, NOW)
        assert not answers.say(db, answer_id, somebody, Feedback(good=True), NOW)
        assert answers.begin(db, answer_id, somebody) is None


def test_what_its_asker_may_no_longer_read_is_taken_out_with_what_rests_on_it(
    filled: Wiki, asker: int, alice: Viewer
) -> None:
    answer_id = kept(filled, asker, MERGER, asked(filled, MERGER, alice))
    filled.restrict("4", "u-bob")
    found = opened(filled, answer_id, asker, alice)
    assert found is not None
    assert (found.claims, found.quotes, found.withheld) == ((), (), True)


def test_a_sentence_that_says_not_what_it_rests_on_goes_with_any_passage(
    filled: Wiki, asker: int, alice: Viewer
) -> None:
    merger, valid = asked(filled, MERGER, alice), asked(filled, "How long is the broker certificate valid?", alice)
    quotes = (merger.quotes[0], replace(valid.quotes[0], number=2))
    claims = (Claim("Both.", (1, 2)), Claim("The merger.", (1,)), Claim("Valid.", (2,)), Claim("Somehow.", ()))
    draft = Draft(merger.step, Written(Outcome.WRITTEN, claims, model="fake"), quotes)
    answer_id = kept(filled, asker, "What?", draft)
    whole = opened(filled, answer_id, asker, alice)
    assert whole is not None
    assert whole.claims == claims
    assert not whole.grounded
    filled.restrict("4", "u-bob")
    found = opened(filled, answer_id, asker, alice)
    assert found is not None
    assert [claim.text for claim in found.claims] == ["Valid."]
    assert [quote.number for quote in found.quotes] == [2]


def test_a_passage_of_a_document_that_changed_since_is_marked(filled: Wiki, asker: int, alice: Viewer) -> None:
    answer_id = kept(filled, asker, MERGER, asked(filled, MERGER, alice))
    filled.save("4", "The merger is off.", title="Project Kingfisher", modified_at=NOW.replace(day=2), version=2)
    filled.restrict("4", "u-alice")
    found = opened(filled, answer_id, asker, alice)
    assert found is not None
    assert [quote.changed for quote in found.quotes] == [True]


def test_a_stopped_answer_takes_no_more_from_whoever_was_writing_it(filled: Wiki, asker: int, alice: Viewer) -> None:
    draft = asked(filled, MERGER, alice)
    with filled.engine.begin() as db:
        answer_id = answers.ask(db, asker, MERGER, NOW)
        run = answers.begin(db, answer_id, asker)
        assert run is not None
        assert answers.save(db, answer_id, run, Written(Outcome.WRITTEN, (Claim("So far.", ()),)))
        assert answers.stop(db, answer_id, asker, NOW)
        assert not answers.save(db, answer_id, run, draft.written)
        assert not answers.end(db, answer_id, run, draft.written, NOW)
    found = opened(filled, answer_id, asker, alice)
    assert found is not None
    assert found.saved.state is State.STOPPED
    assert [claim.text for claim in found.claims] == ["So far."]


def test_a_question_that_is_asked_again_is_answered_by_the_newest_run_alone(
    filled: Wiki, asker: int, alice: Viewer
) -> None:
    draft = asked(filled, MERGER, alice)
    with filled.engine.begin() as db:
        answer_id = answers.ask(db, asker, MERGER, NOW)
        first, second = answers.begin(db, answer_id, asker), answers.begin(db, answer_id, asker)
        assert first is not None
        assert second is not None
        assert not answers.save_sources(db, answer_id, first, draft.quotes)
        assert not answers.end(db, answer_id, first, draft.written, NOW)
        assert answers.save_sources(db, answer_id, second, draft.quotes)
        assert answers.end(db, answer_id, second, draft.written, NOW)


def test_feedback_is_kept_and_may_change_its_mind(filled: Wiki, asker: int, alice: Viewer) -> None:
    answer_id = kept(filled, asker, MERGER, asked(filled, MERGER, alice))
    with filled.engine.begin() as db:
        assert answers.say(db, answer_id, asker, Feedback(good=True), NOW)
        assert answers.say(db, answer_id, asker, Feedback(good=False, reasons=("outdated",), text="It closed."), NOW)
    found = opened(filled, answer_id, asker, alice)
    assert found is not None
    assert found.saved.feedback == Feedback(good=False, reasons=("outdated",), text="It closed.")


def test_what_is_forgotten_is_gone_and_the_rest_is_listed_newest_first(filled: Wiki, asker: int, alice: Viewer) -> None:
    ids = [kept(filled, asker, question, asked(filled, question, alice)) for question in (MERGER, "Holiday?", MERGER)]
    with filled.engine.begin() as db:
        assert answers.forget(db, ids[1], asker)
        assert [each.id for each in answers.every(db, asker, 10)] == [ids[2], ids[0]]
        assert [each.id for each in answers.every(db, asker, 1)] == [ids[2]]


def test_passages_are_numbered_in_the_order_of_citing(filled: Wiki, alice: Viewer) -> None:
    quote = asked(filled, MERGER, alice).quotes[0]
    quotes = tuple(replace(quote, number=number) for number in (1, 2, 3))
    shown, claims = renumbered(quotes, (Claim("C.", (3,)), Claim("A.", (1, 3))))
    assert [each.number for each in shown] == [1, 2]
    assert [claim.cites for claim in claims] == [(1,), (2, 1)]
