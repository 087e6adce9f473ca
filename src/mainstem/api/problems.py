"""What the API says when it cannot answer: problem details as RFC 9457 has them. They quote nothing of the request."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException as Refusal

from mainstem.api.headers import secure

MEDIA_TYPE = "application/problem+json"
SCHEMAS = "#/components/schemas/"

DETAILS: Mapping[int, str] = {
    400: "The body cannot be read: it is no JSON, or says what makes no sense.",
    401: "Show an API key of yours: `Authorization: Bearer mst_...`. You make one in Mainstem, under API keys.",
    403: "Your role does not allow this. An admin or an owner of this workspace can do it, or give you another role.",
    404: "There is nothing here, or nothing that you may see.",
    405: "This address is asked in another way: see the methods in the header `Allow`.",
    413: "This is too much at once. Send less.",
    422: "Part of the request is not what it should be: see `errors`.",
    500: "This is not your fault. Try again in a moment; if it stays, tell an admin.",
}


class Fault(BaseModel):
    """One thing that is wrong with a request."""

    where: str = Field(description="The part of the request, as `query.limit`.")
    says: str = Field(description="What is wrong with it.")


class Problem(BaseModel):
    """Why a request was not answered (RFC 9457)."""

    type: str = Field(default="about:blank", description="Always `about:blank`: the status says it all.")
    title: str = Field(description="The name of the status.")
    status: int = Field(description="The status of this answer.")
    detail: str = Field(description="What to do about it, for a person.")
    errors: list[Fault] = Field(default=[], description="Where a request is wrong, all of it at once.")


def problem(detail: str) -> dict[str, Any]:
    """How the description tells of a problem that an operation may answer with."""
    return {"description": detail, "content": {MEDIA_TYPE: {"schema": {"$ref": f"{SCHEMAS}Problem"}}}}


def refused(_request: Request, error: Exception) -> Response:
    """What cannot be shown or done."""
    assert isinstance(error, HTTPException | Refusal)
    told = str(error.detail) if error.detail != HTTPStatus(error.status_code).phrase else ""
    return _problem(error.status_code, told, headers=error.headers)


def misunderstood(_request: Request, error: Exception) -> Response:
    """A request that makes no sense."""
    assert isinstance(error, RequestValidationError)
    faults = [Fault(where=".".join(str(part) for part in each["loc"]), says=each["msg"]) for each in error.errors()]
    return _problem(422, errors=faults)


def broken(_request: Request, _error: Exception) -> Response:
    """A fault of ours, which the server logs."""
    answer = _problem(500)
    # It is sent from outside of all middleware.
    secure(answer.headers)
    return answer


def _problem(
    status: int, detail: str = "", errors: list[Fault] | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    title = HTTPStatus(status).phrase
    content = Problem(title=title, status=status, detail=detail or DETAILS.get(status, title), errors=errors or [])
    more = dict(headers or {}) | ({"WWW-Authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else {})
    return JSONResponse(content.model_dump(), status, headers=more, media_type=MEDIA_TYPE)
