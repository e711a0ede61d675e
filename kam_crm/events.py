"""Which room does which job: the only place that knows all topics."""

from datetime import date

from firm.jobs import add_job
from firm.models import Job
from firm.today import day_that_ended, night_has_begun
from kam_crm.demo.living import live_until
from segmentation.models import PolicyDraft, Run
from segmentation.models.run import NIGHTLY, RECOMPUTE
from segmentation.nightly import recompute
from segmentation.rules.actions import PREVIEW, preview


def run_night(job: Job) -> None:
    as_of = date.fromisoformat(job.payload["as_of"])
    # The demo's clients buy on; elsewhere nothing happens.
    live_until(as_of)
    recompute(as_of)


def preview_draft(job: Job) -> None:
    preview(PolicyDraft.objects.get(pk=job.payload["draft"]))


HANDLERS = {NIGHTLY: run_night, RECOMPUTE: run_night, PREVIEW: preview_draft}


def plan_night() -> bool:
    """Plan the run of the day that ended, once; say whether it was missing.

    However many nights were missed, one run catches up: only the newest day has standings.
    """
    as_of = day_that_ended()
    if not night_has_begun() or Run.objects.filter(as_of__gte=as_of).exists():
        return False
    _job, is_new = add_job(NIGHTLY, as_of.isoformat(), {"as_of": as_of.isoformat()})
    return is_new
