"""What can go wrong with a connection, as told to people: symptom, causes in the order to check, fixes, field.

The command line, the screens and the manual all read from here. Confluence Cloud answers alike for several causes;
where it does, the causes say so instead of guessing one.
"""

from dataclasses import dataclass
from enum import StrEnum

from mainstem.confluence import errors
from mainstem.errors import MainstemError


class Field(StrEnum):
    """The field of a connection that a fix is made in."""

    ADDRESS = "address"
    SIGN_IN = "sign-in"
    TOKEN = "token"  # noqa: S105 - the name of a field
    SPACES = "spaces"
    SCHEDULE = "schedule"
    MACROS = "macros"


@dataclass(frozen=True, slots=True)
class Entry:
    """One failure. `symptom` is what Confluence shows, with the status; `field` None: nothing to change here."""

    title: str
    symptom: str
    causes: tuple[str, ...]
    fixes: tuple[str, ...]
    field: Field | None = None


SIGN_IN_REJECTED = Entry(
    title="The sign-in is rejected",
    symptom="HTTP 401; on Cloud also 403, or 404 “Not Found”; on Data Center also 200, as to an anonymous visitor",
    causes=(
        "The token is mistyped, or was copied with a part missing.",
        "The token has expired: Cloud's tokens live for a year at most.",
        "The e-mail address is not the one of the account that made the token.",
        "The token was revoked, or the account was deactivated.",
        "The account has no licence for Confluence. Cloud answers alike in all of these cases.",
        "Data Center: signing in by password is switched off, or a single sign-on stands in front of it.",
    ),
    fixes=(
        "As that account, open id.atlassian.com > Security > API tokens (Data Center: Personal access tokens).",
        "Check that the token is listed there and has not expired; if in doubt, create a new one, 90 days recommended.",
        "Copy it whole (it is shown once) and paste it here, with the e-mail address shown at the top right there.",
        "Sign in to Confluence in a browser as that account and see that it may open a page.",
    ),
    field=Field.TOKEN,
)

GRANT_ENDED = Entry(
    title="Atlassian ended what was allowed",
    symptom="HTTP 403 “refresh_token is invalid” from auth.atlassian.com",
    causes=(
        "Somebody took the app's access away, in their Atlassian account or as an admin of the site.",
        "Nothing was read for 90 days, or what was allowed is a year old: Atlassian ends it then.",
        "A copy of this hub was started, and used the same token first.",
    ),
    fixes=(
        "Connect with Atlassian again, as the same account; what is loaded stays, and is read on from there.",
        "If a copy of this hub runs elsewhere, let it connect by itself.",
    ),
    field=Field.TOKEN,
)

APP_REJECTED = Entry(
    title="Atlassian does not know Mainstem's app",
    symptom="HTTP 401 “Unauthorized” from auth.atlassian.com",
    causes=(
        "The client id or the secret in the settings is mistyped, or of another app.",
        "The app's secret was made anew, or the app was deleted.",
    ),
    fixes=(
        "Open developer.atlassian.com > My apps > the app > Settings and compare the client id and the secret.",
        "Set MAINSTEM_ATLASSIAN_CLIENT_ID and MAINSTEM_ATLASSIAN_CLIENT_SECRET, and start Mainstem again.",
    ),
)

SCOPE_MISSING = Entry(
    title="The token lacks a scope",
    symptom="HTTP 401 “scope does not match”",
    causes=(
        "The token was created with scopes, and without one that this needs.",
        "Only one of the two families of scopes was chosen: Confluence's new and old interfaces each need their own.",
    ),
    fixes=(
        "Create a new token with the scopes listed in the manual; those of an existing token cannot be changed.",
        "Or create a token without scopes: it has the rights of the account, no more.",
        "Connect with Atlassian: add them to the app under Permissions, then connect anew.",
    ),
    field=Field.TOKEN,
)

TOKEN_KIND = Entry(
    title="The token is of another kind",
    symptom="Refused before anything is sent, or HTTP 401 with a page of HTML",
    causes=(
        "A personal access token, or a password, was given for a Cloud site.",
        "An API token of Cloud was given for a Data Center server.",
    ),
    fixes=(
        "Cloud: the e-mail address and an API token from id.atlassian.com > Security > API tokens.",
        "Data Center: a personal access token from profile > Settings > Personal access tokens (7.9 and later).",
    ),
    field=Field.SIGN_IN,
)

WRONG_ADDRESS = Entry(
    title="There is no Confluence at this address",
    symptom="No such host, or HTTP 404 “Your Atlassian Cloud site is currently unavailable”",
    causes=(
        "The name of the site is mistyped.",
        "The site was renamed, or has been switched off.",
        "Data Center: the context path (such as /confluence) is missing.",
        "The address begins with http://, which would show the token to the network.",
    ),
    fixes=(
        "Open any Confluence page in a browser and paste its whole address here.",
        "If the browser cannot open it either, ask its administrator for the address.",
    ),
    field=Field.ADDRESS,
)

