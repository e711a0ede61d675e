"""What pages and notices show of webhooks."""

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from firm.models import Delivery, User, Webhook


def seen_by(person: User, webhooks: set[int]) -> set[int]:
    """Which of these `person` may see: what the inbox asks of a notice's subject."""
    seen = Webhook.objects.filter(pk__in=webhooks).visible_to(person)
    return set(seen.values_list("pk", flat=True))


def with_last_call(webhooks):
    """Annotates `last_at` and `last_state` of the newest delivery that went out, and `waiting`."""
    mine = Delivery.objects.filter(webhook=OuterRef("pk"))
    last = mine.exclude(sent_at=None).order_by("-pk")
    waiting = mine.filter(state=Delivery.State.WAITING).order_by().values("webhook")
    return webhooks.select_related("owner").annotate(
        last_at=Subquery(last.values("sent_at")[:1]),
        last_state=Subquery(last.values("state")[:1]),
        waiting=Coalesce(Subquery(waiting.annotate(n=Count("pk")).values("n")), 0),
    )


def log_of(webhook):
    """Its deliveries, the newest first, without the bodies that a list does not show."""
    return webhook.deliveries.defer("body", "response").order_by("-pk")
