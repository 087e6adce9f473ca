"""What the API says of itself is what it does: requests made up from its description, right ones and wrong ones."""

from typing import Any

import anyio
import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import negative_data_rejection

from mainstem.api.app import make_api
from mainstem.api.behind import Behind
from mainstem.web.addresses import Ours
from tests.api.conftest import SESSION, key_of
from tests.web.desk import Desk

OPENAPI = "/api/v1/openapi.json"
MADE_UP = settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    database=None,
    derandomize=True,
)


@pytest.fixture
def app(desk: Desk) -> FastAPI:
    """The API of a hub whose wiki was read."""
    desk.worker.ask(desk.session.connection_id)
    anyio.run(desk.rest)
    return make_api(Behind(desk.session.hub, Ours(), SESSION, desk.worker))


@pytest.mark.parametrize("who", ["olga", "charlie"])
def test_no_request_breaks_the_api_or_is_answered_otherwise_than_described(desk: Desk, app: FastAPI, who: str) -> None:
    key = {"Authorization": f"Bearer {key_of(desk.session.hub, f'{who}@hub.example', read_only=False)}"}
    asked = set()
    for found in schemathesis.openapi.from_asgi(OPENAPI, app).get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        for mode in GenerationMode:
            if mode is GenerationMode.NEGATIVE and not (operation.query or operation.path_parameters):
                continue

            @MADE_UP
            @given(case=operation.as_strategy(generation_mode=mode))
            def answer(case: Case[Any]) -> None:
                # That check counts what a request no longer has once it is sent: empty lists, and the lack of a key.
                told = case.call_and_validate(headers=key, excluded_checks=[negative_data_rejection])
                assert told.status_code < 500
                if who == "charlie":
                    assert "Kettle" not in told.text

            answer()
            asked.add(operation.path)
    assert asked == set(app.openapi()["paths"])
