"""Exchange rates from a table."""

import io
from datetime import date
from decimal import Decimal

import pytest

from accounts.importers.rates import import_rates
from accounts.models import ExchangeRate

pytestmark = pytest.mark.django_db


def feed(*rows):
    return import_rates(io.BytesIO("\n".join(["currency,day,rate", *rows]).encode()))


def test_rates_are_created_corrected_and_left_alone():
    assert feed("USD,2024-02-29,0.92", "CNY,2024-02-29,0.1278").created == 2

    report = feed("USD,2024-02-29,0.93", "CNY,2024-02-29,0.1278")

    assert (report.created, report.corrected, report.unchanged) == (0, 1, 1)
    rate = ExchangeRate.objects.get(currency="USD", day=date(2024, 2, 29))
    assert rate.rate == Decimal("0.93")


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("EURO,2024-02-29,1", "currency"),
        (",2024-02-29,1", "currency"),
        ("USD,29.2.2024,1", "day"),
        ("USD,2024-02-29,0", "rate"),
        ("USD,2024-02-29,-1", "rate"),
        ('USD,2024-02-29,"0,9"', "rate"),
    ],
)
def test_a_malformed_rate_is_rejected_by_its_field(row, field):
    report = feed(row)

    assert report.rejected == 1
    assert report.rejected_rows[0]["problems"][0]["field"] == field


def test_two_rates_for_one_day_are_both_rejected_and_one_rate_twice_counts_once():
    report = feed("USD,2024-02-29,1", "USD,2024-02-29,2", "CNY,2024-02-29,3", "CNY,2024-02-29,3")

    assert (report.rows, report.rejected, report.created) == (3, 2, 1)
