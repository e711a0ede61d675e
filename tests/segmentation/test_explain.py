"""Every figure explains itself down to its inputs."""

import io
import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command

from accounts.models import Account
from segmentation.explain import NoRun, explain, ledger_lines
from segmentation.models import Standing
from segmentation.nightly import recompute
from tests.factories import AccountFactory, EntryFactory, UserFactory
from tests.ledgers import feed_golden

pytestmark = pytest.mark.django_db

DAY = date(2024, 2, 29)


def figures(explanation):
    return {figure["name"]: figure for figure in explanation["figures"]}


def test_each_figure_follows_from_its_inputs_and_its_lines_alone():
    feed_golden()
    recompute(DAY)

    for account in Account.objects.filter(standing__isnull=False):
        explanation = explain(account)
        told = figures(explanation)
        lines = [line for line in ledger_lines(account, explanation) if line["window"] == "now"]
        turnover = sum(Decimal(line["revenue"]) for line in lines)
        income = sum(
            Decimal(line["revenue"]) - Decimal(line["cost"]) for line in lines if line["cost"]
        )
        standing = account.standing
        assert Decimal(told["turnover"]["inputs"]["turnover"]) == turnover == standing.turnover
        assert Decimal(told["income"]["inputs"]["income"]) == income == standing.income
        share = told["share"]["inputs"]
        if standing.share is not None:
            quotient = Decimal(share["basis"]) / Decimal(share["total"])
            assert abs(quotient - standing.share) < Decimal("1e-13")
            assert told["share"]["value"] == f"{quotient * 100:.2f}"
        band = told["group_share"]["inputs"]
        over = [
            name
            for name in ("key", "critical", "mono")
            if Decimal(band["basis"]) * 100 > Decimal(band[name]) * Decimal(band["total"])
        ]
        assert standing.band == (over[-1] if over else "none")
        ahead = told["abc"]["inputs"]
        if Decimal(ahead["basis"]) > 0:
            before = Decimal(ahead["before"]) * 100 / Decimal(ahead["total"])
            assert standing.abc == ("A" if before < 80 else "B" if before < 95 else "C")


def test_a_share_that_meets_its_limit_says_why_it_is_not_over_it():
    feed_golden()
    recompute(DAY)

    sentence = figures(explain(Account.objects.get(account_ref="M07")))["group_share"]["sentence"]

    assert sentence == "20.00 %, not over 20 % but over 10 %: key."


def test_the_accounts_of_the_group_add_up_to_the_group():
    feed_golden()
    recompute(DAY)

    explanation = explain(Account.objects.get(account_ref="G1-02"))

    assert sum(Decimal(member["exact"]["income"]) for member in explanation["members"]) == 770


def test_what_lies_outside_the_scope_is_one_row_without_names():
    top = AccountFactory(name="Hidden Works")
    stranger = UserFactory(roles=["kam"])
    mine = AccountFactory(parent=top, owner=stranger)
    for account in (top, mine, AccountFactory(parent=top, name="Hidden Branch")):
        EntryFactory(account=account, booked_on=DAY)
    outsider = UserFactory(roles=["head"])
    recompute(DAY)

    told = explain(mine, viewer=outsider)["members"]

    assert [member["name"] for member in told] == ["3 other accounts"]
    assert explain(mine, viewer=outsider)["group"]["name"] == f"Group of {mine.name}"
    assert told[0]["income"] == "300.00"


def test_the_team_of_a_group_sees_the_names_of_its_other_accounts():
    owner = UserFactory(roles=["kam"])
    top = AccountFactory(name="Hidden Works")
    mine = AccountFactory(parent=top, owner=owner)
    EntryFactory(account=top, booked_on=DAY)
    EntryFactory(account=mine, booked_on=DAY)
    recompute(DAY)

    names = [member["name"] for member in explain(mine, viewer=owner)["members"]]

    assert names == [mine.name, "1 other account (Hidden Works)"]


def test_a_day_that_no_run_has_stored_is_told_so():
    with pytest.raises(NoRun):
        explain(AccountFactory(), as_of=DAY)


def test_lines_booked_after_the_run_are_told_beside_what_was_stored():
    account = AccountFactory()
    EntryFactory(account=account, booked_on=DAY, revenue=100)
    recompute(DAY)
    EntryFactory(account=account, booked_on=DAY, revenue=50)

    explanation = explain(account)

    assert figures(explanation)["turnover"]["inputs"]["turnover"] == "100.0000"
    assert "by 1 lines booked after the run" in explanation["lines"]["corrected"]
    assert "revenue 150.00" in explanation["lines"]["corrected"]


def test_the_command_says_what_the_run_stored_and_computes_a_day_that_has_none():
    feed_golden()
    recompute(DAY)

    def told(day):
        out = io.StringIO()
        call_command("explain", "M07", as_of=day, json=True, stdout=out)
        return json.loads(out.getvalue())

    stored, computed = told(DAY), told(DAY + timedelta(days=1))
    assert stored["stored"]
    assert not computed["stored"]
    assert computed["basis"] == "turnover"
    assert figures(computed)["group_share"]["inputs"]["basis"] == "518.0000"
    assert Standing.objects.get(account__account_ref="M07").basis == 110


def test_an_account_outside_the_population_has_no_figures_and_a_sentence():
    feed_golden()
    recompute(DAY)

    explanation = explain(Account.objects.get(account_ref="I15"))

    assert explanation["figures"] == []
    assert "no standing" in explanation["basis_sentence"]
