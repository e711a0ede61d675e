"""Runs that meet or break: one whole result, or the one before."""

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction

from segmentation.models import Run, Standing
from segmentation.nightly import LOCK, AlreadyRunning, recompute
from tests.factories import AccountFactory, EntryFactory
from tests.processes import kill, running, start, wait_until

DAY = date(2024, 2, 29)


def sell(account, amount):
    return EntryFactory(account=account, revenue=Decimal(amount), booked_on=DAY)


def test_of_two_runs_at_once_the_second_gives_way(transactional_db):
    blocked = []

    def second():
        try:
            recompute(DAY, wait=False)
        except AlreadyRunning:
            blocked.append(True)
        finally:
            connection.close()

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()

    assert blocked == [True]
    assert not Run.objects.exists()


def test_a_run_that_breaks_leaves_everything_as_it_was(transactional_db):
    account = AccountFactory()
    sell(account, 100)
    recompute(DAY)
    before = list(Standing.objects.values())
    sell(account, 50)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE segmentation_flag RENAME TO hidden")
    try:
        with pytest.raises(Exception, match="segmentation_flag"):
            recompute(DAY)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE hidden RENAME TO segmentation_flag")

    assert list(Standing.objects.values()) == before
    assert Run.objects.count() == 1


def test_a_run_that_is_killed_leaves_nothing_and_the_next_one_is_whole(transactional_db):
    sell(AccountFactory(), 100)
    with transaction.atomic(), connection.cursor() as cursor:
        # The run comes to its flags, with everything else behind it, and waits there.
        cursor.execute("LOCK TABLE segmentation_flag IN ACCESS EXCLUSIVE MODE")
        process = start("recompute", "--as-of", DAY.isoformat())
        wait_until(lambda: running("segmentation_flag"))
        process.kill()
    kill(process)

    assert not Run.objects.exists()
    assert not Standing.objects.exists()
    assert recompute(DAY).changed == 1
