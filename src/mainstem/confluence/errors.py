"""Every way in which talking to Confluence fails, by what to do next; texts carry facts, never secrets or queries.

MainstemError
  RetryLater
    Unreachable         no answer, or half of one: network, timeout, proxy, cut-off body
    Throttled           told to slow down, for longer than a call may wait
    ServerBroken        Confluence itself fails (5xx), or something in front of it does
  SkipItem
    NotVisible          this account is not shown the item; gone and hidden look alike
    ItemBroken          Confluence fails on, or garbles, this one item
    RightMissing        the account lacks a named right, so this one thing stays unread
    BulkRulesBroken     a bulk read of labels and restrictions fails as a whole; read one by one
  StopRun
    SignInRejected      the credential is not (or no longer) accepted
      GrantEnded        Atlassian no longer gives tokens for what somebody once allowed
      AppRejected       Atlassian does not know the app that asks for them
    ScopeMissing        the token lacks a scope
    Blocked             the account or this machine's address is shut out until a person acts
    ListingBroken       a listing contradicts itself, so it proves nothing about what is absent
    Gone                Confluence has removed this interface for this kind of credential
  TellPerson
    AddressForbidden    the address lies where this server does not connect
    WrongAddress        nothing of use lives at the address
    NotConfluence       something answers there, but it is not Confluence
    WrongDeployment     the other family of Confluence answers there
    CertificateRejected the TLS certificate cannot be verified
    TokenOnWrongHost    the token is of a kind that this address does not take
    UnknownSpace        space keys that this account is not shown
"""

from collections.abc import Sequence

from mainstem.errors import RetryLater, SkipItem, StopRun, TellPerson
from mainstem.wiki.content import Deployment

TOO_LONG = "it takes too long"
CUT_OFF = "the answer was cut off"
"""Two causes of Unreachable that a smaller question may cure."""


class Unreachable(RetryLater):
    """No whole answer came. `cause` is a short phrase: timeout, connection refused, proxy, answer cut off ..."""

    def __init__(self, place: str, cause: str) -> None:
        super().__init__(place, cause)
        self.place = place
        self.cause = cause

    def __str__(self) -> str:
        return f"{self.place} could not be reached ({self.cause}); check the network and any proxy, then try again"


class Throttled(RetryLater):
    """Confluence asks for fewer requests. `resumes_in` is in seconds, None when it does not say."""

    def __init__(self, resumes_in: float | None) -> None:
        super().__init__(resumes_in)
        self.resumes_in = resumes_in

    def __str__(self) -> str:
        when = "in a while" if self.resumes_in is None else f"in {self.resumes_in:.0f} s"
        return f"Confluence limits the rate of requests; try again {when}, or choose a quieter hour"


class ServerBroken(RetryLater):
    """Confluence or a proxy before it failed with `status`; `retry_after` in seconds when it named a time."""

    def __init__(self, place: str, status: int, retry_after: float | None = None) -> None:
        super().__init__(place, status, retry_after)
        self.place = place
        self.status = status
        self.retry_after = retry_after

    @property
    def passing(self) -> bool:
        """Whether it looks like a passing trouble: a gateway's answer, or one that names a time to come back."""
        return self.retry_after is not None or self.status not in {500, 501}

    def __str__(self) -> str:
        return f"Confluence failed with HTTP {self.status} at {self.place}; try again later, or read its own log"


class NotVisible(SkipItem):
    """The account is not shown `item`: it does not exist, is gone, or is restricted. `bare`: the 404 named nothing."""

    def __init__(self, item: str, *, bare: bool = False) -> None:
        super().__init__(item)
        self.item = item
        self.bare = bare

    def __str__(self) -> str:
        return f"Confluence shows no {self.item} to this account; if it exists, give the account the right to view it"


class ItemBroken(SkipItem):
    """Confluence fails on this one item, or its answer makes no sense; `status` is that of an answer that failed."""

    def __init__(self, item: str, cause: str, status: int | None = None) -> None:
        super().__init__(item, cause, status)
        self.item = item
        self.cause = cause
        self.status = status

    def __str__(self) -> str:
        return f"{self.item} could not be read ({self.cause}); open it in Confluence to see whether it works there"


class RightMissing(SkipItem):
    """`item` stays unread because the account lacks `right`, which is named in Confluence's words."""

    def __init__(self, item: str, right: str) -> None:
        super().__init__(item, right)
        self.item = item
        self.right = right

    def __str__(self) -> str:
        return f"The account may not read {self.item}; give it the right: {self.right}"


class BulkRulesBroken(SkipItem):
    """A bulk read of labels and restrictions (`what`) fails as a whole; `rules_of` still works one by one."""

    def __init__(self, what: str, cause: str) -> None:
        super().__init__(what, cause)
        self.what = what
        self.cause = cause

    def __str__(self) -> str:
        return f"The {self.what} cannot be read in bulk ({self.cause}); read them one by one"


