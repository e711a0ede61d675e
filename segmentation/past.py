"""How an account came to stand where it stands: stored days, and what its flags went through."""

import json
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, Window
from django.db.models.functions import Lag
from django.utils.translation import gettext as _

from firm.templatetags.figures import full_day
from segmentation.history import FlagEvent, actor_of, actors
from segmentation.models import Band, Flag, StandingHistory

MONTH_ENDS = 36
LAST_DAYS = 7
EVENTS = 40
# Columns of a flag whose change is a turn.
COMPARED = ("level", "severity", "cleared_on", "acknowledged_at")


def stored_days(account):
    """Standings of the last days and of the last stored day of each month, the newest first."""
    rows = StandingHistory.objects.filter(account=account)
    days = list(rows.order_by("-as_of").values_list("as_of", flat=True))
    last = {(day.year, day.month): day for day in reversed(days)}
    chosen = [*days[:LAST_DAYS], *sorted(last.values(), reverse=True)[:MONTH_ENDS]]
    stored = rows.filter(as_of__in=chosen).select_related("run__policy")
    return list(stored.defer("run__steps", "run__summary", "run__facts").order_by("-as_of"))


def share_chart(rows):
    """The group's share with the limits of each day's own policy, oldest first, as JSON."""
    rows = list(reversed(rows))
    return json.dumps(
        {
            "days": [full_day(row.as_of) for row in rows],
            "share": [percent(row.group_share) for row in rows],
            "key": [float(row.run.policy.key_share) for row in rows],
            "critical": [float(row.run.policy.critical_share) for row in rows],
            "names": {
                "share": _("Share of the group"),
                "key": _("Limit of key"),
                "critical": _("Limit of critical"),
            },
        }
    )


def percent(fraction):
    return None if fraction is None else round(float(fraction) * 100, 2)


@dataclass
class Turn:
    """One thing that happened to a flag. `by` is empty where a run did it."""

    event: object
    what: list[str]
    by: str


def turns_of_flags(account, user, groups):
    """What happened to the flags of the account and its groups, as far as `user` sees them."""
    about = Q(account=account) | Q(account__in=groups)
    flags = Flag.objects.visible_to(user).filter(about).values("pk")
    events = FlagEvent.objects.filter(pgh_obj__in=flags)
    events = events.annotate(**{f"was_{name}": before(name) for name in COMPARED})
    told = events.select_related("acknowledged_by", "account", "pgh_context")
    newest = list(told.order_by("-pgh_id")[:EVENTS])
    names = actors(newest)
    turns = (Turn(event, happened(event), names.get(actor_of(event), "")) for event in newest)
    return [turn for turn in turns if turn.what]


def before(name):
    """What the flag's event before this one had in the column."""
    order = F("pgh_id").asc()
    return Window(Lag(name), partition_by=F("pgh_obj"), order_by=order)


def happened(event):
    """Sentences of what an event of a flag changed against the one before it."""
    if event.pgh_label == "insert":
        return [raised(event)]
    return [tell(event) for holds, tell in TURNS if holds(event)]


def raised(event):
    return _("Raised %(day)s.") % {"day": full_day(event.raised_on)}


def cleared(event):
    return _("Cleared %(day)s.") % {"day": full_day(event.cleared_on)}


def came_back(event):
    return _("Came back.")


def acknowledged(event):
    told = {
        "name": event.acknowledged_by.name,
        "reason": event.acknowledged_reason,
        "day": full_day(event.rests_until),
    }
    return _("Acknowledged by %(name)s, rests until %(day)s: “%(reason)s”") % told


def woke(event):
    return _("No longer acknowledged.")


def moved(event):
    words: dict[Any, Any] = dict(Flag.Severity.choices)
    was, now = event.was_severity, event.severity
    if event.level != event.was_level:
        words, was, now = dict(Band.choices), event.was_level, event.level
    told = {"before": words.get(was, was), "after": words.get(now, now)}
    return _("Moved from %(before)s to %(after)s.") % told


TURNS = (
    (lambda event: event.cleared_on and not event.was_cleared_on, cleared),
    (lambda event: event.was_cleared_on and not event.cleared_on, came_back),
    (
        lambda event: event.acknowledged_at and event.acknowledged_at != event.was_acknowledged_at,
        acknowledged,
    ),
    (lambda event: event.was_acknowledged_at and not event.acknowledged_at, woke),
    (
        lambda event: (event.level, event.severity) != (event.was_level, event.was_severity),
        moved,
    ),
)
