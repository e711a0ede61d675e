from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection

from accounts.models import ExchangeRate, LedgerEntry, Ownership
from kam_crm.integrity import faults
from segmentation.models import GroupStanding, Standing
from segmentation.nightly import recompute
from tests.factories import TODAY, AccountFactory, EntryFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def night():
    parent = AccountFactory()
    child = AccountFactory(parent=parent, owner=UserFactory())
    for account, revenue in ((parent, 300), (child, 200), (AccountFactory(), 100)):
        EntryFactory(account=account, revenue=Decimal(revenue))
    recompute(TODAY)


def test_sound_data_has_no_fault(night, capsys):
    call_command("check_integrity")

    assert capsys.readouterr().out == ""


def test_a_fault_is_told_and_ends_the_command_with_1(night, capsys):
    Standing.objects.filter(rank=1).update(share=0)

    with pytest.raises(SystemExit) as ended:
        call_command("check_integrity")

    assert ended.value.code == 1
    assert "segmentation_standing: 1 " in capsys.readouterr().out


def test_amounts_that_do_not_follow_from_the_rate_are_found():
    ExchangeRate.objects.create(currency="USD", day=TODAY, rate=Decimal("0.5"))
    line = {"currency": "USD", "booked_revenue": 10, "booked_cost": 4, "rate_on": TODAY}
    EntryFactory(**line, revenue=5, cost=2)
    EntryFactory(**line, revenue=None, cost=None)
    assert list(faults()) == []

    LedgerEntry.objects.filter(revenue=5).update(cost=3)

    assert len(list(faults())) == 1


def test_an_amount_changed_behind_the_ledgers_back_is_found(night):
    LedgerEntry.objects.filter(revenue=300).update(revenue=301)

    assert "Ledger: the amounts of 1 " in next(faults())


def test_a_standing_that_is_gone_is_found(night):
    Standing.objects.filter(rank=2).delete()
    GroupStanding.objects.filter(rank=1).update(rank=7)

    assert len(list(faults())) == 2


def test_lines_that_came_after_the_night_are_no_fault(night):
    EntryFactory()

    assert list(faults()) == []


def test_two_owners_on_a_day_are_found_where_the_constraint_was_dropped():
    account = AccountFactory(owner=UserFactory())
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE accounts_ownership DROP CONSTRAINT one_owner_on_any_day")

    Ownership.objects.create(account=account, owner=UserFactory())

    assert list(faults()) == ["accounts_ownership: 1 pairs of rows overlap."]


def test_a_row_whose_account_is_gone_is_found(night):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE segmentation_standing SET owner_id = 0 WHERE rank = 1")

    assert list(faults()) == ["segmentation_standinghistory.owner_id: 1 rows refer to nothing."]