class SignInRejected(StopRun):
    """The credential is not accepted. `status` is the HTTP status of the answer that proves it."""

    def __init__(self, status: int, cause: str) -> None:
        super().__init__(status, cause)
        self.status = status
        self.cause = cause

    def __str__(self) -> str:
        return f"Confluence rejects the sign-in (HTTP {self.status}: {self.cause}); check the account, then the token"


class GrantEnded(SignInRejected):
    """Atlassian gives no tokens for what somebody allowed: it was withdrawn, ran out, or was used up elsewhere."""

    def __str__(self) -> str:
        return f"Atlassian ended what Mainstem was allowed to read ({self.cause}); connect with Atlassian again"


class AppRejected(SignInRejected):
    """Atlassian does not know the app, by the id and the secret that the settings give."""

    def __str__(self) -> str:
        return (
            f"Atlassian does not know Mainstem's app ({self.cause}); check MAINSTEM_ATLASSIAN_CLIENT_ID and "
            "MAINSTEM_ATLASSIAN_CLIENT_SECRET"
        )


class ScopeMissing(StopRun):
    """The token lacks the scope that `place` needs."""

    def __init__(self, place: str, scope: str | None = None) -> None:
        super().__init__(place, scope)
        self.place = place
        self.scope = scope

    def __str__(self) -> str:
        named = f" {self.scope}" if self.scope else ""
        return f"The token lacks the scope{named} for {self.place}; create a new token with it, scopes cannot be added"


class Blocked(StopRun):
    """The account, or the address that this machine calls from, is shut out; waiting does not help."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause

    def __str__(self) -> str:
        return f"Confluence shuts this account out ({self.cause}); ask its administrator to lift the block"


class ListingBroken(StopRun):
    """A listing contradicts itself: a repeated page, a next link that leads elsewhere, an item without an id."""

    def __init__(self, place: str, cause: str) -> None:
        super().__init__(place, cause)
        self.place = place
        self.cause = cause

    def __str__(self) -> str:
        return f"The list at {self.place} is not complete ({self.cause}), so nothing is removed; try again later"


class Gone(StopRun):
    """HTTP 410: the interface is removed for this kind of credential; retrying never helps."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place

    def __str__(self) -> str:
        return f"Confluence has removed {self.place} for this kind of credential; connect with email and API token"


class AddressForbidden(TellPerson):
    """`host` lies where this server does not connect; `place` says where that is."""

    def __init__(self, host: str, place: str) -> None:
        super().__init__(host, place)
        self.host = host
        self.place = place

    def __str__(self) -> str:
        return f"{self.host} is in {self.place}, where Mainstem does not connect; ask whoever runs it to allow that"


class WrongAddress(TellPerson):
    """No Confluence site is at the address."""

    def __init__(self, address: str, cause: str) -> None:
        super().__init__(address, cause)
        self.address = address
        self.cause = cause

    def __str__(self) -> str:
        return f"There is no Confluence at {self.address} ({self.cause}); paste the address of any page you can open"


class NotConfluence(TellPerson):
    """Something answers at the address, but not as Confluence does: another product, a portal, a sign-in page."""

    def __init__(self, address: str, cause: str) -> None:
        super().__init__(address, cause)
        self.address = address
        self.cause = cause

    def __str__(self) -> str:
        return (
            f"What answers at {self.address} is not Confluence ({self.cause}); paste the address of a Confluence page"
        )


class WrongDeployment(TellPerson):
    """A family of Confluence was asked for, and the other one, `found`, is at the address."""

    def __init__(self, address: str, found: Deployment) -> None:
        super().__init__(address, found)
        self.address = address
        self.found = found

    def __str__(self) -> str:
        family = "Cloud" if self.found is Deployment.CLOUD else "Data Center"
        return f"What answers at {self.address} is Confluence {family}; choose {self.found}, or leave the family open"


class CertificateRejected(TellPerson):
    """The TLS certificate of `host` does not verify."""

    def __init__(self, host: str, cause: str) -> None:
        super().__init__(host, cause)
        self.host = host
        self.cause = cause

    def __str__(self) -> str:
        return f"The certificate of {self.host} is not trusted ({self.cause}); install the issuing authority here"


class TokenOnWrongHost(TellPerson):
    """The credential is of a kind that the address does not take; `fix` says which kind it does."""

    def __init__(self, address: str, fix: str) -> None:
        super().__init__(address, fix)
        self.address = address
        self.fix = fix

    def __str__(self) -> str:
        return f"This kind of token does not work at {self.address}; {self.fix}"


class UnknownSpace(TellPerson):
    """Keys that name no space this account sees. `near` maps a key to visible keys that look like it."""

    def __init__(self, keys: Sequence[str], near: dict[str, tuple[str, ...]]) -> None:
        super().__init__(tuple(keys), near)
        self.keys = tuple(keys)
        self.near = near

    def __str__(self) -> str:
        said = ", ".join(self._guess(key) for key in self.keys)
        return f"This account sees no space {said}; correct the key, or give the account the right to view the space"

    def _guess(self, key: str) -> str:
        near = self.near.get(key, ())
        return f"{key} (did you mean {' or '.join(near)}?)" if near else key
