"""Rows of members and of their sessions, also in a database that is older than they are."""

from datetime import timedelta

from alembic import command
from sqlalchemy import Connection, MetaData, Table, delete, insert, select

from mainstem.store import connections, members, sessions
from mainstem.store.database import migrate, reading
from mainstem.store.members import NewMember
from mainstem.store.migrations import configuration
from mainstem.store.sessions import SavedSession
from mainstem.store.tables import identities
from mainstem.store.tables import members as member_rows
from mainstem.store.tables import sessions as session_rows
from tests.plugins.databases import Fresh
from tests.store.site import ALICE, NOW, site

BEFORE = {
    "name": "Acme",
    "deployment": "cloud",
    "url": "https://acme.example/wiki",
    "api_url": "https://acme.example/wiki",
    "credential_kind": "api-token",
    "secret": b"sealed",
    "kinds": ["page"],
    "created_at": NOW,
}
RITA = NewMember("Rita@example.com", "Rita", "reader", "a hash")


def test_a_hub_from_before_there_were_members_keeps_what_it_has(fresh: Fresh) -> None:
    engine = fresh(migrated=False)
    with engine.begin() as db:
        command.upgrade(configuration(db), "0001")
        # As it was written then: columns that came later are not there yet.
        then = Table("connections", MetaData(), autoload_with=db)
        db.execute(insert(then).values(BEFORE))
    migrate(engine)
    with reading(engine) as db:
        assert [each.name for each in connections.every(db)] == ["Acme"]
        assert members.workspace_name(db) is None


def test_a_member_is_found_by_id_and_by_email_in_any_case(db: Connection) -> None:
    id_ = members.add(db, RITA, NOW)
    assert id_ is not None
    saved = members.member(db, id_)
    assert saved is not None
    assert (saved.email, saved.active) == ("Rita@example.com", True)
    assert members.with_email(db, "RITA@example.com") == saved
    assert members.with_email(db, "rita@example.org") is None
    assert members.add(db, NewMember("rita@EXAMPLE.com", "Other", "owner", "a hash"), NOW) is None


def test_ties_and_sessions_go_with_their_member(db: Connection) -> None:
    stored = site(db)
    id_ = members.add(db, RITA, NOW)
    assert id_ is not None
    assert members.tie(db, id_, stored.id, ALICE.id, NOW)
    sessions.begin(db, SavedSession("digest", id_, NOW, NOW, NOW + timedelta(days=1), "Browser"))
    db.execute(delete(member_rows))
    assert db.execute(select(identities)).all() == []
    assert db.execute(select(session_rows)).all() == []
