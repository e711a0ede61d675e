"""Mails the notifications that cannot wait."""

from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from firm.models import Notification

MAX_ATTEMPTS = 5
# A notice older than this is no news: it stays in the inbox and is not mailed.
NEWS = timedelta(days=2)


def send_next() -> bool:
    """Mail one waiting notification; say whether there was one.

    At least once: a crash between the mail and the commit repeats that mail. A mail that
    fails is tried again and given up in the end, and holds up nobody else's.
    """
    waiting = Notification.objects.waiting().select_related("recipient")
    with transaction.atomic():
        notification = (
            waiting.filter(created_at__gte=timezone.now() - NEWS)
            .select_for_update(skip_locked=True, of=["self"])
            .order_by("attempts", "pk")
            .first()
        )
        if notification is None:
            return False
        try:
            mail(notification)
            notification.sent_at = timezone.now()
        except OSError as error:
            notification.attempts += 1
            notification.error = str(error)
            if notification.attempts >= MAX_ATTEMPTS:
                notification.given_up_at = timezone.now()
        notification.save()
        return notification.sent_at is not None


def mail(notification: Notification) -> None:
    """Send a notification in its recipient's language. Raises OSError where mail fails."""
    text = notification.rendered()
    person = notification.recipient
    with translation.override(person.language or settings.LANGUAGE_CODE):
        subject = _("KAM CRM: %(text)s") % {"text": text[:120].replace("\n", " ")}
    body = f"{text}\n\n{settings.SITE_URL}{notification.link}"
    send_mail(subject, body, None, [person.email])