FORBIDDEN = Entry(
    title="Mainstem does not connect there",
    symptom="Refused before anything is sent: the address is private, of this machine, or no site's",
    causes=(
        "Confluence runs in your organisation's own network, and this server was not told that it may connect there.",
        "The name was resolved to an address that belongs to no site: a mistyped name, or a name server that misleads.",
    ),
    fixes=(
        "If Confluence runs in your own network, set MAINSTEM_ALLOW_PRIVATE_ADDRESSES=true and start Mainstem again.",
        "Otherwise check the address: open it in a browser elsewhere, and paste it here once more.",
    ),
    field=Field.ADDRESS,
)

NOT_CONFLUENCE = Entry(
    title="Something else answers at this address",
    symptom="HTTP 200 or 404, but none of Confluence's answers",
    causes=(
        "The address is that of Jira, of an intranet portal, or of a sign-in page.",
        "A proxy or a single sign-on answers in Confluence's place.",
        "Data Center: the context path (such as /confluence) is missing or wrong.",
    ),
    fixes=(
        "Open any Confluence page in a browser and paste its whole address here.",
        "Ask the network team to let this machine call Confluence's REST interface without the sign-in page.",
    ),
    field=Field.ADDRESS,
)

OTHER_FAMILY = Entry(
    title="The other family of Confluence answers",
    symptom="HTTP 200, with the answers of Cloud where Data Center was chosen, or the other way round",
    causes=(
        "The wrong deployment was chosen: Cloud is what Atlassian runs, Data Center what your organisation runs.",
        "The organisation has moved to Cloud, and the old address leads there.",
        "Both run on that host, and the context path (such as /confluence) is missing.",
    ),
    fixes=(
        "Choose the family that the message names, or leave it open.",
        "If the one that you chose is right, open any of its pages in a browser and paste its whole address here.",
    ),
    field=Field.ADDRESS,
)

CERTIFICATE = Entry(
    title="The certificate is not trusted",
    symptom="The TLS handshake fails before any HTTP status",
    causes=(
        "The certificate was issued by your organisation's own authority, which this machine does not know.",
        "A proxy opens encrypted connections and signs them itself.",
        "The certificate has expired, or is for another host name.",
    ),
    fixes=(
        "Put the authority's certificate (PEM) on this machine and name it in SSL_CERT_FILE, then start again.",
        "If it has expired or names another host, ask Confluence's administrator to renew it.",
    ),
    field=Field.ADDRESS,
)

UNREACHABLE = Entry(
    title="Confluence cannot be reached",
    symptom="No HTTP status: no connection, no such host, a timeout, or an answer that was cut off",
    causes=(
        "This machine has no way to that host: firewall, VPN, or a proxy that is not configured.",
        "The proxy refuses or needs a password.",
        "The host name is mistyped.",
        "Confluence is down for the moment.",
    ),
    fixes=(
        "Open the address in a browser on this very machine.",
        "If only a proxy leads out, set HTTPS_PROXY and start again.",
        "Ask the network team to allow this machine to reach the host on port 443.",
        "Wait a few minutes: what is stored stays, and the next run goes on from there.",
    ),
    field=Field.ADDRESS,
)

SPACE_NOT_FOUND = Entry(
    title="Space not found",
    symptom="HTTP 200 with an empty list: Confluence does not tell a missing space from one that is hidden",
    causes=(
        "The key is mistyped: it is the part after /spaces/ or /display/ in a page's address, not the space's name.",
        "This account may not view the space.",
        "The space was deleted.",
    ),
    fixes=(
        "Choose the space from the list instead of typing its key.",
        "In Confluence, open Space settings > Permissions and give this account, or a group it is in, “View”.",
    ),
    field=Field.SPACES,
)

THROTTLED = Entry(
    title="Confluence limits the rate of requests",
    symptom="HTTP 429, sometimes 503, with or without a time to come back",
    causes=(
        "Many programs use the interface at this hour.",
        "Data Center: its administrator has set a low limit for this account.",
    ),
    fixes=(
        "Nothing: the work waits as long as Confluence asks and goes on by itself.",
        "If it happens at each run, choose a quieter hour in the schedule.",
        "Data Center: ask for an exemption under Administration > Rate limiting.",
    ),
    field=Field.SCHEDULE,
)

BLOCKED = Entry(
    title="The account or this machine is shut out",
    symptom="HTTP 403 naming a CAPTCHA or an IP address, or HTTP 429 with a limit of 0",
    causes=(
        "Data Center: too many failed sign-ins, so a picture puzzle must be solved.",
        "The site lets only listed IP addresses in, and this machine's is not among them.",
        "Data Center: an administrator has blocked this account from the interface.",
    ),
    fixes=(
        "Sign in once in a browser as that account and solve the puzzle.",
        "Ask the administrator to add this machine's address to the list, or to lift the limit.",
    ),
    field=Field.SIGN_IN,
)

