"""The demo lives on: each night books the day that ended, once, and never elsewhere."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction

from accounts.models import LedgerEntry
from kam_crm import tasks
from kam_crm.demo.living import live_until
from segmentation.models import Run
from tests.factories import TODAY, EntryFactory

pytestmark = pytest.mark.django_db

MONDAY = date(2024, 3, 4)
NIGHT_AFTER = "2024-03-05T03:00:00Z"


def load(**options):
    call_command("load_demo", **{"accounts": 30, "as_of": TODAY} | options)


def lines_since():
    lines = LedgerEntry.objects.filter(booked_on__gt=TODAY).order_by("document", "line")
    return list(
        lines.values_list("account__account_ref", "booked_on", "document", "revenue", "cost")
    )


def test_the_night_books_the_missed_days_before_it_computes():
    load()
    with time_machine.travel(NIGHT_AFTER, tick=False):
        tasks.sweep()
        booked = lines_since()
        tasks.sweep()

    assert {day for _ref, day, *_rest in booked} == {date(2024, 3, 1), MONDAY}
    assert lines_since() == booked
    run = Run.objects.newest()
    assert run.as_of == MONDAY
    assert run.facts["ledger_to"] == MONDAY.isoformat()


def test_the_same_days_make_the_same_lines_at_once_or_one_by_one():
    load()
    with transaction.atomic():
        live_until(MONDAY)
        at_once = lines_since()
        transaction.set_rollback(True)

    for days in range(1, 5):
        live_until(TODAY + timedelta(days=days))

    assert lines_since() == at_once
    assert at_once


def test_a_booked_day_stays_as_it_is():
    load()

    assert live_until(MONDAY) > 0
    assert live_until(MONDAY) == live_until(TODAY) == 0


def test_the_firm_keeps_earning_about_what_it_earned():
    load(accounts=60)
    day = TODAY - timedelta(days=28)
    before = LedgerEntry.objects.filter(booked_on__gt=day).count()

    after = live_until(TODAY + timedelta(days=28))

    assert before / 2 < after < before * 2


def test_a_firm_of_flesh_and_blood_gets_no_invented_line():
    EntryFactory()

    assert live_until(MONDAY) == 0
    assert LedgerEntry.objects.count() == 1


def test_in_production_nothing_lives(settings):
    load()
    settings.PRODUCTION = True

    assert live_until(MONDAY) == 0
    assert lines_since() == []
