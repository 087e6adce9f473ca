"""What a client of Confluence offers, whichever family it speaks to: `Cloud` and `DataCenter` implement `Confluence`.

The rest of the product knows Confluence through this module and `errors`; how the answers are fetched stays beside it.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from mainstem.wiki.audience import Clause, Rules
from mainstem.wiki.content import Content, Deployment, Kind, Membership, Person, Space, Status
from mainstem.wiki.selection import Selection


@dataclass(slots=True)
class Traffic:
    """What a client has spent so far: every HTTP request (retries among them), and seconds waited on request."""

    requests: int = 0
    retries: int = 0
    waited: float = 0.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """Told once when a wait begins: it resumes in `seconds`; `reason` is a short sentence for a person.

    `for_all`: Confluence asked for it by a limit that counts whoever else asks the same site.
    """

    seconds: float
    reason: str
    for_all: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """How many pages and blog posts a space holds for this account; `exact` False reads as "about".

    `changed_at`: when one of them was changed last; None where that was not told, or there is none.
    """

    number: int
    exact: bool
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Server:
    """What answers: `Confluence Cloud` or `Confluence Data Center`; `version` is "" where it is not told."""

    product: str
    version: str
    title: str


@dataclass(frozen=True, slots=True)
class Batch:
    """One answer of a listing. `cursor` given as `start` to another listing goes on behind it; None at the end."""

    contents: Sequence[Content]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class Listing:
    """Batches of content, to be read once with `async for`.

    The iteration ends normally only when `next` was followed to its end. Any error raised from it means that the
    listing is incomplete: `ListingBroken` when the server contradicts itself, else whatever the request met.
    `authoritative` False: it came from a search index, so absence proves nothing.
    """

    batches: AsyncIterator[Batch]
    authoritative: bool = True

    def __aiter__(self) -> AsyncIterator[Batch]:
        return self.batches


def live(contents: Sequence[Content]) -> list[Content]:
    """Those that people can open: current or archived."""
    return [content for content in contents if content.status in {Status.CURRENT, Status.ARCHIVED}]


class Confluence(Protocol):
    """A signed-in connection to one Confluence site.

    Beside the errors named at each method, each may raise the RetryLater and StopRun errors of `errors`
    after its own bounded retries.
    """

    @property
    def deployment(self) -> Deployment:
        """The family that answers."""

    @property
    def site_url(self) -> str:
        """The address people open, without a slash at its end (`https://acme.atlassian.net/wiki`)."""

    @property
    def api_url(self) -> str:
        """Where requests go: the site, or the gateway that the token needs. The shortest way to open it again."""

    @property
    def traffic(self) -> Traffic:
        """What was spent so far; counts grow while calls are in flight."""

    @property
    def account(self) -> Person:
        """The account that signed in when this client was opened."""

    def make_way(self, sharers: int, quiet: float) -> None:
        """Take no more than one of so many may who ask the same site, and rest for so many seconds, as others do."""

    async def current_person(self) -> Person:
        """The account behind the credential now, proved by Confluence's own word. Raises SignInRejected."""

    async def server(self) -> Server:
        """Product, version and title."""

    async def expires_on(self) -> date | None:
        """The day on which the credential expires, by Confluence's own word; None where it does not tell."""

    async def lacking_scopes(self) -> Mapping[str, Sequence[str]]:
        """The scopes that the credential lacks, by what needs them; none where it has all the rights of its account."""

    async def spaces(self, keys: Collection[str] | None = None) -> list[Space]:
        """All spaces this account sees (current and archived), or those with these keys, whatever their case.

        A key may also be the address of a space or of a page in it.

        Raises UnknownSpace, which carries all unknown keys and the near ones.
        """

    async def count(self, space: Space, *, exact: bool = True) -> Count:
        """Pages and blog posts that this account can read in a space, for at most three requests.

        `exact` False: an estimate will do, for one request.
        """

    async def matching(self, chosen: Selection, kinds: Collection[Kind], keys: Sequence[str] | None) -> Count:
        """About how much of these kinds a selection lets in, in the spaces with these keys; None: in all it takes.

        By the search index alone, which knows nothing that is archived, and reads days in the account's time zone.
        """

    def listing(self, spaces: Sequence[Space], kind: Kind, *, bodies: bool, start: str | None = None) -> Listing:
        """Everything of one kind: PAGE (current and archived, status says which), BLOGPOST, COMMENT or ATTACHMENT.

        On Cloud many spaces cost little more than one: a hundred are listed together, and one that breaks the listing
        leaves all of them incomplete. On Data Center each space is asked for by itself.
        Comments and attachments carry `container_id`; their `space_id` may be "", and on Cloud they are those of the
        whole site whatever `spaces` says. `start` is a `Batch.cursor` of the same listing, from any process: a
        killed run resumes there. Raises ValueError for kinds that Confluence does not list.
        """

    async def contents(self, ids: Sequence[str], kind: Kind) -> list[Content]:
        """Many at once, with bodies, in no particular order; those that are not visible or in the trash are absent."""

    async def heads(self, ids: Sequence[str], kind: Kind) -> list[Content]:
        """Many at once without bodies, whatever their status: trashed, deleted and archived ones too.

        What is not shown to this account is absent: purged, or not visible. Used to confirm absences before a
        document is removed, so it never comes from a search index, each absent one was asked for by itself (one
        request each), and the sign-in was proved after that. Raises SignInRejected when it cannot be.
        """

    async def found(self, content_id: str) -> Content | None:
        """The page or blog post with an id, whatever its status and which of both it is, without its body.

        None: it is neither, purged, or not shown to this account, whose sign-in was proved after that.
        """

    async def named(self, space: Space, title: str) -> list[Content]:
        """Pages and blog posts of a space by their title, current, archived or in the trash, without bodies."""

    async def content(self, content_id: str, kind: Kind) -> Content:
        """One, with its body if its kind has one; in the trash it comes as TRASHED. Raises NotVisible, ItemBroken."""

    def rules(self, spaces: Sequence[Space], kind: Kind) -> AsyncIterator[Sequence[Rules]]:
        """Labels and own view restriction of the pages or blog posts of these spaces, many a call.

        On Cloud from the search index: items may be missing (archived ones always are), read those with `rules_of`.
        Raises BulkRulesBroken at the end when the bulk way fails for one of the spaces; all batches given stay right,
        and may name a page twice.
        """

    async def rules_among(self, ids: Sequence[str], kind: Kind) -> list[Rules]:
        """Labels and own view restriction of these pages or blog posts, many a call (CQL `id in (...)`), in parallel.

        On Cloud from the search index: the absent ones are read with `rules_of`. Read after the bodies, it lets a
        changed page be stored under rules that are no older than its text. Raises BulkRulesBroken.
        """

    async def rules_of(self, content_id: str, kind: Kind) -> Rules:
        """Labels and own view restriction of one content, archived or not; never guesses. Raises SkipItem errors."""

    async def space_clause(self, space: Space) -> Clause:
        """Who may view a space, by the grants it names; never ANONYMOUS, of which `anonymous_spaces` is the only proof.

        The caller adds ANONYMOUS for the spaces listed there. Raises RightMissing.
        """

    async def site_clause(self) -> Clause:
        """Who may use the site. `{ALL_LICENSED}` where the version serves no way to ask (decision 9).

        Raises RightMissing where it serves one and this account may not read it.
        """

    async def anonymous_spaces(self) -> frozenset[str]:
        """Ids of the spaces that a caller without credentials is listed; it settles the site's own flag too."""

    async def membership(self, group_id: str) -> Membership:
        """Who is directly in a group. Raises NotVisible, RightMissing."""

    async def people(self, ids: Sequence[str]) -> list[Person]:
        """Accounts as they are now, by id (Cloud: account id; Data Center: user key), bulk where it is served.

        A deactivated or closed account comes with `active` False, where that is told (`tells_deactivation`); one that
        Confluence knows no longer, which is believed only after a proof of the sign-in, is absent.
        Raises RightMissing where the account is not told of people at all.
        """

    async def tells_deactivation(self) -> bool:
        """Whether `Person.active` is Confluence's own word. Some versions of Data Center do not say it."""

    def download(self, content: Content) -> AsyncIterator[bytes]:
        """The bytes of an attachment in the version that `content` is of, in chunks. Raises NotVisible, ItemBroken,
        ValueError.
        """
