"""The journal gives every follower the same changes in the same order, whoever writes beside whom."""

from threading import Event, Thread

from sqlalchemy import Connection, Engine, text

from mainstem.store import journal
from mainstem.store.database import reading


def test_entries_come_in_order_and_a_follower_goes_on_where_it_was(db: Connection) -> None:
    begin = journal.last(db)
    journal.append(db, [3, 1])
    journal.append(db, [1])
    journal.append(db, [])
    entries = journal.since(db, begin, 2)
    assert [entry.document_id for entry in entries] == [1, 3]
    assert [entry.document_id for entry in journal.since(db, entries[-1].seq, 10)] == [1]
    assert journal.last(db) == journal.since(db, begin, 10)[-1].seq


def test_a_new_journal_begins_after_nought(engine: Engine) -> None:
    with reading(engine) as db:
        assert (journal.last(db), journal.since(db, 0, 10)) == (0, [])


def test_a_follower_never_sees_a_later_entry_before_an_earlier_one(engine: Engine) -> None:
    written = Event()

    def write_second() -> None:
        with engine.begin() as second:
            if second.dialect.name == "postgresql":
                second.execute(text("SET lock_timeout = '10s'"))
            journal.append(second, [2])
        written.set()

    with engine.begin() as first:
        journal.append(first, [1])
        other = Thread(target=write_second)
        other.start()
        # The second writer must wait for the first, however long that takes.
        assert not written.wait(0.2)
        with reading(engine) as db:
            assert journal.since(db, 0, 10) == []
    other.join()
    with reading(engine) as db:
        assert [entry.document_id for entry in journal.since(db, 0, 10)] == [1, 2]
