"""A delivery that did not come by its time is told once, whatever happens meanwhile."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from accounts.feeds.expecting import company_calendar, due_after, dues
from accounts.feeds.watching import watch
from accounts.models import Feed, FeedAlert
from firm.models import MovedDay, Notification
from kam_crm import tasks
from tests.factories import UserFactory
from tests.feeds.conftest import at, delivered, expected, inbox, moment, told, watched
from tests.ledgers import feed_rows

pytestmark = pytest.mark.django_db


def test_a_file_in_time_raises_nothing(feeder):
    expected(since="11-19 12:00")
    delivered("11-20 05:12")

    assert watched("11-20 06:00") == 0
    assert not FeedAlert.objects.exists()
    assert told(feeder) == []


def test_a_file_that_did_not_come_is_told_once_to_those_who_feed_the_ledger(feeder):
    expected(since="11-19 12:00")
    delivered("11-18 05:12")
    manager, program = UserFactory(roles=["kam"]), UserFactory(roles=["integration"])

    assert watched("11-20 05:59") == 0
    assert watched("11-20 06:00") == 1
    assert watched("11-20 06:01") == 0

    sentence = (
        "erp did not deliver by 06:00 (UTC) on 20 Nov 2026; the last file came on 18 Nov 2026."
    )
    assert told(feeder) == told(program) == [sentence]
    assert told(manager) == []
    notice = feeder.notifications.get()
    assert (notice.channel, notice.subject[:5]) == (Notification.Channel.NOW, "feed:")
    assert FeedAlert.objects.get().due_at == at("11-20 06:00")


def test_each_missed_delivery_is_told(feeder):
    expected(since="11-19 12:00")
    for day in (20, 21, 22):
        watched(f"11-{day} 06:00")

    assert len(told(feeder)) == 3
    assert "never has before" in told(feeder)[0]
    assert FeedAlert.objects.open().count() == 3


def test_the_next_delivery_clears_it_and_takes_unread_words_back(feeder):
    expected(since="11-19 12:00")
    watched("11-20 06:00")
    assert inbox(feeder).exists()

    with moment("11-20 07:30"):
        feed_rows("K1,2026-11-19,100,60,EUR,INV-1,1")

    alert = FeedAlert.objects.get()
    assert alert.cleared_at == at("11-20 07:30")
    assert alert.cleared_by.source.name == "erp"
    assert not inbox(feeder).exists()


def test_a_late_file_makes_up_for_the_missed_one_and_not_for_the_next(feeder):
    expected(since="11-19 12:00")
    watched("11-20 06:00")
    with moment("11-20 07:30"):
        feed_rows("K1,2026-11-19,100,60,EUR,INV-1,1")

    assert watched("11-21 06:00") == 1


def test_a_dry_run_and_another_source_clear_nothing(feeder):
    expected(since="11-19 12:00")
    watched("11-20 06:00")
    with moment("11-20 07:30"):
        feed_rows("K1,2026-11-19,100,60,EUR,INV-1,1", dry_run=True)
        feed_rows("K1,2026-11-19,100,60,EUR,INV-1,1", source="shop")

    assert FeedAlert.objects.open().count() == 1


@pytest.mark.parametrize("state", ["draft", "asking", "failed", "undone"])
def test_a_file_that_was_not_taken_in_is_no_delivery(feeder, state):
    expected(since="11-19 12:00")
    delivered("11-20 05:12", state=state)

    assert watched("11-20 06:00") == 1


def test_control_totals_and_mended_rows_are_no_delivery(feeder):
    expected(since="11-19 12:00")
    delivered("11-20 05:00", target="control_totals")
    again = delivered("11-20 05:12")
    first = delivered("11-18 05:12")
    first.rejected_rows.create(row=2, values={}, problems=[], sent_again=again)

    assert watched("11-20 06:00") == 1


def test_a_file_that_waits_for_its_worker_is_waited_for(feeder):
    expected(since="11-19 12:00")
    waiting = delivered("11-20 05:58", state="waiting")

    assert watched("11-20 06:00") == 0
    waiting.state = "failed"
    waiting.save()
    assert watched("11-20 06:01") == 1


def test_after_a_standstill_every_due_is_judged_and_the_newest_alone_is_told(feeder):
    expected(since="11-16 12:00")
    delivered("11-17 05:00")
    delivered("11-18 08:00")
    delivered("11-19 05:00")

    assert watched("11-21 12:00") == 2

    due = {f"{alert.due_at:%d}": alert.cleared_at for alert in FeedAlert.objects.all()}
    # That of the 18th came late; nobody need hear of it any more.
    assert due == {"18": at("11-18 08:00"), "20": None, "21": None}
    (sentence,) = told(feeder)
    assert "on 21 Nov 2026; the last file came on 19 Nov 2026" in sentence


def test_the_sweep_watches(feeder):
    expected(since="11-19 12:00")
    with moment("11-20 06:00"):
        tasks.sweep()
        tasks.sweep()

    assert len(told(feeder)) == 1


def days(feed, first, last):
    works = company_calendar()
    after = datetime.combine(first, time(), tzinfo=ZoneInfo("UTC")) - timedelta(seconds=1)
    until = datetime.combine(last, time(23, 59), tzinfo=ZoneInfo("UTC"))
    return [due.date().isoformat() for due in dues(feed, after, until, works)]


@pytest.mark.parametrize(
    ("about", "expected_days"),
    [
        ({"rhythm": "none"}, []),
        ({"rhythm": "daily"}, ["2026-02-27", "2026-02-28", "2026-03-01", "2026-03-02"]),
        ({"rhythm": "workdays"}, ["2026-02-27", "2026-03-02"]),
        ({"rhythm": "weekly", "weekday": 0}, ["2026-03-02"]),
        ({"rhythm": "monthly", "month_day": 31}, ["2026-02-28"]),
        ({"rhythm": "monthly", "month_day": 1}, ["2026-03-01"]),
    ],
)
def test_on_which_days_a_delivery_is_due(about, expected_days):
    feed = Feed(due_at=time(6), **about)
    assert days(feed, date(2026, 2, 27), date(2026, 3, 2)) == expected_days


def test_holidays_and_moved_days_are_those_of_the_companys_country(settings):
    settings.TIME_ZONE = "Europe/Berlin"
    feed = Feed(rhythm="workdays", due_at=time(6))
    MovedDay.objects.create(country="DE", day=date(2026, 12, 24), is_working=False, reason="Eve")
    MovedDay.objects.create(country="DE", day=date(2026, 12, 27), is_working=True, reason="Stock")

    found = days(feed, date(2026, 12, 23), date(2026, 12, 28))

    assert found == ["2026-12-23", "2026-12-27", "2026-12-28"]


@pytest.fixture
def berlin(settings):
    settings.TIME_ZONE = "Europe/Berlin"
    timezone.get_default_timezone.cache_clear()
    yield ZoneInfo("Europe/Berlin")
    settings.TIME_ZONE = "UTC"
    timezone.get_default_timezone.cache_clear()


@pytest.mark.parametrize(
    ("clock", "moments"),
    [
        # The clocks leave out 2:30 on the last Sunday of March, and show it twice in October.
        (time(2, 30), {"03-28": "01:30", "03-29": "01:30", "03-30": "00:30"}),
        (time(2, 30), {"10-24": "00:30", "10-25": "00:30", "10-26": "01:30"}),
        (time(6), {"03-28": "05:00", "03-29": "04:00", "10-24": "04:00", "10-25": "05:00"}),
    ],
)
def test_each_day_has_one_due_moment_whatever_the_clocks_do(berlin, clock, moments):
    feed = Feed(rhythm="daily", due_at=clock)
    works = company_calendar()

    for day, utc in moments.items():
        due = at(f"{day} {utc}")
        assert dues(feed, due - timedelta(hours=12), due + timedelta(hours=11), works) == [due]
        assert due_after(feed, due - timedelta(seconds=1), works) == due


def test_a_night_of_the_clocks_is_told_once(feeder, berlin):
    expected(since="10-24 12:00", due_at=time(2, 30))
    for minute in ("00:29", "00:30", "01:30", "02:30"):
        watched(f"10-25 {minute}")

    assert len(told(feeder)) == 1


def test_the_watch_asks_no_more_for_more_sources(feeder, django_assert_max_num_queries):
    for n in range(12):
        expected("workdays", name=f"source {n}", since="11-20 06:00")
    with (
        time_machine.travel(at("11-20 07:00"), tick=False),
        django_assert_max_num_queries(2),
    ):
        watch()
