"""The border to httpx: nothing of it passes untranslated, and credentials stay with their site."""

import socket
import ssl
from dataclasses import replace
from inspect import isclass

import httpx
import pytest

from mainstem.confluence.addresses import Endpoint
from mainstem.confluence.credentials import EmailToken
from mainstem.confluence.errors import (
    CertificateRejected,
    ItemBroken,
    NotVisible,
    RightMissing,
    SignInRejected,
    Throttled,
    Unreachable,
)
from mainstem.confluence.http import TRANSLATIONS, Http, translated
from mainstem.errors import MainstemError
from tests.confluence.wikis import CLOUD, MEDIA, SleeplessClock, html, http_to, in_turn, says

pytestmark = pytest.mark.anyio

TOKEN = "t0ps3cret"
ADA = EmailToken("ada@example.com", TOKEN)
FOREIGN = [found for name in httpx.__all__ if isclass(found := getattr(httpx, name)) and issubclass(found, Exception)]


@pytest.mark.parametrize("kind", FOREIGN, ids=lambda kind: kind.__name__)
def test_every_exception_of_httpx_is_translated(kind: type[Exception]) -> None:
    error = kind.__new__(kind)
    Exception.__init__(error, f"at https://acme.atlassian.net/x?token={TOKEN}")
    with pytest.raises(MainstemError) as ours, translated("acme.atlassian.net/x"):
        raise error
    assert TOKEN not in str(ours.value)
    assert ours.value.__cause__ is error


def test_each_translation_is_for_a_class_of_httpx() -> None:
    assert set(TRANSLATIONS) <= set(FOREIGN)


def test_an_untrusted_certificate_is_told_from_a_missing_connection() -> None:
    untrusted = ssl.SSLCertVerificationError(1, "certificate verify failed")
    untrusted.verify_message = "self-signed certificate"
    error = httpx.ConnectError("failed")
    error.__cause__ = untrusted
    with pytest.raises(CertificateRejected) as rejected, translated("wiki.example.com/rest"):
        raise error
    assert (rejected.value.host, rejected.value.cause) == ("wiki.example.com", "self-signed certificate")


def test_a_host_name_that_does_not_resolve_is_named_as_the_cause() -> None:
    with pytest.raises(Unreachable, match="host name cannot be resolved"), translated("acme.atlassian.net/x"):
        raise httpx.ConnectError(str(socket.gaierror(-2, "Name or service not known")))


async def test_a_cut_off_answer_is_asked_for_again() -> None:
    cut = httpx.Response(200, content=b'{"results": [', headers={"content-type": "application/json"})
    http = http_to(in_turn(cut, httpx.ReadError("reset"), says({"results": []})))
    assert await http.get("/api/v2/spaces") == {"results": []}
    assert (http.pace.traffic.requests, http.pace.traffic.retries) == (3, 2)


async def test_a_page_for_people_is_no_data() -> None:
    with pytest.raises(SignInRejected, match="a page for people"):
        await http_to(in_turn(html("<title>Log in</title>"))).get("/api/v2/spaces")


async def test_a_doubtful_404_is_believed_only_after_the_sign_in_is_proved() -> None:
    proofs: list[Http] = []

    async def prove(http: Http) -> None:
        proofs.append(http)
        raise SignInRejected(403, "revoked")

    bare = says({"errors": [{"title": "Not Found"}]}, 404)
    named = says({"errors": [{"title": "Cannot find a page with id [9]"}]}, 404)
    signed = http_to(in_turn(named, bare), credential=ADA)
    signed = Http(signed.client, signed.endpoint, ADA, signed.pace, proof=prove)
    with pytest.raises(NotVisible):
        await signed.get("/api/v2/pages/9", item="page 9")
    with pytest.raises(SignInRejected):
        await signed.get("/api/v2/pages/9", item="page 9")
    assert len(proofs) == 1


async def test_a_missing_right_is_believed_only_after_the_sign_in_is_proved() -> None:
    async def prove(_: Http) -> None:
        return None

    signed = http_to(in_turn(says({"message": "no"}, 403)), credential=ADA)
    with pytest.raises(RightMissing):
        await Http(signed.client, signed.endpoint, ADA, signed.pace, proof=prove).get("/rest/api/group")


async def test_a_final_500_is_the_answer_about_an_item() -> None:
    http = http_to(in_turn(says({}, 500)))
    with pytest.raises(ItemBroken, match="HTTP 500"):
        await Http(http.client, http.endpoint, None, http.pace, final_500=True).get("/rest/api/x", item="the thing")


async def test_near_the_limit_fewer_requests_run_at_a_time() -> None:
    http = http_to(in_turn(says({}, X_RateLimit_NearLimit="true")))
    await http.get("/api/v2/spaces")
    assert http.pace.lanes.total_tokens == 4


