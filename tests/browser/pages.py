"""Every page of the hub, once: whoever adds a page adds it here, and it is checked as all others are."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """A page as somebody sees it. `{names}` in its address stand in `Served.known`; `expected` may go wrong.

    `has_pictures`: Confluence does not tell how high they are, so what stands below moves when they come.
    """

    name: str
    address: str
    who: str = "owner"
    expected: tuple[str, ...] = ()
    has_pictures: bool = False


NOT_FOUND = ("the server responded with a status of 404",)

PAGES = (
    Page("sign in", "/login", who=""),
    Page("search", "/search"),
    Page("search, as the outsider", "/search", who="outsider"),
    Page("results", "/search?q=gateway"),
    Page("results, narrowed", "/search?q=gateway&space=OPS"),
    Page("results, narrowed by a page property", "/search?property=Status&property=Status%3DAccepted"),
    Page("no results", "/search?q=zymurgy"),
    Page("ask", "/ask"),
    Page("answer", "{answer}"),
    Page("answer that is not there", "{nothing}"),
    Page("document", "{incident}", who="member", has_pictures=True),
    Page("document with wide tables", "{tables}"),
    Page("document with pictures", "{pictures}", has_pictures=True),
    Page("document with lists and parts of others", "{lists}", has_pictures=True),
    Page("document with every macro", "{macros}", has_pictures=True),
    Page("not found", "/documents/999999", who="outsider", expected=NOT_FOUND),
    Page("connections", "/connections"),
    Page("connection", "/connections/1"),
    Page("spaces of a connection", "/connections/1/spaces"),
    Page("macros of a connection", "/connections/1/macros"),
    Page("broken links of a connection", "/connections/1/links"),
    Page("what left by a connection", "/connections/1/removed"),
    Page("documents with a macro", "/connections/1/macros/documents?name=status"),
    Page("settings of a connection", "/connections/1/settings"),
    Page("permissions of a connection", "/connections/1/permissions"),
    Page("conversion of a connection", "/connections/1/conversion", has_pictures=True),
    Page("rules of a connection", "/connections/1/rules"),
    Page("connecting: where", "/new-connection"),
    Page("connecting: credentials", "{draft}/credentials"),
    Page("connecting: test", "{draft}/test"),
    Page("connecting: spaces", "{draft}/spaces"),
    Page("connecting: options", "{draft}/options"),
    Page("connecting: review", "{draft}/review"),
    Page("changing what comes in: spaces", "{change}/spaces"),
    Page("changing what comes in: options", "{change}/options"),
    Page("changing what comes in: review", "{change}/review"),
    Page("logs", "/system/logs"),
    Page("alerts", "/system/alerts"),
    Page("account", "/account", who="outsider"),
    Page("API keys", "/api-keys", who="member"),
    Page("view as", "/view-as"),
    Page("members", "/members"),
    Page("roles by group", "/members/groups"),
    Page("one member", "/members/2"),
    Page("oneself as a member", "/members/1"),
    Page("audit log", "/system/audit"),
    Page("language model", "/system/model"),
    Page("single sign-on", "/system/single-sign-on"),
)
