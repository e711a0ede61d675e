"""Which room does which job: the only place that knows all topics."""

from datetime import date

from firm.jobs import add_job
from firm.models import Job
from firm.today import day_that_ended, night_has_begun
from segmentation.models import Run
from segmentation.nightly import recompute

NIGHTLY = "nightly"


def run_night(job: Job) -> None:
    recompute(date.fromisoformat(job.payload["as_of"]))


HANDLERS = {NIGHTLY: run_night}


def plan_night() -> bool:
    """Plan the run of the day that ended, once; say whether it was missing.

    However many nights were missed, one run catches up: only the newest day has standings.
    """
    as_of = day_that_ended()
    if not night_has_begun() or Run.objects.filter(as_of__gte=as_of).exists():
        return False
    _job, is_new = add_job(NIGHTLY, as_of.isoformat(), {"as_of": as_of.isoformat()})
    return is_new
