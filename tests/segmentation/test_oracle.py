"""The night against figures that an independent calculator worked out for real ledgers."""

import io
from datetime import date

import pytest
from django.core.management import call_command

from firm.models import Policy
from segmentation.nightly import recompute
from tests.ledgers import (
    ADVENTUREWORKS,
    NORTHWIND,
    expected_standings,
    expected_summary,
    feed,
)

pytestmark = pytest.mark.django_db


def summary_of(day):
    summary = recompute(day).summary
    return {name: summary[name] for name in expected_summary("northwind")}


def standings_on(day):
    out = io.StringIO(newline="")
    call_command("standings", as_of=day, stdout=out)
    return out.getvalue()


def decide_on_turnover(day):
    Policy.objects.create(
        version=2,
        valid_from=day,
        reason="Turnover decides.",
        basis="turnover",
        reporting_currency="USD",
    )


def test_adventureworks_agrees_with_the_oracle_on_two_days_and_both_bases():
    assert feed(ADVENTUREWORKS).created == 60855

    for name, day in [
        ("adventureworks-2013-02-28", date(2013, 2, 28)),
        ("adventureworks-income", date(2013, 11, 29)),
    ]:
        assert summary_of(day) == expected_summary(name)
        assert standings_on(day) == expected_standings(name)

    decide_on_turnover(date(2013, 11, 29))
    assert summary_of(date(2013, 11, 29)) == expected_summary("adventureworks-turnover")
    assert standings_on(date(2013, 11, 29)) == expected_standings("adventureworks-turnover")


def test_northwind_without_costs_falls_back_to_turnover():
    feed(NORTHWIND)

    assert summary_of(date(1998, 5, 6)) == expected_summary("northwind")
    assert standings_on(date(1998, 5, 6)) == expected_standings("northwind")


def test_the_next_run_of_a_day_changes_nothing_and_a_later_day_leaves_it_stored():
    feed(NORTHWIND)
    first = recompute(date(1998, 5, 6))

    assert first.changed == 89
    assert recompute(date(1998, 5, 6)).changed == 0
    assert recompute(date(1998, 5, 7)).changed > 0
    assert recompute(date(1998, 5, 6)).changed == 0
