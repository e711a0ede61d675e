"""Lines that wait for an exchange rate, and which rates they wait for."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.contrib.auth.decorators import permission_required
from django.db.models import Count, Exists, F, OuterRef, Sum
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.ledger.unassigned import ALLOWED
from accounts.models import ExchangeRate, LedgerEntry
from firm.models import Policy
from firm.today import today

NAMED = 6


@dataclass
class Waiting:
    """The lines of one currency that have no rate. `missing` are days whose rates would do for
    all of them: each serves the days after it as long as a rate may be old."""

    currency: str
    lines: int = 0
    amount: Decimal = Decimal(0)
    first: date | None = None
    last: date | None = None
    served: int = 0
    missing: list[date] = field(default_factory=list)

    def add(self, day: date, lines: int, amount: Decimal, *, has_rate: bool, age: timedelta):
        """Days come in their order."""
        self.first, self.last = self.first or day, day
        self.lines += lines
        self.amount += amount
        if has_rate:
            self.served += lines
        elif not self.missing or day > self.missing[-1] + age:
            self.missing.append(day)

    @property
    def named(self):
        return self.missing[:NAMED]

    @property
    def more(self):
        return len(self.missing) - len(self.named)


def waiting(age: timedelta) -> list[Waiting]:
    """What waits, by currency."""
    rates = ExchangeRate.objects.filter(
        currency=OuterRef("currency"),
        day__lte=OuterRef("booked_on"),
        day__gte=OuterRef("booked_on") - age,
    )
    days = (
        LedgerEntry.objects.filter(revenue=None)
        .values("currency", day=F("booked_on"))
        .annotate(lines=Count("pk"), amount=Sum("booked_revenue"), has_rate=Exists(rates))
        .order_by("currency", "day")
    )
    found: dict[str, Waiting] = {}
    for row in days:
        currency = row.pop("currency")
        found.setdefault(currency, Waiting(currency)).add(**row, age=age)
    return list(found.values())


@require_GET
@permission_required(ALLOWED, raise_exception=True)
def unconverted(request):
    policy = Policy.objects.in_force(today())
    context = {"found": waiting(timedelta(days=policy.max_rate_age)), "policy": policy}
    return render(request, "accounts/unconverted.html", context)
