"""What people and programs do with webhooks."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from firm.models import TEST, Delivery, Topic, User, Webhook
from firm.models.webhook import new_seed
from firm.webhooks.addresses import read

# So long the former secret signs beside the new one.
BOTH_SECRETS = timedelta(hours=24)
MOST = 20


class TooMany(Exception):
    """The person has as many webhooks as one may have."""


class Unfinished(Exception):
    """The delivery is on its way already."""


@transaction.atomic
def create(*, address: str, topics: Iterable[str], description: str = "", by: User) -> Webhook:
    """A webhook of `by`, who is to be shown its secret now. Raises Refused, TooMany."""
    read(address)
    # Two at once would else both count the same number.
    User.objects.select_for_update().get(pk=by.pk)
    if Webhook.objects.filter(owner=by).count() >= MOST:
        raise TooMany
    return Webhook.objects.create(
        owner=by, address=address, topics=in_order(topics), description=description
    )


@transaction.atomic
def change(webhook: Webhook, values: dict[str, Any], *, by: User) -> Webhook:
    """Change `address`, `topics` or `description`. Raises Refused."""
    locked = lock(webhook)
    if "address" in values and values["address"] != locked.address:
        read(values["address"])
        # What failed there tells nothing of the new place.
        locked.failures, locked.failing_since, locked.rests_until = 0, None, None
    for name, value in values.items():
        setattr(locked, name, in_order(value) if name == "topics" else value)
    locked.save()
    return locked


@transaction.atomic
def rotate(webhook: Webhook, *, by: User) -> Webhook:
    """Give the webhook a new secret, which is to be shown now; the old one signs for a day."""
    locked = lock(webhook)
    locked.old_seed, locked.old_seed_until = locked.seed, timezone.now() + BOTH_SECRETS
    locked.seed = new_seed()
    locked.save(update_fields=["seed", "old_seed", "old_seed_until"])
    return locked


@transaction.atomic
def enable(webhook: Webhook, *, by: User) -> bool:
    """Send again; what waits since is sent first. Says whether it was disabled."""
    locked = lock(webhook)
    was_disabled = not locked.is_active
    locked.disabled_at, locked.disabled_for = None, ""
    locked.failures, locked.failing_since, locked.rests_until = 0, None, None
    locked.save()
    wake()
    return was_disabled


@transaction.atomic
def switch_off(webhook: Webhook, *, by: User) -> bool:
    """Send nothing and note nothing until it is enabled again. Says whether it was active."""
    active = Webhook.objects.active().filter(pk=webhook.pk)
    return bool(active.update(disabled_at=timezone.now(), disabled_for=Webhook.Disabled.BY_HAND))


@transaction.atomic
def delete(webhook: Webhook, *, by: User) -> None:
    """Forget the webhook and its log; that it was stays in the history."""
    webhook.delete()


@transaction.atomic
def send_test(webhook: Webhook, *, by: User) -> Delivery:
    """Send a word without news, to a disabled webhook too."""
    delivery = Delivery.objects.create(webhook=webhook, topic=TEST)
    Webhook.objects.filter(pk=webhook.pk).update(rests_until=None)
    wake()
    return delivery


@transaction.atomic
def send_again(delivery: Delivery, *, by: User) -> Delivery:
    """Begin the schedule anew, under the id that the receiver knows. Raises Unfinished."""
    locked = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if locked.state == Delivery.State.SENDING:
        raise Unfinished
    locked.state, locked.next_at = Delivery.State.WAITING, timezone.now()
    locked.attempts, locked.finished_at = 0, None
    locked.save(update_fields=["state", "next_at", "attempts", "finished_at"])
    Webhook.objects.filter(pk=locked.webhook_id).update(rests_until=None)
    wake()
    return locked


def lock(webhook: Webhook) -> Webhook:
    return Webhook.objects.select_for_update().get(pk=webhook.pk)


def in_order(topics: Iterable[str]) -> list[str]:
    chosen = set(topics)
    return [topic.value for topic in Topic if topic.value in chosen]


def wake() -> None:
    """Ring for a sender once the caller's transaction stands; beat rings every few seconds."""
    transaction.on_commit(import_string(settings.WAKE_SENDERS), robust=True)
