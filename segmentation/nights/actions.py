"""One more run, because somebody asks for it."""

from django.db import transaction

from firm.jobs import add_job, wake
from firm.models import Job, User
from firm.today import day_that_ended
from segmentation.models.run import RECOMPUTE

OPEN = (Job.State.WAITING, Job.State.RUNNING)


def asked_for() -> Job | None:
    """The newest run that somebody asked for, whatever became of it."""
    return Job.objects.filter(topic=RECOMPUTE).order_by("-pk").first()


@transaction.atomic
def ask_for_run(*, by: User) -> tuple[Job, bool]:
    """Have the day that ended computed by a worker; give the job and whether it is new.

    While one waits or runs, asking again gives that one.
    """
    day = day_that_ended().isoformat()
    jobs = Job.objects.filter(topic=RECOMPUTE, payload__as_of=day)
    if waiting := jobs.filter(state__in=OPEN).first():
        return waiting, False
    # Two clicks at once count the same jobs, and so mean the same key.
    key = f"{day} {jobs.count() + 1}"
    job, is_new = add_job(RECOMPUTE, key, {"as_of": day, "by": by.name})
    wake()
    return job, is_new
