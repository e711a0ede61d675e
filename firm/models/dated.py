"""Facts that hold for a stretch of days: whose account, which department, which role."""

from datetime import date

from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange


def always() -> DateRange:
    """From the beginning of time, with no end."""
    return DateRange(None, None, "[)")


def since(day: date | None) -> DateRange:
    """From `day` on, inclusive; None is the beginning of time."""
    return DateRange(day, None, "[)")


class DatedQuerySet(models.QuerySet):
    """For rows whose `valid` says on which days they hold."""

    def in_force(self, day):
        """Rows that hold on `day`."""
        return self.filter(valid__contains=day)
