"""A real OpenID Connect provider on this machine, whose tokens a test may have twisted before they are signed.

It is `oidc-provider-mock`, served; added is what no honest provider does, and a memory of what it was asked.
"""

import json
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import flask
import httpx
import pytest
from joserfc import jwk, jwt
from werkzeug.serving import make_server

MAY_SIGN = pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning", "ignore:JWS algorithm")
"""For tests that have it sign: it asks its library in a way that is to go, and as nobody should where it is told to."""


@dataclass
class Provider:
    """The provider. `claims` and `header` are put into each ID token in the place of its own, None taking one out.

    `described` is put into what it says of itself; `key` signs instead of its own. `asked` are the forms that its token
    endpoint got.
    """

    url: str = ""
    secret: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    described: dict[str, Any] = field(default_factory=dict)
    key: Any = None
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    client: str = ""
    web: httpx.Client = field(default_factory=lambda: httpx.Client(verify=False))

    def honest(self) -> None:
        """Let it be as it is, and forget what it was asked."""
        self.claims, self.header, self.described, self.key = {}, {}, {}, None
        self.asked.clear()

    def knows(self, subject: str, **claims: object) -> None:
        """Let somebody be known to it, by these claims."""
        self.web.put(f"{self.url}/users/{subject}", json=claims).raise_for_status()

    def sign_in(self, place: str, subject: str, *, deny: bool = False) -> dict[str, str]:
        """Sign in where a browser was sent to; what the provider sends it back with."""
        answer = self.web.post(place, data={"action": "deny"} if deny else {"sub": subject})
        assert answer.status_code == 302, answer.text
        return {name: value[0] for name, value in parse_qs(urlsplit(answer.headers["location"]).query).items()}

    def register(self, callback: str) -> None:
        """Let a client be known to it, with a secret."""
        made = self.web.post(f"{self.url}/oauth2/clients", json={"redirect_uris": [callback]}).json()
        self.client, self.secret = made["client_id"], made["client_secret"]

    def _twist(self, answer: flask.Response) -> flask.Response:
        said: dict[str, Any] = answer.get_json(silent=True) or {}
        if flask.request.path.endswith("/openid-configuration"):
            answer.set_data(json.dumps(_without(said | self.described)))
        if flask.request.path == "/oauth2/token":
            self.asked.append({name: flask.request.form.getlist(name) for name in flask.request.form})
            if "id_token" in said and (self.claims or self.header or self.key):
                answer.set_data(json.dumps(said | {"id_token": self._signed(said["id_token"])}))
        return answer

    def _signed(self, id_token: str) -> str:
        own = jwk.RSAKey.import_key(flask.g.oidc_provider_mock_storage.jwk.as_dict(is_private=True))
        token = jwt.decode(id_token, own, algorithms=["RS256"])
        header, claims = _without(token.header | self.header), _without(token.claims | self.claims)
        return jwt.encode(header, claims, self.key or own, algorithms=[header["alg"]])


def _without(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value is not None}


@contextmanager
def provider() -> Iterator[Provider]:
    """A provider, for as long as the block lasts."""
    # It uses what its library is about to take away, and that one insists on saying so.
    with warnings.catch_warnings(record=True):
        warnings.simplefilter("ignore", DeprecationWarning)
        import oidc_provider_mock

        app = oidc_provider_mock.app(require_client_registration=True, require_nonce=True)
    found = Provider()
    app.after_request(found._twist)
    app.debug = False
    server = make_server("localhost", 0, app, threaded=True)
    found.url = f"http://localhost:{server.server_port}"
    serving = Thread(target=server.serve_forever, args=(0.05,))
    serving.start()
    try:
        yield found
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
        found.web.close()
