"""Seals credentials, so that a copied database tells nothing. The only module that holds a key.

Fernet (AES-CBC with HMAC) from `cryptography`; MultiFernet, so that a key can be rotated: the first key seals, every
key opens. Keys stand one a line, the newest first.
"""

import json
import os
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import SecretStr

from mainstem.errors import TellPerson
from mainstem.wiki.secrets import SealedSecret


class WrongKey(TellPerson):
    """The key does not open what it should, or is no key."""


class Vault:
    """Opens and seals with the keys of one home."""

    def __init__(self, keys: str) -> None:
        """`keys`: one Fernet key a line, the newest first. Raises WrongKey."""
        try:
            self._fernet = MultiFernet([Fernet(line) for line in keys.split()])
        except ValueError:
            raise WrongKey(
                "The key is not one that Mainstem made: restore the home's `key` file, or unset MAINSTEM_KEY."
            ) from None

    def seal(self, facts: dict[str, str]) -> SealedSecret:
        """Encrypt the secret parts of a credential, by name."""
        return SealedSecret(self._fernet.encrypt(json.dumps(facts).encode()))

    def open(self, sealed: SealedSecret) -> dict[str, str]:
        """Decrypt what `seal` made. Raises WrongKey."""
        try:
            facts: dict[str, str] = json.loads(self._fernet.decrypt(sealed.token))
        except InvalidToken:
            raise WrongKey(
                "The stored credential cannot be opened with this key: restore the home's `key` file, or connect again."
            ) from None
        return facts


def vault_of(key: SecretStr | None, path: Path) -> Vault:
    """The vault of a home: of the key that the settings give, else of the one in its file. Raises WrongKey."""
    if key is not None:
        return Vault(key.get_secret_value())
    try:
        return Vault(path.read_text(encoding="ascii"))
    except OSError as error:
        raise WrongKey(
            f"The key in {path} cannot be read ({error.strerror}): restore it, or give it by MAINSTEM_KEY."
        ) from None


def make_key(path: Path) -> None:
    """Give a home a key, readable by its owner alone, unless it has one."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(Fernet.generate_key().decode("ascii") + "\n")
