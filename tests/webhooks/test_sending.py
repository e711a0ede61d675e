"""What leaves the house, what a receiver makes of it, and what becomes of what failed."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from firm.models import Delivery, Webhook
from firm.webhooks import actions
from firm.webhooks.sending import LEASE, SCHEDULE, claim, send_next
from firm.webhooks.signing import secret_from, secret_of
from kam_crm.hooks import READERS
from segmentation.nightly import recompute
from tests.factories import (
    TODAY,
    AccountFactory,
    DeliveryFactory,
    EntryFactory,
    LedgerImportFactory,
    UserFactory,
    WebhookFactory,
)

pytestmark = pytest.mark.django_db
State, Fault = Delivery.State, Delivery.Fault


@pytest.fixture
def webhook(receiver):
    return WebhookFactory(address=receiver.address)


@pytest.fixture
def delivery(webhook):
    return DeliveryFactory(webhook=webhook, topic="webhook.test")


def send():
    """Send what is due now, and give the newest delivery."""
    while send_next(READERS):
        pass
    return Delivery.objects.latest("pk")


def again():
    """Let the time pass until the next attempt."""
    Delivery.objects.update(next_at=timezone.now())
    Webhook.objects.update(rests_until=None)
    return send()


def test_the_official_library_verifies_what_a_receiver_gets(receiver, webhook):
    account = AccountFactory(name="Müller 北 & Söhne")

    send()

    [taken] = receiver.taken
    told = Verifier(secret_of(webhook)).verify(taken.body, taken.headers)
    assert told["type"] == "account.created"
    assert told["data"] == {
        "accounts": [{"id": account.pk, "account_ref": account.account_ref, "name": account.name}]
    }
    assert taken.path == "/kam?from=crm"
    assert taken.headers["Host"] == f"127.0.0.1:{receiver.port}"
    assert told["timestamp"].endswith("Z")


def test_a_changed_body_another_id_or_secret_is_not_verified(receiver, delivery):
    send()

    [taken] = receiver.taken
    verifier = Verifier(secret_of(delivery.webhook))
    for secret, body, headers in (
        (verifier, taken.body + b" ", taken.headers),
        (verifier, taken.body, taken.headers | {"webhook-id": "msg_other"}),
        (Verifier(secret_from("other")), taken.body, taken.headers),
    ):
        with pytest.raises(WebhookVerificationError):
            secret.verify(body, headers)


def test_a_delivery_that_is_taken_keeps_what_was_said(receiver, delivery):
    receiver.says(200, b"thanks\0 \xff")

    done = send()

    assert (done.state, done.status, done.attempts) == (State.DELIVERED, 200, 1)
    assert done.response == "thanks\ufffd \ufffd"
    assert done.body == receiver.taken[0].body.decode()
    assert done.milliseconds is not None
    assert not send_next(READERS)


def test_for_a_day_both_secrets_sign(receiver, webhook):
    old = secret_of(webhook)
    webhook = actions.rotate(webhook, by=webhook.owner)
    actions.send_test(webhook, by=webhook.owner)
    send()
    [taken] = receiver.taken
    for secret in (old, secret_of(webhook)):
        Verifier(secret).verify(taken.body, taken.headers)

    Webhook.objects.update(old_seed_until=timezone.now())
    actions.send_test(webhook, by=webhook.owner)
    send()
    taken = receiver.taken[-1]
    Verifier(secret_of(webhook)).verify(taken.body, taken.headers)
    with pytest.raises(WebhookVerificationError):
        Verifier(old).verify(taken.body, taken.headers)


def test_the_secret_is_not_in_the_database(webhook):
    stored = str(list(Webhook.objects.values()))

    assert secret_of(webhook).removeprefix("whsec_") not in stored
    assert len(Verifier(secret_of(webhook))._whsecret) == 32


def test_a_failure_is_tried_again_by_the_schedule_and_given_up(receiver, delivery):
    receiver.says(500, b"no")

    for number, pause in enumerate(SCHEDULE, 1):
        now = timezone.now()
        failed = again()
        assert (failed.state, failed.attempts) == (State.WAITING, number)
        assert timedelta(0) <= failed.next_at - now - pause < timedelta(seconds=10)
    failed = again()

    assert (failed.state, failed.attempts, failed.status) == (State.FAILED, 10, 500)
    assert failed.fault == Fault.STATUS
    assert len({taken.headers["webhook-id"] for taken in receiver.taken}) == 1
    assert sum(SCHEDULE, timedelta()) == timedelta(hours=75, minutes=35, seconds=5)
    again()
    assert len(receiver.taken) == 10


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_a_failure_and_not_followed(receivers, delivery, receiver, status):
    other = receivers()
    receiver.says(status, Location=other.address)

    failed = send()

    assert (failed.state, failed.fault) == (State.WAITING, Fault.REDIRECT)
    assert other.taken == []


def test_gone_disables_at_once_and_tells_owner_and_administrators(receiver, delivery):
    boss = UserFactory(roles=["administrator"])
    bystander = UserFactory(roles=["director"])
    receiver.says(410)

    send()

    webhook = Webhook.objects.get()
    assert webhook.disabled_for == Webhook.Disabled.GONE
    told = webhook.owner.notifications.get()
    assert "gone for good" in told.rendered()
    assert told.channel == "now"
    assert boss.notifications.count() == 1
    assert bystander.notifications.count() == 0


def test_five_days_of_failure_disable_and_one_success_begins_anew(receiver, webhook):
    long_ago = timezone.now() - timedelta(days=5, minutes=1)
    receiver.says(503)
    for _number in range(2):
        DeliveryFactory(webhook=webhook, state=State.FAILED, finished_at=timezone.now())
    actions.send_test(webhook, by=webhook.owner)
    send()
    webhook.refresh_from_db()
    assert webhook.is_active
    assert webhook.failures == 1

    Webhook.objects.update(failing_since=long_ago)
    receiver.says(200)
    again()
    webhook.refresh_from_db()
    assert (webhook.failures, webhook.failing_since) == (0, None)

    receiver.says(503)
    actions.send_test(webhook, by=webhook.owner)
    send()
    Webhook.objects.update(failing_since=long_ago)
    again()
    webhook.refresh_from_db()
    assert webhook.disabled_for == Webhook.Disabled.FAILING


def test_days_of_failure_with_a_single_event_do_not_disable(receiver, delivery):
    receiver.says(503)
    Webhook.objects.update(failing_since=timezone.now() - timedelta(days=9), failures=3)

    send()

    assert Webhook.objects.get().is_active


def test_a_disabled_webhook_sends_nothing_but_a_test_until_it_is_enabled(receiver, webhook):
    DeliveryFactory(webhook=webhook, subjects=[AccountFactory().pk])
    Delivery.objects.exclude(topic="account.changed").delete()
    actions.switch_off(webhook, by=webhook.owner)

    actions.send_test(webhook, by=webhook.owner)
    send()
    assert len(receiver.taken) == 1

    actions.enable(webhook, by=webhook.owner)
    send()
    assert [json.loads(taken.body)["type"] for taken in receiver.taken] == [
        "webhook.test",
        "account.changed",
    ]


def test_what_the_owner_does_not_see_is_left_out(receiver):
    kam = UserFactory(roles=["kam", "integration"])
    mine, other = AccountFactory(owner=kam), AccountFactory()
    webhook = WebhookFactory(owner=kam, address=receiver.address)
    DeliveryFactory(webhook=webhook, subjects=[mine.pk, other.pk])
    DeliveryFactory(webhook=webhook, subjects=[other.pk])

    send()

    [taken] = receiver.taken
    assert [each["id"] for each in json.loads(taken.body)["data"]["accounts"]] == [mine.pk]
    assert other.name.encode() not in taken.body
    empty = Delivery.objects.get(state=State.EMPTY)
    assert (empty.body, empty.status) == ("", None)


@pytest.mark.parametrize("end", ["inactive", "without the role"])
def test_an_owner_who_may_not_any_more_sends_nothing(receiver, delivery, end):
    owner = delivery.webhook.owner
    if end == "inactive":
        owner.is_active = False
        owner.save()
    else:
        owner.roles.all().delete()

    ended = send()

    assert receiver.taken == []
    assert (ended.state, ended.fault) == (State.EMPTY, Fault.OWNER)


def test_each_topic_tells_objects_as_the_api_names_them(receiver, webhook):
    account = AccountFactory()
    EntryFactory(account=account)
    run = recompute(TODAY)
    newcomer = AccountFactory()
    EntryFactory(account=newcomer, revenue=900)
    recompute(TODAY)
    imported = LedgerImportFactory(report={"lines": 3, "created": 2, "rejected_rows": ["secret"]})
    imported.finished_at = timezone.now()
    imported.save()

    send()

    told = {}
    for taken in receiver.taken:
        body = json.loads(taken.body)
        told.setdefault(body["type"], body["data"])
    assert told["run.finished"] == {
        "run": {"run": run.pk, "as_of": TODAY.isoformat(), "policy": 1}
    }
    assert told["standing.changed"]["as_of"] == TODAY.isoformat()
    assert {"id", "account_ref", "name"} == set(told["standing.changed"]["accounts"][0])
    assert told["import.finished"]["import"]["report"] == {"lines": 3, "created": 2}
    assert set(told["flag.raised"]["flags"][0]) == {
        "id",
        "kind",
        "severity",
        "level",
        "account",
        "since",
        "cleared_on",
    }


def test_a_run_is_told_to_those_who_see_the_portfolio_and_an_import_to_those_who_feed(receiver):
    integration = UserFactory(roles=["integration"])
    webhook = WebhookFactory(owner=integration, address=receiver.address)
    recompute(TODAY)
    LedgerImportFactory()
    imported = LedgerImportFactory(by=integration)
    DeliveryFactory(webhook=webhook, topic="import.finished", subjects=[imported.pk])

    send()

    assert [json.loads(taken.body)["type"] for taken in receiver.taken] == ["import.finished"]


def test_a_delivery_whose_worker_died_comes_again_under_the_same_id(receiver, delivery):
    first = claim(timezone.now())
    assert first.message_id == delivery.message_id
    assert not send_next(READERS)

    Delivery.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    done = send()

    assert (done.state, done.attempts) == (State.DELIVERED, 2)
    assert receiver.taken[0].headers["webhook-id"] == delivery.message_id
    assert timedelta(seconds=30) < LEASE


def test_a_delivery_that_kills_its_worker_each_time_is_given_up(receiver, delivery):
    for _attempt in range(len(SCHEDULE) + 1):
        assert claim(timezone.now())
        Delivery.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    assert claim(timezone.now()) is None
    ended = Delivery.objects.get()
    assert (ended.state, ended.fault) == (State.FAILED, Fault.DIED)


def test_sending_again_keeps_the_id_and_begins_the_schedule_anew(receiver, delivery):
    receiver.says(500)
    failed = send()
    receiver.says(200)

    actions.send_again(failed, by=delivery.webhook.owner)
    done = send()

    assert (done.state, done.attempts) == (State.DELIVERED, 1)
    assert len({taken.headers["webhook-id"] for taken in receiver.taken}) == 1
    actions.send_again(done, by=delivery.webhook.owner)
    assert send().state == State.DELIVERED
    assert len(receiver.taken) == 3


def test_what_is_under_way_is_not_sent_again(delivery):
    claim(timezone.now())

    with pytest.raises(actions.Unfinished):
        actions.send_again(delivery, by=delivery.webhook.owner)


def test_a_receiver_has_two_under_way_at_most_and_rests_after_a_failure(receiver, webhook):
    for _number in range(3):
        actions.send_test(webhook, by=webhook.owner)
    assert claim(timezone.now())
    assert claim(timezone.now())
    assert claim(timezone.now()) is None

    Delivery.objects.update(state=State.WAITING, lease_until=None)
    receiver.says(500)
    send()
    assert len(receiver.taken) == 1
    assert Webhook.objects.get().rests_until > timezone.now()


def test_a_fault_of_ours_is_recorded_and_tried_again(receiver, webhook):
    DeliveryFactory(webhook=webhook, topic="account.changed", subjects=[1])

    def broken(owner, subjects):
        raise KeyError("nonsense")

    assert send_next({"account.changed": broken})

    failed = Delivery.objects.get()
    assert (failed.state, failed.fault, failed.detail) == (
        State.WAITING,
        Fault.UNREAD,
        "KeyError",
    )
