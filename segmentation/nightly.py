"""The nightly run: works a day out, stores what differs, and makes flags agree with it."""

from contextlib import contextmanager
from datetime import date, timedelta

from django.db import connection, models, transaction
from django.utils import timezone

from accounts.sql import run_file, statement
from firm.models import Policy, Topic
from firm.webhooks.telling import tell
from segmentation.computing import Night, work_out
from segmentation.flags import update_flags
from segmentation.models import GroupStanding, Run, StandingChange, StandingHistory

LOCK = 0x4B414D02
# Nights are kept this long; month ends for ever.
HISTORY_DAYS = 400


class AlreadyRunning(Exception):
    """Another run holds the lock."""


@transaction.atomic
def recompute(as_of: date, *, wait: bool = True) -> Run:
    """Freeze the figures of `as_of` and make flags agree with them. Safe to repeat.

    One transaction under an advisory lock: a reader sees yesterday or today, never half.
    `as_of` is the last day that counts, inclusive. A day older than the newest computed one
    is stored in the history and leaves standings and flags alone. Raises AlreadyRunning when
    another run holds the lock and `wait` is false.
    """
    with connection.cursor() as cursor:
        take_lock(cursor, wait=wait)
        began = timezone.now()
        policy = Policy.objects.in_force(as_of)
        before = Run.objects.newest()
        run = Run(as_of=as_of, policy=policy, started_at=began, pk=next_run_id(cursor))
        converted = convert(cursor, policy)
        night = work_out(as_of, policy=policy, run=run.pk)
        night.facts["converted_lines"] = converted
        is_newest = before is None or as_of >= before.as_of
        if before and is_newest:
            with night.step("changes"):
                # Before the day is stored: it may be the same day, computed again.
                write_changes(cursor, run, before.as_of)
                moved = StandingChange.objects.filter(run=run.pk)
                tell(Topic.STANDING_CHANGED, moved.values("account"))
        with night.step("standings"):
            run.changed = store(cursor, StandingHistory, "account", night)
            store(cursor, GroupStanding, "group", night)
        describe(run, night)
        run.finished_at = began
        run.save(force_insert=True)
        if is_newest:
            with night.step("flags"):
                run_file(cursor, "segmentation/night/key_periods.sql", night.params())
                update_flags(cursor, night, run)
            forget_old_nights()
        run.steps = night.steps
        run.finished_at = timezone.now()
        run.summary |= {
            "policy": policy.version,
            "changed": run.changed,
            "seconds": round(run.seconds, 3),
        }
        run.save()
        tell(Topic.RUN_FINISHED, [run.pk])
    return run


def take_lock(cursor, *, wait: bool) -> None:
    if wait:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        return
    cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
    if not cursor.fetchone()[0]:
        raise AlreadyRunning


def next_run_id(cursor) -> int:
    cursor.execute("SELECT nextval(pg_get_serial_sequence('segmentation_run', 'id'))")
    return cursor.fetchone()[0]


def convert(cursor, policy: Policy) -> int:
    """Convert the lines that waited for an exchange rate and have one now."""
    return run_file(
        cursor, "segmentation/night/convert.sql", {"max_rate_age": policy.max_rate_age}
    )


def describe(run: Run, night: Night) -> None:
    run.basis, run.trend_basis = night.basis, night.trend_basis
    run.is_comparable = night.is_comparable
    run.summary, run.facts, run.steps = night.summary, night.facts, night.steps


def write_changes(cursor, run: Run, before: date) -> None:
    """Tell each word of a standing that differs from `before`, what stood until now."""
    cursor.execute(
        "INSERT INTO segmentation_standingchange "  # noqa: S608 - the text is a file of ours
        "(run_id, account_id, as_of, field, before, after) "
        "SELECT %(run)s, account_id, %(as_of)s, field, was, now "
        f"FROM ({statement('segmentation/night/moves.sql')}) AS moved",
        {"run": run.pk, "as_of": run.as_of, "before": before},
    )


def store(cursor, model: type[models.Model], level: str, night: Night) -> int:
    """Write the rows of `level` that differ from what `model` holds for the day.

    What is gone from the day goes. Gives the number of rows that differed.
    """
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    subject = "group_id" if level == "group" else "account_id"
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    compared = [name for name in columns if name not in (subject, "as_of", "run_id")]
    names = ", ".join(map(quote, columns))
    new = ", ".join(f"EXCLUDED.{quote(name)}" for name in compared)
    old = ", ".join(f"stored.{quote(name)}" for name in compared)
    sets = ", ".join(f"{quote(name)} = EXCLUDED.{quote(name)}" for name in [*compared, "run_id"])
    # Names come from the model, never from a person.
    insert = (
        f"INSERT INTO {table} AS stored ({names}) "  # noqa: S608
        f"SELECT {names} FROM night_result WHERE level = %(level)s "
    )
    if not model._default_manager.filter(as_of=night.as_of).exists():
        # A new day, as nearly every night: nothing to compare with.
        cursor.execute(insert, {"level": level})
        return cursor.rowcount
    cursor.execute(
        f"{insert} ON CONFLICT ({subject}, as_of) DO UPDATE SET {sets} "
        f"WHERE ({old}) IS DISTINCT FROM ({new})",
        {"level": level},
    )
    changed = cursor.rowcount
    cursor.execute(
        f"DELETE FROM {table} AS stored WHERE as_of = %(as_of)s AND NOT EXISTS ("  # noqa: S608
        "SELECT FROM night_result AS new WHERE new.level = %(level)s "
        f"AND new.{subject} = stored.{subject})",
        {"level": level, "as_of": night.as_of},
    )
    return changed + cursor.rowcount


def forget_old_nights() -> None:
    """Drop the rows of nights that were computed long ago; month ends stay."""
    limit = timezone.now() - timedelta(days=HISTORY_DAYS)
    recent = Run.objects.filter(finished_at__gte=limit).values("as_of")
    old = Run.objects.filter(is_kept=True, finished_at__lt=limit).exclude(as_of__in=recent)
    days = [day for day in old.values_list("as_of", flat=True).distinct() if not ends_month(day)]
    for model in (StandingHistory, GroupStanding):
        model.objects.filter(as_of__in=days).delete()
    Run.objects.filter(as_of__in=days).update(is_kept=False)


def ends_month(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


@contextmanager
def worked_out(as_of: date):
    """A day computed from today's ledger, to be read and forgotten."""
    with transaction.atomic():
        try:
            yield work_out(as_of)
        finally:
            transaction.set_rollback(True)
