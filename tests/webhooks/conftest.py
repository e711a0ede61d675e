"""A receiver on loopback, in a thread, that takes real requests."""

import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


@dataclass
class Taken:
    path: str
    headers: dict
    body: bytes
    at: float = field(default_factory=time.monotonic)


class Receiver:
    """Keeps what it is sent, and answers by `answer(handler)`; without one with 204."""

    def __init__(self):
        self.taken = []
        self.answer = None
        self.over = threading.Event()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.taken.append(Taken(self.path, dict(self.headers), body))
                if receiver.answer:
                    receiver.answer(self)
                else:
                    say(self, 204)

            def log_message(self, *_arguments):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, client_address):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def port(self):
        return self.server.server_port

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}/kam?from=crm"

    def says(self, status, body=b"", **headers):
        self.answer = lambda handler: say(handler, status, body, **headers)

    def hangs(self):
        self.answer = lambda handler: self.over.wait(60)

    def close(self):
        self.over.set()
        self.server.shutdown()
        self.server.server_close()


def say(handler, status, body=b"", **headers):
    handler.send_response(status)
    for name, value in {"Content_Length": str(len(body)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def receivers(settings):
    """Makes receivers, and lets the product speak to them."""
    made = []
    settings.WEBHOOK_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    settings.WEBHOOK_ALLOW_HTTP = True

    def make():
        made.append(Receiver())
        settings.WEBHOOK_PORTS = [each.port for each in made]
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def receiver(receivers):
    return receivers()
