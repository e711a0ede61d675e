"""The life of a flag: raised, moved, answered by whom and why, woken, cleared."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from firm.models import User
from firm.templatetags.figures import full_day
from segmentation.models import Flag

FlagEvent: Any = Flag.pgh_event_model  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Moment:
    """One thing that happened to a flag."""

    at: datetime
    text: str
    who: str = ""
    why: str = ""


def history_of(flag: Flag) -> list[Moment]:
    """What happened to `flag`, newest first, as its audit has it."""
    events = list(
        FlagEvent.objects.filter(pgh_obj=flag.pk)
        .order_by("pgh_id")
        .select_related("acknowledged_by", "pgh_context")
    )
    people = actors(events)
    moments = list(raised(events[0])) if events else []
    for before, after in pairwise(events):
        moments += between(before, after, people)
    return moments[::-1]


def actors(events: list[Any]) -> dict[int, str]:
    """Names of the people in whose requests the events happened; a night has none."""
    asked = {actor_of(event) for event in events} - {None}
    return dict(User.objects.filter(pk__in=asked).values_list("pk", "name"))


def actor_of(event: Any) -> int | None:
    return event.pgh_context.metadata.get("user") if event.pgh_context else None


def raised(event: Any) -> Iterator[Moment]:
    text = _("Raised, %(severity)s.") % {"severity": event.get_severity_display()}
    yield Moment(event.pgh_created_at, text)


def between(before: Any, after: Any, people: dict[int, str]) -> Iterator[Moment]:
    """What differs between two events that follow each other, in sentences."""
    at = after.pgh_created_at
    if before.severity != after.severity:
        values = {
            "before": before.get_severity_display(),
            "after": after.get_severity_display(),
        }
        yield Moment(at, _("Severity went from %(before)s to %(after)s.") % values)
    if after.acknowledged_at and after.acknowledged_at != before.acknowledged_at:
        text = _("Acknowledged, rests until %(day)s.") % {"day": full_day(after.rests_until)}
        yield Moment(at, text, after.acknowledged_by.name, after.acknowledged_reason)
    if before.acknowledged_at and not after.acknowledged_at:
        who = people.get(actor_of(after), "")
        text = _("The acknowledgement was taken back.") if who else _("Woke: it got worse.")
        yield Moment(at, text, who)
    if not before.cleared_on and after.cleared_on:
        yield Moment(at, _("Cleared."))
    if before.cleared_on and not after.cleared_on:
        yield Moment(at, _("Came back."))
