"""Where a webhook may not point, in every disguise that is known."""

import ipaddress
import ssl
import subprocess
from pathlib import Path

import pytest

from firm.models import Delivery
from firm.webhooks.addresses import LONGEST, Refused, Unknown, checked_ip, look_up, read
from firm.webhooks.post import connect
from firm.webhooks.sending import send_next
from kam_crm.hooks import READERS
from tests.factories import DeliveryFactory

# Refused as they are read: nothing is looked up for them.
ODD = (Path(__file__).parent / "refused.txt").read_text().splitlines()
UNPRINTED = [
    "",
    " ",
    " https://hooks.example.com/",
    "https://hooks.example.com/ ",
    "https://hooks.example.com/\r\nX-Injected: 1",
    "https://hooks.example.com/\nHost: 127.0.0.1",
    "https://hooks.example.com\r\n.127.0.0.1/",
    "https://127.0.0.1\t.example.com/",
    "ht\ntps://127.0.0.1/",
    "https://hooks.example.com/\0",
    "https://hooks.example.com/a b",
    "https://hooks.example.com/\x7f",
    "https://hooks.example\u200b.com/",
    "https://hooks.example.com/" + LONGEST * "a",
    "https://" + "a." * 130 + "com/",
    "https://" + "a" * 64 + ".com/",
]
# What a name may lead to, though it looks harmless. Any one of them is enough.
TRAPS = [
    ["127.0.0.1"],
    ["0.0.0.0"],  # noqa: S104 - never bound
    ["10.1.2.3"],
    ["172.20.0.1"],
    ["192.168.10.10"],
    ["169.254.169.254"],
    ["100.64.0.1"],
    ["168.63.129.16"],
    ["192.0.0.192"],
    ["::1"],
    ["::"],
    ["::ffff:127.0.0.1"],
    ["::ffff:169.254.169.254"],
    ["fe80::1"],
    ["fe80::1%lo"],
    ["fd00:ec2::254"],
    ["64:ff9b::7f00:1"],
    ["2002:7f00:1::"],
    ["224.0.0.1"],
    ["255.255.255.255"],
    ["93.184.215.14", "127.0.0.1"],
    ["127.0.0.1", "93.184.215.14"],
    ["2606:4700::1111", "::1"],
    ["93.184.215.14", "8.8.8.8", "10.0.0.1"],
]
OPEN = {
    "https://hooks.example.com": ("hooks.example.com", 443, "/", "hooks.example.com"),
    "https://Hooks.Example.COM:8443/a/b?c=d%20e": (
        "hooks.example.com",
        8443,
        "/a/b?c=d%20e",
        "hooks.example.com:8443",
    ),
    "https://xn--bcher-kva.example/": ("xn--bcher-kva.example", 443, "/", "xn--bcher-kva.example"),
    "https://93.184.215.14/x": ("93.184.215.14", 443, "/x", "93.184.215.14"),
    "https://[2606:4700:0::1111]/": ("2606:4700::1111", 443, "/", "[2606:4700::1111]"),
    "https://[::ffff:8.8.8.8]/": ("::ffff:808:808", 443, "/", "[::ffff:808:808]"),
    "https://[64:ff9b::808:808]/": ("64:ff9b::808:808", 443, "/", "[64:ff9b::808:808]"),
    "https://a?b=//127.0.0.1/".replace("a?", "a.example?"): (
        "a.example",
        443,
        "/?b=//127.0.0.1/",
        "a.example",
    ),
}


def test_the_corpus_is_large():
    assert len({*ODD, *UNPRINTED}) + len(TRAPS) > 200


@pytest.mark.parametrize("text", [*ODD, *UNPRINTED])
def test_an_odd_address_is_refused_as_it_is_read(text):
    with pytest.raises(Refused):
        read(text)


@pytest.mark.parametrize("found", TRAPS, ids=" ".join)
def test_a_name_that_leads_inside_is_refused(found):
    with pytest.raises(Refused):
        checked_ip(read("https://hooks.example.com/"), lambda host, port: found)


