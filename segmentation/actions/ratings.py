"""Rating an account's prospects, and setting its segment by hand."""

from django.db import transaction

from accounts.models import Account
from firm.jobs import add_job
from firm.today import today
from firm.versions import Outdated, lock, version_of
from segmentation.models import ProspectRating, SegmentOverride


@transaction.atomic
def rate(account, *, rater, score, reason, rated_on, by):
    """The score of that day by the manager or the head; a second one that day replaces it.

    Gives the rating and whether it says something new.
    """
    Account.objects.select_for_update().get(pk=account.pk)
    rating, _is_new = ProspectRating.objects.update_or_create(
        account=account,
        rater=rater,
        rated_on=rated_on,
        defaults={"score": score, "reason": reason, "author": by},
    )
    return rating, recheck(account, f"rating:{version_of(rating)}")


@transaction.atomic
def override(account, *, segment, reason, review_on, by):
    """The segment that counts from today until the review day, whatever the figures say.

    Gives the override and whether it is new.
    """
    Account.objects.select_for_update().get(pk=account.pk)
    given = {"segment": segment, "reason": reason, "review_on": review_on}
    same = SegmentOverride.objects.filter(account=account, author=by, set_on=today(), **given)
    kept = same.first()
    if kept:
        return kept, False
    set_now = SegmentOverride.objects.create(account=account, author=by, set_on=today(), **given)
    return set_now, recheck(account, f"override:{version_of(set_now)}")


@transaction.atomic
def undo(judged, *, version, by):
    """Take back what `by` saved as `version`: the row is as before, or gone. Raises Outdated."""
    lock(judged, version)
    if judged.author_id != by.pk:
        raise Outdated
    before = judged.events.filter(pgh_id__lt=version).order_by("-pgh_id").first()
    if before is None:
        judged.delete()
        recheck(judged.account, f"undo:{judged._meta.model_name}:{version}")
        return
    for name in ("score", "reason", "author_id"):
        setattr(judged, name, getattr(before, name))
    judged.save()
    # The key that saving the same again would have: it would be nothing new.
    recheck(judged.account, f"rating:{version_of(judged)}")


def recheck(account, key):
    """Have a worker look at the flags of the account again; say whether the key was new."""
    _job, is_new = add_job("recheck", key, {"account": account.pk})
    return is_new
