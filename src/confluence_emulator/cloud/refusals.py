"""How Confluence Cloud says no: every error body of v2, v1 and the API gateway."""

from typing import Any


class Refusal(Exception):
    """An answer other than success. `body` is JSON, or HTML when it is text."""

    def __init__(self, status: int, body: dict[str, Any] | str, headers: dict[str, str] | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.body = body
        self.headers = headers or {}


_EXCEPTIONS = "com.atlassian.confluence.api.service.exceptions"
_CODES = {400: "INVALID_REQUEST_PARAMETER", 403: "FORBIDDEN", 404: "NOT_FOUND", 409: "CONFLICT"}


def v2(status: int, title: str) -> Refusal:
    """A v2 error; the code follows from the status."""
    error = {"status": status, "code": _CODES[status], "title": title, "detail": None}
    return Refusal(status, {"errors": [error]})


def bare_not_found() -> Refusal:
    """The 404 that v2 gives alike for a purged page and for a caller it does not let in."""
    return v2(404, "Not Found")


def v1_not_found(content_id: str) -> Refusal:
    """No content of this id that the caller may see."""
    return v1_no_content(f"No content found with id : {content_id}")


def v1_no_content(message: str) -> Refusal:
    """A 404 of the content services, with their `data`."""
    errors = [{"message": {"translation": message, "args": []}}]
    data = {"authorized": False, "valid": False, "errors": errors, "successful": False}
    text = f"{_EXCEPTIONS}.api.NotFoundException: {message}"
    return Refusal(404, {"statusCode": 404, "data": data, "message": text})


def v1_no_space(key: str) -> Refusal:
    """No space of this key that the caller may see; without `data`."""
    text = f'org.springframework.web.server.ResponseStatusException: 404 NOT_FOUND "No space found with key : {key}"'
    return Refusal(404, {"statusCode": 404, "message": text})


def v1_bad_request(message: str) -> Refusal:
    """A v1 request that makes no sense."""
    return Refusal(400, {"statusCode": 400, "message": f"{_EXCEPTIONS}.BadRequestException: {message}"})


def v1_bad_integer(name: str, value: str) -> Refusal:
    """A number was expected."""
    exception = "org.springframework.web.method.annotation.MethodArgumentTypeMismatchException"
    text = (
        f'{exception}: Failed to convert value of type \'java.lang.String\' for "{name}": For input string: "{value}"'
    )
    return Refusal(400, {"statusCode": 400, "message": text})


def v1_forbidden() -> Refusal:
    """What most v1 routes tell a caller whose credentials are wrong or absent."""
    exception = "com.atlassian.confluence.mvc.rest.common.exception.StacklessResponseStatusException"
    text = f'{exception}: 403 FORBIDDEN "Request rejected because caller cannot access Confluence"'
    return Refusal(403, {"statusCode": 403, "message": text})


def v1_not_permitted() -> Refusal:
    """What search and the other older services tell a caller they do not let in."""
    return Refusal(403, {"message": "Current user not permitted to use Confluence", "statusCode": 403})


def gone() -> Refusal:
    """A v1 route that was removed for OAuth."""
    text = f"{_EXCEPTIONS}.pagesmodes.GoneException: This deprecated endpoint has been removed."
    data = {"authorized": True, "valid": True, "errors": [], "successful": True}
    return Refusal(410, {"statusCode": 410, "data": data, "message": text})


def no_route(path: str, status: int = 404) -> Refusal:
    """A path, or with 405 a method, that nothing answers."""
    error = "Not Found" if status == 404 else "Method Not Allowed"
    return Refusal(status, {"status": status, "error": error, "message": f"null for uri: {path}", "path": path})


def tomcat_unauthorized(base_url: str) -> Refusal:
    """The servlet container's own 401, in HTML: a malformed header, or a scoped token on the site's host."""
    html = (
        '<!doctype html><html lang="en"><head><title>HTTP Status 401 - Unauthorized</title></head>'
        "<body><h1>HTTP Status 401 - Unauthorized</h1></body></html>"
    )
    return Refusal(401, html, {"WWW-Authenticate": f'OAuth realm="{base_url}"'})


def gateway_unauthorized() -> Refusal:
    """The gateway's answer to credentials it does not accept."""
    return Refusal(401, {"code": 401, "message": "Unauthorized"})


def scope_missing() -> Refusal:
    """The gateway's answer to a token that lacks the scope, given before anything is looked up."""
    headers = {"X-Failure-Category": "FAILURE_CLIENT_SCOPE_CHECK"}
    return Refusal(401, {"code": 401, "message": "Unauthorized; scope does not match"}, headers)


def unknown_cloud(cloud_id: str) -> Refusal:
    """The gateway's answer to a cloud id that is not this site's."""
    return Refusal(404, {"code": 404, "message": f"No site found for cloudId {cloud_id}"})
