"""Works a day out: from the ledger and what people know to standings, in temporary tables."""

import time
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

from django.db import DataError, connection, transaction
from django.db.models import Sum
from django.db.models.functions import Abs

from accounts.models import LedgerEntry
from accounts.sql import run_file
from firm.models import Policy
from segmentation.mix import mix
from segmentation.windows import Windows

INCOME, TURNOVER = Policy.Basis.INCOME, Policy.Basis.TURNOVER
DAY = timedelta(days=1)
# What the planner must know of a step's table to join it well.
ANALYSED = {
    "units": "night_unit (level, id)",
    "result": "night_result (level, account_id, group_id, owner_id)",
}


@dataclass
class Night:
    """A day worked out: `night_result` holds its rows while the transaction lasts."""

    policy: Policy
    windows: Windows
    basis: str = INCOME
    trend_basis: str = INCOME
    is_comparable: bool = False
    feed_is_stale: bool = False
    facts: dict[str, Any] = field(default_factory=dict)
    summary: dict[str, Any] = field(default_factory=dict)
    steps: dict[str, float] = field(default_factory=dict)

    @property
    def as_of(self) -> date:
        return self.windows.as_of

    @contextmanager
    def step(self, name: str):
        """Time a step of the run, in seconds."""
        began = time.monotonic()
        yield
        self.steps[name] = round(time.monotonic() - began, 3)

    def params(self, run: int | None = None) -> dict[str, Any]:
        """Every number that the statements ask for."""
        numbers = {
            column.attname: getattr(self.policy, column.attname)
            for column in self.policy._meta.concrete_fields
        }
        return (
            numbers
            | asdict(self.windows)
            | {
                "month_bits": self.windows.month_bits,
                "on_income": self.basis == INCOME,
                "trend_on_income": self.trend_basis == INCOME,
                "run": run,
                "policy": self.policy.pk,
            }
        )


def work_out(as_of: date, *, policy: Policy | None = None, run: int | None = None) -> Night:
    """Compute `as_of` into `night_result` and friends (method, section 1); stores nothing.

    Takes the policy in force on the day, or another to see what it would do. Needs a
    transaction: the tables live as long as it does.
    """
    policy = policy or Policy.objects.in_force(as_of)
    night = Night(policy, Windows.of(as_of, policy))
    with connection.cursor() as cursor:
        keep_tables_in_memory(cursor)
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute("SET LOCAL jit = off")
        # The scan is worth both cores although the planner guesses its groups too many.
        cursor.execute("SET LOCAL parallel_setup_cost = 0")
        cursor.execute("SET LOCAL parallel_tuple_cost = 0")
        # The workers count; a third table of sums in the leader would only crowd their caches.
        cursor.execute("SET LOCAL parallel_leader_participation = off")
        with night.step("ledger"):
            run_file(cursor, "segmentation/night/ledger.sql", night.params())
        choose_bases(cursor, night)
        for name in ("units", "ranks", "result"):
            with night.step(name):
                run_file(cursor, f"segmentation/night/{name}.sql", night.params(run))
                if name in ANALYSED:
                    cursor.execute(f"ANALYZE {ANALYSED[name]}")
        with night.step("portfolio"):
            add_up(cursor, night)
    return night


def keep_tables_in_memory(cursor) -> None:
    """Make room for temporary tables; a session that has used some keeps the room it has."""
    with suppress(DataError), transaction.atomic():
        cursor.execute("SET temp_buffers = '512MB'")


