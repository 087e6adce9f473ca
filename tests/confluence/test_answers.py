"""What each answer means: the failures of section after section of the manual, told apart."""

from typing import Any

import httpx
import pytest

from mainstem.confluence.answers import data_of, failure, retry_after
from mainstem.confluence.errors import (
    Blocked,
    Gone,
    ItemBroken,
    NotVisible,
    RightMissing,
    ScopeMissing,
    ServerBroken,
    SignInRejected,
    Throttled,
    WrongAddress,
)
from mainstem.errors import MainstemError
from tests.confluence.wikis import html, says

HUGE = "9223372036854775807"
CAPTCHA = {"X_Authentication_Denied_Reason": "CAPTCHA_CHALLENGE; login-url=https://wiki.example.com/login.action"}


def asked(response: httpx.Response, *, signed: bool = True) -> httpx.Response:
    headers = {"Authorization": "Basic c2VjcmV0"} if signed else {}
    response.request = httpx.Request("GET", "https://acme.atlassian.net/wiki/rest/api/x?token=secret", headers=headers)
    return response


@pytest.mark.parametrize(
    ("response", "kind"),
    [
        (html("HTTP Status 401 - Unauthorized", 401), SignInRejected),
        (says({"code": 401, "message": "Unauthorized"}, 401), SignInRejected),
        (says({"code": 401, "message": "Unauthorized; scope does not match"}, 401), ScopeMissing),
        (says({}, 401, X_Failure_Category="FAILURE_CLIENT_SCOPE_CHECK"), ScopeMissing),
        (says({}, 401, **CAPTCHA), Blocked),
        (says({}, 403, **CAPTCHA), Blocked),
        (
            says({"message": 'X: 403 FORBIDDEN "Request rejected because caller cannot access Confluence"'}, 403),
            SignInRejected,
        ),
        (says({"message": "Current user not permitted to use Confluence"}, 403), SignInRejected),
        (says({"message": "Requests from this IP address are not permitted"}, 403), Blocked),
        (says({"message": "Only administrators may do this"}, 403), RightMissing),
        (html("Forbidden", 403), RightMissing),
        (says({}, 403, X_Cache="Error from cloudfront"), ServerBroken),
        (says({}, 404, X_Cache="Error from cloudfront"), ServerBroken),
        (says({"message": "No content found with id : 123"}, 404), NotVisible),
        (html("Your Atlassian Cloud site is currently unavailable.", 404), WrongAddress),
        (says({}, 410), Gone),
        (says({}, 429), Throttled),
        (says({}, 429, Retry_After=HUGE), Blocked),
        (says({}, 429, X_RateLimit_Limit="0"), Blocked),
        (says({}, 500), ServerBroken),
        (html("Bad gateway", 502), ServerBroken),
        (says({"message": "Could not parse cql"}, 400), ItemBroken),
        (httpx.Response(302, headers={"location": "https://sso.example.com/login"}), SignInRejected),
        (httpx.Response(301, headers={"location": "https://new.example.com/wiki/rest/api/x"}), WrongAddress),
        (says({}, 200, X_AUSERNAME="anonymous"), SignInRejected),
        (says({}, 200, X_Seraph_LoginReason="AUTHENTICATED_FAILED"), SignInRejected),
        (says({}, 403, X_AUSERNAME="anonymous", **CAPTCHA), Blocked),
    ],
)
def test_an_answer_is_told_apart(response: httpx.Response, kind: type[MainstemError]) -> None:
    error = failure(asked(response), "the item")
    assert type(error) is kind
    assert "secret" not in str(error)


