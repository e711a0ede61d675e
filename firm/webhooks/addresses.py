"""Where a webhook may point: an address is read strictly, and judged by what it resolves to."""

import ipaddress
import re
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

LONGEST = 500
PORTS = {"https": 443, "http": 80}
RESOLVED_WITHIN = 5

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], list[str]]

# The printing characters of ASCII without those that some reader of addresses takes otherwise.
PLAIN = re.compile(r"[!-~]+")
DOUBTFUL = re.compile(r"[\\@#\"<>^`{|}]")
LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
# What resolvers read as a part of an IPv4 address: decimal, octal, hexadecimal.
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")

# Global by its number, and yet the cloud's own: it answers from within (Azure).
CLOUD = {ipaddress.IPv4Address("168.63.129.16")}
# Of IPv6 only this is given to networks of the world.
WORLD = ipaddress.ip_network("2000::/3")
# In it, and no one's host: documentation, ORCHID, benchmarks, AMT and other protocols.
SPECIAL = [
    ipaddress.ip_network(text)
    for text in ("2001::/23", "2001:db8::/32", "3fff::/20", "2620:4f:8000::/48")
]
NAT64 = ipaddress.ip_network("64:ff9b::/96")
# IPv4 that leads to a protocol's own host, to a relay or into a sink.
UNFIT = [
    ipaddress.ip_network(text)
    for text in (
        "192.0.0.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.175.48.0/24",
    )
]


class Refused(Exception):
    """The address is not let through; the argument says why, to a person."""


class Unknown(Exception):
    """The host name has no address now."""


@dataclass(frozen=True)
class Address:
    """An address as it was read: what is connected to follows from it and nothing else."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def read(text: str) -> Address:
    """The parts of an address. Raises Refused where anything in it is odd, or not let through.

    No name is resolved; an IP address is judged.
    """
    if len(text) > LONGEST:
        raise Refused(_("The address is too long."))
    if not PLAIN.fullmatch(text) or DOUBTFUL.search(text):
        raise Refused(
            _(
                "The address holds a character that is not let through: no user name, no "
                "fragment, no spaces; write other scripts in their ASCII form (xn--)."
            )
        )
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise Refused(_("This is not an address.")) from error
    scheme = parts.scheme
    if scheme != "https" and not (scheme == "http" and settings.WEBHOOK_ALLOW_HTTP):
        raise Refused(_("The address has to begin with https://."))
    if parts.netloc.endswith(":") or port == 0:
        raise Refused(_("This is not an address."))
    port = port or PORTS[scheme]
    if port not in settings.WEBHOOK_PORTS:
        ports = ", ".join(map(str, settings.WEBHOOK_PORTS))
        raise Refused(_("The port has to be one of these: %(ports)s.") % {"ports": ports})
    host = host_of(parts.netloc)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Address(scheme, host, port, target)


def host_of(netloc: str) -> str:
    """The host that is named: a plain IPv4 address, an IPv6 address in brackets, or a name."""
    host = re.sub(r":[0-9]+$", "", netloc).lower()
    if host.startswith("["):
        try:
            ip: Ip = ipaddress.IPv6Address(host[1:-1] if host.endswith("]") else "")
        except ValueError as error:
            raise Refused(_("This is not an address.")) from error
        if "%" in host:
            raise Refused(_("This is not an address."))
        judge(ip)
        return str(ip)
    labels = host.split(".")
    if NUMBER.fullmatch(labels[-1]):
        try:
            ip = ipaddress.IPv4Address(host)
        except ValueError as error:
            raise Refused(_("Write an IP address as four plain numbers.")) from error
        judge(ip)
        return str(ip)
    if len(host) > 253 or len(labels) < 2 or not all(map(LABEL.fullmatch, labels)):
        raise Refused(_("The address needs a full host name, like hooks.example.com."))
    return host


def checked_ip(address: Address, resolve: Resolver | None = None) -> str:
    """The one IP address to connect to. Raises Refused, or Unknown where nothing is found.

    The name is resolved once, and everything that it resolves to has to be let through.
    """
    found = (resolve or look_up)(address.host, address.port)
    if not found:
        raise Unknown(address.host)
    for ip in found:
        judge(ipaddress.ip_address(ip))
    return found[0]


def look_up(host: str, port: int) -> list[str]:
    """What the system's resolver says of `host`; it has a few seconds."""
    found: list[str] = []

    def ask():
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        found.extend(str(place[0]) for *_kind, place in answers)

    # The resolver knows no time-out of its own.
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(RESOLVED_WITHIN)
    return [] if asking.is_alive() else found


def judge(ip: Ip) -> None:
    """Raises Refused unless `ip`, and what stands within it, are hosts of the open internet."""
    if any(ip in ipaddress.ip_network(text) for text in settings.WEBHOOK_ALLOWED_NETWORKS):
        return
    if not all(map(is_open, {ip, *within(ip)})):
        # Which one is not said: names within the house would be looked up by it.
        raise Refused(_("The address leads to a place that is not on the open internet."))


def within(ip: Ip) -> list[ipaddress.IPv4Address]:
    """IPv4 addresses that an IPv6 address carries: mapped, 6to4, Teredo, NAT64, ISATAP."""
    if isinstance(ip, ipaddress.IPv4Address):
        return []
    carried = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    low = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    is_isatap = (int(ip) >> 32) & 0xFFFFFFFF in (0x00005EFE, 0x02005EFE)
    if ip in NAT64 or is_isatap:
        carried.append(low)
    return [each for each in carried if each is not None]


def is_open(ip: Ip) -> bool:
    if isinstance(ip, ipaddress.IPv6Address):
        # Mapped and translated addresses are as open as what they carry.
        if ip.ipv4_mapped or ip in NAT64:
            return True
        return ip.is_global and ip in WORLD and not any(ip in network for network in SPECIAL)
    is_no_host = ip.is_multicast or ip.is_reserved or ip in CLOUD
    return ip.is_global and not is_no_host and not any(ip in network for network in UNFIT)
