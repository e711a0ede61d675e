"""Rating an account's prospects, and setting its segment by hand."""

from django.db import transaction

from accounts.models import Account
from firm.jobs import add_job
from firm.today import today
from firm.versions import version_of
from segmentation.models import ProspectRating, SegmentOverride


@transaction.atomic
def rate(account, *, rater, score, reason, rated_on, by):
    """The score of that day by the manager or the head; a second one that day replaces it."""
    Account.objects.select_for_update().get(pk=account.pk)
    rating, _is_new = ProspectRating.objects.update_or_create(
        account=account,
        rater=rater,
        rated_on=rated_on,
        defaults={"score": score, "reason": reason, "author": by},
    )
    recheck(account, f"rating:{version_of(rating)}")
    return rating


@transaction.atomic
def override(account, *, segment, reason, review_on, by):
    """The segment that counts from today until the review day, whatever the figures say."""
    Account.objects.select_for_update().get(pk=account.pk)
    given = {"segment": segment, "reason": reason, "review_on": review_on}
    same = SegmentOverride.objects.filter(account=account, author=by, set_on=today(), **given)
    kept = same.first()
    if kept:
        return kept
    set_now = SegmentOverride.objects.create(account=account, author=by, set_on=today(), **given)
    recheck(account, f"override:{version_of(set_now)}")
    return set_now


def recheck(account, key):
    """Have the flags of the account looked at again, by a worker."""
    add_job("recheck", key, {"account": account.pk})
