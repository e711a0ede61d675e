"""One request to one checked address, whatever the receiver does."""

import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from firm.webhooks.addresses import Address

CONNECTED_WITHIN = 5
ANSWERED_WITHIN = 15
# Of an answer that much is read, and that much kept.
READ = 16 * 1024
KEPT = 1024


class Slow(Exception):
    """The receiver took longer than it may."""


@dataclass(frozen=True)
class Answer:
    status: int
    text: str


def post(address: Address, ip: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Send `body` to `ip` in the name of the address's host, and read the beginning of the answer.

    Follows no redirect, asks no proxy, unpacks nothing. Raises Slow, ssl.SSLError, OSError or
    urllib3's errors.
    """
    until = time.monotonic() + ANSWERED_WITHIN
    connection = connect(address, ip)
    try:
        with cut_off(connection, until) as was_cut:
            try:
                connection.request(
                    "POST",
                    address.target,
                    body=body,
                    headers={"Host": address.host_header, **headers},
                    preload_content=False,
                    decode_content=False,
                )
                response = connection.getresponse()
                answer = Answer(response.status, plain(response.read(READ, decode_content=False)))
            except Exception as error:
                if was_cut.is_set() or isinstance(error, TimeoutError):
                    raise Slow from error
                raise
        if was_cut.is_set():
            raise Slow
        return answer
    finally:
        connection.close()


def connect(address: Address, ip: str) -> HTTPConnection:
    """A connection to `ip` that proves by its certificate to be the address's host."""
    if address.scheme == "https":
        connection: HTTPConnection = HTTPSConnection(
            ip,
            address.port,
            timeout=CONNECTED_WITHIN,
            ssl_context=ssl.create_default_context(),
            server_hostname=address.host,
        )
    else:
        connection = HTTPConnection(ip, address.port, timeout=CONNECTED_WITHIN)
    try:
        connection.connect()
    except urllib3.exceptions.NewConnectionError:
        # Refused at once: for urllib3 a kind of the next.
        raise
    except (urllib3.exceptions.ConnectTimeoutError, TimeoutError) as error:
        raise Slow from error
    connection.sock.settimeout(ANSWERED_WITHIN)
    return connection


@contextmanager
def cut_off(connection: HTTPConnection, until: float):
    """Ends the connection at `until`: a receiver that sends a byte now and then is slow too."""
    was_cut = threading.Event()
    # A response without a length takes the socket away from its connection.
    sock = connection.sock

    def cut():
        was_cut.set()
        with suppress(OSError):
            # Not the shutdown of TLS, which would wait for the other side.
            socket.socket.shutdown(sock, socket.SHUT_RDWR)

    timer = threading.Timer(max(0.0, until - time.monotonic()), cut)
    timer.daemon = True
    timer.start()
    try:
        yield was_cut
    finally:
        timer.cancel()


def plain(answer: bytes) -> str:
    """The beginning of an answer as text that the database keeps."""
    return answer[:KEPT].decode(errors="replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
