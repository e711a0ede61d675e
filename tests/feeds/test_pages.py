"""The pages of feeds: what stands there, for whom, and what they write."""

from datetime import date, time
from decimal import Decimal

import pytest

from accounts.models import ControlTotal, Feed, FeedAlert
from firm.notices import mark_readable
from firm.versions import version_of
from tests.factories import AccountFactory, EntryFactory, SourceFactory, UserFactory
from tests.feeds.conftest import at, delivered, expected, moment, watched
from tests.ledgers import feed_rows

pytestmark = pytest.mark.django_db
DAILY = {"rhythm": "daily", "due_at": "06:00", "version": "0"}


@pytest.fixture
def source():
    return SourceFactory(name="erp")


@pytest.fixture
def feeder(db, client):
    person = UserFactory(roles=["administrator"])
    client.force_login(person)
    return person


def text_of(response):
    return response.content.decode()


def test_each_source_has_its_row_with_its_state(client, feeder):
    expected(since="11-19 12:00")
    watched("11-20 06:00")
    expected(name="shop", since="11-20 07:00")
    delivered("11-20 05:00", name="shop")
    expected(name="till", since="11-20 07:00")
    delivered("11-20 05:00", name="free")

    with moment("11-20 08:00"):
        text = text_of(client.get("/imports/feeds/"))

    assert "late since 20 Nov 06:00" in text
    assert "in time" in text
    assert "never came" in text
    assert "not watched" in text
    assert "every day by 06:00" in text
    assert "21 Nov 06:00" in text


def test_the_list_takes_as_many_questions_for_many_sources(
    client, feeder, django_assert_max_num_queries
):
    for n in range(20):
        expected("workdays", name=f"source {n}", since="11-20 07:00")
        delivered("11-20 05:00", name=f"source {n}")
    client.get("/imports/feeds/")
    with django_assert_max_num_queries(14):
        client.get("/imports/feeds/")


def test_other_people_have_no_feeds(client, feeder, source):
    client.force_login(UserFactory(roles=["analyst"]))
    for path in ("", f"{source.pk}/", f"{source.pk}/totals/", f"{source.pk}/months/2026-10/"):
        assert client.get(f"/imports/feeds/{path}").status_code == 403


def test_my_day_marks_what_stands_open_for_those_who_feed_alone(client, feeder):
    expected(since="11-19 12:00")
    watched("11-20 06:00")
    assert "erp did not deliver by 06:00" in text_of(client.get("/"))

    client.force_login(UserFactory(roles=["head"]))
    assert "did not deliver" not in text_of(client.get("/"))


def test_who_may_feed_no_more_reads_no_more_of_it(feeder):
    expected(since="11-19 12:00")
    watched("11-20 06:00")
    notice = feeder.notifications.get()
    mark_readable([notice], feeder)
    assert notice.is_readable
    mark_readable([notice], UserFactory(roles=["kam"]))
    assert not notice.is_readable


def test_a_rhythm_is_set_and_counts_from_now_on(client, feeder, source):
    with moment("11-20 08:00"):
        response = client.post(f"/imports/feeds/{source.pk}/", DAILY)

    assert response.status_code == 302
    feed = Feed.objects.get()
    assert (feed.rhythm, feed.due_at, feed.judged_until) == ("daily", time(6), at("11-20 08:00"))
    assert feed.events.get().pgh_context.metadata["user"] == feeder.pk
    assert watched("11-21 05:59") == 0
    assert watched("11-21 06:00") == 1


def test_the_watch_leaves_no_trace_in_the_audit(feeder):
    feed = expected(since="11-19 12:00")
    watched("11-20 06:00")
    assert feed.events.count() == 1


@pytest.mark.parametrize(
    ("sent", "complaint"),
    [
        ({"rhythm": "weekly"}, "Choose the day of the week."),
        ({"rhythm": "monthly"}, "Name the day of the month, from 1 to 31."),
        ({"rhythm": "monthly", "month_day": "32"}, "less than or equal to 31"),
        ({"due_at": "25:00"}, "valid time"),
        ({"rhythm": "hourly"}, "not one of the available choices"),
    ],
)
def test_a_rhythm_that_is_not_whole_is_asked_again(client, feeder, source, sent, complaint):
    response = client.post(f"/imports/feeds/{source.pk}/", DAILY | sent)

    assert response.status_code == 422
    assert complaint in text_of(response)
    assert not Feed.objects.exists()


def test_days_that_the_rhythm_does_not_need_are_dropped(client, feeder, source):
    client.post(f"/imports/feeds/{source.pk}/", DAILY | {"weekday": "3", "month_day": "5"})
    feed = Feed.objects.get()
    assert (feed.weekday, feed.month_day) == (None, None)


def test_saving_the_same_again_forgets_nothing(client, feeder, source):
    feed = expected(since="11-19 12:00")
    watched("11-20 06:00")
    client.post(f"/imports/feeds/{source.pk}/", DAILY | {"version": version_of(feed)})
    assert FeedAlert.objects.open().count() == 1


def test_another_rhythm_forgets_what_was_late_by_the_former(client, feeder, source):
    feed = expected(since="11-19 12:00")
    watched("11-20 06:00")
    sent = DAILY | {"rhythm": "none", "version": version_of(feed)}
    client.post(f"/imports/feeds/{source.pk}/", sent)
    assert not FeedAlert.objects.open().exists()


