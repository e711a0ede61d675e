"""Which room does which job: the only place that knows all topics."""

import zoneinfo
from collections import defaultdict
from datetime import date

from django.conf import settings
from django.utils import timezone

from accounts.actions.imports import UNDO, undo_asked_for
from accounts.feeds.totals import RECONCILE, reconcile_job
from accounts.imports.actions import TAKE_IN
from accounts.imports.taking import take_in
from accounts.models import Account
from firm.jobs import add_job
from firm.models import Job, RoleMembership, User
from firm.today import day_that_ended, night_has_begun, today
from firm.workdays import works_on
from kam_crm.demo.living import live_until
from segmentation.digest import send_digest
from segmentation.models import PolicyDraft, Run
from segmentation.models.run import NIGHTLY, RECOMPUTE
from segmentation.nightly import recompute
from segmentation.recheck import recheck
from segmentation.rules.actions import PREVIEW, preview

RECHECK = "recheck"
DIGEST = "digest"
# In the morning of the person, wherever they are.
DIGEST_HOUR = 8


def run_night(job: Job) -> None:
    as_of = date.fromisoformat(job.payload["as_of"])
    # The demo's clients buy on; elsewhere nothing happens.
    live_until(as_of)
    recompute(as_of)


def preview_draft(job: Job) -> None:
    preview(PolicyDraft.objects.get(pk=job.payload["draft"]))


def recheck_account(job: Job) -> None:
    """Somebody saved a record of the account; one that is gone by now has no flags."""
    account = Account.objects.filter(pk=job.payload["account"]).first()
    if account:
        recheck(account)


def mail_digest(job: Job) -> None:
    """The digest of one person and day; one that is late by a day is left to the next."""
    person = User.objects.get(pk=job.payload["user"])
    day = date.fromisoformat(job.payload["day"])
    if person.is_active and day == local_time(person.time_zone).date():
        send_digest(person, day)


HANDLERS = {
    NIGHTLY: run_night,
    RECOMPUTE: run_night,
    PREVIEW: preview_draft,
    RECHECK: recheck_account,
    DIGEST: mail_digest,
    TAKE_IN: take_in,
    UNDO: undo_asked_for,
    RECONCILE: reconcile_job,
}


def plan_night() -> bool:
    """Plan the run of the day that ended, once; say whether it was missing.

    However many nights were missed, one run catches up: only the newest day has standings.
    """
    as_of = day_that_ended()
    if not night_has_begun() or Run.objects.filter(as_of__gte=as_of).exists():
        return False
    _job, is_new = add_job(NIGHTLY, as_of.isoformat(), {"as_of": as_of.isoformat()})
    return is_new


def plan_digests() -> int:
    """Plan the morning's digests that are due, one a person and working day; give how many."""
    planned: list[Job] = []
    for zone, people in people_by_zone().items():
        now = local_time(zone)
        if now.hour >= DIGEST_HOUR and works_on(zone or settings.TIME_ZONE, now.date()):
            day = now.date().isoformat()
            planned += [
                Job(topic=DIGEST, key=f"{pk}:{day}", payload={"user": pk, "day": day})
                for pk in people
            ]
    keys = [job.key for job in planned]
    known = set(Job.objects.filter(topic=DIGEST, key__in=keys).values_list("key", flat=True))
    fresh = [job for job in planned if job.key not in known]
    # The constraint decides where two plan at once.
    Job.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def people_by_zone() -> dict[str, list[int]]:
    """Those who use the pages and can be mailed, by their time zone; empty is the company's."""
    held = RoleMembership.objects.in_force(today()).filter(
        role__permissions__codename="use_pages", user__is_active=True, user__email__isnull=False
    )
    found = defaultdict(list)
    for pk, zone in held.order_by("user").values_list("user", "user__time_zone").distinct():
        found[zone].append(pk)
    return found


def local_time(zone: str):
    return timezone.localtime(timezone=zoneinfo.ZoneInfo(zone or settings.TIME_ZONE))
