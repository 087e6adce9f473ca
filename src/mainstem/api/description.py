"""The API's description as OpenAPI: what FastAPI says of the routes, and the problems that each may answer with."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from mainstem.api.problems import DETAILS, SCHEMAS, Fault, Problem, problem


def described(app: FastAPI) -> dict[str, Any]:
    """The description, which is made once."""
    if app.openapi_schema is None:
        app.openapi_schema = _description(app)
    return app.openapi_schema


def _description(app: FastAPI) -> dict[str, Any]:
    made: dict[str, Any] = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    schemas = made["components"]["schemas"]
    for left in ("HTTPValidationError", "ValidationError"):
        schemas.pop(left, None)
    schemas["Fault"] = Fault.model_json_schema()
    schemas["Problem"] = Problem.model_json_schema(ref_template=SCHEMAS + "{model}")
    schemas["Problem"].pop("$defs")
    for operations in made["paths"].values():
        for operation in operations.values():
            operation["responses"] |= {str(status): problem(DETAILS[status]) for status in _statuses(operation)}
    return made


def _statuses(operation: dict[str, Any]) -> list[int]:
    """How an operation may be refused."""
    asked = operation.get("parameters", [])
    refusals = {
        400: "requestBody" in operation,
        401: True,
        403: True,
        404: any(each["in"] == "path" for each in asked),
        422: bool(asked) or "requestBody" in operation,
    }
    return [status for status, may in refusals.items() if may]