async def test_a_quota_that_names_its_reset_is_waited_for_whatever_this_clock_says() -> None:
    clock = SleeplessClock()
    spent = says({}, 429, X_RateLimit_Reset="2031-01-01T10:00:30Z", Date="Wed, 01 Jan 2031 10:00:00 GMT")
    http = http_to(in_turn(spent, says({"done": True})), clock=clock)
    assert await http.get("/api/v2/spaces") == {"done": True}
    assert clock.slept == [30]


async def test_a_long_quota_is_left_to_the_caller_with_its_time() -> None:
    with pytest.raises(Throttled) as throttled:
        await http_to(in_turn(says({}, 429, Retry_After="3000"))).get("/api/v2/spaces")
    assert throttled.value.resumes_in == 3000


def recorder(*responses: httpx.Response) -> tuple[Http, list[httpx.Request]]:
    seen: list[httpx.Request] = []
    answer = in_turn(*responses)

    def note(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return answer(request)

    return http_to(note, credential=ADA), seen


async def read(http: Http) -> bytes:
    return b"".join([chunk async for chunk in http.stream("/rest/api/x/download", item="file x")])


async def test_a_download_elsewhere_goes_without_the_credential() -> None:
    elsewhere = httpx.Response(302, headers={"location": f"{MEDIA}/file?token={TOKEN}"})
    http, seen = recorder(elsewhere, httpx.Response(200, content=b"data"))
    assert await read(http) == b"data"
    assert [request.headers.get("authorization") is not None for request in seen] == [True, False]
    assert str(seen[1].url).startswith(MEDIA)


async def test_a_download_on_the_same_site_stays_signed() -> None:
    http, seen = recorder(
        httpx.Response(302, headers={"location": "/wiki/other"}), httpx.Response(200, content=b"data")
    )
    await read(http)
    assert [request.headers.get("authorization") is not None for request in seen] == [True, True]
    assert str(seen[1].url) == f"{CLOUD}/wiki/other"


async def test_an_unencrypted_or_endless_download_is_refused_without_showing_its_token() -> None:
    plain, _ = recorder(httpx.Response(302, headers={"location": f"http://media.example.com/?token={TOKEN}"}))
    circle, _ = recorder(*[httpx.Response(302, headers={"location": f"{MEDIA}/?token={TOKEN}"}) for _ in range(9)])
    for http in (plain, circle):
        with pytest.raises(ItemBroken) as broken:
            await read(http)
        assert TOKEN not in str(broken.value)


INSIDE = ["https://127.0.0.1/x", "http://localhost:8080/x", "https://10.0.0.7/x", "https://169.254.169.254/x"]


@pytest.mark.parametrize("place", [*INSIDE, "https://[::1]/x", "http://2130706433/x"])
async def test_a_public_site_cannot_send_a_download_into_the_network_of_this_machine(place: str) -> None:
    http, seen = recorder(httpx.Response(302, headers={"location": place}), httpx.Response(200, content=b"secret"))
    with pytest.raises(ItemBroken, match="leads into"):
        await read(http)
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("site", "place", "followed"),
    [
        ("http://127.0.0.1:8090", "http://127.0.0.1:8091/media", True),
        ("http://localhost:8090", "http://127.0.0.1:8091/media", True),
        ("http://127.0.0.1:8090", "https://10.0.0.7/media", False),
        ("https://10.0.0.5", "https://10.0.0.7/media", True),
        ("https://10.0.0.5", "https://127.0.0.1/media", False),
        ("https://10.0.0.5", "https://169.254.169.254/media", False),
        ("https://10.0.0.5", "https://media.example.com/media", True),
    ],
)
async def test_a_site_within_the_network_may_send_a_download_to_its_like(site: str, place: str, followed: bool) -> None:
    http, seen = recorder(httpx.Response(302, headers={"location": place}), httpx.Response(200, content=b"data"))
    http = replace(http, endpoint=Endpoint(site, "/wiki"))
    if not followed:
        with pytest.raises(ItemBroken, match="leads into"):
            await read(http)
        return
    assert await read(http) == b"data"
    assert "authorization" not in seen[1].headers


async def test_a_failing_media_host_does_not_show_its_token() -> None:
    http, _ = recorder(httpx.Response(302, headers={"location": f"{MEDIA}/?token={TOKEN}"}), says({}, 404))
    with pytest.raises(NotVisible) as missing:
        await read(http)
    assert TOKEN not in str(missing.value)


async def test_a_file_that_is_cut_off_is_not_taken_for_whole() -> None:
    async def half() -> object:
        yield b"half"

    http, _ = recorder(httpx.Response(200, content=half(), headers={"content-length": "8"}))  # type: ignore[arg-type]
    with pytest.raises(Unreachable, match="cut off"):
        await read(http)
