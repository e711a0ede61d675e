from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import ExchangeRate, LedgerEntry
from firm.versions import version_of
from kam_crm.integrity import faults
from segmentation.nightly import recompute
from tests.factories import UserFactory
from tests.ledgers import feed_rows

pytestmark = pytest.mark.django_db

DAY = date(2024, 2, 29)
RATES = reverse("ledger:rates")
WAITING = reverse("ledger:unconverted")


@pytest.fixture
def administrator(client):
    user = UserFactory(name="Rupert Vane", roles=["administrator"])
    client.force_login(user)
    return user


def book(*days, currency="USD", revenue=10):
    feed_rows("K1,2024-02-29,1,,EUR,HOME,1")
    feed_rows(*(f"K1,{day},{revenue},4,{currency},{currency}-{day},1" for day in days))


def add(client, rate="0.5", day=DAY, currency="USD", **more):
    values = {"currency": currency, "day": day, "rate": rate} | more
    return client.post(RATES, values, follow=True)


def correct(client, rate, value, version=None):
    version = version_of(rate) if version is None else version
    return client.post(
        reverse("ledger:rate", args=[rate.pk]), {"rate": value, "version": version}, follow=True
    )


def test_what_waits_for_a_rate_is_told_by_currency_with_the_days_that_lack_one(
    client, administrator
):
    book("2024-02-10", "2024-02-17", "2024-02-18", "2024-02-29")
    book("2024-02-29", currency="CNY")

    cny, usd = client.get(WAITING).context["found"]

    assert (cny.currency, cny.lines, cny.missing) == ("CNY", 1, [DAY])
    assert (usd.lines, usd.amount) == (4, 40)
    assert (usd.first, usd.last) == (date(2024, 2, 10), DAY)
    # A rate serves its own day and the seven that follow.
    assert usd.missing == [date(2024, 2, 10), date(2024, 2, 18), DAY]


def test_a_rate_entered_there_converts_the_lines_at_the_next_run(client, administrator):
    book("2024-02-29")

    shown = add(client, **{"from": "unconverted"})

    assert shown.redirect_chain[-1][0] == WAITING
    assert "The next run converts 1 line that waits" in shown.content.decode()
    (usd,) = shown.context["found"]
    assert (usd.served, usd.missing) == (1, [])
    recompute(DAY)
    assert LedgerEntry.objects.get(currency="USD").revenue == 5
    assert client.get(WAITING).context["found"] == []


def test_withdrawn_lines_wait_for_nothing(client, administrator):
    book("2024-02-29")
    LedgerEntry.objects.filter(currency="USD").update(withdrawn_at="2024-03-01T00:00Z")

    assert client.get(WAITING).context["found"] == []


def test_rates_are_listed_by_currency_the_newest_first(client, administrator):
    for n in range(3):
        ExchangeRate.objects.create(currency="USD", day=DAY - timedelta(days=n), rate="0.9")
    ExchangeRate.objects.create(currency="CNY", day=DAY, rate="0.13")

    def listed(**query):
        return [(rate.currency, rate.day.day) for rate in client.get(RATES, query).context["page"]]

    assert listed() == [("CNY", 29), ("USD", 29), ("USD", 28), ("USD", 27)]
    assert listed(currency="CNY") == [("CNY", 29)]


@pytest.mark.parametrize(
    "values",
    [
        {"rate": "0"},
        {"rate": "-1"},
        {"rate": "x"},
        {"currency": "EUR"},
        {"currency": "XXZ"},
        {"day": ""},
    ],
)
def test_what_is_no_rate_is_asked_again(client, administrator, values):
    assert add(client, **values).status_code == 422
    assert not ExchangeRate.objects.exists()


def test_a_second_rate_for_a_day_is_refused(client, administrator):
    add(client)

    shown = add(client, rate="0.6")

    assert shown.status_code == 422
    assert "correct that one" in shown.content.decode()
    assert ExchangeRate.objects.get().rate == Decimal("0.5")


def test_a_correction_converts_its_lines_again_and_is_audited(client, administrator):
    ExchangeRate.objects.create(currency="USD", day=DAY - timedelta(days=7), rate="0.5")
    book("2024-02-29", "2024-02-22", "2024-02-21")
    rate = ExchangeRate.objects.get()

    shown = correct(client, rate, "0.6")

    assert "2 lines are converted again" in shown.content.decode()
    amounts = LedgerEntry.objects.filter(currency="USD").order_by("booked_on")
    assert list(amounts.values_list("revenue", "cost")) == [
        (None, None),
        (Decimal(6), Decimal("2.4")),
        (Decimal(6), Decimal("2.4")),
    ]
    assert list(faults()) == []
    history = client.get(reverse("ledger:rate", args=[rate.pk])).context["history"]
    assert [change["event"].rate for change in history] == [Decimal("0.6"), Decimal("0.5")]
    assert history[0]["by"] == administrator


def test_two_corrections_meet(client, administrator):
    rate = ExchangeRate.objects.create(currency="USD", day=DAY, rate="0.5")
    version = version_of(rate)
    correct(client, rate, "0.6")

    met = correct(client, rate, "0.7", version)

    assert met.status_code == 409
    rate.refresh_from_db()
    assert rate.rate == Decimal("0.6")


@pytest.mark.parametrize("role", ["kam", "head", "analyst", "integration"])
def test_rates_are_for_those_who_feed_the_ledger(client, role):
    client.force_login(UserFactory(roles=[role]))
    rate = ExchangeRate.objects.create(currency="USD", day=DAY, rate="0.5")

    assert client.get(WAITING).status_code == 403
    assert add(client, currency="CNY").status_code == 403
    assert correct(client, rate, "0.6").status_code == 403
    assert ExchangeRate.objects.get().rate == Decimal("0.5")


@pytest.mark.parametrize("address", [RATES, WAITING])
def test_ten_more_rows_cost_no_more_queries(client, administrator, address):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    def fill(first):
        for n in range(first, first + 10):
            ExchangeRate.objects.create(currency="USD", day=DAY - timedelta(days=n), rate="0.5")
        for currency in ("CNY", "GBP", "CHF")[: first // 10 + 1]:
            book("2024-02-29", currency=currency)

    fill(0)
    queries()
    before = queries()
    fill(10)
    assert queries() == before
