"""Atlassian's authorization server and the list of sites that a token opens: OAuth 2.0 with three legs.

Whoever sits at the browser says on the page as which account; nobody types a password into an emulator.
"""

from collections.abc import Iterator, Mapping
from html import escape
from json import JSONDecodeError
from urllib.parse import urlencode, urlsplit

from starlette.datastructures import ImmutableMultiDict
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from confluence_emulator.accounts import CredentialKind
from confluence_emulator.cloud.call import Served, answer
from confluence_emulator.cloud.refusals import gateway_unauthorized
from confluence_emulator.consents import LASTS, OFFLINE, Code, Consents, Refused, Tokens

_ASKED = ("client_id", "scope", "redirect_uri", "state", "code_challenge")
_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Allow access</title>
<style>body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 32rem; margin: 4rem auto; padding: 0 1rem; }}
button {{ font: inherit; padding: .4rem .8rem; margin: .2rem 0; display: block; }}</style></head>
<body><h1>{app} wants to read {site}</h1><p>{scopes} scopes are asked for. Who allows it?</p>
<form method="post" action="/authorize">{fields}{people}
<button name="account" value="">Cancel</button></form></body></html>"""


def oauth_routes(served: Served, consents: Consents) -> Iterator[BaseRoute]:
    """The pages and answers of the authorization server, and `accessible-resources` of the gateway."""

    async def ask(request: Request) -> Response:
        wrong = _wrong(consents, request.query_params)
        if wrong:
            return HTMLResponse(f"<!doctype html><title>Error</title><h1>{escape(wrong)}</h1>", 400)
        return HTMLResponse(_page(served, request.query_params))

    async def decide(request: Request) -> Response:
        form = await request.form()
        sent = {name: str(value) for name, value in form.items()}
        wrong = _wrong(consents, sent)
        if wrong:
            return HTMLResponse(f"<!doctype html><title>Error</title><h1>{escape(wrong)}</h1>", 400)
        return RedirectResponse(_way_back(served, consents, sent), 302)

    async def token(request: Request) -> Response:
        try:
            return answer(_told(_granted(consents, await _sent(request))))
        except Refused as refused:
            said = {"error": refused.error, "error_description": refused.description}
            return answer(said, refused.status)

    async def resources(request: Request) -> Response:
        header = request.headers.get("authorization")
        found = served.accounts.cloud(header).credential
        if found is None or found.kind is not CredentialKind.OAUTH:
            refusal = gateway_unauthorized()
            return answer(refusal.body, refusal.status)
        url = served.site.base_url.removesuffix("/wiki")
        scopes = sorted(found.scopes - {OFFLINE})
        site = {"id": served.site.cloud_id, "url": url, "name": served.site.name, "scopes": scopes}
        return answer([site | {"avatarUrl": f"{url}/avatar.png"}])

    yield Route("/authorize", ask)
    yield Route("/authorize", decide, methods=["POST"])
    yield Route("/oauth/token", token, methods=["POST"])
    yield Route("/oauth/token/accessible-resources", resources)


def _wrong(consents: Consents, asked: Mapping[str, str] | ImmutableMultiDict[str, str]) -> str:
    if asked.get("client_id") != consents.app.client_id:
        return "We couldn't identify the app requesting access"
    if urlsplit(asked.get("redirect_uri") or "").scheme not in {"http", "https"}:
        return "The redirect URI is not one that the app is registered with"
    return ""


def _page(served: Served, asked: Mapping[str, str]) -> str:
    fields = (f'<input type="hidden" name="{name}" value="{escape(asked.get(name, ""))}">' for name in _ASKED)
    people = (
        f'<button name="account" value="{escape(user.account_id)}">Accept as {escape(user.display_name)}</button>'
        for user in served.site.users.values()
        if user.active
    )
    return _PAGE.format(
        app=escape(asked.get("client_id", "")),
        site=escape(served.site.name),
        scopes=len(asked.get("scope", "").split()),
        fields="".join(fields),
        people="".join(people),
    )


def _way_back(served: Served, consents: Consents, sent: Mapping[str, str]) -> str:
    user = served.site.users.get(sent.get("account", ""))
    if user is None:
        told = {"error": "access_denied", "error_description": "User did not authorize the request"}
    else:
        scopes = frozenset(sent.get("scope", "").split())
        code = Code(user, scopes, sent["redirect_uri"], sent.get("code_challenge", ""))
        told = {"code": consents.allow(code)}
    return f"{sent['redirect_uri']}?{urlencode(told | {'state': sent.get('state', '')})}"


async def _sent(request: Request) -> Mapping[str, str]:
    try:
        sent = await request.json()
    except (JSONDecodeError, UnicodeDecodeError):
        sent = None
    if not isinstance(sent, dict):
        raise Refused(400, "invalid_request", "The body is not JSON")
    return sent


def _granted(consents: Consents, sent: Mapping[str, str]) -> Tokens:
    match sent.get("grant_type"):
        case "authorization_code":
            return consents.redeem(sent)
        case "refresh_token":
            return consents.refresh(sent)
    raise Refused(400, "unsupported_grant_type", "Unsupported grant type")


def _told(tokens: Tokens) -> dict[str, object]:
    told: dict[str, object] = {
        "access_token": tokens.access,
        "expires_in": int(LASTS.total_seconds()),
        "token_type": "Bearer",
        "scope": " ".join(sorted(tokens.scopes)),
    }
    return told | ({"refresh_token": tokens.refresh} if tokens.refresh else {})
