"""Passwords that are hard to guess, and stored so that nobody can read them."""

import pytest

from mainstem.accounts import passwords
from mainstem.accounts.errors import WeakPassword
from mainstem.accounts.passwords import STANDARD
from tests.accounts.people import CHEAP, PASSWORD


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("elevenchars", "has fewer than 12 characters"),
        ("a\u0308" * 11, "has fewer than 12 characters"),
        ("x" * 1_001, "has more than 1000 characters"),
        ("Olive@Example.com", "is the email or the name"),
        ("Olive Overstone ", "is the email or the name"),
    ],
)
def test_a_password_that_is_easily_guessed_is_refused(password: str, fault: str) -> None:
    with pytest.raises(WeakPassword) as refusal:
        passwords.check(password, email="olive@example.com", name="Olive Overstone")
    assert refusal.value.fault == fault
    assert password not in str(refusal.value)


@pytest.mark.parametrize("password", ["twelve chars", "x" * 1_000, "\ud800 half of a letter"])
def test_any_other_password_will_do(password: str) -> None:
    passwords.check(password, email="olive@example.com", name="Olive")
    assert passwords.proves(password, passwords.kept(password, CHEAP), CHEAP)


def test_only_the_password_itself_proves_it_and_it_is_not_stored() -> None:
    stored = passwords.kept(PASSWORD, CHEAP)
    assert PASSWORD not in stored
    assert passwords.proves(PASSWORD, stored, CHEAP)
    assert not passwords.proves(PASSWORD + " ", stored, CHEAP)
    assert not passwords.proves(PASSWORD, None, CHEAP)


def test_a_password_counts_however_the_keyboard_writes_its_letters() -> None:
    stored = passwords.kept("Z\u00fcrich am See", CHEAP)
    assert passwords.proves("Zu\u0308rich am See", stored, CHEAP)


def test_passwords_are_kept_with_argon2id_as_its_authors_advise() -> None:
    assert passwords.kept(PASSWORD, STANDARD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")