SERVER_BROKEN = Entry(
    title="Confluence itself fails",
    symptom="HTTP 500, 502, 503 or 504, or an error page of the network in front of it",
    causes=(
        "Confluence is being restarted or upgraded.",
        "One damaged page or a broken app makes it fail on this request.",
    ),
    fixes=(
        "Wait: the work is tried again by itself, and nothing stored is lost.",
        "If it stays, hand the time and path to Confluence's administrator: its own log says more.",
    ),
)

MISSING_CONTENT = Entry(
    title="Content is missing",
    symptom="HTTP 404 naming the page: Confluence answers alike for deleted, never there, and not visible",
    causes=(
        "The page is restricted, or stands below a restricted page or an unpublished draft.",
        "The page was deleted, archived or moved to another space.",
        "The page's space is not among the chosen ones.",
    ),
    fixes=(
        "Open the page in a browser as the connection's account, not as yourself.",
        "If it does not open, add the account to the page's restrictions, and to those of the pages above it.",
        "Paste the page's address into “Where is my page?”: it names the rule that leaves it out.",
    ),
    field=Field.SPACES,
)

MACRO_RENDERING = Entry(
    title="Part of a page is not shown",
    symptom="A placeholder stands where Confluence shows a macro; there is no status",
    causes=(
        "The macro is worked out when the page is opened (a report, a Jira list): the stored page has no text of it.",
        "The macro belongs to an app whose content lies outside Confluence.",
    ),
    fixes=(
        "See the page's loss report: it names each macro and what was kept of it.",
        "Choose for that macro: render, text, placeholder or drop.",
    ),
    field=Field.MACROS,
)

RIGHT_MISSING = Entry(
    title="A right is missing",
    symptom="HTTP 403; on Data Center also 500 where only administrators may read",
    causes=(
        "The account may read pages, but not who else may: space permissions or the members of groups.",
        "Data Center: members of groups are told to Confluence administrators alone.",
    ),
    fixes=(
        "Give the account the right that the message names; reading rights are enough for the content itself.",
        "Without it the content that depends on it stays hidden from everyone: nothing is shown on a guess.",
    ),
    field=Field.SIGN_IN,
)

LESS_TOLD = Entry(
    title="This version does not tell everything about rights",
    symptom="Data Center: HTTP 404 for the global permissions, or accounts without their status",
    causes=("Confluence serves this only in later versions.",),
    fixes=(
        "Upgrade Confluence: 9.3 and later tell who may use the site.",
        "Until then, take people who leave out of their groups as well: groups and restrictions are read.",
    ),
)

GONE = Entry(
    title="Confluence has removed this interface",
    symptom="HTTP 410",
    causes=("Atlassian has switched the older interface off for this kind of sign-in.",),
    fixes=("Connect with e-mail and API token.", "Update Mainstem: a newer version may use another interface."),
    field=Field.SIGN_IN,
)

LISTING_BROKEN = Entry(
    title="A list is not complete",
    symptom="HTTP 200, but a page of the list comes twice, or leads elsewhere",
    causes=(
        "A fault of that version of Confluence with long lists.",
        "A proxy answers from its memory.",
    ),
    fixes=(
        "Nothing is removed on the strength of such a list; the next run tries again.",
        "Data Center: upgrade, or rebuild the search index under Administration > Content indexing.",
    ),
)

BY_ERROR: dict[type[MainstemError], Entry] = {
    errors.Unreachable: UNREACHABLE,
    errors.Throttled: THROTTLED,
    errors.ServerBroken: SERVER_BROKEN,
    errors.NotVisible: MISSING_CONTENT,
    errors.ItemBroken: SERVER_BROKEN,
    errors.RightMissing: RIGHT_MISSING,
    errors.BulkRulesBroken: MISSING_CONTENT,
    errors.SignInRejected: SIGN_IN_REJECTED,
    errors.GrantEnded: GRANT_ENDED,
    errors.AppRejected: APP_REJECTED,
    errors.ScopeMissing: SCOPE_MISSING,
    errors.Blocked: BLOCKED,
    errors.ListingBroken: LISTING_BROKEN,
    errors.Gone: GONE,
    errors.AddressForbidden: FORBIDDEN,
    errors.WrongAddress: WRONG_ADDRESS,
    errors.NotConfluence: NOT_CONFLUENCE,
    errors.WrongDeployment: OTHER_FAMILY,
    errors.CertificateRejected: CERTIFICATE,
    errors.TokenOnWrongHost: TOKEN_KIND,
    errors.UnknownSpace: SPACE_NOT_FOUND,
}
"""The entry for each error of this package; a test proves that none is missing."""

CATALOGUE: tuple[Entry, ...] = (*dict.fromkeys(BY_ERROR.values()), LESS_TOLD, MACRO_RENDERING)
"""Every entry once, for the manual."""
