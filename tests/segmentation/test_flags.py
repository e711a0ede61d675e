"""Flags: one for one kind and subject, told once, and never about our own feed's failings."""

from datetime import date, timedelta

import pytest
from django.utils import timezone, translation

from accounts.models import Account
from firm.models import Notification
from segmentation.models import Flag
from segmentation.nightly import recompute
from tests.factories import (
    AccountFactory,
    DepartmentFactory,
    EntryFactory,
    RatingFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

DAY = date(2024, 2, 29)
Kind = Flag.Kind


def sell(account, amount, day=DAY, **more):
    return EntryFactory(account=account, revenue=amount, booked_on=day, **more)


def nights(first, count):
    for n in range(count):
        yield first + timedelta(days=n)


def flags(kind):
    return Flag.objects.filter(kind=kind)


def portfolio(*amounts, owner=None):
    """Accounts that each bought for an amount on the day; none of them rated."""
    accounts = [AccountFactory(owner=owner) for _amount in amounts]
    for account, amount in zip(accounts, amounts, strict=True):
        sell(account, amount)
    return accounts


def test_a_group_in_a_band_is_flagged_with_its_evidence():
    big, *_others = portfolio(300, *[100] * 7)

    recompute(DAY)

    flag = flags(Kind.DEPENDENCY).get()
    assert (flag.account, flag.level, flag.severity) == (big, "critical", Flag.Severity.HIGH)
    assert flag.reason == (
        f"{big.name} brings 30 % of the company's gross margin, over the limit of 20 %."
    )
    assert flag.policy.version == 1


def test_thirty_nights_around_twenty_percent_give_one_flag_and_one_notice():
    owner = UserFactory()
    big, *_others = portfolio(199, *[100] * 8, owner=owner)
    for night in nights(DAY, 30):
        sell(big, 2 if night.day % 2 else -2, night)
        recompute(night)

    assert {flag.level for flag in flags(Kind.DEPENDENCY)} <= {"key", "critical"}
    assert flags(Kind.DEPENDENCY).filter(account=big).count() == 1
    told = Notification.objects.filter(recipient=owner, text__contains="limit of")
    assert [notice.params["account"] for notice in told].count(big.name) == 1


def test_a_mono_client_is_told_at_once():
    owner = UserFactory()
    portfolio(800, 100, 100, owner=owner)

    recompute(DAY)

    assert Notification.objects.waiting().get().recipient == owner


def test_a_dependency_clears_after_ninety_days_out_of_all_bands():
    small, *others = portfolio(110, *[110] * 8)
    recompute(DAY)
    for other in others:
        sell(other, 1000, DAY + timedelta(days=1))

    for days in (1, 89, 90):
        recompute(DAY + timedelta(days=days))
        flag = flags(Kind.DEPENDENCY).get(account=small)
        assert flag.level == "none"
        assert (flag.cleared_on is None) is (days < 90)


def test_a_flag_that_comes_back_within_two_weeks_is_the_same_flag():
    account = AccountFactory()
    RatingFactory(account=account, score=5)
    RatingFactory(account=account, rater="head", score=1)
    sell(account, 100)
    recompute(DAY)
    RatingFactory(account=account, score=2, rated_on=DAY + timedelta(days=1))
    recompute(DAY + timedelta(days=1))
    assert not flags(Kind.DISPUTED).open().exists()

    RatingFactory(account=account, score=5, rated_on=DAY + timedelta(days=10))
    recompute(DAY + timedelta(days=10))

    flag = flags(Kind.DISPUTED).get()
    assert (flag.raised_on, flag.cleared_on) == (DAY, None)


def acknowledge(flag, until):
    flag.acknowledged_at, flag.acknowledged_by = timezone.now(), UserFactory()
    flag.acknowledged_reason, flag.rests_until = "A plan is agreed.", until
    flag.rests_at, flag.rests_severity = flag.number, flag.severity
    flag.save()


@pytest.mark.parametrize(("more", "rests"), [(50, True), (300, False)])
def test_an_acknowledged_flag_wakes_when_its_number_worsens_by_a_quarter(more, rests):
    big, *_others = portfolio(300, *[100] * 7)
    recompute(DAY)
    acknowledge(flags(Kind.DEPENDENCY).get(), DAY + timedelta(days=30))
    sell(big, more, DAY + timedelta(days=1))

    recompute(DAY + timedelta(days=1))

    assert (flags(Kind.DEPENDENCY).get(account=big).acknowledged_at is not None) is rests


def test_gaps_are_a_queue_of_the_largest_five_a_manager_a_week():
    owner = UserFactory()
    accounts = portfolio(*range(100, 112), owner=owner)

    recompute(DAY)
    recompute(DAY + timedelta(days=1))
    asked = flags(Kind.UNRATED).values_list("account", flat=True)
    assert set(asked) == {account.pk for account in accounts[-5:]}

    recompute(DAY + timedelta(days=7))
    assert flags(Kind.UNRATED).count() == 10


def test_five_positive_groups_over_three_quarters_concentrate_the_portfolio():
    portfolio(100, 100, 100, 100, 100)

    recompute(DAY)

    assert flags(Kind.CONCENTRATED).get().number == 100


def test_four_groups_do_not():
    portfolio(100, 100, 100, 100)

    recompute(DAY)

    assert not flags(Kind.CONCENTRATED).exists()


def declining_firm():
    """A client of long standing that bought half of what it did the year before."""
    falling, *_others = portfolio(500, *[100] * 8)
    RatingFactory(account=falling, score=4)
    sell(falling, 1000, date(2022, 3, 1))
    return falling


def test_a_watched_client_that_declines_is_flagged_and_clears_after_fourteen_quiet_runs():
    falling = declining_firm()
    recompute(DAY)
    flag = flags(Kind.DECLINING).get()
    assert (flag.account, flag.money, flag.severity) == (falling, 500, Flag.Severity.HIGH)

    # The old purchase leaves the previous window: nothing to decline from.
    for night in nights(DAY + timedelta(days=1), 14):
        sell(falling, 1, night)
        recompute(night)
        assert (flags(Kind.DECLINING).open().count() == 1) is (night < date(2024, 3, 14))


def test_a_stale_ledger_raises_its_own_flag_and_leaves_the_clients_alone():
    falling = declining_firm()
    recompute(DAY)

    recompute(DAY + timedelta(days=40))

    assert flags(Kind.FEED_STALE).open().get().reason == "No bookings since 29 Feb 2024."
    flag = flags(Kind.DECLINING).open().get()
    assert (flag.account, flag.quiet_runs) == (falling, 0)
    assert not flags(Kind.ORDER_OVERDUE).exists()


def test_a_client_that_buys_in_a_rhythm_and_falls_silent_is_overdue():
    regular, *_others = portfolio(0, *[100] * 3)
    RatingFactory(account=regular, score=4)
    last = DAY - timedelta(days=21)
    for n in range(5):
        sell(regular, 100, last - timedelta(days=10 * n))

    recompute(DAY - timedelta(days=1))
    assert not flags(Kind.ORDER_OVERDUE).exists()
    recompute(DAY)
    assert flags(Kind.ORDER_OVERDUE).get().evidence["days"] == 21

    sell(regular, 10, DAY + timedelta(days=1))
    recompute(DAY + timedelta(days=1))
    assert not flags(Kind.ORDER_OVERDUE).open().exists()


def test_a_lost_client_stays_flagged_until_it_buys_or_is_closed():
    gone, *_others = portfolio(0, *[100] * 3)
    sell(gone, 900, date(2023, 1, 29))
    recompute(DAY)
    assert flags(Kind.LOST).get().account == gone

    later = date(2025, 3, 1)
    sell(AccountFactory(), 5, later)
    recompute(later)
    assert flags(Kind.LOST).open().count() == 1

    Account.objects.filter(pk=gone.pk).update(closed_on=later, close_reason="Insolvent.")
    recompute(later + timedelta(days=1))
    assert not flags(Kind.LOST).open().exists()


def test_unassigned_revenue_over_five_percent_is_flagged_for_those_who_keep_the_data():
    keeper = UserFactory(roles=["administrator"])
    portfolio(90)
    sell(None, 10)

    recompute(DAY)

    assert flags(Kind.UNASSIGNED).get().number == 10
    assert keeper.notifications.filter(text__startswith="%(share)s").exists()


def test_a_dispute_goes_to_the_head_of_the_department():
    north = DepartmentFactory()
    head = UserFactory(roles=["head"], department=north)
    stranger = UserFactory(roles=["head"], department=DepartmentFactory())
    account = AccountFactory(owner=UserFactory(department=north))
    sell(account, 100)
    RatingFactory(account=account, score=5)
    RatingFactory(account=account, rater="head", score=2)

    recompute(DAY)

    assert head.notifications.filter(text__contains="settle it").exists()
    assert not stranger.notifications.exists()


def test_a_notice_is_read_in_its_recipients_language():
    owner = UserFactory(language="ru")
    portfolio(1500, 10, owner=owner)
    recompute(DAY)

    with translation.override("en"):
        text = str(Notification.objects.waiting().get())

    assert "99,3" in text


def test_a_run_of_an_older_day_raises_nothing():
    portfolio(300, *[100] * 7)
    recompute(DAY + timedelta(days=1))
    before = list(Flag.objects.values())

    recompute(DAY)

    assert list(Flag.objects.values()) == before
