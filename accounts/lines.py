"""Ledger lines of one account: which of them, and what they come to."""

import csv

import django_filters
from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext_lazy as _

from accounts.export import neutral
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
# What a spreadsheet would take for a formula, behind blanks and control characters too.


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


class Echo:
    """A file that gives back what is written to it."""

    def write(self, text):
        return text


def csv_rows(account, lines):
    """All of `lines` as a CSV file, row by row, safe to open in a spreadsheet."""
    writer = csv.writer(Echo())
    yield "\ufeff" + writer.writerow(COLUMNS)
    for line in lines.iterator(chunk_size=2000):
        product_line = line.product_line.name if line.product_line else ""
        yield writer.writerow(
            [
                neutral(account.account_ref),
                line.booked_on.isoformat(),
                neutral(line.document),
                neutral(line.line),
                neutral(product_line),
                line.booked_revenue,
                line.booked_cost,
                line.currency,
                neutral(line.source.name),
                line.revenue,
                line.cost,
            ]
        )
