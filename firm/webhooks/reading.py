"""What pages and notices show of webhooks."""

from firm.models import User, Webhook


def seen_by(person: User, webhooks: set[int]) -> set[int]:
    """Which of these `person` may see: what the inbox asks of a notice's subject."""
    seen = Webhook.objects.filter(pk__in=webhooks).visible_to(person)
    return set(seen.values_list("pk", flat=True))
