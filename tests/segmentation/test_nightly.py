"""What a run does to the days, to itself and to what it finds."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.models import ExchangeRate, LedgerEntry, Ownership
from firm.models import Policy
from segmentation.models import (
    Run,
    SegmentOverride,
    Standing,
    StandingChange,
    StandingHistory,
)
from segmentation.nightly import forget_old_nights, recompute
from tests.factories import AccountFactory, EntryFactory, RatingFactory, UserFactory

pytestmark = pytest.mark.django_db

DAY = date(2024, 2, 29)


def sell(account, amount, day=DAY, **more):
    return EntryFactory(account=account, revenue=Decimal(amount), booked_on=day, **more)


@pytest.mark.parametrize(("cents", "band"), [(0, "key"), (1, "critical")])
def test_one_cent_over_twenty_percent_makes_a_group_critical(cents, band):
    small = AccountFactory()
    sell(small, Decimal(2000) + Decimal(cents) / 100)
    for _other in range(8):
        sell(AccountFactory(), 1000)

    recompute(DAY)

    assert Standing.objects.get(account=small).band == band


def test_an_empty_ledger_gives_an_empty_population_and_no_flag():
    run = recompute(DAY)

    assert run.summary["population"] == 0
    assert run.summary["total"] == "0"
    assert run.summary["effective_clients"] is None
    assert not Standing.objects.exists()


def test_without_a_positive_account_no_share_is_defined():
    sell(AccountFactory(), -10)

    recompute(DAY)

    standing = Standing.objects.get()
    assert (standing.share, standing.abc, standing.band) == (None, "C", "none")


def test_a_day_without_bookings_for_a_week_says_so_and_spares_the_clients():
    sell(AccountFactory(), 100, DAY - timedelta(days=8))

    run = recompute(DAY)

    assert run.facts["feed_stale"]


def test_trends_do_not_compare_where_the_ledger_begins_too_late():
    account = AccountFactory()
    sell(account, 100)
    sell(account, 100, date(2022, 3, 2))
    assert not recompute(DAY).is_comparable

    sell(account, 1, date(2022, 3, 1))
    assert recompute(DAY).is_comparable


def test_a_change_of_segment_is_written_down_once():
    account = AccountFactory()
    sell(account, 100)
    recompute(DAY)
    assert not StandingChange.objects.exists()

    RatingFactory(account=account, score=5, rated_on=DAY + timedelta(days=1))
    recompute(DAY + timedelta(days=1))
    recompute(DAY + timedelta(days=1))

    change = StandingChange.objects.get(field="segment")
    assert (change.before, change.after) == ("typical", "vip")


def test_a_rating_counts_from_its_day_on():
    account = AccountFactory()
    sell(account, 100, DAY - timedelta(days=2))
    RatingFactory(account=account, score=2)
    RatingFactory(account=account, score=5, rated_on=DAY)

    recompute(DAY - timedelta(days=1))
    recompute(DAY)

    days = StandingHistory.objects.filter(account=account).order_by("as_of")
    assert list(days.values_list("prospects", flat=True)) == [2, 5]


@pytest.mark.parametrize(
    ("review_on", "segment"), [(DAY, "strategic"), (DAY - timedelta(1), "typical")]
)
def test_an_override_counts_through_its_review_day(review_on, segment):
    account = AccountFactory()
    sell(account, 100)
    SegmentOverride.objects.create(
        account=account,
        segment="strategic",
        reason="A pilot begins.",
        author=UserFactory(),
        set_on=DAY - timedelta(days=30),
        review_on=review_on,
    )

    recompute(DAY)

    standing = Standing.objects.get()
    assert (standing.segment, standing.computed_segment) == (segment, "typical")


def test_owner_and_policy_of_a_past_day_are_those_of_that_day():
    account, before, after = AccountFactory(), UserFactory(), UserFactory()
    sell(account, 100, DAY - timedelta(days=10))
    Ownership.objects.create(account=account, owner=before, valid=(None, DAY))
    Ownership.objects.create(account=account, owner=after, valid=(DAY, None))
    Policy.objects.create(version=2, valid_from=DAY, reason="Stricter.", key_share=15)

    runs = [recompute(day) for day in (DAY - timedelta(days=1), DAY)]

    assert [run.policy.version for run in runs] == [1, 2]
    owners = StandingHistory.objects.order_by("as_of").values_list("owner", flat=True)
    assert list(owners) == [before.pk, after.pk]


def test_lines_that_waited_for_a_rate_are_converted_by_the_first_run_that_has_it():
    line = sell(AccountFactory(), 100, currency="USD")
    LedgerEntry.objects.filter(pk=line.pk).update(revenue=None, cost=None)
    assert recompute(DAY).facts["unconverted_lines"] == 1

    ExchangeRate.objects.create(currency="USD", day=DAY - timedelta(days=8), rate=2)
    assert recompute(DAY).facts["unconverted_lines"] == 1

    ExchangeRate.objects.create(currency="USD", day=DAY - timedelta(days=7), rate="0.92345")
    recompute(DAY)
    line.refresh_from_db()
    assert (line.revenue, line.rate_on) == (Decimal("92.3450"), DAY - timedelta(days=7))
    assert Standing.objects.get().turnover == Decimal("92.3450")


def test_nights_of_long_ago_are_forgotten_but_month_ends_stay():
    account = AccountFactory()
    days = [date(2024, 1, 30), date(2024, 1, 31), date(2024, 2, 1)]
    for day in days:
        sell(account, 100, day)
        recompute(day)
    Run.objects.filter(as_of__lt=days[2]).update(finished_at="2020-01-01T00:00Z")

    forget_old_nights()

    kept = StandingHistory.objects.values_list("as_of", flat=True)
    assert sorted(kept) == days[1:]
    assert Run.objects.of(days[0]) is None
