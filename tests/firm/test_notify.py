"""What cannot wait is mailed, once, and one bad mail holds up nobody."""

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from firm.models import Notification
from firm.notify import MAX_ATTEMPTS, send_next
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

NOW = Notification.Channel.NOW


class Refusing(EmailBackend):
    """A mail server that refuses one recipient, as real ones do."""

    def send_messages(self, messages):
        if any("bad@example.com" in message.to for message in messages):
            raise OSError("550 no such mailbox")
        return super().send_messages(messages)


def notice(**more):
    person = more.pop("recipient", None) or UserFactory()
    return Notification.objects.create(
        recipient=person,
        key="k",
        text="No bookings since %(last)s.",
        params={"last": "2024-02-29"},
        link="/segments/",
        channel=NOW,
        **more,
    )


def test_a_notice_is_mailed_once_with_its_link():
    notice(recipient=UserFactory(email="ann@example.com"))

    assert send_next()
    assert not send_next()

    (message,) = mail.outbox
    assert message.to == ["ann@example.com"]
    assert "No bookings since 29 Feb 2024." in message.body
    assert "/segments/" in message.body


def test_a_notice_for_the_digest_or_withdrawn_is_not_mailed():
    notice(withdrawn_at="2024-03-01T00:00Z")
    Notification.objects.create(recipient=UserFactory(), key="d", text="Later.")

    assert not send_next()
    assert mail.outbox == []


def test_a_mail_that_fails_is_given_up_and_holds_up_nobody(settings):
    settings.EMAIL_BACKEND = "tests.firm.test_notify.Refusing"
    bad = notice(recipient=UserFactory(email="bad@example.com"))
    notice(recipient=UserFactory(email="good@example.com"))

    for _time in range(MAX_ATTEMPTS + 1):
        send_next()

    bad.refresh_from_db()
    assert (bad.attempts, bad.sent_at) == (MAX_ATTEMPTS, None)
    assert bad.given_up_at
    assert [message.to for message in mail.outbox] == [["good@example.com"]]
