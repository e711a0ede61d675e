"""The nightly runs: what they did, how long they took, and one more on demand."""

from datetime import date, timedelta

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from firm import roles, toasts
from firm.models import Job
from firm.paging import address, page_of
from firm.templatetags.figures import full_day
from segmentation.models import Run
from segmentation.moves import Moves
from segmentation.nights.actions import OPEN, ask_for_run, asked_for
from segmentation.nights.reading import flags_of, jobs_of_runs, step_bars, told, troubles, warnings

ROWS = 25
# So long a run that was asked for is news.
FRESH = timedelta(hours=1)


@require_GET
@vary_on_headers("HX-Request")
def nightly(request):
    page = page_of(Run.objects.select_related("policy"), request.GET.get("page"), ROWS)
    context = {
        "page": page,
        "rows": [{"run": run, "warnings": warnings(run)} for run in page],
        "address": address(request.GET, without=["page"]),
    }
    if request.htmx:
        return render(request, "segmentation/nightly.html#runs", context)
    context |= {"troubles": troubles(), **status()}
    return render(request, "segmentation/nightly.html", context)


def status():
    """How the run that was asked for last stands, while that is news."""
    job = asked_for()
    if job is None or (job.finished_at and timezone.now() - job.finished_at > FRESH):
        return {}
    found = {"asked": told(job), "is_open": job.state in OPEN}
    if job.state == Job.State.DONE:
        found["done"] = Run.objects.of(found["asked"]["day"])
    return found


@require_GET
def progress(request):
    return render(request, "segmentation/nightly.html#status", status())


@require_POST
@permission_required(roles.NEW_RUN, raise_exception=True)
def recompute_now(request):
    job, is_new = ask_for_run(by=request.user)
    day = full_day(date.fromisoformat(job.payload["as_of"]))
    if is_new:
        toasts.say(request, _("%(day)s will be computed again.") % {"day": day})
    else:
        toasts.say(request, _("%(day)s is on its way already.") % {"day": day})
    return redirect("segmentation:nightly")


@require_GET
def run(request, pk):
    found = get_object_or_404(Run.objects.select_related("policy"), pk=pk)
    jobs = jobs_of_runs().filter(payload__as_of=found.as_of.isoformat())
    context = {
        "run": found,
        "warnings": warnings(found),
        "steps": step_bars(found),
        "moves": Moves(found.changes.all(), request.user),
        "flags": list(flags_of(found, request.user)),
        "jobs": [told(job) for job in jobs[:10]],
    }
    return render(request, "segmentation/nightly_run.html", context)