@pytest.mark.parametrize("text", OPEN)
def test_an_address_of_the_open_internet_is_read_as_it_is(text):
    host, port, target, header = OPEN[text]

    address = read(text)

    assert (address.host, address.port, address.target) == (host, port, target)
    assert address.host_header == header


def test_a_name_without_an_address_is_unknown():
    with pytest.raises(Unknown):
        checked_ip(read("https://hooks.example.com/"), lambda host, port: [])


def test_the_systems_resolver_is_asked_and_finds_what_it_finds():
    assert {ipaddress.ip_address(ip).is_loopback for ip in look_up("localhost", 443)} == {True}
    assert look_up("no-such-host.invalid", 443) == []


def test_plain_http_and_other_networks_are_for_those_who_choose_them(settings):
    settings.WEBHOOK_ALLOW_HTTP = True
    settings.WEBHOOK_ALLOWED_NETWORKS = ["10.1.0.0/16"]

    assert read("http://10.1.2.3/").port == 80
    for other in ("http://10.2.0.1/", "http://127.0.0.1/", "http://[::ffff:10.2.0.1]/"):
        with pytest.raises(Refused):
            read(other)


def test_a_name_is_resolved_once_and_connected_to_what_was_checked(db, receiver, settings):
    """A resolver that changes its mind after the check (DNS rebinding) is not asked again."""
    asked = []

    def rebinding(host, port):
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    address = receiver.address.replace("127.0.0.1", "hooks.example.com")
    delivery = DeliveryFactory(webhook__address=address, topic="webhook.test")

    send_next(READERS, rebinding)

    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.DELIVERED
    assert asked == ["hooks.example.com"]
    assert receiver.taken[0].headers["Host"] == f"hooks.example.com:{receiver.port}"


@pytest.mark.parametrize("trap", [["127.0.0.1"], ["8.8.8.8", "127.0.0.1"]])
def test_nothing_reaches_a_receiver_inside(db, receiver, settings, trap):
    settings.WEBHOOK_ALLOWED_NETWORKS = []
    address = receiver.address.replace("127.0.0.1", "hooks.example.com")
    delivery = DeliveryFactory(webhook__address=address, topic="webhook.test")

    send_next(READERS, lambda host, port: trap)

    delivery.refresh_from_db()
    assert delivery.fault == Delivery.Fault.ADDRESS
    assert "not on the open internet" in delivery.detail
    assert "127.0.0.1" not in delivery.detail
    assert receiver.taken == []


def test_proxies_of_the_environment_are_not_asked(db, receivers, monkeypatch):
    receiver, proxy = receivers(), receivers()
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy.address)
    DeliveryFactory(webhook__address=receiver.address, topic="webhook.test")

    send_next(READERS)

    assert len(receiver.taken) == 1
    assert proxy.taken == []


@pytest.fixture
def certified(receiver, tmp_path, monkeypatch):
    """The receiver speaks TLS, as hooks.example.com."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-keyout", key, "-out", certificate, "-subj", "/CN=hooks.example.com"),
            *("-addext", "subjectAltName=DNS:hooks.example.com"),
        ],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    names = []
    context.sni_callback = lambda sock, name, context: names.append(name)
    receiver.server.socket = context.wrap_socket(receiver.server.socket, server_side=True)
    receiver.names = names
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    return receiver


@pytest.mark.parametrize(
    ("host", "fault"),
    [("hooks.example.com", ""), ("other.example.com", Delivery.Fault.CERTIFICATE)],
)
def test_the_certificate_has_to_be_that_of_the_name(db, certified, host, fault):
    delivery = DeliveryFactory(
        webhook__address=f"https://{host}:{certified.port}/", topic="webhook.test"
    )

    send_next(READERS, lambda host, port: ["127.0.0.1"])

    delivery.refresh_from_db()
    assert delivery.fault == fault
    assert certified.names == [host]
    assert len(certified.taken) == (0 if fault else 1)


def test_a_certificate_that_nobody_vouches_for_is_refused(db, certified, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    address = read(f"https://hooks.example.com:{certified.port}/")

    with pytest.raises(ssl.SSLError):
        connect(address, "127.0.0.1")
