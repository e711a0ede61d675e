"""Sends what is due. A worker that dies on the way costs a lease, and the same id comes again."""

import http.client
import json
import ssl
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
import urllib3
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation

from firm import roles
from firm.models import TEST, Delivery, User, Webhook
from firm.webhooks.addresses import Refused, Resolver, Unknown, checked_ip, read
from firm.webhooks.disabling import disable, disable_if_hopeless
from firm.webhooks.post import Slow, post
from firm.webhooks.signing import headers_of

log = structlog.get_logger(__name__)

State, Fault = Delivery.State, Delivery.Fault
# What an owner is told of a topic: the objects that they see, of those with these keys.
Reader = Callable[[User, list[int]], dict[str, Any]]

# The schedule of Standard Webhooks: so long after each attempt comes the next.
SCHEDULE = [
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
]
# Longer than an attempt can take: resolving 5, connecting 10, answering 15 seconds.
LEASE = timedelta(seconds=60)
# So many of one receiver are under way at a time.
AT_ONCE = 2
# After a failure a receiver rests, each time twice as long; the others go on meanwhile.
REST, LONGEST_REST = 5, 300
ERROR_KEPT = 500


def send_next(readers: Mapping[str, Reader], resolve: Resolver | None = None) -> bool:
    """Send one delivery that is due; say whether there was one.

    At least once: who dies between the receiver's answer and the record of it sends again.
    """
    delivery = claim(timezone.now())
    if delivery is None:
        return False
    began = time.monotonic()
    outcome = attempt(delivery, readers, resolve)
    outcome["milliseconds"] = int((time.monotonic() - began) * 1000)
    record(delivery, outcome)
    return True


def claim(now: datetime) -> Delivery | None:
    """Take the next delivery of the webhook that has waited longest, and count the attempt."""
    with transaction.atomic():
        webhooks = Webhook.objects.due(now, AT_ONCE)
        webhook = webhooks.select_for_update(skip_locked=True, of=["self"]).first()
        if webhook is None:
            return None
        waiting = Delivery.objects.claimable(now).filter(webhook=webhook)
        delivery = waiting.select_for_update(skip_locked=True, of=["self"]).first()
        Webhook.objects.filter(pk=webhook.pk).update(claimed_at=now)
        if delivery is None:
            return None
        if delivery.attempts > len(SCHEDULE):
            delivery.state, delivery.fault, delivery.finished_at = State.FAILED, Fault.DIED, now
            delivery.lease_until = None
        else:
            delivery.state, delivery.lease_until = State.SENDING, now + LEASE
            delivery.attempts += 1
        delivery.save()
    return delivery if delivery.state == State.SENDING else claim(now)


def attempt(delivery, readers, resolve) -> dict[str, Any]:
    """Try once; give what is to be recorded: `state`, and what the receiver answered."""
    webhook = Webhook.objects.select_related("owner").get(pk=delivery.webhook_id)
    delivery.webhook = webhook
    if not webhook.owner.is_active or not webhook.owner.has_perm(roles.MANAGE_WEBHOOKS):
        return {"state": State.EMPTY, "fault": Fault.OWNER}
    try:
        data = what_to_tell(delivery, readers)
        if not data:
            return {"state": State.EMPTY}
        body = json.dumps(
            {"type": delivery.topic, "timestamp": iso(delivery.created_at), "data": data},
            separators=(",", ":"),
            ensure_ascii=False,
            default=str,
        )
    except Exception as error:
        log.exception("webhook not read", topic=delivery.topic, delivery=delivery.pk)
        return {"fault": Fault.UNREAD, "detail": type(error).__name__}
    return {"body": body, "sent_at": timezone.now()} | exchange(delivery, body, resolve)


def what_to_tell(delivery, readers) -> dict[str, Any]:
    if delivery.topic == TEST:
        return {"webhook": delivery.webhook_id}
    # Facts of one moment; in the language of programs.
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        return readers[delivery.topic](delivery.webhook.owner, delivery.subjects)


def exchange(delivery, body, resolve) -> dict[str, Any]:
    """Send the body, and say how the receiver took it; `state` is left to the schedule but where
    the answer settles it."""
    now = timezone.now()
    try:
        address = read(delivery.webhook.address)
        ip = checked_ip(address, resolve)
        answer = post(address, ip, headers_of(delivery, body, now), body.encode())
    except FAILURES as error:
        fault = fault_of(error)
        if fault is Fault.BROKEN:
            log.warning("webhook broke", delivery=delivery.pk, error=repr(error))
        told = str(error) if isinstance(error, Refused) else type(error).__name__
        return {"fault": fault, "detail": told[:ERROR_KEPT]}
    found = {"status": answer.status, "response": answer.text}
    if 200 <= answer.status < 300:
        return found | {"state": State.DELIVERED}
    is_redirect = 300 <= answer.status < 400
    return found | {"fault": Fault.REDIRECT if is_redirect else Fault.STATUS}


FAILURES = (
    Refused,
    Unknown,
    Slow,
    OSError,
    ValueError,
    http.client.HTTPException,
    urllib3.exceptions.HTTPError,
)
FAULTS: list[tuple[Any, Delivery.Fault]] = [
    (Refused, Fault.ADDRESS),
    (Unknown, Fault.NAME),
    (Slow, Fault.SLOW),
    ((ssl.SSLError, ssl.CertificateError, urllib3.exceptions.SSLError), Fault.CERTIFICATE),
    (urllib3.exceptions.NewConnectionError, Fault.CONNECT),
]


def fault_of(error: Exception) -> Delivery.Fault:
    return next((fault for kinds, fault in FAULTS if isinstance(error, kinds)), Fault.BROKEN)


@transaction.atomic
def record(delivery: Delivery, outcome: dict[str, Any]) -> None:
    """Keep what came of an attempt, unless the delivery went to another worker meanwhile."""
    now = timezone.now()
    nothing = {"status": None, "fault": "", "detail": "", "response": "", "lease_until": None}
    kept: dict[str, Any] = nothing | outcome
    if "state" not in kept:
        over = delivery.attempts > len(SCHEDULE)
        kept["state"] = State.FAILED if over else State.WAITING
        kept["next_at"] = now if over else now + SCHEDULE[delivery.attempts - 1]
    if kept["state"] != State.WAITING:
        kept["finished_at"] = now
    mine = Delivery.objects.filter(pk=delivery.pk, state=State.SENDING, attempts=delivery.attempts)
    if mine.update(**kept):
        judge_receiver(delivery.webhook, kept, now)


def judge_receiver(webhook: Webhook, outcome: dict[str, Any], now: datetime) -> None:
    """Let a receiver that failed rest, and give up one that is gone or fails for days."""
    stored = Webhook.objects.filter(pk=webhook.pk)
    if outcome["state"] == State.DELIVERED:
        if webhook.failures:
            stored.update(failures=0, failing_since=None, rests_until=None)
        return
    if outcome["state"] == State.EMPTY:
        return
    rest = min(REST * 2 ** min(webhook.failures, 10), LONGEST_REST)
    stored.update(
        failures=F("failures") + 1,
        failing_since=webhook.failing_since or now,
        rests_until=now + timedelta(seconds=rest),
    )
    if outcome["status"] == 410:
        disable(webhook, Webhook.Disabled.GONE)
    else:
        disable_if_hopeless(webhook, now)


def iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
