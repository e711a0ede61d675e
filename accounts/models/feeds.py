"""What a source is expected to send, what its files look like, and what does not fit."""

from datetime import time

import pghistory
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.imports import LedgerImport, Source
from firm.sentences import sentence


class FeedQuerySet(models.QuerySet):
    def expected(self):
        """Feeds of which somebody expects something."""
        return self.exclude(rhythm=Feed.Rhythm.NONE)


# How far the watch has come is no decision of anybody.
@pghistory.track(exclude=["judged_until"])
class Feed(models.Model):
    """When a source is expected to deliver, in the company's time.

    A source without one is expected to send nothing. Deliveries due up to `judged_until` are
    judged: whoever sets a rhythm asks for none of before.
    """

    class Rhythm(models.TextChoices):
        NONE = "none", _("nothing is expected")
        DAILY = "daily", _("every day")
        WORKDAYS = "workdays", _("every working day")
        WEEKLY = "weekly", _("once a week")
        MONTHLY = "monthly", _("once a month")

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    source = models.OneToOneField(
        Source, models.PROTECT, primary_key=True, related_name="feed", verbose_name=_("source")
    )
    rhythm = models.CharField(_("expected"), max_length=16, choices=Rhythm, default=Rhythm.NONE)
    weekday = models.PositiveSmallIntegerField(
        _("day of the week"), choices=Weekday, null=True, blank=True
    )
    month_day = models.PositiveSmallIntegerField(
        _("day of the month"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(31)],
    )
    due_at = models.TimeField(_("by"), default=time(6))
    judged_until = models.DateTimeField(default=timezone.now)

    objects = FeedQuerySet.as_manager()

    class Meta:
        ordering = ["source"]
        constraints = [
            models.CheckConstraint(
                name="a_weekly_feed_has_its_weekday",
                condition=~Q(rhythm="weekly") | Q(weekday__lte=6, weekday__isnull=False),
                violation_error_message=_("Choose the day of the week."),
            ),
            models.CheckConstraint(
                name="a_monthly_feed_has_its_day",
                condition=~Q(rhythm="monthly")
                | Q(month_day__gte=1, month_day__lte=31, month_day__isnull=False),
                violation_error_message=_("Name the day of the month, from 1 to 31."),
            ),
        ]

    def __str__(self):
        return f"{self.source} · {self.get_rhythm_display()}"


class FeedAlertQuerySet(models.QuerySet):
    def open(self):
        return self.filter(cleared_at=None)


class FeedAlert(models.Model):
    """Something to see to: a delivery that did not come, or a month that is not as the source
    says. `key` is the moment that it was due, or the month and currency."""

    class Kind(models.TextChoices):
        LATE = "late", _("late")
        TOTAL = "total", _("control total")

    source = models.ForeignKey(
        Source, models.PROTECT, related_name="alerts", verbose_name=_("source")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    key = models.CharField(max_length=40)
    text = models.TextField()
    facts = models.JSONField(default=dict)
    # The moment by which the delivery was expected; empty of a month.
    due_at = models.DateTimeField(null=True, blank=True)
    raised_at = models.DateTimeField(default=timezone.now)
    cleared_at = models.DateTimeField(null=True, blank=True)
    # The delivery that made up for it.
    cleared_by = models.ForeignKey(
        LedgerImport, models.SET_NULL, null=True, blank=True, related_name="made_up_for"
    )

    objects = FeedAlertQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                "source",
                "kind",
                "key",
                name="an_alert_is_open_once",
                condition=Q(cleared_at=None),
            ),
        ]

    def __str__(self):
        return self.told

    @property
    def told(self):
        """The alert as a sentence in the reader's language."""
        return sentence(self.text, self.facts)


class ImportFigures(models.Model):
    """What a file looked like, so that the next of its source can be compared with it, and what
    was odd about it. Of a dry run too: it shows what is odd before anything is stored."""

    imported = models.OneToOneField(
        LedgerImport, models.CASCADE, primary_key=True, related_name="figures"
    )
    columns = models.JSONField(default=list)
    rows = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    unassigned = models.PositiveIntegerField(default=0)
    first_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)
    # The middle of the amounts without their signs, by currency, as text: they are exact.
    medians = models.JSONField(default=dict)
    oddities = models.JSONField(default=list)

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return str(self.imported)


@pghistory.track(exclude=["our_revenue", "our_lines", "compared_at"])
class ControlTotal(models.Model):
    """What a source says that a month comes to, beside what our ledger holds of it.

    `revenue` is in `currency`, as the source books it. What is ours was added up at
    `compared_at`.
    """

    source = models.ForeignKey(
        Source, models.PROTECT, related_name="control_totals", verbose_name=_("source")
    )
    month = models.DateField(_("month"))
    currency = models.CharField(_("currency"), max_length=3)
    revenue = models.DecimalField(_("revenue"), max_digits=20, decimal_places=4)
    lines = models.PositiveIntegerField(_("number of lines"), null=True, blank=True)
    our_revenue = models.DecimalField(max_digits=24, decimal_places=4, null=True, blank=True)
    our_lines = models.PositiveIntegerField(null=True, blank=True)
    compared_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-month", "currency"]
        constraints = [
            models.UniqueConstraint(
                "source", "month", "currency", name="a_month_has_one_control_total"
            ),
            models.CheckConstraint(
                name="a_control_total_is_of_a_whole_month",
                condition=Q(month__day=1),
                violation_error_message=_("A control total is of a whole month."),
            ),
        ]

    def __str__(self):
        return f"{self.source} {self.month:%Y-%m} {self.currency}"

    @property
    def key(self):
        return f"{self.month:%Y-%m} {self.currency}"

    @property
    def difference(self):
        """Ours less theirs; None before it was compared."""
        return None if self.our_revenue is None else self.our_revenue - self.revenue

    @property
    def lines_apart(self):
        if self.lines is None or self.our_lines is None:
            return 0
        return self.our_lines - self.lines

    @property
    def agrees(self):
        return self.difference == 0 and not self.lines_apart
