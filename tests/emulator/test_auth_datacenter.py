"""Signing in on Data Center, as far as the accounts decide it."""

import base64
from datetime import timedelta

import pytest

from confluence_emulator.accounts import CAPTCHA_AFTER, Accounts, CredentialKind, Proof
from tests.emulator.cloud_wiki import build


@pytest.fixture
def accounts() -> Accounts:
    return build().accounts


def password(name: str, secret: str) -> str:
    return f"Basic {base64.b64encode(f'{name}:{secret}'.encode()).decode()}"


def test_a_personal_access_token_is_a_bearer_token(accounts: Accounts) -> None:
    found = accounts.datacenter("Bearer alice-personal-access-token")
    assert found.proof is Proof.KNOWN
    assert found.user is accounts.site.user_by_username("ALICE")


def test_a_token_that_expired_was_revoked_or_belongs_to_cloud_is_rejected(accounts: Accounts) -> None:
    alice = accounts.site.user_by_username("alice")
    assert alice is not None
    accounts.issue(CredentialKind.PERSONAL_ACCESS_TOKEN, alice, "old", expires_in=timedelta(days=-1))
    accounts.revoke("alice-personal-access-token")
    for secret in ("old", "alice-personal-access-token", "alice-api-token"):
        assert accounts.datacenter(f"Bearer {secret}").proof is Proof.REJECTED


def test_a_user_name_in_any_case_and_the_password_sign_in(accounts: Accounts) -> None:
    assert accounts.datacenter(password("Alice", "alice-password")).proof is Proof.KNOWN
    assert accounts.datacenter(password("alice@example.com", "alice-password")).proof is Proof.REJECTED


def test_wrong_passwords_bring_up_a_captcha_that_holds_until_it_is_solved(accounts: Accounts) -> None:
    for _ in range(CAPTCHA_AFTER):
        assert accounts.datacenter(password("alice", "wrong")).proof is Proof.REJECTED
    assert accounts.datacenter(password("alice", "alice-password")).proof is Proof.CAPTCHA
    accounts.forgive("Alice")
    assert accounts.datacenter(password("alice", "alice-password")).proof is Proof.KNOWN


def test_no_header_is_absence_and_nonsense_is_malformed(accounts: Accounts) -> None:
    assert accounts.datacenter(None).proof is Proof.ABSENT
    for header in ("Basic %%%", "Basic", "Digest x", f"Basic {base64.b64encode(b'no colon').decode()}"):
        assert accounts.datacenter(header).proof is Proof.MALFORMED
