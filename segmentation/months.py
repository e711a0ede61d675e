"""What an account brought month by month, in the window of a run and in the one before."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from babel.dates import format_skeleton
from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, DateField, F, Func, IntegerField, Q, Sum, Value
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.models import Account, LedgerEntry
from firm.templatetags.figures import Unit, locale
from segmentation.drawing import LARGE, spark
from segmentation.models import Run
from segmentation.windows import Windows, months_before

PRODUCTS = 8
MEASURES = ("income", "turnover")
NOTHING = {"turnover": Decimal(0), "income": Decimal(0), "uncosted": Decimal(0), "bare": 0}
SUMS = {
    "turnover": Sum("revenue", default=0),
    "income": Sum(F("revenue") - F("cost"), default=0),
    "uncosted": Sum("revenue", filter=Q(cost=None), default=0),
    "bare": Count("pk", filter=Q(cost=None)),
}


@dataclass
class Months:
    """Months that end on the as-of day's number: as many as the window has, and those before.

    So they add up to the figures of the run, until a line is corrected after it.
    """

    account: Account
    run: Run

    @property
    def windows(self):
        return Windows.of(self.run.as_of, self.run.policy)

    @property
    def count(self):
        return self.run.policy.window_months

    @property
    def ends(self):
        """The last day of each month of the window."""
        return [months_before(self.run.as_of, n) for n in reversed(range(self.count))]

    @property
    def starts(self):
        """The first day of each month of both windows."""
        before = (months_before(self.run.as_of, n) for n in range(2 * self.count, 0, -1))
        return [day + timedelta(days=1) for day in before]

    @property
    def entries(self):
        windows = self.windows
        lines = LedgerEntry.objects.filter(account=self.account).order_by().converted()
        return lines.between(windows.previous_after, windows.as_of)

    @cached_property
    def slots(self):
        """Sums of each month, the first of the previous window first."""
        starts = Value(self.starts, ArrayField(DateField()))
        slot = Func(F("booked_on"), starts, function="width_bucket", output_field=IntegerField())
        rows = self.entries.annotate(slot=slot).values("slot").annotate(**SUMS)
        booked = {row["slot"]: row for row in rows}
        return [booked.get(n, NOTHING) for n in range(1, 2 * self.count + 1)]

    @property
    def rows(self):
        """Each month of the window beside the same of the window before."""
        before, now = self.slots[: self.count], self.slots[self.count :]
        for end, was, booked in zip(self.ends, before, now, strict=True):
            yield {"ends": end, "now": booked, "was": was}

    @cached_property
    def totals(self):
        before, now = self.slots[: self.count], self.slots[self.count :]
        return {"now": added(now), "was": added(before)}

    @property
    def is_empty(self):
        return all(slot is NOTHING for slot in self.slots)

    @property
    def bare(self):
        """How many lines of both windows have no cost, and their revenue."""
        return added(self.slots)

    @property
    def product_lines(self):
        """The largest product lines of the window, and what is left as one row."""
        after = self.windows.window_after
        rows = list(
            self.entries.values(name=F("product_line__name")).annotate(
                now=Sum("revenue", filter=Q(booked_on__gt=after), default=0),
                was=Sum("revenue", filter=Q(booked_on__lte=after), default=0),
                income=Sum(F("revenue") - F("cost"), filter=Q(booked_on__gt=after), default=0),
            )
        )
        rows.sort(key=lambda row: (row["now"], row["was"]), reverse=True)
        shown, rest = rows[:PRODUCTS], rows[PRODUCTS:]
        if rest:
            left = {key: sum(row[key] for row in rest) for key in ("now", "was", "income")}
            shown.append(left | {"rest": len(rest)})
        return shown

    def chart(self, measure: str, unit: Unit) -> str:
        """Bars of one measure, in the page's unit, as JSON."""
        values = [scaled(slot[measure], unit) for slot in self.slots]
        return json.dumps(
            {
                "months": [month_name(end) for end in self.ends],
                "previous": values[: self.count],
                "window": values[self.count :],
                "names": [_("Previous window"), _("This window")],
                "unit": unit.label,
            }
        )

    @property
    def spark(self):
        """The gross margin of the window's months as a line; None where it has one month alone."""
        values = [slot["income"] for slot in self.slots[self.count :]]
        return spark(values, LARGE, from_zero=True)


def added(slots):
    return {key: sum(slot[key] for slot in slots) for key in NOTHING}


def scaled(value, unit):
    return round(float(value) / (1000 if unit.in_thousands else 1), 1)


def month_name(day: date) -> str:
    return format_skeleton("MMM", day, locale=locale())
