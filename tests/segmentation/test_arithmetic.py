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
WINDOW, PREVIOUS = date(2023, 2, 28), date(2022, 2, 28)
LIMITS = [("key", 10), ("critical", 20), ("mono", 70)]
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
    """What the method says of these lines: rows by account, bases by group, and the total."""
    window = [line for line in lines if WINDOW < line.day <= TODAY]
    previous = [line for line in lines if PREVIOUS < line.day <= WINDOW]
    on_income = is_costed(window)
    trend_on_income = on_income and is_costed(previous)
    population = {line.ref for line in window + previous}

    def top(ref):
        return top(parents[ref]) if ref in parents else ref

    def sums(period, by_income):
        return {
            ref: sum(worth(line, by_income) for line in period if line.ref == ref)
            for ref in population
        }

    basis = sums(window, on_income)
    now, was = sums(window, trend_on_income), sums(previous, trend_on_income)
    groups = {}
    for ref in population:
        groups[top(ref)] = groups.get(top(ref), 0) + basis[ref]
    total, group_total = positive(basis), positive(groups)
    key_tops = {top(ref) for ref in qualified}
    rows, before = {}, 0
    for rank, ref in enumerate(sorted(population, key=lambda ref: (-basis[ref], ref)), 1):
        abc = class_of(basis[ref], before, total)
        core = basis[ref] > 0 and before * 100 < 50 * total
        band = band_of(groups[top(ref)], group_total)
        key = band != "none" or top(ref) in key_tops
        bought = [line for line in window if line.ref == ref and line.revenue > 0]
        bought_before = [line for line in previous if line.ref == ref and line.revenue > 0]
        trend = trend_of(bought, bought_before, now[ref], was[ref])
        prospects = mean(scores.get(ref, ()))
        segment = segment_of(
            core, prospects, trend, abc == "C" and not key and is_one_off(bought, bought_before)
        )
        rows[ref] = (rank, basis[ref], before, abc, core, band, key, trend, prospects, segment)
        before += max(basis[ref], 0)
    return rows, groups, total


def is_costed(period):
    """Not more than 5 % of the absolute turnover lacks a cost."""
    bare = sum(abs(line.revenue) for line in period if line.cost is None)
    return bare * 20 <= sum(abs(line.revenue) for line in period)


def worth(line, by_income):
    if not by_income:
        return line.revenue
    return 0 if line.cost is None else line.revenue - line.cost


def positive(sums):
    return sum(max(value, 0) for value in sums.values())


def class_of(value, before, total):
    if value <= 0 or before * 100 >= 95 * total:
        return "C"
    return "A" if before * 100 < 80 * total else "B"


def band_of(value, total):
    over = [name for name, limit in LIMITS if value > 0 and value * 100 > limit * total]
    return over[-1] if over else "none"


def mean(given_scores):
    """Of the scores that are there, rounded half up; None without any."""
    found = [score for score in given_scores if score]
    return int(Fraction(sum(found), len(found)) + Fraction(1, 2)) if found else None


def is_one_off(bought, bought_before):
    months = {(line.day.year, line.day.month) for line in bought}
    quiet = TODAY - timedelta(days=90)
    return len(months) <= 1 and any(line.day <= quiet for line in bought + bought_before)


def segment_of(core, prospects, trend, could_be_ballast):
    score = prospects or 0
    if core and score >= 3:
        return "vip"
    if score >= 4:
        return "strategic"
    if trend == "lost":
        return "lost"
    return "ballast" if could_be_ballast and score <= 2 else "typical"


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
