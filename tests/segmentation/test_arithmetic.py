"""The SQL against plain arithmetic on small random portfolios."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Parentage
from segmentation.models import GroupStanding, Qualification, StandingHistory
from segmentation.nightly import recompute
from tests.factories import AccountFactory, EntryFactory, RatingFactory

TODAY = date(2024, 2, 29)
WINDOW, PREVIOUS, OLDER = date(2023, 2, 28), date(2022, 2, 28), date(2022, 2, 28)
REFS = ["B1", "a1", "C9", "c9", "Z"]
DAYS = [
    TODAY,
    TODAY - timedelta(days=89),
    TODAY - timedelta(days=90),
    WINDOW + timedelta(days=1),
    WINDOW,
    PREVIOUS + timedelta(days=1),
    PREVIOUS,
    TODAY + timedelta(days=1),
]


@dataclass(frozen=True)
class Line:
    ref: str
    day: date
    revenue: int
    cost: int | None


lines = st.builds(
    Line,
    st.sampled_from(REFS),
    st.sampled_from(DAYS),
    st.sampled_from([-50, -10, 0, 10, 20, 50, 100, 400]),
    st.one_of(st.none(), st.sampled_from([0, 5, 10, 60])),
)
parents = st.sampled_from([{}, {"a1": "B1"}, {"a1": "B1", "C9": "a1"}, {"B1": "Z", "c9": "Z"}])
scores = st.dictionaries(st.sampled_from(REFS), st.tuples(*[st.sampled_from([None, 1, 3, 5])] * 2))


def worked_out(lines, parents, scores, qualified):
    """What the method says of these lines: {ref: (rank, basis, ...)}, by account and by group."""
    window = [line for line in lines if WINDOW < line.day <= TODAY]
    previous = [line for line in lines if PREVIOUS < line.day <= WINDOW]
    population = sorted({line.ref for line in window + previous})
    size = sum(abs(line.revenue) for line in window)
    bare = sum(abs(line.revenue) for line in window if line.cost is None)
    size_before = sum(abs(line.revenue) for line in previous)
    bare_before = sum(abs(line.revenue) for line in previous if line.cost is None)
    on_income = bare * 20 <= size
    trend_on_income = on_income and bare_before * 20 <= size_before

    def worth(line, by_income):
        if by_income:
            return 0 if line.cost is None else line.revenue - line.cost
        return line.revenue

    def sums(period, by_income):
        return {
            ref: sum(worth(line, by_income) for line in period if line.ref == ref)
            for ref in population
        }

    def top(ref):
        return top(parents[ref]) if ref in parents else ref

    basis = sums(window, on_income)
    now, was = sums(window, trend_on_income), sums(previous, trend_on_income)
    groups = {}
    for ref in population:
        groups[top(ref)] = groups.get(top(ref), 0) + basis[ref]
    total = sum(max(value, 0) for value in basis.values())
    group_total = sum(max(value, 0) for value in groups.values())
    key_tops = {top(ref) for ref in qualified}
    rows, ahead = {}, 0
    for rank, ref in enumerate(sorted(population, key=lambda ref: (-basis[ref], ref)), 1):
        value, before = basis[ref], ahead
        ahead += max(value, 0)
        group = groups[top(ref)]
        abc = "C"
        if value > 0:
            abc = "A" if before * 100 < 80 * total else "B" if before * 100 < 95 * total else "C"
        core = value > 0 and before * 100 < 50 * total
        band = "none"
        for name, limit in (("key", 10), ("critical", 20), ("mono", 70)):
            if group > 0 and group * 100 > limit * group_total:
                band = name
        key = band != "none" or top(ref) in key_tops
        bought = [line for line in window if line.ref == ref and line.revenue > 0]
        bought_before = [line for line in previous if line.ref == ref and line.revenue > 0]
        trend = trend_of(bought, bought_before, now[ref], was[ref])
        kam, head = scores.get(ref, (None, None))
        given_scores = [score for score in (kam, head) if score]
        prospects = None
        if given_scores:
            prospects = int(Fraction(sum(given_scores), len(given_scores)) + Fraction(1, 2))
        months = {(line.day.year, line.day.month) for line in bought}
        old = any(line.day <= TODAY - timedelta(days=90) for line in bought + bought_before)
        segment = "typical"
        if core and (prospects or 0) >= 3:
            segment = "vip"
        elif (prospects or 0) >= 4:
            segment = "strategic"
        elif trend == "lost":
            segment = "lost"
        elif abc == "C" and not key and len(months) <= 1 and old and (prospects or 0) <= 2:
            segment = "ballast"
        rows[ref] = (rank, value, before, abc, core, band, key, trend, prospects, segment)
    return rows, groups, total


def trend_of(bought, bought_before, now, was):
    if not bought:
        return "lost" if bought_before else "inactive"
    if not bought_before:
        return "new"
    if now > was + Fraction(abs(was), 10):
        return "growing"
    return "declining" if now < was - Fraction(abs(was), 10) else "steady"


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(lines, max_size=14),
    parents,
    scores,
    st.sets(st.sampled_from(REFS), max_size=1),
)
def test_the_night_agrees_with_plain_arithmetic(lines, parents, scores, qualified):
    with transaction.atomic():
        store(lines, parents, scores, qualified)

        recompute(TODAY)

        rows, groups, total = worked_out(lines, parents, scores, qualified)
        stored = StandingHistory.objects.filter(as_of=TODAY).select_related("account")
        assert {
            row.account.account_ref: (
                row.rank,
                row.basis,
                row.before,
                row.abc,
                row.core,
                row.band,
                row.key,
                row.trend,
                row.prospects,
                row.segment,
            )
            for row in stored
        } == rows
        assert {
            group.group.account_ref: group.basis for group in GroupStanding.objects.on(TODAY)
        } == groups
        shares = [row.share for row in stored if row.share is not None]
        assert not shares or abs(sum(shares) - 1) < Decimal("1e-9")
        assert bool(shares) is (total > 0)
        transaction.set_rollback(True)


def store(lines, parents, scores, qualified):
    accounts = {ref: AccountFactory(account_ref=ref) for ref in REFS}
    for ref, parent in parents.items():
        Parentage.objects.create(account=accounts[ref], parent=accounts[parent])
    for ref, given_scores in scores.items():
        for rater, score in zip(("kam", "head"), given_scores, strict=True):
            if score:
                RatingFactory(account=accounts[ref], rater=rater, score=score)
    for ref in qualified:
        Qualification.objects.create(
            account=accounts[ref], ground="image", approved_on=TODAY - timedelta(days=1)
        )
    for line in lines:
        EntryFactory(
            account=accounts[line.ref],
            booked_on=line.day,
            revenue=line.revenue,
            cost=line.cost,
        )
