"""Who hears of a feed, and who still may."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.models import Source
from firm import roles
from firm.models import Notification, RoleMembership, User
from firm.today import today

NOW = Notification.Channel.NOW
DIGEST = Notification.Channel.DIGEST


def feeders() -> list[User]:
    """Those who may feed the ledger by a role of today, and can be told something."""
    label, codename = roles.FEED.split(".")
    held = RoleMembership.objects.in_force(today()).filter(
        role__permissions__content_type__app_label=label, role__permissions__codename=codename
    )
    people = User.objects.filter(is_active=True, is_placeholder=False, pk__in=held.values("user"))
    return list(people.order_by("pk"))


def tell(
    source: Source,
    key: str,
    text: str,
    facts: dict[str, Any],
    *,
    channel: str = NOW,
    link: str = "",
) -> None:
    """Tell those who feed the ledger, each once for a key: whoever asks again tells nobody."""
    Notification.objects.bulk_create(
        [
            Notification(
                recipient=person,
                key=key,
                text=text,
                params=facts,
                link=link or reverse("feeds:source", args=[source.pk]),
                subject=f"feed:{source.pk}",
                channel=channel,
            )
            for person in feeders()
        ],
        ignore_conflicts=True,
    )


def take_back(keys: list[str]) -> None:
    """Take back what nobody has read and what was not mailed: it is over."""
    unread = Notification.objects.filter(key__in=keys, subject__startswith="feed:").unread()
    unread.filter(sent_at=None).update(withdrawn_at=timezone.now())


def seen_by(person: User, sources: set[int]) -> set[int]:
    """Of which of these sources `person` may read: what the inbox asks of a notice's subject."""
    return sources if person.has_perm(roles.FEED) else set()
