"""What happens is written for those who ask, in the transaction in which it happens."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.actions import places
from accounts.models import Account
from firm.models import Delivery, Topic
from firm.today import today
from segmentation.models import Flag
from segmentation.nightly import recompute
from tests.factories import (
    TODAY,
    AccountFactory,
    DepartmentFactory,
    EntryFactory,
    FlagFactory,
    UserFactory,
    WebhookFactory,
)

pytestmark = pytest.mark.django_db


def told(topic=None):
    """(topic, subjects) of every delivery, in order."""
    found = Delivery.objects.order_by("pk")
    if topic:
        return list(found.filter(topic=topic).values_list("subjects", flat=True))
    return list(found.values_list("topic", "subjects"))


def test_a_new_account_is_told_once_though_it_gets_an_owner():
    WebhookFactory()

    account = AccountFactory(owner=UserFactory(), parent=AccountFactory())

    assert sorted(told()) == [
        ("account.created", [account.parent_on(today()).pk]),
        ("account.created", [account.pk]),
    ]


def test_a_saved_record_is_told_and_one_saved_as_it_was_is_not():
    account = AccountFactory()
    WebhookFactory()

    account.save()
    assert told() == []

    Account.objects.filter(pk=account.pk).update(name="Other")
    assert told() == [("account.changed", [account.pk])]


@pytest.mark.parametrize("act", ["owner", "parent", "department"])
def test_owner_parent_and_department_are_changes_of_the_account(act):
    boss = UserFactory(roles=["director"])
    account, other = AccountFactory(), AccountFactory()
    WebhookFactory()

    if act == "owner":
        places.assign(account, owner=boss, department=None, day=today(), by=boss)
    elif act == "parent":
        places.set_parent(account, parent=other, day=today(), by=boss)
    else:
        places.assign(account, owner=None, department=DepartmentFactory(), day=today(), by=boss)

    assert told() == [("account.changed", [account.pk])]


def test_nothing_is_written_where_nobody_asks():
    WebhookFactory(topics=[Topic.RUN_FINISHED])
    WebhookFactory(disabled_at=timezone.now(), disabled_for="gone")

    AccountFactory()

    assert told() == []


def test_what_is_rolled_back_was_never_told():
    WebhookFactory()

    with transaction.atomic():
        AccountFactory()
        transaction.set_rollback(True)

    assert told() == []


def test_many_subjects_of_one_statement_share_deliveries():
    WebhookFactory()
    WebhookFactory()

    Account.objects.bulk_create(Account(account_ref=f"N{n}", name=f"N{n}") for n in range(1201))

    sizes = sorted(len(subjects) for subjects in told("account.created"))
    assert sizes == [201, 201, 500, 500, 500, 500]


def test_a_flag_is_told_when_it_is_raised_cleared_and_back():
    WebhookFactory()
    flag = FlagFactory()
    flag.cleared_on = TODAY
    flag.save()
    Delivery.objects.update(told_in=0)
    flag.severity = 4
    flag.save()
    Flag.objects.update(cleared_on=None)

    assert [word for word in told() if word[0].startswith("flag")] == [
        ("flag.raised", [flag.pk]),
        ("flag.cleared", [flag.pk]),
        ("flag.raised", [flag.pk]),
    ]


def test_a_night_tells_changed_standings_flags_and_its_end():
    WebhookFactory()
    account = AccountFactory()
    EntryFactory(account=account)
    first = recompute(TODAY)
    assert told(Topic.RUN_FINISHED) == [[first.pk]]
    assert told(Topic.STANDING_CHANGED) == []
    assert len(told(Topic.FLAG_RAISED)[0]) == Flag.objects.count()

    newcomer = AccountFactory()
    EntryFactory(account=newcomer, booked_on=TODAY + timedelta(days=1), revenue=1000)
    second = recompute(TODAY + timedelta(days=1))

    assert told(Topic.STANDING_CHANGED) == [sorted([account.pk, newcomer.pk])]
    assert told(Topic.RUN_FINISHED)[-1] == [second.pk]
