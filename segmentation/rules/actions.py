"""New versions of the policy: drafted, previewed, put in force. A version never changes."""

from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.sql import statement
from firm.jobs import add_job, wake
from firm.models import Job, Policy, User
from firm.templatetags.figures import full_day
from firm.today import today
from segmentation.computing import work_out
from segmentation.models import PolicyDraft, Run
from segmentation.nightly import AlreadyRunning, take_lock

PREVIEW = "policy_preview"
DAY = timedelta(days=1)


class Refused(Exception):
    """The draft cannot become a version; the argument says why, to a person."""


def newest_policy() -> Policy:
    return Policy.objects.select_related("author").order_by("-version").first()


def earliest_day(newest: Policy) -> date:
    """The first day from which a new version may hold.

    No day that is computed may move, and no version may come into force after one that
    replaces it.
    """
    run = Run.objects.newest()
    first = run.as_of + DAY if run else today()
    return max(first, newest.valid_from or first)


@transaction.atomic
def draft_policy(
    *, base: Policy, numbers: dict[str, Any], valid_from: date, reason: str, by: User
) -> PolicyDraft:
    """Keep the numbers that differ from `base`, and have a worker find out what they move."""
    draft = PolicyDraft.objects.create(
        base=base,
        numbers={name: None if value is None else str(value) for name, value in numbers.items()},
        valid_from=valid_from,
        reason=reason,
        author=by,
    )
    add_job(PREVIEW, str(draft.pk), {"draft": draft.pk})
    wake()
    return draft


def job_of(draft: PolicyDraft) -> Job | None:
    return Job.objects.filter(topic=PREVIEW, key=str(draft.pk)).first()


@transaction.atomic
def preview(draft: PolicyDraft) -> None:
    """Compute the newest stored day with the draft, and keep what would differ from it.

    Stores moves and summaries only; standings, flags and runs stay as they are.
    """
    run = Run.objects.newest()
    if run:
        night = work_out(run.as_of, policy=draft.policy)
        draft.moves.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO segmentation_draftmove (draft_id, account_id, field, before, after) "  # noqa: S608 - the text is a file of ours
                "SELECT %(draft)s, account_id, field, was, now "
                f"FROM ({statement('segmentation/night/moves.sql')}) AS moved",
                {"draft": draft.pk, "before": run.as_of},
            )
        draft.as_of = run.as_of
        draft.before = run.summary | {"mix": run.facts["mix"]}
        draft.after = night.summary | {"mix": night.facts["mix"]}
    draft.previewed_at = timezone.now()
    draft.save()


@transaction.atomic
def put_in_force(draft: PolicyDraft, *, by: User) -> Policy:
    """Make the draft the newest version, in force from its day on. Safe to repeat.

    Raises Refused where another version came first, the day has been computed meanwhile, the
    preview is not there, or a run is under way.
    """
    try:
        with connection.cursor() as cursor:
            # A run that has begun took its policy: it must not meet another one for its day.
            take_lock(cursor, wait=False)
    except AlreadyRunning:
        raise Refused(_("Figures are being computed. Try again when the run is done.")) from None
    draft = PolicyDraft.objects.select_for_update(of=["self"]).get(pk=draft.pk)
    if draft.became:
        return draft.became
    newest = newest_policy()
    if newest != draft.base:
        raise Refused(
            _("Version %(version)s was saved meanwhile, by %(author)s. Nothing was overwritten.")
            % {"version": newest.version, "author": newest.author or "–"}
        )
    if not draft.previewed_at:
        raise Refused(_("The preview is not ready yet."))
    first = earliest_day(newest)
    if draft.valid_from < first:
        raise Refused(
            _("%(day)s has been computed meanwhile; a version can hold from %(first)s on.")
            % {"day": full_day(draft.valid_from), "first": full_day(first)}
        )
    version = draft.policy
    version.author = by
    version.full_clean(exclude=["author"])
    version.save(force_insert=True)
    draft.became = version
    draft.save(update_fields=["became"])
    return version
