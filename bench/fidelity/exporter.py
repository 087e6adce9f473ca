"""confluence-markdown-exporter as its users run it, beside a small server of the constructs that answers what it asks.

It fetches a page over HTTP: as the server rendered it (`view`, `export_view`), as stored, as the editor has it; then
its files, the people it mentions, the pages it links to. Runs in the environment of the peers.
"""

import json
import os
import re
import tempfile
import threading
import tomllib
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

WORLD = tomllib.loads(Path(__file__).with_name("world.toml").read_text(encoding="utf-8"))
FIRST_PAGE = 5000
"""The id of the first construct; the pages of the world have lower ones."""

_OF_THE_EDITOR = re.compile(r' data-(?:macro-name|macro-id|hasbody)="[^"]*"')
"""What `view` tells of macros, and `export_view` does not."""

SPACE = {**WORLD["space"], "homepage": {"id": WORLD["space"]["homepage"]}}


class Site:
    """The pages that are asked for, by id."""

    def __init__(self) -> None:
        self.pages: dict[str, dict[str, Any]] = {
            page: _content(page, title, "", "") for page, title in WORLD["pages"].items()
        }

    def add(self, page: dict[str, str]) -> int:
        """Serve one more page; its id."""
        number = FIRST_PAGE + len(self.pages)
        self.pages[str(number)] = _content(str(number), page["name"], page["text"], page["body"])
        return number

    def answer(self, path: str, query: dict[str, list[str]]) -> Any:
        """What the server says to a request; None: there is nothing."""
        match path.strip("/").split("/")[2:]:
            case ["content", page, "child", "attachment"]:
                files = [_file(identity, title) for identity, title in WORLD["files"].items()]
                return {"results": files if page in self.pages else [], "size": len(files)}
            case ["content", page]:
                return self.pages.get(page)
            case ["space"]:
                return {"results": [SPACE]}
            case ["space", _]:
                return SPACE
            case ["user"]:
                identity = query.get("accountId", query.get("key", [""]))[0]
                name = WORLD["people"].get(identity)
                return {"accountId": identity, "displayName": name} if name else None
            case [_, "project" | "projects"]:
                return []
            case [_, "issue", key]:
                return {"key": key, "fields": {"summary": "", "status": {"name": ""}, "description": ""}}
            case _:
                return None


def _content(number: str, title: str, view: str, storage: str) -> dict[str, Any]:
    rendered, stored, exported = {"value": view}, {"value": storage}, {"value": _OF_THE_EDITOR.sub("", view)}
    return {
        "id": int(number),
        "type": "page",
        "title": title,
        "_expandable": {"space": "/rest/api/space/OPS"},
        "_links": {"webui": f"/spaces/OPS/pages/{number}", "base": ""},
        "ancestors": [],
        "version": {"number": 1},
        "metadata": {"labels": {"results": []}},
        "body": {"view": rendered, "export_view": exported, "storage": stored, "editor2": stored},
    }


def _file(identity: str, title: str) -> dict[str, Any]:
    return {
        "id": f"att-{identity}",
        "title": title,
        "_expandable": {"space": "/rest/api/space/OPS"},
        "_links": {"download": f"/download/attachments/1/{title}"},
        "extensions": {"mediaType": "application/octet-stream", "fileId": identity},
        "container": {"id": 1000, "title": "Operations", "_expandable": {"space": "/rest/api/space/OPS"}},
        "version": {"number": 1},
    }


def _serve(site: Site) -> str:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            told = site.answer(asked.path, parse_qs(asked.query))
            body = json.dumps({"message": "not found"} if told is None else told).encode()
            self.send_response(404 if told is None else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def exporting() -> Callable[[dict[str, str]], str]:
    """A converter of one page at a time, with the exporter's settings as they come, but without the page's title."""
    site = Site()
    address = _serve(site)
    folder = tempfile.mkdtemp()
    settings = Path(folder, "settings.json")
    reader = {"username": "reader", "api_token": "token"}
    settings.write_text(
        json.dumps(
            {
                "auth": {"confluence": {address: reader}, "jira": {address: reader}},
                "export": {"output_path": folder, "include_document_title": False, "page_breadcrumbs": False},
            }
        )
    )
    os.environ["CME_CONFIG_PATH"] = str(settings)
    from confluence_markdown_exporter.confluence import Page

    return lambda page: Page.from_id(site.add(page), address).markdown