def test_what_somebody_else_saved_meanwhile_is_compared_and_not_lost(client, feeder, source):
    address = f"/imports/feeds/{source.pk}/"
    client.post(address, DAILY)

    response = client.post(address, DAILY | {"rhythm": "workdays"})

    assert response.status_code == 409
    text = text_of(response)
    assert "Somebody saved first." in text
    assert Feed.objects.get().rhythm == "daily"
    version = version_of(Feed.objects.get())
    sent = DAILY | {"rhythm": "workdays", "version": version, "pick-rhythm": "mine"}
    assert client.post(address, sent).status_code == 302
    assert Feed.objects.get().rhythm == "workdays"


def test_oddities_stand_on_the_import_and_on_the_feed(client, feeder, source):
    with moment("11-19 08:00"):
        feed_rows("K1,2026-11-19,1,1,EUR,A,1")
    with moment("11-20 08:00"):
        feed_rows("K1,2026-11-20,100,1,EUR,B,1", file_name="odd.csv")
    odd = source.imports.latest("pk")

    for path in (f"/imports/{odd.pk}/", f"/imports/feeds/{source.pk}/", "/imports/feeds/"):
        assert "100 times as large as usual" in text_of(client.get(path))


TOTAL = {"month": "2026-10", "currency": "eur", "revenue": "100.5", "version": "0"}


@pytest.fixture
def october(source):
    entry = EntryFactory(
        account=AccountFactory(name="Turbine Works"),
        booked_on=date(2026, 10, 5),
        revenue=Decimal("90.5"),
    )
    with moment("11-20 08:00"):
        yield entry


def test_a_control_total_is_entered_compared_and_removed(client, feeder, source, october):
    address = f"/imports/feeds/{source.pk}/totals/"
    assert client.post(address, TOTAL).status_code == 302

    text = text_of(client.get(address))
    for figure in ("90.50", "100.50", "−10.00", "differs"):
        assert figure in text
    assert FeedAlert.objects.open().count() == 1
    total = ControlTotal.objects.get()
    assert total.events.get().pgh_context.metadata["user"] == feeder.pk

    for _time in range(2):
        assert client.post(f"{address}{total.pk}/remove/").status_code == 302
    assert not ControlTotal.objects.exists()
    assert not FeedAlert.objects.open().exists()


def test_a_control_total_is_changed_by_its_form(client, feeder, source, october):
    address = f"/imports/feeds/{source.pk}/totals/"
    client.post(address, TOTAL)
    total = ControlTotal.objects.get()
    assert 'value="2026-10"' in text_of(client.get(f"{address}?edit={total.pk}"))

    assert client.post(address, TOTAL | {"revenue": "90.5"}).status_code == 409
    sent = TOTAL | {"revenue": "90.5", "version": version_of(total)}
    assert client.post(address, sent).status_code == 302
    assert ControlTotal.objects.get().revenue == Decimal("90.5")
    assert not FeedAlert.objects.open().exists()


@pytest.mark.parametrize(
    "sent",
    [{"month": "October"}, {"month": ""}, {"currency": "EURO"}, {"revenue": "a"}, {"lines": "-1"}],
)
def test_a_control_total_that_makes_no_sense_is_asked_again(client, feeder, source, sent):
    response = client.post(f"/imports/feeds/{source.pk}/totals/", TOTAL | sent)
    assert response.status_code == 422
    assert not ControlTotal.objects.exists()


def test_the_control_total_of_another_source_is_not_touched(client, feeder, source, october):
    client.post(f"/imports/feeds/{source.pk}/totals/", TOTAL)
    other, total = SourceFactory(name="shop"), ControlTotal.objects.get()
    address = f"/imports/feeds/{other.pk}/totals/"
    assert client.get(f"{address}?edit={total.pk}").status_code == 404
    client.post(f"{address}{total.pk}/remove/")
    assert ControlTotal.objects.exists()


def test_a_month_shows_its_lines_and_the_imports_that_booked_them(client, feeder, source, october):
    text = text_of(client.get(f"/imports/feeds/{source.pk}/months/2026-10/?currency=EUR"))
    assert "Turbine Works" in text
    assert f"/imports/{october.imported_id}/" in text
    assert "90.50" in text
    empty = text_of(client.get(f"/imports/feeds/{source.pk}/months/2026-10/?currency=USD"))
    assert "Turbine Works" not in empty


@pytest.mark.parametrize("month", ["2026-13", "2026-10-01", "October", "1000-01"])
def test_what_is_no_month_is_absent(client, feeder, source, month):
    assert client.get(f"/imports/feeds/{source.pk}/months/{month}/").status_code == 404


def test_a_currency_that_is_none_narrows_nothing(client, feeder, source, october):
    address = f"/imports/feeds/{source.pk}/months/2026-10/"
    for asked in ("%00", "EURO", "';--"):
        response = client.get(f"{address}?currency={asked}")
        assert "Turbine Works" in text_of(response)


def test_a_file_may_be_named_almost_like_a_day(client, feeder, source):
    with moment("11-19 08:00"):
        feed_rows("K1,2026-11-19,1,1,EUR,A,1")
    with moment("11-20 08:00"):
        feed_rows("K1,2026-11-20,100,1,EUR,B,1", file_name="odd1-23-45")

    assert "In odd1-23-45 amounts" in text_of(client.get("/inbox/"))
