"""How Data Center says no: errors as JSON, and the login page where a filter answers before REST does."""

from starlette.responses import HTMLResponse, JSONResponse, Response

from confluence_emulator.state import Kind

EXCEPTIONS = "com.atlassian.confluence.api.service.exceptions"
REASONS = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 500: "Internal Server Error"}
WEBSUDO_PAGE = (
    "<!DOCTYPE html><html><head><title>Administrator Access - Confluence</title></head><body>"
    '<form action="/doauthenticate.action" method="post"><input type="password" name="password"></form></body></html>'
)


class Refused(Exception):
    """A request that gets an error; `message` is what the JSON says, `headers` go with it."""

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        """Refuse with a status and a message."""
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers or {}

    def response(self) -> Response:
        """The refusal as Confluence's error JSON."""
        data = {"authorized": self.status not in (401, 403), "valid": True, "errors": [], "successful": False}
        body = {"statusCode": self.status, "data": data, "message": self.message}
        return JSONResponse({**body, "reason": REASONS.get(self.status, "")}, self.status, self.headers)


def no_content(content_id: str) -> Refused:
    """No such content, or none the caller may know of: the two look alike."""
    return Refused(404, f"No content found with id: ContentId{{id={content_id}}}")


def no_space(key: str) -> Refused:
    """No such space, or none the caller may know of."""
    return Refused(404, f"No space with key : {key}")


def no_user(name: str) -> Refused:
    """No such account."""
    return Refused(404, f"No user found with key : {name}")


def not_admin() -> Refused:
    """An administrators' endpoint."""
    return Refused(403, f"{EXCEPTIONS}.PermissionException: Only administrators may do this")


def wrong_type(kind: Kind) -> Refused:
    """A kind of content where another was expected."""
    return Refused(400, f"{EXCEPTIONS}.BadRequestException: Not supported for content of type {kind}")


def websudo() -> Response:
    """The page that asks an administrator for the password again, with status 200."""
    return HTMLResponse(WEBSUDO_PAGE)
