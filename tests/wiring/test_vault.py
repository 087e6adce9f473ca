"""Secrets are sealed with the newest key and opened with any; without a right key nothing opens."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from mainstem.wiring.vault import Vault, WrongKey, make_key, vault_of


def a_key() -> str:
    return Fernet.generate_key().decode()


@given(st.dictionaries(st.text(), st.text()))
def test_what_is_sealed_opens_as_it_was(facts: dict[str, str]) -> None:
    vault = Vault(a_key())
    assert vault.open(vault.seal(facts)) == facts


def test_a_sealed_secret_shows_nothing_of_it() -> None:
    sealed = Vault(a_key()).seal({"token": "s3cret"})
    assert b"s3cret" not in sealed.token
    assert "s3cret" not in repr(sealed)


def test_after_a_new_key_the_old_seals_still_open_and_new_ones_need_it() -> None:
    old, new = a_key(), a_key()
    before = Vault(old).seal({"token": "a"})
    rotated = Vault(f"{new}\n{old}\n")
    assert rotated.open(before) == {"token": "a"}
    with pytest.raises(WrongKey, match="restore the home's `key` file"):
        Vault(old).open(rotated.seal({"token": "b"}))


@pytest.mark.parametrize("keys", ["", "not a key", "c2hvcnQ="])
def test_what_is_no_key_is_refused(keys: str) -> None:
    with pytest.raises(WrongKey, match="not one that Mainstem made"):
        Vault(keys)


def test_a_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "key"
    make_key(path)
    first = path.read_text()
    make_key(path)
    assert path.read_text() == first
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_key_of_the_settings_goes_before_the_one_in_the_file(tmp_path: Path) -> None:
    make_key(tmp_path / "key")
    given_key = a_key()
    sealed = Vault(given_key).seal({"token": "a"})
    assert vault_of(SecretStr(given_key), tmp_path / "key").open(sealed) == {"token": "a"}
    with pytest.raises(WrongKey):
        vault_of(None, tmp_path / "key").open(sealed)


def test_a_lost_key_is_named(tmp_path: Path) -> None:
    with pytest.raises(WrongKey, match="restore it, or give it by MAINSTEM_KEY"):
        vault_of(None, tmp_path / "key")
