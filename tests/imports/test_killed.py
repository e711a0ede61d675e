"""`kill -9` in the middle of an import that a page started: one whole result, or none yet."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.imports.actions import newest_job, start
from accounts.models import Account, LedgerEntry, LedgerImport, RejectedRow
from firm.models import Job, Notification
from tests.imports.conftest import do_jobs, send
from tests.ledgers import ADVENTUREWORKS, HEADER, ROOT
from tests.processes import database_url, kill, running, wait_until

State = LedgerImport.State
WORKER = """
import sys, django
django.setup()
from django.conf import settings
settings.MEDIA_ROOT = sys.argv[1]
from firm.jobs import do_next_job
from kam_crm.events import HANDLERS
do_next_job(HANDLERS)
"""


def worker(settings):
    """One worker, doing one job, on the database and the files of this test."""
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, str(settings.MEDIA_ROOT)],
        cwd=ROOT,
        env=os.environ
        | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "kam_crm.settings"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def started():
    imported = send(ADVENTUREWORKS.read_bytes(), file_name="ledger.csv.gz")
    start(imported, by=imported.by, accept_rejected=True)
    return imported


def nothing_is_stored(imported):
    imported.refresh_from_db()
    stored = (Account, LedgerEntry, RejectedRow, Notification)
    return imported.state == State.WAITING and not any(m.objects.exists() for m in stored)


def the_next_worker_takes_it_whole(imported):
    Job.objects.update(
        lease_until=timezone.now() - timedelta(seconds=1),
        run_after=timezone.now() - timedelta(seconds=1),
    )
    do_jobs()
    imported.refresh_from_db()
    assert (imported.state, imported.report["created"]) == (State.DONE, 60855)
    assert LedgerEntry.objects.count() == 60855
    assert newest_job(imported).attempts == 2
    assert Notification.objects.count() == 1


@pytest.mark.parametrize("statement", ["COPY stage", "INSERT INTO accounts_ledgerentry"])
def test_a_worker_that_is_killed_leaves_nothing_and_the_next_takes_all(
    transactional_db, settings, statement
):
    imported = started()
    process = worker(settings)
    wait_until(lambda: running(statement))
    kill(process)

    assert nothing_is_stored(imported)
    the_next_worker_takes_it_whole(imported)


def test_a_database_that_cuts_the_worker_off_leaves_nothing_and_the_next_takes_all(
    transactional_db, settings
):
    imported = started()
    process = worker(settings)
    wait_until(lambda: running("INSERT INTO accounts_ledgerentry"))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    process.wait()

    assert nothing_is_stored(imported)
    the_next_worker_takes_it_whole(imported)


def test_a_broker_that_is_gone_holds_up_no_import(db, settings):
    dead = settings.CACHES["default"] | {"LOCATION": "unix:///nowhere/at/all"}
    settings.CACHES = settings.CACHES | {"default": dead}
    imported = send(f"{HEADER}\nK1,2024-02-29,1,,EUR,D,1\n")
    start(imported, by=imported.by)
    do_jobs()

    imported.refresh_from_db()
    assert imported.state == State.DONE