def one_row(cursor, path: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
    run_file(cursor, path, params)
    return dict(
        zip(
            (column.name for column in cursor.description),
            cursor.fetchone(),
            strict=True,
        )
    )


def choose_bases(cursor, night: Night) -> None:
    """Fall back to turnover where too many lines lack a cost; tell how fresh the ledger is."""
    totals = one_row(cursor, "segmentation/night/totals.sql")
    limit = night.policy.max_uncosted_share
    night.basis = night.trend_basis = night.policy.basis
    if totals["uncosted"] * 100 > limit * totals["turnover"]:
        night.basis = night.trend_basis = TURNOVER
    elif totals["previous_uncosted"] * 100 > limit * totals["previous_turnover"]:
        night.trend_basis = TURNOVER
    until = LedgerEntry.objects.filter(booked_on__lte=night.as_of).order_by("booked_on")
    first = until.values_list("booked_on", flat=True).first()
    last = until.values_list("booked_on", flat=True).last()
    windows = night.windows
    night.is_comparable = bool(first and first <= windows.previous_after + DAY)
    night.feed_is_stale = bool(last and (night.as_of - last).days > night.policy.max_feed_age)
    fell_back = night.basis != night.policy.basis
    night.facts = {
        "currency": night.policy.reporting_currency,
        "window": {"after": iso(windows.window_after), "until": iso(windows.as_of)},
        "previous": {
            "after": iso(windows.previous_after),
            "until": iso(windows.window_after),
        },
        "ledger_from": first and iso(first),
        "ledger_to": last and iso(last),
        "feed_stale": night.feed_is_stale,
        "uncosted_percent": percent(totals["uncosted"], totals["turnover"]),
        "uncosted_product_lines": uncosted_product_lines(windows) if fell_back else [],
        "unassigned_percent": percent(totals["unassigned_size"], totals["turnover"]),
        "unassigned_over": totals["unassigned_size"] * 100
        > night.policy.max_unassigned * totals["turnover"],
        "unconverted_lines": LedgerEntry.objects.filter(
            revenue=None,
            booked_on__gt=windows.previous_after,
            booked_on__lte=windows.as_of,
        ).count(),
    }
    night.summary["unassigned"] = totals["unassigned"]


def uncosted_product_lines(windows: Windows) -> list[str]:
    """The three product lines with most revenue without a cost in the window."""
    lines = (
        LedgerEntry.objects.between(windows.window_after, windows.as_of)
        .converted()
        .filter(cost=None, product_line__isnull=False)
        .values("product_line__name")
        .annotate(size=Sum(Abs("revenue")))
        .order_by("-size", "product_line__name")[:3]
    )
    return [line["product_line__name"] for line in lines]


def add_up(cursor, night: Night) -> None:
    """The portfolio: totals, tests and mix, as `recompute` prints them and pages show them."""
    sums = one_row(cursor, "segmentation/night/portfolio.sql")
    run_file(cursor, "segmentation/night/counts.sql")
    counts: dict[str, dict[str, int]] = {}
    weights: dict[str, Decimal] = {}
    for name, value, count, weight in cursor.fetchall():
        counts.setdefault(name, {})[value] = count
        if name == "segment":
            weights[value] = weight
    unassigned = night.summary["unassigned"]
    total, squares = sums["group_total"], sums["squares"]
    night.summary = {
        "as_of": iso(night.as_of),
        "basis": night.basis,
        "fell_back_to_turnover": night.policy.basis == INCOME and night.basis == TURNOVER,
        "population": sums["population"],
        "total": amount(sums["total"]),
        "turnover": amount(sums["turnover"]),
        "income": amount(sums["income"]),
        "unassigned": amount(unassigned),
        **{name: counts.get(name, {}) for name in ("abc", "band", "trend", "segment")},
        "hhi": rounded(10000 * squares, total * total, 4) or 0.0,
        "effective_clients": rounded(total * total, squares, 4),
        "top": {str(n): rounded(sums[f"top_{n}"], total) or 0.0 for n in (1, 3, 5, 10)},
        "top_20_percent": rounded(sums["top_fifth"], sums["total"]) or 0.0,
        "key_total": rounded(sums["key_sum"], total) or 0.0,
    }
    policy = night.policy
    night.facts |= {
        "groups": sums["groups"],
        "positive_groups": sums["positive_groups"],
        "positive_accounts": sums["positive_accounts"],
        "key_groups": sums["key_groups"],
        "group_total": amount(total),
        "key_sum": amount(sums["key_sum"]),
        "profits": amount(sums["profits"]),
        "losses": amount(sums["losses"]),
        "heavy_losses": night.basis == INCOME
        and sums["losses"] * 100 > policy.max_loss_share * sums["profits"],
        "concentrated": sums["positive_groups"] >= policy.key_total_min_groups
        and sums["key_sum"] * 100 > policy.key_total_alarm * total,
        "mix": mix(policy, counts.get("segment", {}), weights, sums, night.summary),
    }


def amount(value: Decimal) -> str:
    """An amount as text: four decimals, and a plain 0 for none."""
    return str(value.quantize(Decimal("0.0001"))) if value else "0"


def percent(part: Decimal, whole: Decimal) -> str:
    """A share in percent with four decimals, "0" where there is no whole."""
    return str((100 * part / whole).quantize(Decimal("0.0001"), ROUND_HALF_UP)) if whole else "0"


def rounded(part: Decimal, whole: Decimal, places: int = 6) -> float | None:
    """`part / whole`, rounded half up; None where there is no whole."""
    if not whole:
        return None
    with localcontext() as exact:
        exact.prec = 60
        quotient = part / whole
        return float(quotient.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def iso(day: date) -> str:
    return day.isoformat()
