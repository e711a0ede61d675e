"""The morning's mail: once, on a working day, seven lines, in the reader's language."""

from datetime import date

import pytest
import time_machine
from django.core import mail

from firm.models import Job, Notification
from kam_crm import tasks
from kam_crm.events import plan_digests
from segmentation.models import Flag
from tests.factories import AccountFactory, DepartmentFactory, FlagFactory, UserFactory

pytestmark = pytest.mark.django_db

# A Friday and a Saturday; Rome is an hour ahead of UTC, Almaty five or six.
FRIDAY, SATURDAY = "2024-03-01T07:30:00Z", "2024-03-02T09:00:00Z"


def told(person, count=1):
    account = AccountFactory(owner=person)
    for n in range(count):
        flag = FlagFactory(
            account=account, kind="lost", cleared_on=None if not n else "2024-02-01"
        )
        Notification.objects.create(
            recipient=person,
            key=f"flag:{flag.pk}:raised",
            subject=f"flag:{flag.pk}",
            text="No bookings since %(last)s.",
            params={"last": "2024-02-29"},
            link=f"/flags/{flag.pk}/",
        )


def morning(moment):
    with time_machine.travel(moment, tick=False):
        plan_digests()
        tasks.work()


def test_it_comes_once_at_eight_where_the_person_is():
    person = UserFactory(roles=["kam"], time_zone="Europe/Rome")
    with time_machine.travel("2024-03-01T06:00:00Z", tick=False):
        told(person, 2)
    morning("2024-03-01T06:59:00Z")
    assert mail.outbox == []

    for _time in range(3):
        morning(FRIDAY)

    (message,) = mail.outbox
    assert message.to == [person.email]
    assert message.body.count("No bookings since 29 Feb 2024.") == 2
    assert Job.objects.get(topic="digest").key == f"{person.pk}:2024-03-01"


def test_no_mail_comes_on_a_free_day_or_without_news():
    person = UserFactory(roles=["kam"], time_zone="Europe/Rome")
    morning(FRIDAY)
    with time_machine.travel(SATURDAY, tick=False):
        told(person)
    morning(SATURDAY)
    assert mail.outbox == []

    # A holiday of Italy, and then the working day after it.
    with time_machine.travel("2024-04-01T05:00:00Z", tick=False):
        told(person)
    morning("2024-04-01T09:00:00Z")
    assert mail.outbox == []
    morning("2024-04-02T09:00:00Z")
    assert len(mail.outbox) == 1


def test_it_has_seven_lines_and_says_how_many_more():
    person = UserFactory(roles=["kam"], time_zone="Europe/Rome")
    with time_machine.travel(FRIDAY, tick=False):
        told(person, 9)

    morning(FRIDAY)
    morning("2024-03-04T09:00:00Z")

    (message,) = mail.outbox
    assert message.body.count("No bookings") == 7
    assert "and 2 more" in message.body


def test_it_speaks_the_readers_language():
    person = UserFactory(roles=["kam"], language="ru", time_zone="Asia/Almaty")
    with time_machine.travel(FRIDAY, tick=False):
        told(person)

    morning(FRIDAY)

    (message,) = mail.outbox
    # The day is spelled by the language whether or not the sentence has a translation yet.
    assert "29 февр. 2024" in message.body
    assert '<html lang="ru">' in message.alternatives[0].content


def test_what_was_read_or_lost_from_sight_is_left_out():
    person = UserFactory(roles=["kam"], time_zone="Europe/Rome")
    with time_machine.travel(FRIDAY, tick=False):
        told(person, 2)
    account = Flag.objects.first().account
    account.ownerships.all().delete()

    morning(FRIDAY)

    assert mail.outbox == []


def test_a_head_is_told_of_a_high_flag_that_nobody_answered_for_five_working_days():
    north = DepartmentFactory()
    head = UserFactory(roles=["head"], department=north)
    owner = UserFactory(roles=["kam"], department=north)
    raised_on = date(2024, 2, 23)
    FlagFactory(
        account=AccountFactory(name="Silent Mill", owner=owner), severity=3, raised_on=raised_on
    )

    morning("2024-02-29T09:00:00Z")
    assert not head.notifications.exists()
    morning("2024-03-01T09:00:00Z")
    morning("2024-03-04T09:00:00Z")

    (message,) = [sent for sent in mail.outbox if sent.to == [head.email]]
    assert "Silent Mill" in message.body
