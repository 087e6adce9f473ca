"""Credentials sign requests and keep their secrets to themselves."""

from base64 import b64decode

import pytest

from mainstem.confluence.credentials import Credential, EmailToken, PersonalToken, UserPassword

SECRET = "s3cr3t:pä55"
ALL: list[Credential] = [EmailToken("ada@example.com", SECRET), PersonalToken(SECRET), UserPassword("ada", SECRET)]


@pytest.mark.parametrize("credential", ALL, ids=lambda each: type(each).__name__)
def test_no_credential_shows_its_secret(credential: Credential) -> None:
    assert SECRET not in f"{credential!r} {credential} {[credential]}"


@pytest.mark.parametrize(
    ("credential", "pair"),
    [
        (EmailToken(" ada@example.com\n", f" {SECRET}\t"), f"ada@example.com:{SECRET}"),
        (UserPassword("ada ", f"{SECRET}\n"), f"ada:{SECRET}"),
    ],
)
def test_names_and_secrets_are_sent_as_basic_without_pasted_blanks(
    credential: EmailToken | UserPassword, pair: str
) -> None:
    scheme, _, parameter = credential.authorization().partition(" ")
    assert (scheme, b64decode(parameter).decode()) == ("Basic", pair)


def test_personal_tokens_are_sent_as_bearer() -> None:
    assert PersonalToken(" abc\n").authorization() == "Bearer abc"
