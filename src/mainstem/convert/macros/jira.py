"""What Jira has: one issue by its key; many issues, a chart or a board by their query."""

import re
from typing import Final
from urllib.parse import parse_qs, unquote_plus, urlsplit

from mainstem.convert import links, nodes
from mainstem.convert.flow import Flow
from mainstem.convert.macros.macro import Macro, MacroHandler, lost, placeholder, title_of
from mainstem.wiki.documents import UrlTarget
from mainstem.wiki.macros import Reason

_OWN_JIRA: Final = "system jira"
"""The name of the Jira that stands at the same address as a Confluence Cloud."""

_KEY: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*-\d+")
_ADDRESS: Final = re.compile(r"https?://\S+")
_ESCAPED: Final = re.compile(r"%[0-9A-Fa-f]{2}|\+")


def _jira(macro: Macro, flow: Flow) -> None:
    key = macro.text("key", "issueKey", "issue")
    if key:
        _issue(macro, key, flow)
    else:
        _query(macro, flow)


def _issue(macro: Macro, key: str, flow: Flow) -> None:
    issue = nodes.Issue(key, macro.text("summary"))
    base = macro.text("baseurl", "baseUrl").rstrip("/")
    if _KEY.fullmatch(key) and (base or macro.text("server").lower() == _OWN_JIRA):
        target = UrlTarget(f"{base}/browse/{key}")
        links.remember(target, flow)
        flow.run.append(nodes.Link(target, (issue,)))
    else:
        flow.run.append(issue)


def _query(macro: Macro, flow: Flow) -> None:
    """Issues that a query finds: what it is called, and the query, which Confluence's readers reach by a click."""
    jql, address = _jql(macro)
    if not jql and not address:
        placeholder(macro, flow)
        return
    lost(macro, flow, Reason.QUERY)
    words: nodes.Inline = nodes.CodeSpan((" ".join(jql.split()),)) if jql else address
    if address:
        target = UrlTarget(address)
        links.remember(target, flow)
        words = nodes.Link(target, (words,) if jql else ())
    flow.run.extend((f"{title_of(macro) or 'Jira issues'}: ", words))


def _jql(macro: Macro) -> tuple[str, str]:
    """The query, and an address where its answer can be read; "" for what is missing."""
    jql = macro.text("jqlQuery", "jql", "jqlquery", "query", "q")
    address = macro.text("url", "", "filterUrl")
    if not _ADDRESS.fullmatch(address):
        return _unescaped(jql), ""
    asked = parse_qs(urlsplit(address).query)
    return _unescaped(jql) or next(iter(asked.get("jqlQuery", asked.get("jql", ()))), ""), address


def _unescaped(jql: str) -> str:
    """The query as somebody wrote it: charts keep theirs as a part of an address."""
    escaped = " " not in jql and _ESCAPED.search(jql)
    return (unquote_plus(jql) if escaped else jql).removeprefix("jqlQuery=").removeprefix("jql=").strip()


HANDLERS: Final[dict[str, MacroHandler]] = dict.fromkeys(
    ("jira", "jiraissues", "jira-issue", "jiraissue", "jirachart"), _jira
)
