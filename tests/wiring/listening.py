"""Those whom alerts are sent to: a webhook's server and a mail server, each on this machine."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer


@dataclass
class Hook:
    """What a webhook's server got, and with which status it answers."""

    url: str = ""
    status: int = 200
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def hooked() -> Iterator[Hook]:
    """A webhook's server."""
    hook = Hook()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            hook.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(hook.status)
            self.send_header("Location", "http://169.254.169.254/")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        hook.url = f"http://127.0.0.1:{server.server_address[1]}/services/path-with-a-right"
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield hook
        server.shutdown()


@dataclass
class Post:
    """The letters that a mail server took; it refuses those to anybody at `refused`."""

    port: int = 0
    refused: str = "nobody.example"
    letters: list[str] = field(default_factory=list)


@contextmanager
def posted() -> Iterator[Post]:
    """A mail server that wants no encryption."""
    post = Post()

    class Speaks(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 ready")
            while line := self.rfile.readline().decode().strip():
                verb = line[:4].upper()
                if verb == "DATA":
                    self.say("354 go on")
                    post.letters.append("".join(iter(lambda: self.rfile.readline().decode(), ".\r\n")))
                if verb == "EHLO":
                    self.say("250-here")
                    self.say("250 AUTH PLAIN LOGIN")
                    continue
                refused = verb == "RCPT" and post.refused in line
                self.say("550 unknown, and " + line if refused else "221 bye" if verb == "QUIT" else "250 ok")

        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Speaks) as server:
        server.daemon_threads = True
        post.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield post
        server.shutdown()
