"""The days that a run looks at. A window is `after < booked_on <= until`."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from firm.models import Policy


def months_before(day: date, months: int) -> date:
    """`day` minus calendar months, as PostgreSQL's: 29 February minus 12 is 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class Windows:
    """The edges of one run: each window begins the day after its `after`."""

    as_of: date
    window_after: date
    previous_after: date
    active_after: date
    quiet_until: date

    @classmethod
    def of(cls, as_of: date, policy: Policy) -> "Windows":
        return cls(
            as_of=as_of,
            window_after=months_before(as_of, policy.window_months),
            previous_after=months_before(as_of, 2 * policy.window_months),
            active_after=months_before(as_of, policy.active_months),
            quiet_until=as_of - timedelta(days=policy.ballast_grace_days),
        )

    @property
    def month_bits(self) -> list[int]:
        """For each day of the window, first to last, the bit of its calendar month.

        The bits of some days, put together, tell in how many months they lie.
        """
        first = self.window_after.year * 12 + self.window_after.month
        days = (self.as_of - self.window_after).days
        window = (self.window_after + timedelta(days=n + 1) for n in range(days))
        return [1 << (day.year * 12 + day.month - first) for day in window]
