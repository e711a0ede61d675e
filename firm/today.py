"""The company's calendar."""

from datetime import date, timedelta

from django.utils import timezone

# The nightly run begins at this hour of the company's time; late bookings are in by then.
NIGHT_HOUR = 2


def today() -> date:
    """The day it is now in the company's time zone."""
    return timezone.localdate(timezone=timezone.get_default_timezone())


def day_that_ended() -> date:
    """The calendar day that has just ended in the company's time zone: the night's as-of day."""
    return today() - timedelta(days=1)


def night_has_begun() -> bool:
    """Whether the hour of the nightly run has come today."""
    return timezone.localtime(timezone=timezone.get_default_timezone()).hour >= NIGHT_HOUR


def read_day(text: str) -> date:
    """The day that `text` names; one that no run can have computed where it names none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min
