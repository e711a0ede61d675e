"""Taking an import back: what it would do, and doing it."""

from dataclasses import dataclass

import pghistory
from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from accounts.feeds.totals import ask_to_reconcile
from accounts.importers.ledger import LOCK
from accounts.models import LedgerImport, LeftLine
from accounts.sql import run_file
from firm.jobs import add_job, wake
from firm.models import Job, User

UNDO = "undo_import"
Target, State = LedgerImport.Target, LedgerImport.State
# So many lines a reader can wait for; more are a worker's.
AT_ONCE = 5_000


class CannotUndo(Exception):
    """The import is undone already, or nothing tells what stood before it."""


class Busy(Exception):
    """Another import is at work on the ledger."""


@dataclass(frozen=True)
class Outlook:
    """What an undo does, in lines: withdraw, give former values back, leave to a later import."""

    withdrawn: int = 0
    restored: int = 0
    left: int = 0


@transaction.atomic
def outlook(imported: LedgerImport) -> Outlook:
    """What the undo of `imported` would do now. Raises CannotUndo."""
    refuse(imported)
    with connection.cursor() as cursor:
        found = weigh(cursor, imported)
        transaction.set_rollback(True)
    return found


@transaction.atomic
def undo(imported: LedgerImport, *, by: User, wait: bool = True) -> Outlook:
    """Take `imported` back (method, section 1, Ledger): the lines that it created are withdrawn,
    those that it corrected or voided get their former values, account and day included. Lines
    that a later import has changed since are left, and listed with it; should that import be
    undone as well, they go back to what stood before both. Accounts that it created stay.

    Waits for an import that runs, or raises Busy. Raises CannotUndo.
    """
    refuse(imported)
    with connection.cursor() as cursor:
        take_lock(cursor, wait=wait)
        imported = LedgerImport.objects.select_for_update().get(pk=imported.pk)
        refuse(imported)
        cursor.execute("SET LOCAL work_mem = '256MB'")
        with pghistory.context(ledger_undo=imported.pk):
            found = weigh(cursor, imported)
            run_file(cursor, "accounts/undo/withdraw.sql")
            run_file(cursor, "accounts/undo/restore.sql")
        keep_left(cursor, imported)
    imported.state = State.UNDONE
    imported.undone_at, imported.undone_by = timezone.now(), by
    imported.undo_report = vars(found)
    imported.save(update_fields=["state", "undone_at", "undone_by", "undo_report"])
    ask_to_reconcile(imported.source, f"undo {imported.pk}")
    return found


def take_lock(cursor, *, wait: bool) -> None:
    if wait:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        return
    cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
    if not cursor.fetchone()[0]:
        raise Busy


def undoable(imported: LedgerImport) -> bool:
    """Whether it stands in the ledger, and that has kept the former values of its lines: events
    of old say what stood after, not before."""
    if (imported.target, imported.state) != (Target.LEDGER, State.DONE):
        return False
    events = apps.get_model("accounts.LedgerEntryEvent").objects.filter(
        pgh_label="update", pgh_context__metadata__ledger_import=imported.pk
    )
    return not events.exists()


def refuse(imported: LedgerImport) -> None:
    if not undoable(imported):
        raise CannotUndo


def weigh(cursor, imported: LedgerImport) -> Outlook:
    """Decide on every line that the import touched, in the table undo_line."""
    run_file(cursor, "accounts/undo/weigh.sql", {"imported": imported.pk})
    cursor.execute("SELECT outcome, count(*) FROM undo_line GROUP BY outcome")
    return Outlook(**dict(cursor.fetchall()))


def keep_left(cursor, imported: LedgerImport) -> None:
    cursor.execute(
        f"INSERT INTO {LeftLine._meta.db_table} (imported_id, entry_id, kept_by_id) "  # noqa: S608
        "SELECT %s, entry.id, kept_by_id FROM undo_line AS line "
        "JOIN accounts_ledgerentry AS entry ON entry.id = line.entry_id "
        "WHERE outcome = 'left' ORDER BY entry.document, entry.line",
        [imported.pk],
    )


def is_large(imported: LedgerImport) -> bool:
    counts = (imported.report.get(name, 0) for name in ("created", "corrected", "voided"))
    return sum(counts) > AT_ONCE


def asked_for(imported: LedgerImport) -> Job | None:
    """The undo of `imported` that waits for a worker, or runs."""
    jobs = Job.objects.filter(topic=UNDO, payload__import=imported.pk)
    return jobs.filter(state__in=(Job.State.WAITING, Job.State.RUNNING)).first()


@transaction.atomic
def ask_for_undo(imported: LedgerImport, *, by: User) -> Job:
    """Have a worker undo `imported`; asked again while it waits or runs, it is the same job."""
    if waiting := asked_for(imported):
        return waiting
    jobs = Job.objects.filter(topic=UNDO, payload__import=imported.pk)
    # Two clicks at once count the same jobs, and so mean the same key.
    key = f"{imported.pk} {jobs.count() + 1}"
    job, _is_new = add_job(UNDO, key, {"import": imported.pk, "by": by.pk})
    wake()
    return job


def undo_asked_for(job: Job) -> None:
    """What a worker does with the job; an import that is undone by then stays so."""
    imported = LedgerImport.objects.get(pk=job.payload["import"])
    if undoable(imported):
        undo(imported, by=User.objects.get(pk=job.payload["by"]))
