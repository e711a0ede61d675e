"""Ledger lines of one account: which of them, and what they come to."""

import django_filters
from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext_lazy as _

from accounts.export import CHUNK, csv_text, neutral
from accounts.models import LedgerEntry, ProductLine

# Sums stop here: a page never adds up a ledger without end.
SUMMED = 20_000
# As the import reads them; the last two are in the reporting currency.
COLUMNS = [
    "account_ref",
    "booked_on",
    "document",
    "line",
    "product_line",
    "revenue",
    "cost",
    "currency",
    "source",
    "reported_revenue",
    "reported_cost",
]


class LineFilter(django_filters.FilterSet):
    since = django_filters.DateFilter("booked_on", "gte", label=_("From"))
    until = django_filters.DateFilter("booked_on", "lte", label=_("To"))
    product_line = django_filters.NumberFilter("product_line", label=_("Product line"))
    document = django_filters.CharFilter("document", "icontains", label=_("Document"))
    uncosted = django_filters.BooleanFilter(method="without_cost", label=_("without a cost"))
    credits = django_filters.BooleanFilter(method="credit_notes", label=_("credit notes"))

    class Meta:
        model = LedgerEntry
        fields: list[str] = []

    def without_cost(self, lines, name, only):
        return lines.filter(revenue__isnull=False, cost=None) if only else lines

    def credit_notes(self, lines, name, only):
        return lines.filter(booked_revenue__lt=0) if only else lines


def lines_of(account):
    """The lines of `account`, the newest first."""
    return LedgerEntry.objects.filter(account=account).select_related("product_line")


def product_lines_of(account):
    """What `account` ever bought."""
    bought = LedgerEntry.objects.filter(account=account).values("product_line")
    return ProductLine.objects.filter(pk__in=bought)


def sums_of(lines):
    """Revenue, cost and gross margin of the newest `SUMMED` of `lines`, and how many those are.

    A line without a cost adds to revenue alone; one without an exchange rate adds nothing.
    """
    summed = LedgerEntry.objects.filter(pk__in=lines.values("pk")[:SUMMED])
    sums = summed.order_by().aggregate(
        lines=Count("pk"),
        turnover=Sum("revenue", default=0),
        spent=Sum("cost", default=0),
        income=Sum(F("revenue") - F("cost"), default=0),
        uncosted=Count("pk", filter=Q(revenue__isnull=False, cost=None)),
        unconverted=Count("pk", filter=Q(revenue=None)),
    )
    return sums | {"is_capped": sums["lines"] == SUMMED}


def csv_rows(account, lines):
    """All of `lines` as a CSV file, row by row, safe to open in a spreadsheet."""
    rows = (
        (
            account.account_ref,
            line.booked_on,
            line.document,
            line.line,
            line.product_line.name if line.product_line else "",
            line.booked_revenue,
            line.booked_cost,
            line.currency,
            line.source.name,
            line.revenue,
            line.cost,
        )
        for line in lines.iterator(CHUNK)
    )
    return csv_text(COLUMNS, (map(neutral, row) for row in rows))