@pytest.mark.parametrize("status", [200, 302, 400, 403, 404, 405, 410, 429, 500, 503])
@pytest.mark.parametrize(
    "told",
    [
        {"X_AUSERNAME": "anonymous"},
        {"X_Seraph_LoginReason": "OUT"},
        {"X_Seraph_LoginReason": "AUTHENTICATED_FAILED"},
        {"X_Seraph_LoginReason": "AUTHENTICATED_FAILED, OUT"},
    ],
)
def test_an_answer_as_to_a_visitor_means_a_rejected_sign_in_whatever_its_status(
    status: int, told: dict[str, str]
) -> None:
    assert isinstance(failure(asked(says({}, status, **told)), "page 9"), SignInRejected)
    assert not isinstance(failure(asked(says({}, 404, **told), signed=False), "page 9"), SignInRejected)


@pytest.mark.parametrize(
    "told",
    [
        {"X_AUSERNAME": "ada", "X_Seraph_LoginReason": "OUT"},
        {"X_Seraph_LoginReason": "AUTHENTICATED_FAILED, OK"},
        {"X_Seraph_LoginReason": "AUTHORISATION_FAILED"},
    ],
)
def test_a_404_to_a_known_person_is_about_the_item(told: dict[str, str]) -> None:
    assert isinstance(failure(asked(says({}, 404, **told)), "page 9"), NotVisible)


def test_a_good_answer_is_no_failure() -> None:
    assert failure(asked(says({}, 200, X_AUSERNAME="ada", X_Seraph_LoginReason="OK")), "x") is None
    assert failure(asked(says({}, 200, X_AUSERNAME="anonymous"), signed=False), "x") is None


@pytest.mark.parametrize(("title", "bare"), [("Not Found", True), ("Cannot find a page with id [9]", False)])
def test_a_404_that_names_nothing_is_marked_as_doubtful(title: str, bare: bool) -> None:
    error = failure(asked(says({"errors": [{"status": 404, "title": title}]}, 404)), "page 9")
    assert isinstance(error, NotVisible)
    assert error.bare is bare


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry_After": "3"}, 3.0),
        ({"Retry_After": " 2.5 "}, 2.5),
        ({"Retry_After": "Wed, 01 Jan 2031 10:00:10 GMT", "Date": "Wed, 01 Jan 2031 10:00:00 GMT"}, 10.0),
        ({"X_RateLimit_Reset": "2031-01-01T11:00:05+01:00", "Date": "Wed, 01 Jan 2031 10:00:00 GMT"}, 5.0),
        ({"X_RateLimit_Reset": "2030-01-01T10:00", "Date": "Wed, 01 Jan 2031 10:00:00 GMT"}, 0.0),
        ({"X_RateLimit_Reset": "1924992000", "Date": "soon"}, None),
        ({"Retry_After": "soon"}, None),
        ({}, None),
    ],
)
def test_a_named_wait_is_read_in_each_form(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(says({}, 429, **headers)) == seconds


@pytest.mark.parametrize(
    "content", [[], "text", {"errors": []}, {"errors": ["odd"]}, {"message": None}, {"message": 7}]
)
def test_an_error_of_any_shape_is_read(content: Any) -> None:
    assert isinstance(failure(asked(says(content, 400)), "the item"), ItemBroken)


def test_long_words_are_cut_short() -> None:
    assert len(str(failure(asked(says({"message": "x" * 9999}, 400)), "the item"))) < 500


@pytest.mark.parametrize(
    ("text", "means"),
    [
        (b'{"title": "caf\xc3\xa9"}', {"title": "café"}),
        (b'{"title": "half a \\ud83d"}', {"title": "half a \ud83d"}),
        (b'\xef\xbb\xbf{"score": NaN}', None),
    ],
)
def test_data_is_read_also_where_it_is_less_than_strict(text: bytes, means: dict[str, str] | None) -> None:
    found = data_of(httpx.Response(200, content=text))
    assert found == means or (means is None and found["score"] != found["score"])


def test_what_is_no_data_is_said_to_be_none() -> None:
    with pytest.raises(ValueError, match="Unterminated"):
        data_of(httpx.Response(200, content=b'{"title": "cut'))
