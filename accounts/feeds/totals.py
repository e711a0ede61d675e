"""Reconciles months: what the ledger holds of a source against what the source says (S11)."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.feeds import telling
from accounts.feeds.watching import notice_key
from accounts.models import ControlTotal, FeedAlert, LedgerEntry, Source
from firm.jobs import add_job, wake
from firm.models import Job
from firm.today import today

RECONCILE = "reconcile"
Kind = FeedAlert.Kind
REVENUE_APART = gettext_noop(
    "%(source)s, %(month)s: our revenue in %(currency)s is %(ours)s, its control total says "
    "%(theirs)s; the difference is %(difference)s."
)
LINES_APART = gettext_noop(
    "%(source)s, %(month)s: the revenue in %(currency)s agrees with its control total, the number "
    "of lines does not: we hold %(ours)s, it says %(theirs)s."
)
# A line that a whole document no longer had stands with both amounts 0, and counts no more.
VOIDED = Q(booked_revenue=0, booked_cost=0)


def month_after(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def lines_of(source: Source, month: date):
    """The lines of a month that a source has booked, as it booked them."""
    booked = LedgerEntry.objects.filter(
        source=source, booked_on__gte=month, booked_on__lt=month_after(month)
    )
    return booked.exclude(VOIDED)


def ask_to_reconcile(source: Source, cause: str) -> None:
    """Have a worker compare the months of `source`, if it has control totals; `cause` names
    what has happened, and asks once."""
    if ControlTotal.objects.filter(source=source).exists():
        add_job(RECONCILE, f"{source.pk} {cause}", {"source": source.pk})
        wake()


def plan_reconciling() -> int:
    """Once a day every source is compared, whatever happened to its lines; give how many were
    planned now."""
    day = today().isoformat()
    sources = ControlTotal.objects.values_list("source", flat=True).order_by().distinct()
    planned = [add_job(RECONCILE, f"{pk} {day}", {"source": pk}) for pk in sources]
    return sum(is_new for _job, is_new in planned)


def reconcile_job(job: Job) -> None:
    reconcile(Source.objects.get(pk=job.payload["source"]))


@transaction.atomic
def reconcile(source: Source) -> None:
    """Compare every month of `source` that has a control total; raise an alert for each month
    that is over and differs, and close those that agree by now. Safe to repeat."""
    totals = list(ControlTotal.objects.filter(source=source).select_for_update().order_by("pk"))
    add_up(source, totals)
    apart = {total.key: total for total in totals if not total.agrees and is_over(total)}
    standing = FeedAlert.objects.open().filter(source=source, kind=Kind.TOTAL)
    for alert in list(standing.select_for_update()):
        if alert.key in apart:
            alert.text, alert.facts = words_of(source, apart.pop(alert.key))
            alert.save(update_fields=["text", "facts"])
        else:
            alert.cleared_at = timezone.now()
            alert.save(update_fields=["cleared_at"])
            telling.take_back([notice_key(alert)])
    for total in apart.values():
        raise_alert(source, total)


def is_over(total: ControlTotal) -> bool:
    """Whether the month has ended: of one that runs both sides still grow."""
    return month_after(total.month) <= today()


def add_up(source: Source, totals: Iterable[ControlTotal]) -> None:
    """Put beside each of `totals` what the ledger holds of its month and currency."""
    months = [total.month for total in totals]
    if not months:
        return
    booked = LedgerEntry.objects.filter(
        source=source, booked_on__gte=min(months), booked_on__lt=month_after(max(months))
    )
    sums = (
        booked.exclude(VOIDED)
        .order_by()
        .annotate(month=TruncMonth("booked_on"))
        .values_list("month", "currency")
        .annotate(Sum("booked_revenue"), Count("pk"))
    )
    ours = {(month, currency): (revenue, lines) for month, currency, revenue, lines in sums}
    for total in totals:
        nothing = (Decimal(0), 0)
        total.our_revenue, total.our_lines = ours.get((total.month, total.currency), nothing)
        total.compared_at = timezone.now()
    ControlTotal.objects.bulk_update(totals, ["our_revenue", "our_lines", "compared_at"])


def words_of(source: Source, total: ControlTotal) -> tuple[str, dict]:
    facts = {
        "source": source.name,
        "month": f"{total.month:%Y-%m}",
        "currency": total.currency,
    }
    if total.difference:
        amounts = {
            "ours": exact(total.our_revenue),
            "theirs": exact(total.revenue),
            "difference": exact(total.difference),
        }
        return REVENUE_APART, facts | amounts
    return LINES_APART, facts | {"ours": total.our_lines, "theirs": total.lines}


def exact(amount: Decimal) -> dict[str, str]:
    """An amount to its last digit: rounded, it might hide what the difference is."""
    return {"amount": str(amount)}


def raise_alert(source: Source, total: ControlTotal) -> None:
    text, facts = words_of(source, total)
    alert = FeedAlert.objects.create(
        source=source, kind=Kind.TOTAL, key=total.key, text=text, facts=facts
    )
    link = reverse("feeds:totals", args=[source.pk])
    telling.tell(source, notice_key(alert), text, facts, link=link)
