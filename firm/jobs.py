"""Does each job once, whatever dies on the way. PostgreSQL holds the truth of every job."""

import traceback
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from firm.models import Job

log = structlog.get_logger(__name__)

# From the claim until the worker holds the row's lock: a moment. Then the lock says it lives.
LEASE = timedelta(seconds=30)
MAX_ATTEMPTS = 5

Handler = Callable[[Job], None]


def add_job(topic: str, key: str, payload: dict[str, Any] | None = None) -> tuple[Job, bool]:
    """Put a job into the outbox, in the caller's transaction; a known key adds nothing.

    Gives the job and whether it is new.
    """
    return Job.objects.get_or_create(topic=topic, key=key, defaults={"payload": payload or {}})


def wake() -> None:
    """Ring for a worker once the caller's transaction stands. A ring that nobody hears costs
    half a minute: the sweep finds the job."""
    transaction.on_commit(import_string(settings.WAKE_WORKERS), robust=True)


def do_next_job(handlers: Mapping[str, Handler]) -> bool:
    """Do one job that is due; say whether there was one.

    The claim is committed first, so that a job that kills its worker counts its attempts.
    The job's effect and its end are one transaction: a crash undoes both, and the next sweep
    finds the row without a lock.
    """
    job = claim()
    if job is None:
        return False
    try:
        with transaction.atomic():
            locked = (
                Job.objects.select_for_update(skip_locked=True)
                .filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts)
                .first()
            )
            if locked is None:
                return True
            handlers[job.topic](locked)
            locked.state, locked.finished_at, locked.error = Job.State.DONE, timezone.now(), ""
            locked.save(update_fields=["state", "finished_at", "error"])
    except Exception as error:
        log.exception("job failed", topic=job.topic, key=job.key)
        put_back(job, error)
    return True


def claim() -> Job | None:
    """Take the next job that is due and free, and count the attempt."""
    now = timezone.now()
    with transaction.atomic():
        job = Job.objects.claimable(now).select_for_update(skip_locked=True).first()
        if job is None:
            return None
        if job.attempts >= MAX_ATTEMPTS:
            job.state, job.finished_at = Job.State.DEAD, now
            job.error = job.error or "Its worker died each time."
        else:
            job.state, job.lease_until = Job.State.RUNNING, now + LEASE
            job.attempts += 1
        job.save()
    return job if job.state == Job.State.RUNNING else claim()


def put_back(job: Job, error: Exception) -> None:
    """Let a failed job wait, longer each time, or give it up with its reason."""
    reason = "".join(traceback.format_exception(error))[-4000:]
    again = job.attempts < MAX_ATTEMPTS
    Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(
        state=Job.State.WAITING if again else Job.State.DEAD,
        run_after=timezone.now() + timedelta(seconds=30 * 2**job.attempts),
        finished_at=None if again else timezone.now(),
        error=reason,
    )
