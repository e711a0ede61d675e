"""Flags over records, looked at again as soon as somebody has saved one."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, Sum
from django.db.models.functions import Greatest

from accounts.models import Account
from firm.models import Notification
from firm.today import today
from segmentation.flags import notice, recipients
from segmentation.models import (
    Flag,
    KeyPeriod,
    ProspectRating,
    Run,
    Segment,
    Standing,
    Trend,
)

Kind, Severity = Flag.Kind, Flag.Severity
# What is true of an account: severity, number, evidence.
Truth = tuple[Flag.Severity, Decimal | None, dict[str, Any]]


def recheck(account: Account) -> None:
    """Make the flags over the records of `account` agree with them now, as the night would.

    Its standing is that of the newest run, its ratings are today's. Safe to repeat; does
    nothing for an account without a standing.
    """
    run = Run.objects.newest()
    locked = Standing.objects.select_for_update(of=["account"]).select_related("account")
    standing = locked.filter(account=account).first()
    if not run or not standing:
        return
    day = max(today(), run.as_of)
    true = truths(standing, run, day)
    for kind in Flag.GAP_KINDS:
        if kind in true:
            hold(kind, true[kind], standing, run, day)
        else:
            Flag.objects.open().filter(kind=kind, account=account).update(
                quiet_runs=F("quiet_runs") + 1, checked_on=day, cleared_on=day
            )
    fresh = Flag.objects.open().filter(account=account, kind__in=Flag.GAP_KINDS, told=0)
    flags = list(fresh.select_related("account"))
    concerned = recipients(flags)
    notices = [notice(flag, person) for flag in flags for person in concerned[flag.pk]]
    Notification.objects.bulk_create(notices, ignore_conflicts=True)
    fresh.update(told=F("severity"))


def truths(standing: Standing, run: Run, day: date) -> dict[Flag.Kind, Truth]:
    """Which of the gaps there are, by the newest rating of each rater on `day`."""
    newest = ProspectRating.objects.filter(
        Q(rated_on=None) | Q(rated_on__lte=day), account=standing.account_id
    ).order_by("rater", F("rated_on").desc(nulls_last=True))
    scores = dict(newest.distinct("rater").values_list("rater", "score"))
    if not scores:
        evidence = {"abc": standing.abc, "amount": float(standing.basis), "basis": run.basis}
        asked = standing.abc != "C" or is_watched(standing, run)
        return {Kind.UNRATED: (Severity.LOW, None, evidence)} if asked else {}
    kam, head = scores.get("kam"), scores.get("head")
    if kam and head and abs(kam - head) >= run.policy.disputed_gap:
        evidence = {"kam": kam, "head": head}
        return {Kind.DISPUTED: (Severity.MEDIUM, Decimal(abs(kam - head)), evidence)}
    return {}


def is_watched(standing: Standing, run: Run) -> bool:
    """Whether the group is watched, as `flags/watched.sql` has it."""
    group = Standing.objects.filter(group=standing.group_id)
    was = "previous_income" if run.trend_basis == "income" else "previous_turnover"
    total = Standing.objects.aggregate(total=Sum(Greatest(was, Decimal(0))))["total"]
    lost = Q(trend=Trend.LOST) & Q(**{f"{was}__gt": total * run.policy.watch_share / 100})
    watched = Q(key=True) | Q(core=True) | Q(segment__in=[Segment.VIP, Segment.STRATEGIC]) | lost
    return (
        group.filter(watched).exists()
        or KeyPeriod.objects.filter(group=standing.group_id, ended_on=None).exists()
    )


def hold(kind: Flag.Kind, truth: Truth, standing: Standing, run: Run, day: date) -> None:
    """Raise the flag, move the one that stands, or take up the one that cleared days ago."""
    severity, number, evidence = truth
    back = day - timedelta(days=run.policy.flag_return_days)
    known = (
        Flag.objects.filter(Q(cleared_on=None) | Q(cleared_on__gte=back), kind=kind)
        .filter(account=standing.account_id)
        .order_by(F("cleared_on").desc(nulls_first=True), "-pk")
        .first()
    )
    if known is None and has_enough_gaps(standing, run, day):
        return
    flag = known or Flag(kind=kind, account_id=standing.account_id, raised_on=day)
    flag.severity, flag.number, flag.evidence = severity, number, evidence
    flag.money, flag.policy = standing.basis, run.policy
    flag.held_on = flag.checked_on = day
    flag.quiet_runs, flag.cleared_on = 0, None
    if flag.acknowledged_at and has_worsened(flag, run.policy.worsened_share):
        flag.acknowledged_at = flag.acknowledged_by = flag.rests_until = None
        flag.acknowledged_reason = ""
    flag.save()


def has_enough_gaps(standing: Standing, run: Run, day: date) -> bool:
    """Whether the owner was asked to close as many gaps as a week may bring."""
    recent = Flag.objects.filter(kind__in=Flag.GAP_KINDS, raised_on__gt=day - timedelta(days=7))
    mine = recent.filter(account__standing__owner=standing.owner_id)
    return mine.count() >= run.policy.gaps_per_week


def has_worsened(flag: Flag, percent: Decimal) -> bool:
    if flag.severity > flag.rests_severity:
        return True
    numbers = flag.number is not None and flag.rests_at is not None
    return numbers and flag.number * 100 >= flag.rests_at * (100 + percent)
