"""Ends webhooks whose receiver is gone or fails for days, and tells those whom it concerns."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_noop

from firm.models import Delivery, Notification, RoleMembership, User, Webhook
from firm.today import today

HOPELESS = timedelta(days=5)
# A single event that nobody takes may be the event's fault.
GIVEN_UP = 2

NOTICES = {
    Webhook.Disabled.GONE: gettext_noop(
        "The webhook %(webhook)s was disabled: its receiver answered that it is gone for good."
    ),
    Webhook.Disabled.FAILING: gettext_noop(
        "The webhook %(webhook)s was disabled: nothing has got through for five days."
    ),
}


def disable(webhook: Webhook, reason: Webhook.Disabled) -> bool:
    """Disable a webhook for a reason that is not a person's; tell its owner and administrators."""
    now = timezone.now()
    active = Webhook.objects.active().filter(pk=webhook.pk)
    if not active.update(disabled_at=now, disabled_for=reason):
        return False
    Notification.objects.bulk_create(
        (notice(webhook, person, reason, now) for person in concerned(webhook)),
        ignore_conflicts=True,
    )
    return True


def disable_if_hopeless(webhook: Webhook, now: datetime) -> bool:
    """Disable a webhook after five days without one success, in which all attempts of the
    schedule failed for several deliveries."""
    since = webhook.failing_since
    if since is None or now - since < HOPELESS:
        return False
    given_up = webhook.deliveries.filter(state=Delivery.State.FAILED, finished_at__gte=since)
    return given_up.count() >= GIVEN_UP and disable(webhook, Webhook.Disabled.FAILING)


def concerned(webhook: Webhook) -> set[User]:
    keepers = RoleMembership.objects.in_force(today()).filter(
        role__permissions__codename="manage_every_webhook", user__is_active=True
    )
    people = {membership.user for membership in keepers.select_related("user")}
    return people | ({webhook.owner} if webhook.owner.is_active else set())


def notice(webhook, person, reason, now) -> Notification:
    return Notification(
        recipient=person,
        key=f"webhook:{webhook.pk}:{now.isoformat()}",
        text=NOTICES[reason],
        params={"webhook": str(webhook)},
        link=f"/webhooks/{webhook.pk}/",
        subject=f"webhook:{webhook.pk}",
        channel=Notification.Channel.NOW,
    )
