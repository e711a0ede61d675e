"""What people do with flags: put them to rest with a reason, wake them, look at them later."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from firm.models import Policy, User
from firm.today import today
from segmentation.models import Flag, PutOff


class Moved(Exception):
    """The flag is no longer what the person answered to."""


def last_day_of_rest(flag: Flag, policy: Policy | None = None) -> date:
    """The last day that an acknowledgement of `flag` may name, by the policy in force."""
    policy = policy or Policy.objects.in_force(today())
    is_critical = flag.severity == Flag.Severity.CRITICAL
    days = policy.acknowledged_days_critical if is_critical else policy.acknowledged_days
    return today() + timedelta(days=days)


@transaction.atomic
def acknowledge(flag: Flag, *, by: User, reason: str, until: date, seen: str) -> Flag:
    """Let a flag rest until `until`, for a reason; it wakes earlier where it gets worse.

    `seen` is the `state` that the person answered to. Raises Moved where it differs by now or
    the flag has cleared; ValueError where `until` is not ahead, or beyond what the policy lets.
    """
    flag = Flag.objects.select_for_update(of=["self"]).get(pk=flag.pk)
    if flag.cleared_on or flag.state != seen:
        raise Moved
    if not today() < until <= last_day_of_rest(flag):
        raise ValueError(until)
    put_to_rest(flag, by, reason, until)
    flag.save()
    return flag


@transaction.atomic
def acknowledge_all(
    seen: Mapping[int, str], *, by: User, reason: str, until: date
) -> tuple[list[Flag], int]:
    """Acknowledge several flags, by key the `state` that was seen of each; leave those that moved.

    A flag that may not rest as long as asked rests as long as it may. Gives those that rest
    now, and how many had moved.
    """
    if until <= today():
        raise ValueError(until)
    policy = Policy.objects.in_force(today())
    locked = Flag.objects.select_for_update(of=["self"]).filter(pk__in=seen).order_by("pk")
    flags = [flag for flag in locked if not flag.cleared_on and flag.state == seen[flag.pk]]
    for flag in flags:
        put_to_rest(flag, by, reason, min(until, last_day_of_rest(flag, policy)))
    Flag.objects.bulk_update(flags, ANSWER)
    return flags, len(seen) - len(flags)


ANSWER = [
    "acknowledged_at",
    "acknowledged_by",
    "acknowledged_reason",
    "rests_until",
    "rests_at",
    "rests_severity",
]


def put_to_rest(flag: Flag, by: User, reason: str, until: date) -> None:
    flag.acknowledged_at, flag.acknowledged_by = timezone.now(), by
    flag.acknowledged_reason, flag.rests_until = reason, until
    # What it wakes by: more severe than this, or a number worse by the policy's `worsened_share`.
    flag.rests_at, flag.rests_severity = flag.number, flag.severity


@transaction.atomic
def wake(flags: Iterable[Flag], *, by: User) -> int:
    """Take acknowledgements back; give how many there were. Who did so stands in the history."""
    resting = Flag.objects.filter(pk__in=[flag.pk for flag in flags]).resting()
    return resting.update(
        acknowledged_at=None,
        acknowledged_by=None,
        acknowledged_reason="",
        rests_until=None,
        rests_at=None,
        rests_severity=None,
    )


def put_off(flag: Flag, *, by: User, until: date) -> PutOff:
    """Show a flag to `by` again on `until`, or once it is more severe; others go on seeing it.

    Raises ValueError where `until` is not ahead.
    """
    if until <= today():
        raise ValueError(until)
    later, _created = PutOff.objects.update_or_create(
        user=by, flag=flag, defaults={"until": until, "severity": flag.severity}
    )
    return later


def take_up(flag: Flag, *, by: User) -> None:
    """Show a flag that was put off again now."""
    PutOff.objects.filter(user=by, flag=flag).delete()
