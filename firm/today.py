"""The company's calendar."""

from datetime import date, timedelta

from django.utils import timezone


def today() -> date:
    """The day it is now in the company's time zone."""
    return timezone.localdate(timezone=timezone.get_default_timezone())


def day_that_ended() -> date:
    """The calendar day that has just ended in the company's time zone: the night's as-of day."""
    return today() - timedelta(days=1)
