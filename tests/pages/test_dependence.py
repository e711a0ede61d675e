"""The dashboard of dependence: frozen figures, and names for those who may read them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import TeamMember
from segmentation.nightly import recompute
from tests.factories import AccountFactory
from tests.pages.conftest import sell

LEVELS = ["", "?level=accounts"]


def text_of(response):
    return response.content.decode()


def shown(response):
    return [row["name"] for row in response.context["table"]]


def test_everybody_sees_the_totals_and_the_tests(client, firm):
    for user in (firm.owner, firm.stranger, firm.head, firm.director):
        client.force_login(user)
        text = text_of(client.get("/segments/"))

        # 5,000 of the turbine group against 2,500 of the quarry.
        assert "66.7" in text
        assert "5,556" in text
        assert "7,500" in text


@pytest.mark.parametrize("level", LEVELS)
def test_a_stranger_finds_no_name_and_one_row_for_the_rest(client, firm, level):
    client.force_login(firm.stranger)

    response = client.get(f"/segments/{level}")
    others = response.context["table"].others

    assert "Turbine" not in text_of(response)
    assert shown(response) == ["Silver Quarry"]
    assert others.count == (2 if level else 1)
    assert others.income == Decimal(5000)
    assert round(others.income_share, 4) == Decimal("0.6667")
    assert "a group outside your accounts 66.7 %" in text_of(response).replace(
        "A group", "a group"
    )


def test_groups_and_accounts_are_two_views_of_one_run(client, firm):
    client.force_login(firm.director)

    assert shown(client.get("/segments/")) == ["Turbine Works", "Silver Quarry"]
    assert shown(client.get("/segments/?level=accounts")) == [
        "Turbine Works",
        "Silver Quarry",
        "Turbine Branch",
    ]


def test_who_works_on_a_branch_knows_its_group_by_name(client, firm):
    TeamMember.objects.create(account=firm.branch, user=firm.stranger, part="technical")
    client.force_login(firm.stranger)

    response = client.get("/segments/")

    assert shown(response) == ["Turbine Works", "Silver Quarry"]
    assert f"/accounts/{firm.turbines.pk}/" not in text_of(response)
    assert f"/accounts/{firm.branch.pk}/" in text_of(response)


def test_a_head_who_sees_a_branch_alone_knows_the_group_by_the_branch(client, firm):
    firm.turbines.ownerships.all().delete()
    firm.turbines.ownerships.create(owner=firm.stranger)
    client.force_login(firm.head)

    response = client.get("/segments/")

    assert shown(response) == ["Group of Turbine Branch"]
    assert "Turbine Works" not in text_of(response)


def test_the_sentences_come_worst_first(client, firm):
    client.force_login(firm.director)

    sentences = client.get("/segments/").context["sentences"]

    assert sentences[0].title == "2 groups are critical."
    assert sentences[0].text == (
        "Turbine Works 66.7 %, Silver Quarry 33.3 % of gross margin, each over the limit of 20 %."
    )
    assert [s.severity for s in sentences] == sorted((s.severity for s in sentences), reverse=True)
    assert "The mix is not judged." in [sentence.title for sentence in sentences]


def test_a_stale_feed_and_missing_costs_are_said(client, firm):
    firm.turbines.entries.update(cost=None, booked_cost=None)
    recompute(firm.run.as_of + timedelta(days=9))
    client.force_login(firm.director)

    titles = [sentence.title for sentence in client.get("/segments/").context["sentences"]]

    assert titles[0] == "The ledger feed is stale."
    assert "Revenue is the basis, not gross margin." in titles


def test_flags_are_counted_by_kind_for_those_who_may_see_them(client, firm):
    client.force_login(firm.owner)
    kinds = {flag["kind"]: flag["open"] for flag in client.get("/segments/").context["flags"]}
    assert kinds["dependency"] == 1

    client.force_login(firm.director)
    kinds = {flag["kind"]: flag["open"] for flag in client.get("/segments/").context["flags"]}
    assert kinds["dependency"] == 2


def test_a_stored_day_is_shown_as_it_was_stored(client, firm):
    early = firm.run.as_of - timedelta(days=40)
    recompute(early)
    client.force_login(firm.director)

    response = client.get(f"/segments/?as_of={early}")

    assert response.context["run"].as_of == early
    assert client.get("/segments/").context["run"].as_of == firm.run.as_of


@pytest.mark.parametrize("day", ["2001-01-01", "nonsense"])
def test_a_day_without_a_run_is_not_found_and_says_why(client, firm, day):
    client.force_login(firm.owner)

    response = client.get("/segments/", {"as_of": day})

    assert response.status_code == 404
    assert "No run has computed" in text_of(response)


def test_before_the_first_night_the_page_says_what_comes(client, firm):
    firm.run.delete()
    client.force_login(firm.owner)

    assert "No night has run yet" in text_of(client.get("/segments/"))
    assert "No figures yet" in text_of(client.get("/accounts/"))
    panel = client.get(f"/explain/accounts/{firm.turbines.pk}/")
    assert "No night has run yet" in text_of(panel)


def test_a_firm_without_a_sale_has_a_dashboard(client, firm):
    run = recompute(firm.run.as_of + timedelta(days=4000))
    client.force_login(firm.owner)

    response = client.get("/segments/")

    assert run.summary["population"] == 0
    assert response.status_code == 200
    assert "No share is defined." in text_of(response)


def test_htmx_gets_the_table_alone(client, firm):
    client.force_login(firm.owner)

    text = text_of(client.get("/segments/?level=accounts", headers={"HX-Request": "true"}))

    assert "<html" not in text
    assert "Turbine Branch" in text


@pytest.mark.parametrize("level", LEVELS)
def test_more_rows_cost_no_more_queries(client, firm, level):
    client.force_login(firm.owner)

    def queries_with_more(rows):
        for _more in range(rows):
            sell(AccountFactory(owner=firm.owner), 100)
        recompute(firm.run.as_of)
        with CaptureQueriesContext(connection) as seen:
            client.get(f"/segments/{level}")
        return len(seen)

    assert queries_with_more(10) == queries_with_more(20) <= 28
