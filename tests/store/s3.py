"""A bucket of S3 on this machine, as far as the hub asks: put, get, and delete of many. It checks no signature."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from obstore.store import S3Store


@dataclass
class Stand:
    """What is in the bucket, by name, and the error that it answers everything with, as (status, code)."""

    url: str = ""
    held: dict[str, bytes] = field(default_factory=dict)
    refusal: tuple[int, str] | None = None

    def store(self) -> S3Store:
        """The bucket as obstore sees it."""
        return S3Store(
            "bucket",
            endpoint=self.url,
            region="here",
            access_key_id="AKIAMADEUP",
            secret_access_key="the-secret",
            client_options={"allow_http": True},
            retry_config={"max_retries": 0},
        )


class Answers(BaseHTTPRequestHandler):
    """What the bucket `stand` says to a request."""

    stand: Stand
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        data = self._body()
        if self._allowed():
            self.stand.held[self._name()] = data
            self._answer(200)

    def do_GET(self) -> None:
        if self._allowed():
            data = self.stand.held.get(self._name())
            self._answer(404, _error("NoSuchKey")) if data is None else self._answer(200, data)

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_POST(self) -> None:
        names = re.findall(r"<Key>(.*?)</Key>", self._body().decode())
        if self._allowed():
            gone = "".join(f"<Deleted><Key>{name}</Key></Deleted>" for name in names)
            for name in names:
                self.stand.held.pop(name, None)
            self._answer(200, f"<DeleteResult>{gone}</DeleteResult>".encode())

    def _allowed(self) -> bool:
        if self.stand.refusal is not None:
            self._answer(self.stand.refusal[0], _error(self.stand.refusal[1]))
        return self.stand.refusal is None

    def _name(self) -> str:
        return self.path.partition("?")[0].removeprefix("/bucket/")

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers["content-length"]))

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", f'"{md5(body, usedforsecurity=False).hexdigest()}"')
        self.send_header("Last-Modified", "Mon, 02 Mar 2026 09:00:00 GMT")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def bucket() -> Iterator[Stand]:
    """An empty one."""
    stand = Stand()
    answers = type("Answering", (Answers,), {"stand": stand})
    with ThreadingHTTPServer(("127.0.0.1", 0), answers) as server:
        server.daemon_threads = True
        stand.url = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield stand
        server.shutdown()


def _error(code: str) -> bytes:
    return f"<Error><Code>{code}</Code><Message>the-secret of AKIAMADEUP</Message></Error>".encode()
