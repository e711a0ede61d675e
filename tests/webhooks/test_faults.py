"""Receivers that hang, drip, flood and lie; and workers that die."""

import gzip
import os
import resource
import signal
import subprocess
import sys
import threading
import time

import pytest
from django.db import connection
from django.utils import timezone

from firm.models import Delivery, Webhook
from firm.webhooks import pool, post, sending
from firm.webhooks.actions import send_test
from firm.webhooks.pool import forget_old, send_waiting
from kam_crm.hooks import READERS
from tests.factories import AccountFactory, DeliveryFactory, WebhookFactory
from tests.ledgers import ROOT
from tests.processes import database_url, wait_until

State, Fault = Delivery.State, Delivery.Fault


@pytest.fixture
def quick(monkeypatch):
    """Those who wait do so for a second, not for a quarter of a minute."""
    monkeypatch.setattr(post, "ANSWERED_WITHIN", 1)


@pytest.fixture
def delivery(db, receiver):
    return DeliveryFactory(webhook__address=receiver.address, topic="webhook.test")


def send(delivery):
    assert sending.send_next(READERS)
    delivery.refresh_from_db()
    return delivery


def drip_headers(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(100):
        handler.wfile.write(b"X-%d: y\r\n" % number)
        handler.wfile.flush()
        time.sleep(0.2)


def drip_body(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    for _number in range(100):
        handler.wfile.write(b".")
        handler.wfile.flush()
        time.sleep(0.2)


def go_on_and_on(handler):
    for _number in range(100):
        handler.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        handler.wfile.flush()
        time.sleep(0.2)


@pytest.mark.parametrize("dripping", [None, drip_headers, drip_body, go_on_and_on])
def test_a_receiver_that_hangs_or_drips_is_cut_off_in_time(quick, delivery, receiver, dripping):
    if dripping:
        receiver.answer = dripping
    else:
        receiver.hangs()
    began = time.monotonic()

    failed = send(delivery)

    assert time.monotonic() - began < 4
    assert (failed.state, failed.fault) == (State.WAITING, Fault.SLOW)


def flood(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", str(10 * 1000**3))
    handler.end_headers()
    block = b"x" * (1 << 20)
    for _number in range(10_000):
        handler.wfile.write(block)


def flood_in_chunks(handler):
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    for _number in range(10_000):
        handler.wfile.write(b"100000\r\n" + b"x" * 0x100000 + b"\r\n")


@pytest.mark.parametrize("flooding", [flood, flood_in_chunks])
def test_of_ten_gigabytes_the_beginning_is_read(delivery, receiver, flooding):
    receiver.answer = flooding
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    done = send(delivery)

    assert (done.state, done.response) == (State.DELIVERED, "x" * 1024)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 50_000, "kB"


def test_a_gzip_bomb_is_not_unpacked(delivery, receiver):
    bomb = gzip.compress(b"\0" * 50_000_000)
    receiver.says(200, bomb, Content_Encoding="gzip")

    done = send(delivery)

    assert done.state == State.DELIVERED
    assert len(done.response) <= 1024
    assert receiver.taken[0].headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize(
    "noise",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(500)) + b"\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n",
        b"\xff\xfe\0\0",
    ],
)
def test_what_is_no_answer_is_a_failure(quick, delivery, receiver, noise):
    receiver.answer = lambda handler: (handler.wfile.write(noise), handler.connection.close())

    failed = send(delivery)

    assert (failed.state, failed.fault) == (State.WAITING, Fault.BROKEN)


def test_nobody_listens(delivery, receiver):
    receiver.close()

    assert send(delivery).fault == Fault.CONNECT


def test_the_times_that_are_promised():
    assert (post.CONNECTED_WITHIN, post.ANSWERED_WITHIN, post.READ) == (5, 15, 16 * 1024)


def deliver_all():
    """As the worker does, in its own thread."""
    try:
        send_waiting(READERS)
    finally:
        connection.close()


def latencies(healthy, count):
    """How long each of so many tests takes from its writing to its receiver."""
    found = []
    for _number in range(count):
        known = len(healthy.taken)
        began = time.monotonic()
        send_test(Webhook.objects.get(address=healthy.address), by=None)
        wait_until(lambda known=known: len(healthy.taken) > known, 30)
        found.append(healthy.taken[-1].at - began)
    return sorted(found)


def test_a_receiver_that_hangs_delays_nobody_else(transactional_db, receivers):
    healthy, *bad = receivers(), receivers(), receivers()
    WebhookFactory(address=healthy.address)
    for each in bad:
        each.hangs()
        webhook = WebhookFactory(address=each.address)
        for _number in range(5):
            DeliveryFactory(webhook=webhook, topic="webhook.test")
    worker = threading.Thread(target=deliver_all)
    worker.start()
    wait_until(lambda: all(len(each.taken) == sending.AT_ONCE for each in bad))

    while_others_hang = latencies(healthy, 10)

    assert worker.is_alive()
    assert [len(each.taken) for each in bad] == [sending.AT_ONCE] * 2
    # An idle sender looks again every fifth of a second.
    assert while_others_hang[-1] < 4 * pool.PAUSE
    for each in bad:
        each.over.set()
    worker.join(30)
    assert not worker.is_alive()


def test_only_one_worker_sends_at_a_time(transactional_db, receiver):
    receiver.hangs()
    DeliveryFactory(webhook__address=receiver.address, topic="webhook.test")
    worker = threading.Thread(target=deliver_all)
    worker.start()
    wait_until(lambda: receiver.taken)
    other = DeliveryFactory(
        webhook__address=receiver.address.replace("/kam", "/other"), topic="webhook.test"
    )
    began = time.monotonic()

    assert send_waiting(READERS) is False

    assert time.monotonic() - began < 2
    # The one that is at it takes this one too.
    wait_until(lambda: len(receiver.taken) == 2)
    receiver.over.set()
    worker.join(30)
    other.refresh_from_db()
    assert other.attempts == 1


WORKER = """
import sys
sys.path.insert(0, sys.argv[1])
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "kam_crm.settings"
import django
django.setup()
from django.conf import settings
settings.WEBHOOK_ALLOWED_NETWORKS = ["127.0.0.0/8"]
settings.WEBHOOK_ALLOW_HTTP = True
settings.WEBHOOK_PORTS = [int(sys.argv[2])]
from firm.webhooks.sending import send_next
from kam_crm.hooks import READERS
while send_next(READERS):
    pass
"""


def test_kill_9_in_the_middle_sends_again_under_the_same_id(transactional_db, receiver):
    receiver.hangs()
    webhook = WebhookFactory(address=receiver.address)
    send_test(webhook, by=webhook.owner)
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(ROOT), str(receiver.port)],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": database_url()},
        stderr=subprocess.DEVNULL,
    )
    wait_until(lambda: receiver.taken)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert Delivery.objects.get().state == State.SENDING
    assert not sending.send_next(READERS)

    Delivery.objects.update(lease_until=timezone.now())
    receiver.says(200)
    while sending.send_next(READERS):
        pass

    done = Delivery.objects.get()
    assert (done.state, done.attempts) == (State.DELIVERED, 2)
    first, second = (taken.headers["webhook-id"] for taken in receiver.taken)
    assert first == second == done.message_id


def test_an_attempt_that_was_overtaken_records_nothing(db, delivery, receiver):
    claimed = sending.claim(timezone.now())
    Delivery.objects.update(lease_until=timezone.now())
    assert sending.send_next(READERS)

    sending.record(claimed, {"status": 500, "fault": Fault.STATUS})

    delivery.refresh_from_db()
    assert delivery.state == State.DELIVERED


def test_a_change_of_account_reaches_the_receiver_through_the_worker(transactional_db, receiver):
    WebhookFactory(address=receiver.address, topics=["account.changed"])
    account = AccountFactory()
    account.name = "New name"
    account.save()

    assert send_waiting(READERS) is False

    [taken] = receiver.taken
    assert b"New name" in taken.body


def test_what_is_a_month_old_is_forgotten(db, delivery):
    assert forget_old() == 0

    Delivery.objects.update(created_at=timezone.now() - pool.KEPT)

    assert forget_old() == 1
