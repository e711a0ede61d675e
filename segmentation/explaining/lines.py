"""The ledger lines behind the figures, and what differs since the run."""

from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from accounts.models import Account, LedgerEntry
from firm.templatetags.figures import money, plain
from segmentation.reading import Reading

ZERO = Decimal(0)


def lines_of(reading: Reading) -> dict[str, Any]:
    """What the ledger holds of the account in the window today, and what differs since."""
    windows = reading.windows
    entries = window_entries(reading)
    sums = entries.aggregate(
        lines=Count("pk"),
        turnover=Sum("revenue", default=ZERO),
        spent=Sum("cost", default=ZERO),
        uncosted=Sum("revenue", filter=Q(cost=None), default=ZERO),
    )
    turnover, income = sums["turnover"], sums["turnover"] - sums["uncosted"] - sums["spent"]
    row = reading.row
    return {
        "after": windows.window_after.isoformat(),
        "until": windows.as_of.isoformat(),
        "count": sums["lines"],
        "revenue": str(turnover),
        "cost": str(sums["spent"]),
        "income": str(income),
        "corrected": correction(reading, entries, turnover, income) if row else "",
    }


def correction(reading: Reading, entries, turnover: Decimal, income: Decimal) -> str:
    """A sentence where what was stored and what the ledger says today are two things."""
    row, run = reading.row, reading.run
    if run is None or (turnover, income) == (row.turnover, row.income):
        return ""
    booked = entries.filter(imported__started_at__gt=run.finished_at).count()
    return _(
        "Corrected since, by %(count)s lines booked after the run and by changed ones: "
        "today the ledger says revenue %(revenue)s, gross margin %(income)s."
    ) % {"count": plain(booked), "revenue": money(turnover, 2), "income": money(income, 2)}


def window_entries(reading: Reading):
    windows = reading.windows
    return (
        LedgerEntry.objects.filter(account=reading.account)
        .between(windows.window_after, windows.as_of)
        .converted()
    )


def ledger_lines(account: Account, explanation: dict[str, Any]) -> list[dict[str, Any]]:
    """The exact lines behind the figures: both windows, oldest first."""
    window, previous = explanation["window"], explanation["previous_window"]
    entries = (
        LedgerEntry.objects.filter(account=account)
        .between(previous["after"], window["until"])
        .converted()
        .select_related("source", "product_line")
        .order_by("booked_on", "pk")
    )
    return [
        {
            "source": entry.source.name,
            "document": entry.document,
            "line": entry.line,
            "booked_on": entry.booked_on.isoformat(),
            "revenue": str(entry.revenue),
            "cost": None if entry.cost is None else str(entry.cost),
            "product_line": entry.product_line and entry.product_line.name,
            "window": "now" if entry.booked_on.isoformat() > window["after"] else "previous",
        }
        for entry in entries
    ]
