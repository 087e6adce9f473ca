"""How a model is named, and how one is asked over the wire: an endpoint on this machine that speaks as OpenAI does."""

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from mainstem.assist.errors import ModelNowhere, ModelRefused, ModelSilent, ModelUnknown
from mainstem.assist.language_model import Endpoint, opened
from mainstem.settings import load_settings
from mainstem.wiring.models import model_of

KEY = "sk-of-the-test"


@dataclass
class Provider:
    """An endpoint that was asked `asked`, and answers with `status`."""

    url: str = ""
    status: int = 200
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


@pytest.fixture
def provider() -> Iterator[Provider]:
    fake = Provider()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            fake.keys.append(self.headers.get("Authorization", ""))
            fake.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(fake.status)
            self.send_header("Content-Type", "text/event-stream" if fake.status == 200 else "application/json")
            self.end_headers()
            if fake.status != 200:
                self.wfile.write(json.dumps({"error": {"message": f"Wrong key {KEY}"}}).encode())
                return
            for piece in ("For 90 ", "days [1]."):
                self.wfile.write(f"data: {json.dumps(_chunk({'role': 'assistant', 'content': piece}))}\n\n".encode())
            self.wfile.write(f"data: {json.dumps(_chunk({}, 'stop'))}\n\ndata: [DONE]\n\n".encode())

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answers)
    fake.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield fake
    server.shutdown()
    server.server_close()
    thread.join()


def _chunk(delta: dict[str, str], ended: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": ended}
    return {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "local", "choices": [choice]}


def written(endpoint: Endpoint) -> str:
    async def last() -> str:
        model = opened(endpoint, "*")
        return [text async for text in model.write("Be brief.", "How long?")][-1]

    return asyncio.run(last())


def test_an_endpoint_that_speaks_as_openai_does_is_asked_with_its_key(provider: Provider) -> None:
    assert written(Endpoint("local", provider.url, KEY)) == "For 90 days [1]."
    assert provider.keys == [f"Bearer {KEY}"]
    assert provider.asked[0]["model"] == "local"
    assert provider.asked[0]["stream"] is True
    assert "tools" not in provider.asked[0]
    said = json.dumps(provider.asked[0]["messages"])
    assert "Be brief." in said
    assert "How long?" in said


@pytest.mark.parametrize(("status", "error"), [(401, ModelRefused), (404, ModelRefused), (400, ModelRefused)])
def test_a_refusal_is_told_without_what_the_provider_said(
    provider: Provider, status: int, error: type[Exception]
) -> None:
    provider.status = status
    with pytest.raises(error) as refused:
        written(Endpoint("local", provider.url, KEY))
    assert KEY not in str(refused.value)
    assert refused.value.__cause__ is None


def test_an_endpoint_that_is_not_there_is_told() -> None:
    with pytest.raises(ModelSilent, match=r"cannot be reached|longer than"):
        written(Endpoint("local", "http://127.0.0.1:9/v1", KEY, timeout=5))


@pytest.mark.parametrize(
    ("name", "url", "key", "good"),
    [
        ("openai:gpt", "", "k", True),
        ("anthropic:claude", "", "k", True),
        ("qwen3:4b", "http://127.0.0.1:1/v1", "", True),
        ("qwen3:4b", "", "", False),
        ("anthropic:claude", "", "", False),
        ("openai:gpt", "", "", False),
        ("openai:", "", "k", False),
    ],
)
def test_a_model_must_be_named_so_that_it_can_be_found(name: str, url: str, key: str, good: bool) -> None:
    endpoint = Endpoint(name, url, key)
    if good:
        endpoint.check()
    else:
        with pytest.raises(ModelUnknown, match="MAINSTEM_MODEL"):
            endpoint.check()


@pytest.mark.parametrize(
    "url",
    [f"llm.example/v1?key={KEY}", f"llm.example:8080/{KEY}", f"ftp://llm.example/{KEY}", f"https:///{KEY}", "http://["],
)
def test_an_address_that_is_none_is_refused_and_shown_nowhere(url: str) -> None:
    for name in ("local", "openai:gpt"):
        with pytest.raises(ModelNowhere, match="MAINSTEM_MODEL_URL") as refused:
            opened(Endpoint(name, url, KEY), "*")
        assert KEY not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "url", "destination"),
    [
        ("local", f"https://me:{KEY}@llm.example:8443/v1?key={KEY}", "llm.example:8443"),
        ("openai:gpt", "http://127.0.0.1:1/v1", "127.0.0.1:1"),
        ("openai:gpt", "", "OpenAI"),
        ("openai:gpt", f"llm.example/v1?key={KEY}", ""),
    ],
)
def test_where_text_goes_is_told_without_keys(name: str, url: str, destination: str) -> None:
    assert Endpoint(name, url, KEY).destination == destination


def test_the_settings_name_the_model_and_keep_its_key_to_themselves() -> None:
    given = {
        "MAINSTEM_MODEL": "local",
        "MAINSTEM_MODEL_URL": "http://127.0.0.1:1/v1",
        "MAINSTEM_MODEL_KEY": KEY,
        "MAINSTEM_MODEL_SPACES": "Acme/ENG, Acme/HR",
    }
    settings = load_settings(given)
    model = model_of(settings)
    assert model is not None
    assert model.spaces == {"acme/eng", "acme/hr"}
    assert KEY not in repr(settings)
    assert KEY not in repr(model)
    assert model_of(load_settings({})) is None


def test_without_the_optional_part_the_way_to_install_it_is_told() -> None:
    program = """
import asyncio, sys
sys.modules["pydantic_ai"] = None
from mainstem.assist.errors import ModelsMissing
from mainstem.assist.language_model import Endpoint, opened
async def ask():
    try:
        async for _ in opened(Endpoint("openai:gpt", key="k"), "*").write("", ""): pass
    except ModelsMissing as error:
        print(error)
asyncio.run(ask())
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "pip install 'mainstem[models]'" in ran.stdout


def test_nothing_of_the_optional_part_is_loaded_before_a_model_is_asked() -> None:
    program = """
import sys
import mainstem.web.app, mainstem.cli.asking
from mainstem.wiring.models import model_of
from mainstem.settings import load_settings
model_of(load_settings({"MAINSTEM_MODEL": "openai:gpt", "MAINSTEM_MODEL_KEY": "k"}))
print([name for name in ("pydantic_ai", "openai", "anthropic") if name in sys.modules])
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
