"""Who comes in of those whom a provider proves, and whom that makes them in Confluence."""

import pytest
from sqlalchemy import Connection, Engine

from mainstem.accounts import membership, single_sign_on
from mainstem.accounts.deeds import in_words
from mainstem.accounts.errors import BadSignOn, NotAdmitted, RoleTooLow
from mainstem.accounts.members import Member
from mainstem.accounts.roles import Role
from mainstem.accounts.single_sign_on import Known, Newcomers, Proof, arrival, domains_of
from mainstem.store import audiences, deeds
from mainstem.store import members as rows
from mainstem.store import sign_on as store
from mainstem.store.deeds import Wanted
from mainstem.store.members import SavedMember
from mainstem.store.sign_on import SignOn
from mainstem.wiki.content import Person
from mainstem.wiki.secrets import SealedSecret
from tests.accounts.people import CHEAP, add, found
from tests.store.site import ALICE, NOW, site

ISSUER = "https://login.example"
NOBODY = Known()


def setting(newcomers: Newcomers = Newcomers.NOBODY, *domains: str) -> SignOn:
    return SignOn("Login", ISSUER, f"{ISSUER}/authorize", "id", SealedSecret(b""), newcomers, domains, NOW)


def proof(email: str = "anna@example.com", subject: str = "s-1", *, verified: bool = True) -> Proof:
    return Proof(ISSUER, subject, email, "Anna", verified=verified)


def member(*, active: bool = True) -> SavedMember:
    named = {"email": "anna@example.com", "name": "Anna", "role": "reader", "password_hash": ""}
    return SavedMember(**named, id=7, active=active, created_at=NOW, seen_at=None)


def come(given: Proof, known: Known = NOBODY, wanted: SignOn | None = None) -> str:
    """How somebody comes in, or why not."""
    try:
        return str(arrival(given, known, wanted or setting()))
    except NotAdmitted as refused:
        return str(refused)


def admit(db: Connection, given: Proof, wanted: SignOn | None = None) -> Member:
    return single_sign_on.admit(db, given, wanted or setting(Newcomers.EVERYBODY), NOW, CHEAP)


def newest(db: Connection) -> str:
    (deed,) = deeds.newest(db, Wanted(), limit=1)
    return f"{deed.member} {in_words(deed)}"


def test_who_comes_in_is_decided_by_subject_then_by_a_verified_email_and_in_doubt_against() -> None:
    domains = setting(Newcomers.DOMAINS, "example.com")
    assert come(proof(verified=False), Known(by_subject=member())) == "Enter(member_id=7)"
    assert come(proof(), Known(by_subject=member(active=False))).startswith("Your account here is shut out")
    assert come(proof(), Known(by_email=member())) == "Join(member_id=7)"
    assert come(proof(), Known(by_email=member(active=False))).startswith("Your account here is shut out")
    assert come(proof(), Known(by_email=member(), taken=True)).startswith("The member with your email signs in as")
    for doubt in (proof(verified=False), proof(""), proof("no email"), proof("a@b@example.com")):
        assert come(doubt, wanted=setting(Newcomers.EVERYBODY)).startswith("The provider does not say")
    assert come(proof(), wanted=domains) == "Add(email='anna@example.com', name='Anna')"
    assert come(proof("anna@EXAMPLE.com"), wanted=domains).startswith("Add")
    for stranger in ("anna@sub.example.com", "anna@notexample.com", "anna@example.com.evil.example"):
        assert come(proof(stranger), wanted=domains).startswith("Nobody here goes by")
    assert come(proof()).startswith("Nobody here goes by")


def test_domains_are_entered_as_people_write_them() -> None:
    assert domains_of(" @Example.com, example.org example.com ") == ("example.com", "example.org")
    for bad in ("a@b.example", "*.example.com", "*"):
        with pytest.raises(BadSignOn):
            domains_of(bad)


def test_a_verified_email_proves_the_one_active_account_that_has_it_and_takes_no_tie_away(engine: Engine) -> None:
    with engine.begin() as db:
        found(db)
        here = site(db).id
        accounts = [
            Person("anna", "Anna There", email="Anna@example.com"),
            Person("former", "Former Anna", email="anna@example.com", active=False),
            # Anybody may call themselves what they like.
            Person("mallory", "Mallory", username="ben@example.com"),
            Person("twin-1", "Cleo", email="cleo@example.com"),
            Person("twin-2", "Cleo", email="cleo@example.com"),
            Person("dora", "Dora", email="dora@example.com"),
        ]
        audiences.save_people(db, here, accounts, NOW)
        dora = add(db, "Dora")
        rows.tie(db, dora.id, here, ALICE.id, NOW)
        anna = admit(db, proof())
        assert rows.ties(db, anna.id) == [(here, "anna")]
        assert newest(db) == "Anna proved by a verified email to be Anna There in Acme"
        for email in ("ben@example.com", "cleo@example.com", ALICE.email):
            assert email
            assert not rows.ties(db, admit(db, proof(email, email)).id)
        assert admit(db, proof("dora@example.com", "s-dora")).id == dora.id
        assert rows.ties(db, dora.id) == [(here, ALICE.id)]


def test_an_unverified_email_proves_nothing_also_of_a_member(engine: Engine) -> None:
    with engine.begin() as db:
        found(db)
        here = site(db).id
        anna = admit(db, proof())
        audiences.save_people(db, here, [Person("anna", "Anna", email="anna@example.com")], NOW)
        assert admit(db, proof(verified=False)) == anna
        assert not rows.ties(db, anna.id)
        assert [each.email for each in store.of_member(db, anna.id)] == [""]
        admit(db, proof())
        assert rows.ties(db, anna.id) == [(here, "anna")]


def test_who_lost_their_account_at_the_provider_is_parted_from_it_by_an_admin(engine: Engine) -> None:
    with engine.begin() as db:
        olive, ada, anna = found(db), add(db, "Ada", Role.ADMIN), admit(db, proof())
        with pytest.raises(NotAdmitted):
            admit(db, proof(subject="s-2"))
        for by, whom in ((anna, anna), (ada, olive)):
            with pytest.raises(RoleTooLow):
                membership.part(db, by, whom.id, NOW)
        membership.part(db, ada, anna.id, NOW)
        assert newest(db) == f"Ada parted Anna (anna@example.com) from how they signed in with {ISSUER}"
        assert admit(db, proof(subject="s-2")).id == anna.id
