"""Grants: who may renew one, what is kept of it, and for how long."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import Connection, Engine

from mainstem.store import connections, drafts, grants
from mainstem.store.drafts import Answers
from mainstem.wiki.secrets import SealedSecret
from tests.store.site import NOW, site

OLD, NEW = SealedSecret(b"old"), SealedSecret(b"new")
UNTIL = NOW + timedelta(minutes=3)


def test_of_many_at_once_one_takes_the_right_to_renew(engine: Engine) -> None:
    with engine.begin() as db:
        grants.add(db, "g", OLD, NOW)

    def claim(_: int) -> bool:
        with engine.begin() as db:
            return grants.claim(db, "g", NOW, UNTIL)

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(claim, range(6))) == 1


def test_what_comes_is_kept_by_whoever_has_the_right_and_by_nobody_else(db: Connection) -> None:
    grants.add(db, "g", OLD, NOW)
    assert grants.claim(db, "g", NOW, UNTIL)
    later = UNTIL + timedelta(minutes=3)
    assert grants.claim(db, "g", UNTIL, later)
    grants.renewed(db, "g", NEW, UNTIL, UNTIL)
    grants.release(db, "g", UNTIL)
    kept = grants.grant(db, "g")
    assert kept is not None
    assert (kept.secret, kept.renewing_until) == (OLD, later)
    grants.renewed(db, "g", NEW, UNTIL, later)
    kept = grants.grant(db, "g")
    assert kept is not None
    assert (kept.secret, kept.renewed_at, kept.renewing_until) == (NEW, UNTIL, None)


def test_a_grant_goes_with_the_draft_or_the_connection_that_it_is_of(db: Connection) -> None:
    draft_id, id_ = drafts.begin(db, Answers(), NOW), site(db).id
    for each in ("left", "taken"):
        grants.add(db, each, OLD, NOW, draft_id=draft_id)
    grants.add(db, "before", OLD, NOW, connection_id=id_)
    assert [grants.is_of(db, each, id_) for each in ("taken", "before")] == [False, True]
    grants.serve(db, id_, "taken")
    drafts.discard(db, draft_id)
    assert [grants.grant(db, each) is None for each in ("left", "before", "taken")] == [True, True, False]
    connections.remove(db, id_)
    assert grants.grant(db, "taken") is None
