"""The positive proof of a sign-in: Confluence names the account. Nothing else proves it, least of all a 404."""

from dataclasses import replace

from mainstem.confluence.errors import RightMissing, SignInRejected
from mainstem.confluence.http import Http
from mainstem.confluence.payloads_v1 import person
from mainstem.errors import SkipItem
from mainstem.wiki.content import Person

CURRENT_USER = "/rest/api/user/current"


async def signed_in(http: Http) -> Person:
    """The account behind the credential. Raises SignInRejected, also where Confluence answers as to a visitor."""
    try:
        row = await replace(http, proof=None).get(CURRENT_USER, item="the account itself")
    except SkipItem as error:
        raise SignInRejected(403 if isinstance(error, RightMissing) else 404, "it names no account") from error
    if not isinstance(row, dict) or row.get("type") != "known":
        raise SignInRejected(200, "the answer was given as to an anonymous visitor")
    return person(row)
