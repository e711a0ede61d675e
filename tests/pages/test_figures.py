"""Figures and days as each language writes them."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.utils.translation import override

from firm.templatetags import figures
from firm.templatetags.figures import Unit

NO_BREAK, NARROW = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "−2,034,215.50"),
        ("ru", f"−2{NO_BREAK}034{NO_BREAK}215,50"),
        ("it", "−2.034.215,50"),
        ("zh-hans", "−2,034,215.50"),
    ],
)
def test_money_is_grouped_for_the_language_and_has_a_true_minus(language, text):
    with override(language):
        assert figures.money(Decimal("-2034215.5"), 2) == text


def test_money_is_rounded_half_up():
    assert figures.money(Decimal("0.5")) == "1"
    assert figures.money(Decimal("2.5")) == "3"


def test_what_rounds_to_zero_has_no_minus():
    assert figures.money(Decimal("-0.2")) == "0"
    assert figures.signed(Decimal("-0.0001")) == "0.0"


@pytest.mark.parametrize("function", [figures.money, figures.percent, figures.plain])
@pytest.mark.parametrize("nothing", [None, "", "unknown"])
def test_what_is_no_number_is_a_dash(function, nothing):
    assert function(nothing) == "–"


def test_a_share_is_percent_with_one_decimal():
    assert figures.percent(Decimal("0.22149")) == "22.1"
    with override("ru"):
        assert figures.percent_sign(Decimal("0.22149")) == "22,1 %"


@pytest.mark.parametrize(
    ("change", "text"), [("0.135", "+13.5"), ("-0.129", "−12.9"), ("0", "0.0")]
)
def test_a_change_shows_its_direction(change, text):
    assert figures.signed(Decimal(change)) == text


@pytest.mark.parametrize(("amount", "text"), [(2_034_215, "2,034"), (-300, "−0.3"), (0, "0")])
def test_amounts_of_a_large_firm_are_read_in_thousands(amount, text):
    unit = Unit.for_total("EUR", Decimal(9_204_583))

    assert unit.label == "k€"
    assert figures.amount(Decimal(amount), unit) == text


def test_amounts_of_a_small_firm_are_read_in_full():
    unit = Unit.for_total("EUR", Decimal(1320))

    assert figures.amount_of(Decimal(770), unit) == "770 €"


@time_machine.travel("2026-11-22")
@pytest.mark.parametrize(
    ("language", "this_year", "another"),
    [
        ("en", "9 Nov", "9 Nov 2025"),
        ("ru", "9 нояб.", f"9 нояб. 2025{NARROW}г."),
        ("zh-hans", "11月9日", "2025年11月9日"),
    ],
)
def test_a_day_names_its_year_when_it_is_another_one(language, this_year, another):
    with override(language):
        assert figures.day(date(2026, 11, 9)) == this_year
        assert figures.day("2025-11-09") == another


@pytest.mark.parametrize(
    ("language", "name"),
    [("en", "Italy"), ("ru", "Италия"), ("it", "Italia"), ("zh-hans", "意大利")],
)
def test_a_country_is_named_in_the_language_of_the_reader(language, name):
    with override(language):
        assert figures.country("IT") == name


@pytest.mark.parametrize("text", ["", "Italy", "Ruritania", "XX", "150"])
def test_what_is_no_country_code_stands_as_it_is(text):
    assert figures.country(text) == text
