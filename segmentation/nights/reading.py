"""What the pages of the nightly runs show."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from firm.jobs import LEASE
from firm.models import Job
from segmentation.models import Flag
from segmentation.models.run import RUN_TOPICS
from segmentation.sentences import basis, left_out, losses, stale_feed

STEPS = {
    "ledger": _("Adding up the ledger"),
    "units": _("Rolling up groups"),
    "ranks": _("Ranks, shares and classes"),
    "result": _("Bands, trends and segments"),
    "portfolio": _("Tests and mix"),
    "changes": _("Comparing with the day before"),
    "standings": _("Storing"),
    "flags": _("Flags and notices"),
}
TROUBLES = 5
NAMED = 20


def warnings(run):
    """What a reader of the run's figures has to know of the run itself."""
    return [*stale_feed(run), *basis(run), *losses(run), *left_out(run)]


def jobs_of_runs():
    return Job.objects.filter(topic__in=RUN_TOPICS).order_by("-pk")


def troubles():
    """Runs that were tried and did not get through, the newest first."""
    return [told(job) for job in jobs_of_runs().exclude(error="")[:TROUBLES]]


def told(job):
    """A job in the words of the page: its day, who asked, since when, what went wrong."""
    return {
        "job": job,
        "day": date.fromisoformat(job.payload["as_of"]),
        "by": job.payload.get("by", ""),
        "since": job.lease_until and job.lease_until - LEASE,
        "error": job.error.strip().rpartition("\n")[2],
    }


def step_bars(run):
    """The run's steps in their order, with the width of a bar of 100."""
    longest = max(run.steps.values(), default=0) or 1
    return [
        {
            "label": label,
            "seconds": run.steps[name],
            "width": f"{100 * run.steps[name] / longest:.1f}",
        }
        for name, label in STEPS.items()
        if name in run.steps
    ]


def flags_of(run, user):
    """Flags raised and cleared on the run's day, of those that `user` may see."""
    seen = Flag.objects.visible_to(user).select_related("account").ranked()
    for name, flags in (
        ("raised", seen.filter(raised_on=run.as_of)),
        ("cleared", seen.filter(cleared_on=run.as_of)),
    ):
        named = list(flags[:NAMED])
        count = flags.count()
        yield {"name": name, "flags": named, "count": count, "more": count - len(named)}
