"""The ledger: the only truth of money."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account, AccountOwnedQuerySet
from accounts.models.imports import LedgerImport, Source


class ProductLine(models.Model):
    """What was sold, as the sources name it."""

    name = models.CharField(_("name"), max_length=200, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("product line")

    def __str__(self):
        return self.name


@pghistory.track()
class ExchangeRate(models.Model):
    """Units of the reporting currency for one unit of `currency`, from `day` on."""

    currency = models.CharField(_("currency"), max_length=3)
    day = models.DateField(_("day"))
    rate = models.DecimalField(_("rate"), max_digits=20, decimal_places=10)

    class Meta:
        ordering = ["currency", "-day"]
        constraints = [
            models.UniqueConstraint(
                "currency",
                "day",
                name="one_rate_a_day",
                violation_error_message=_("There is a rate for this day: correct that one."),
            ),
            models.CheckConstraint(
                name="a_rate_is_positive",
                condition=Q(rate__gt=0),
                violation_error_message=_("An exchange rate is greater than zero."),
            ),
        ]

    def __str__(self):
        return f"{self.currency} {self.day}"


class LedgerQuerySet(AccountOwnedQuerySet):
    """Unassigned lines are for those who see every account."""

    def converted(self):
        """Lines that take part: in the reporting currency, or with a rate."""
        return self.filter(revenue__isnull=False)

    def between(self, after, until):
        """Lines of `after < booked_on <= until`, the method's windows."""
        return self.filter(booked_on__gt=after, booked_on__lte=until)


class LedgerManager(models.Manager.from_queryset(LedgerQuerySet)):  # type: ignore[misc]
    """The lines that are booked: what was withdrawn takes part nowhere."""

    def get_queryset(self):
        return super().get_queryset().filter(withdrawn_at=None)


# One trigger a statement: an import corrects thousands of lines at once. An event holds what
# stood before, for nothing is kept of an insert and the line itself says what stands now.
@pghistory.track(
    pghistory.UpdateEvent("before", row=pghistory.Old, level=pghistory.Statement),
    pghistory.DeleteEvent(level=pghistory.Statement),
)
class LedgerEntry(models.Model):
    """One booked line. (source, document, line) is its identity; it is never deleted.

    `booked_revenue` and `booked_cost` are what the source sent, in `currency`; `revenue`
    and `cost` the same in the reporting currency, empty until a rate is known. A line
    without an account is kept and takes part in nobody's figures. One that was withdrawn
    has no `revenue` either: what adds up amounts need not ask.
    """

    # An import resolves these keys from their own tables in the statement that stores the
    # line, and nothing deletes from there: a constraint would check each line again.
    source = models.ForeignKey(
        Source, models.PROTECT, related_name="entries", db_index=False, db_constraint=False
    )
    document = models.CharField(_("document"), max_length=64)
    line = models.CharField(_("line"), max_length=32, blank=True)
    account = models.ForeignKey(
        Account,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="entries",
        db_index=False,
    )
    booked_on = models.DateField(_("booked on"))
    booked_revenue = models.DecimalField(max_digits=18, decimal_places=4)
    booked_cost = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    revenue = models.DecimalField(
        _("revenue"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    cost = models.DecimalField(_("cost"), max_digits=18, decimal_places=4, null=True, blank=True)
    rate_on = models.DateField(_("day of the rate"), null=True, blank=True)
    product_line = models.ForeignKey(
        ProductLine, models.PROTECT, null=True, blank=True, db_index=False, db_constraint=False
    )
    imported = models.ForeignKey(LedgerImport, models.PROTECT, db_index=False, db_constraint=False)
    # The undo of the import that booked the line; empty while it is booked.
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    # When one of us, or a rule of ours, gave the line its account: the source had named none.
    assigned_at = models.DateTimeField(_("assigned at"), null=True, blank=True)
    # How the source named an account to which it gave no reference. An empty text would cost
    # room in each of millions of lines that have none.
    account_text = models.CharField(  # noqa: DJ001
        _("account as named by the source"), max_length=200, null=True, blank=True
    )

    objects = LedgerManager()
    with_withdrawn = LedgerQuerySet.as_manager()

    class Meta:
        ordering = ["-booked_on", "-pk"]
        verbose_name = _("ledger line")
        verbose_name_plural = _("ledger lines")
        constraints = [
            models.UniqueConstraint("source", "document", "line", name="a_line_is_booked_once"),
            models.CheckConstraint(
                name="cost_is_converted_with_revenue",
                condition=Q(revenue=None, cost=None)
                | Q(revenue__isnull=False, booked_cost=None, cost=None)
                | Q(revenue__isnull=False, booked_cost__isnull=False, cost__isnull=False),
            ),
            models.CheckConstraint(
                name="a_withdrawn_line_adds_nothing",
                condition=Q(withdrawn_at=None) | Q(revenue=None),
            ),
            models.CheckConstraint(
                name="an_assigned_line_has_an_account",
                condition=Q(assigned_at=None) | Q(account__isnull=False),
            ),
        ]
        indexes = [
            models.Index("account", "booked_on", name="ledger_account_day"),
            models.Index("booked_on", "id", name="ledger_day"),
            models.Index(
                "currency",
                "booked_on",
                name="ledger_unconverted",
                condition=Q(revenue=None, withdrawn_at=None),
            ),
            models.Index(
                "booked_on",
                "id",
                name="ledger_unassigned",
                condition=Q(account=None, withdrawn_at=None),
            ),
            models.Index(
                "source",
                "document",
                name="ledger_unnumbered",
                condition=Q(line="", withdrawn_at=None),
            ),
            models.Index(
                "source",
                "document",
                name="ledger_withdrawn",
                condition=Q(withdrawn_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.document} {self.line}".strip()

    @property
    def income(self):
        """Gross margin of the line; 0 where its cost is unknown."""
        return 0 if self.cost is None else self.revenue - self.cost
