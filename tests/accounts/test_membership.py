"""Who may change whom, that each change is written down, and that nobody rises by it or leaves the hub ownerless."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product

import pytest
from sqlalchemy import Connection

from mainstem.accounts import api_keys, deeds, looks, members, membership, sessions
from mainstem.accounts.deeds import WORDS, Done, differences, in_words
from mainstem.accounts.errors import AccountTaken, LastOwner, NoSuchAccount, RoleTooLow, UnknownMember
from mainstem.accounts.members import Member
from mainstem.accounts.roles import Role
from mainstem.store import deeds as rows
from mainstem.store import members as member_rows
from mainstem.store.deeds import Deed, NewDeed, Wanted
from tests.accounts.people import CHEAP, PASSWORD, add, found, sign_in
from tests.store.site import ALICE, BOB, NOW, site

EVERYTHING = Wanted()


def written(db: Connection) -> list[str]:
    """What was written down, the newest first, in words."""
    return [f"{deed.member} {in_words(deed)}" for deed in rows.newest(db, EVERYTHING, limit=100)]


def role_of(db: Connection, member: Member) -> str:
    saved = member_rows.member(db, member.id)
    assert saved is not None
    return saved.role


@pytest.mark.parametrize(("by", "before", "after"), list(product(Role, repeat=3)))
def test_a_role_is_changed_by_admins_and_an_owners_by_owners_alone(
    db: Connection, by: Role, before: Role, after: Role
) -> None:
    found(db)
    actor, other = add(db, "Ada", by), add(db, "Ben", before)
    owners_matter = Role.OWNER in (before, after)
    allowed = by is Role.OWNER or (by is Role.ADMIN and not owners_matter)
    if allowed:
        membership.set_role(db, actor, other.id, after, NOW)
        assert role_of(db, other) == after
        said = f"Ada made Ben (ben@example.com) {after}, who was {before}"
        assert written(db) == ([said] if before is not after else [])
    else:
        with pytest.raises(RoleTooLow):
            membership.set_role(db, actor, other.id, after, NOW)
        assert (role_of(db, other), written(db)) == (before, [])


@pytest.mark.parametrize(("by", "role"), list(product(Role, repeat=2)))
def test_a_member_is_added_shut_out_and_let_in_by_whoever_may_change_their_role(
    db: Connection, by: Role, role: Role
) -> None:
    found(db)
    actor, other = add(db, "Ada", by), add(db, "Ben", role)
    new = {"name": "Cat", "email": "cat@example.com", "password": PASSWORD, "role": role}
    changes: list[Callable[[], object]] = [
        lambda: membership.add(db, actor, **new, now=NOW),  # type: ignore[arg-type]  # as in the table above
        lambda: membership.shut_out(db, actor, other.id, NOW),
        lambda: membership.let_in(db, actor, other.id, NOW),
    ]
    if by is Role.OWNER or (by is Role.ADMIN and role is not Role.OWNER):
        for change in changes:
            change()
        added = f"Ada added Cat (cat@example.com) as {role}"
        assert written(db) == ["Ada let Ben (ben@example.com) in again", "Ada shut Ben (ben@example.com) out", added]
    else:
        for change in changes:
            with pytest.raises(RoleTooLow):
                change()
        assert written(db) == []


def test_the_last_owner_stays_whoever_asks_for_what(db: Connection) -> None:
    olive = found(db)
    changes: list[Callable[[], object]] = [
        lambda: membership.set_role(db, olive, olive.id, Role.ADMIN, NOW),
        lambda: membership.shut_out(db, olive, olive.id, NOW),
    ]
    for change in changes:
        with pytest.raises(LastOwner):
            change()
    second = add(db, "Second", Role.OWNER)
    membership.shut_out(db, olive, second.id, NOW)
    with pytest.raises(LastOwner):
        membership.set_role(db, olive, olive.id, Role.READER, NOW)
    assert role_of(db, olive) == Role.OWNER


def test_somebody_who_is_shut_out_is_out_at_once_and_comes_back_as_who_they_were(db: Connection) -> None:
    olive, ben = found(db), add(db, "Ben", Role.EDITOR)
    session = sign_in(db, "ben@example.com")
    key = api_keys.make(db, ben, name="CI", read_only=True, days=None, now=NOW)
    membership.shut_out(db, olive, ben.id, NOW)
    membership.shut_out(db, olive, ben.id, NOW)
    assert sessions.member_of(db, session.token, NOW) is None
    assert api_keys.holder_of(db, key.token, NOW) is None
    membership.let_in(db, olive, ben.id, NOW)
    assert sessions.member_of(db, session.token, NOW) is None
    holder = api_keys.holder_of(db, key.token, NOW)
    assert holder is not None
    assert holder.member.role is Role.EDITOR
    assert sign_in(db, "ben@example.com").member.id == ben.id
    assert sum("shut" in line for line in written(db)) == 1


def test_identities_are_tied_and_untied_and_an_owners_by_owners_alone(db: Connection) -> None:
    acme = site(db)
    olive, ada, ben = found(db), add(db, "Ada", Role.ADMIN), add(db, "Ben")
    membership.tie(db, ada, ben.id, acme.id, ALICE.id, NOW)
    assert member_rows.ties(db, ben.id) == [(acme.id, ALICE.id)]
    changes: list[Callable[[], object]] = [
        lambda: membership.tie(db, ada, olive.id, acme.id, BOB.id, NOW),
        lambda: membership.untie(db, ada, olive.id, acme.id, NOW),
        lambda: membership.tie(db, ben, ben.id, acme.id, BOB.id, NOW),
        lambda: membership.tie(db, ada, ada.id, acme.id, BOB.id, NOW),
        lambda: membership.untie(db, ben, ben.id, acme.id, NOW),
    ]
    for change in changes:
        with pytest.raises(RoleTooLow):
            change()
    with pytest.raises(NoSuchAccount):
        membership.tie(db, ada, ben.id, acme.id, "nobody at all", NOW)
    with pytest.raises(AccountTaken):
        membership.tie(db, olive, olive.id, acme.id, ALICE.id, NOW)
    membership.untie(db, ada, ben.id, acme.id, NOW)
    membership.untie(db, ada, ben.id, acme.id, NOW)
    assert member_rows.ties(db, ben.id) == []
    assert written(db) == [
        f"Ada untied Ben (ben@example.com) from {ALICE.display_name} in Acme",
        f"Ada tied Ben (ben@example.com) to {ALICE.display_name} in Acme",
    ]


def test_nobody_is_changed_who_is_not_there(db: Connection) -> None:
    olive = found(db)
    changes: list[Callable[[], object]] = [
        lambda: membership.set_role(db, olive, 99, Role.READER, NOW),
        lambda: membership.shut_out(db, olive, 99, NOW),
        lambda: membership.let_in(db, olive, 99, NOW),
        lambda: membership.tie(db, olive, 99, 1, "x", NOW),
        lambda: membership.untie(db, olive, 99, 1, NOW),
    ]
    for change in changes:
        with pytest.raises(UnknownMember):
            change()


def test_keys_and_views_are_written_down_and_no_key_is(db: Connection) -> None:
    olive, ben = found(db), add(db, "Ben")
    session = sign_in(db)
    key = api_keys.make(db, ben, name="CI", read_only=True, days=30, now=NOW)
    assert api_keys.revoke(db, ben, key.key.id, NOW)
    assert not api_keys.revoke(db, ben, key.key.id, NOW)
    assert not api_keys.revoke(db, olive, key.key.id, NOW)
    looks.begin(db, session.token, olive, ben.id, NOW)
    looks.end(db, session.token, NOW)
    looks.end(db, session.token, NOW)
    shown = f"CI ({key.key.beginning}…)"
    assert written(db) == [
        "Olive stopped reading as Ben (ben@example.com)",
        "Olive began to read as Ben (ben@example.com)",
        f"Ben revoked the API key {shown}",
        f"Ben made the API key {shown}, which may only read",
    ]
    assert key.token not in str(rows.newest(db, EVERYTHING, limit=100))


def test_deeds_are_found_by_their_words_kinds_and_time(db: Connection) -> None:
    olive = found(db)
    for number, done in enumerate((Done.SHUT_OUT, Done.LET_IN, Done.CONNECTION_PAUSED)):
        deeds.note(db, olive, done, f"Subject {number}", NOW, account="Somebody")

    def subjects(wanted: Wanted) -> list[str]:
        return [deed.subject for deed in rows.newest(db, wanted, limit=10)]

    assert subjects(Wanted(text="subject 1")) == ["Subject 1"]
    assert subjects(Wanted(text="SOMEBODY olive 2")) == ["Subject 2"]
    assert subjects(Wanted(text="100%")) == []
    assert subjects(Wanted(acts=(Done.LET_IN,))) == ["Subject 1"]
    assert subjects(Wanted(since=NOW)) == ["Subject 2", "Subject 1", "Subject 0"]
    assert subjects(Wanted(until=NOW)) == []
    newest = rows.newest(db, EVERYTHING, limit=1)[0]
    assert [deed.subject for deed in rows.newest(db, EVERYTHING, limit=10, before=newest.id)] == [
        "Subject 1",
        "Subject 0",
    ]


def test_every_deed_has_words_and_an_unknown_one_is_told_by_its_name() -> None:
    assert set(WORDS) == set(Done)
    strange = Deed(at=NOW, member_id=1, member="Olive", act="danced", subject="Ben", facts={}, id=1)
    assert in_words(strange) == "danced: Ben"


def test_a_name_with_braces_is_only_a_name(db: Connection) -> None:
    olive = found(db)
    odd = members.add(
        db,
        name="{role.__class__} {0}",
        email="odd@example.com",
        password=PASSWORD,
        role=Role.READER,
        now=NOW,
        hasher=CHEAP,
    )
    membership.set_role(db, olive, odd.id, Role.EDITOR, NOW)
    assert written(db) == ["Olive made {role.__class__} {0} (odd@example.com) editor, who was reader"]
    rows.note(db, NewDeed(NOW, None, "Somebody", Done.SHUT_OUT, "{subject}"))
    assert written(db)[0] == "Somebody shut {subject} out"


def test_what_a_deed_changed_is_told_thing_by_thing() -> None:
    before = {"spaces": "all", "filter": {}, "kinds": ["page"], "gone": 1}
    after = {"spaces": ["ENG", "OPS"], "filter": {"without_labels": ["draft"], "look_back": 7}, "kinds": ["page"]}
    deed = Deed(NOW, 1, "Olive", Done.CONTENT_CHANGED, "Acme", {"before": before, "after": after}, id=1)
    assert differences(deed) == (
        ("Spaces", "all", "ENG, OPS"),
        ("Filter", "nothing", "without labels: draft; look back: 7"),
        ("Gone", "1", "nothing"),
    )
    assert differences(replace(deed, facts={"before": "reader"})) == ()
