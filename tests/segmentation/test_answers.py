"""Answers to flags: rest with a reason until a day, wake, come back later, undone by a click."""

from datetime import timedelta

import pytest
import time_machine

from segmentation.actions.flags import Moved, acknowledge, acknowledge_all, put_off, take_up, wake
from segmentation.agenda import concerning
from segmentation.history import history_of
from segmentation.models import Flag
from segmentation.nightly import recompute
from segmentation.recheck import recheck
from tests.factories import AccountFactory, FlagFactory, RatingFactory, UserFactory
from tests.segmentation.test_flags import DAY, Kind, flags, portfolio, sell

pytestmark = pytest.mark.django_db
NOW = DAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2024-03-01T09:00:00Z", tick=False):
        yield


def answer(flag, by=None, days=30, **more):
    given = {"reason": "A plan is agreed.", "until": NOW + timedelta(days=days)}
    return acknowledge(flag, by=by or UserFactory(), **given | {"seen": flag.state} | more)


def test_an_acknowledged_flag_rests_until_its_day():
    flag = answer(FlagFactory(), days=10)

    for days, rests in ((0, True), (9, True), (10, False)):
        with time_machine.travel(NOW + timedelta(days=days), tick=False):
            assert Flag.objects.resting().exists() is rests
            assert Flag.objects.awake().exists() is not rests
            assert flag.rests is rests


@pytest.mark.parametrize(("severity", "longest"), [(3, 30), (4, 7)])
def test_it_rests_no_longer_than_the_policy_lets_it(severity, longest):
    flag = FlagFactory(severity=severity)

    for days in (0, longest + 1):
        with pytest.raises(ValueError, match="2024"):
            answer(flag, days=days)
    assert answer(flag, days=longest).rests


def test_an_answer_to_what_has_moved_meanwhile_is_refused():
    flag = FlagFactory()
    seen = flag.state
    answer(flag)

    with pytest.raises(Moved):
        answer(flag, seen=seen)


def test_a_cleared_flag_takes_no_answer():
    with pytest.raises(Moved):
        answer(FlagFactory(cleared_on=DAY))


def test_it_wakes_when_its_level_rises():
    big, *_others = portfolio(240, *[100] * 10)
    recompute(DAY)
    flag = flags(Kind.DEPENDENCY).get(account=big)
    assert flag.level == "key"
    answer(flag)
    sell(big, 40, NOW)

    recompute(NOW)

    flag.refresh_from_db()
    assert (flag.level, flag.rests) == ("critical", False)
    assert "Woke: it got worse." in [moment.text for moment in history_of(flag)]


def test_several_are_answered_at_once_and_those_that_moved_are_left():
    calm, critical, moved = FlagFactory(), FlagFactory(severity=4), FlagFactory()
    seen = {flag.pk: flag.state for flag in (calm, critical, moved)}
    Flag.objects.filter(pk=moved.pk).update(severity=3)
    until = NOW + timedelta(days=30)

    done, left = acknowledge_all(seen, by=UserFactory(), reason="Known.", until=until)

    assert (len(done), left) == (2, 1)
    days = dict(Flag.objects.values_list("pk", "rests_until"))
    assert days[calm.pk] == until
    assert days[critical.pk] == NOW + timedelta(days=7)
    assert days[moved.pk] is None


def test_an_answer_is_taken_back_and_twice_does_no_harm():
    flag = answer(FlagFactory())

    assert wake([flag], by=UserFactory()) == 1
    assert wake([flag], by=UserFactory()) == 0
    assert Flag.objects.awake().exists()


def test_what_is_put_off_comes_back_on_its_day_and_only_to_that_person():
    owner = UserFactory()
    flag = FlagFactory(account=AccountFactory(owner=owner))
    put_off(flag, by=owner, until=NOW + timedelta(days=1))
    put_off(flag, by=owner, until=NOW + timedelta(days=2))
    assert not concerning(owner).exists()
    assert Flag.objects.awake().exists()

    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        assert concerning(owner).exists()
    Flag.objects.update(severity=3)
    assert concerning(owner).exists()
    Flag.objects.update(severity=2)
    take_up(flag, by=owner)
    assert concerning(owner).exists()


def rated_firm():
    owner = UserFactory()
    (account,) = portfolio(100, owner=owner)
    recompute(DAY)
    return owner, account


def test_a_rating_closes_the_gap_at_once_and_its_withdrawal_opens_the_same_flag():
    _owner, account = rated_firm()
    rating = RatingFactory(account=account, rated_on=NOW)
    for _time in range(2):
        recheck(account)
    assert flags(Kind.UNRATED).get().cleared_on == NOW

    rating.delete()
    recheck(account)

    assert flags(Kind.UNRATED).get().cleared_on is None


def test_a_dispute_is_raised_on_save_and_the_night_makes_no_second_one():
    _owner, account = rated_firm()
    RatingFactory(account=account, rated_on=NOW, score=5)
    RatingFactory(account=account, rated_on=NOW, rater="head", score=2)
    for _time in range(2):
        recheck(account)
    recompute(NOW)

    assert flags(Kind.DISPUTED).get().number == 3
    assert not flags(Kind.UNRATED).open().exists()


def test_a_recheck_asks_a_manager_no_more_than_the_weeks_gaps():
    owner = UserFactory()
    accounts = portfolio(*range(100, 107), owner=owner)
    recompute(DAY)
    asked = set(flags(Kind.UNRATED).values_list("account", flat=True))
    (spared, *_rest) = [account for account in accounts if account.pk not in asked]

    recheck(spared)

    assert flags(Kind.UNRATED).count() == 5


def test_an_account_without_a_standing_is_left_alone():
    recheck(AccountFactory())

    assert not Flag.objects.exists()
