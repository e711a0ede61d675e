"""When deliveries are due: moments of the company's time, whatever its clocks do."""

import calendar
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from accounts.models import Feed
from firm.workdays import calendar_of

Rhythm = Feed.Rhythm
Works = Callable[[date], bool]
# No rhythm leaves so many days between two deliveries; a calendar without working days might.
FARTHEST = 366


def company_calendar() -> Works:
    """Whether the firm works on a day."""
    return calendar_of(settings.TIME_ZONE)


def is_due(feed: Feed, day: date, works: Works) -> bool:
    """Whether a delivery is expected on `day`. A month that is too short has its last day."""
    match feed.rhythm:
        case Rhythm.DAILY:
            return True
        case Rhythm.WORKDAYS:
            return works(day)
        case Rhythm.WEEKLY:
            return day.weekday() == feed.weekday
        case Rhythm.MONTHLY:
            last = calendar.monthrange(day.year, day.month)[1]
            return day.day == min(feed.month_day, last)
    return False


def moment_of(feed: Feed, day: date) -> datetime:
    """The moment on `day` by which it is expected. An hour that the clocks leave out is the one
    after it; of an hour that comes twice, the first."""
    local = datetime.combine(day, feed.due_at, tzinfo=timezone.get_default_timezone())
    # Local times are compared by their clocks, which skip and repeat.
    return local.astimezone(UTC)


def dues(feed: Feed, after: datetime, until: datetime, works: Works) -> list[datetime]:
    """The moments of `after < moment <= until` by which a delivery is expected."""
    first, last = company_day(after), company_day(until)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    moments = (moment_of(feed, day) for day in days if is_due(feed, day, works))
    return [moment for moment in moments if after < moment <= until]


def due_before(feed: Feed, moment: datetime, works: Works) -> datetime | None:
    """The newest due moment before `moment`."""
    return next((due for due in walk(feed, moment, works, -1) if due < moment), None)


def due_after(feed: Feed, moment: datetime, works: Works) -> datetime | None:
    """The next due moment after `moment`."""
    return next((due for due in walk(feed, moment, works, 1) if due > moment), None)


def walk(feed: Feed, moment: datetime, works: Works, step: int) -> Iterator[datetime]:
    day = company_day(moment)
    for n in range(FARTHEST):
        here = day + timedelta(days=step * n)
        if is_due(feed, here, works):
            yield moment_of(feed, here)


def company_day(moment: datetime) -> date:
    return timezone.localtime(moment, timezone.get_default_timezone()).date()
