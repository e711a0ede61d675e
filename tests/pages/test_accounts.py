"""The account list and the card of an account: what they show, and to whom."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import TeamMember
from firm.today import day_that_ended
from segmentation.models import Standing
from segmentation.nightly import recompute
from tests.factories import AccountFactory
from tests.pages.conftest import sell


def text_of(response):
    return response.content.decode()


def names(response):
    return [account.name for account in response.context["page"]]


def queries(client, path):
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


def test_an_owner_sees_the_own_book_by_its_place_in_the_company(client, firm):
    client.force_login(firm.owner)

    assert names(client.get("/accounts/")) == ["Turbine Works", "Turbine Branch"]


def test_a_head_sees_the_department_and_a_director_everything(client, firm):
    client.force_login(firm.head)
    assert names(client.get("/accounts/")) == ["Turbine Works", "Turbine Branch"]

    client.force_login(firm.director)
    assert names(client.get("/accounts/")) == ["Turbine Works", "Silver Quarry", "Turbine Branch"]


@pytest.mark.parametrize("query", ["", "?q=Turbine", "?segment=vip", "?sort=-income", "?page=2"])
def test_a_stranger_finds_no_trace_in_the_list(client, firm, query):
    client.force_login(firm.stranger)

    text = text_of(client.get(f"/accounts/{query}"))

    assert "Turbine Works" not in text
    assert "Turbine Branch" not in text


@pytest.mark.parametrize(
    "path",
    [
        "",
        "lines/",
        "lines.csv",
        "lines/newest/",
        "record/",
        "months/",
        "group/",
        "history/",
    ],
)
def test_a_stranger_gets_the_answer_of_an_account_that_does_not_exist(client, firm, path):
    client.force_login(firm.stranger)

    hidden = client.get(f"/accounts/{firm.turbines.pk}/{path}")
    absent = client.get(f"/accounts/{firm.turbines.pk + 1000}/{path}")

    assert hidden.status_code == absent.status_code == 404
    assert hidden.content == absent.content


def test_a_teammate_opens_the_card(client, firm):
    TeamMember.objects.create(account=firm.turbines, user=firm.stranger, part="technical")
    client.force_login(firm.stranger)

    response = client.get(f"/accounts/{firm.turbines.pk}/")

    assert response.status_code == 200
    # Whoever works on an account of a group knows the names of its others, and opens none.
    assert "Turbine Branch" in text_of(response)
    assert f"/accounts/{firm.branch.pk}/" not in text_of(response)


def test_a_head_of_one_branch_counts_the_other_accounts_of_its_group(client, firm):
    firm.branch.ownerships.all().delete()
    firm.branch.ownerships.create(owner=firm.stranger)
    client.force_login(firm.head)

    text = text_of(client.get(f"/accounts/{firm.turbines.pk}/"))

    assert "Turbine Branch" not in text
    assert "1 other account" in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=branch", ["Turbine Branch"]),
        ("q=nothing+like+it", []),
        ("segment=vip", ["Turbine Works"]),
        ("segment=no-such", ["Turbine Works", "Silver Quarry", "Turbine Branch"]),
        ("sort=name", ["Silver Quarry", "Turbine Branch", "Turbine Works"]),
        ("sort=-name", ["Turbine Works", "Turbine Branch", "Silver Quarry"]),
        ("sort=income", ["Turbine Branch", "Silver Quarry", "Turbine Works"]),
        ("sort=-password", ["Turbine Works", "Silver Quarry", "Turbine Branch"]),
        ("sort=-", ["Turbine Works", "Silver Quarry", "Turbine Branch"]),
        ("page=nonsense", ["Turbine Works", "Silver Quarry", "Turbine Branch"]),
    ],
)
def test_the_list_is_searched_narrowed_and_sorted_by_its_address(client, firm, query, found):
    client.force_login(firm.director)

    assert names(client.get(f"/accounts/?{query}")) == found


def test_htmx_gets_the_rows_alone(client, firm):
    client.force_login(firm.owner)

    response = client.get("/accounts/", headers={"HX-Request": "true"})

    assert "<html" not in text_of(response)
    assert "Turbine Works" in text_of(response)
    assert "HX-Request" in response["Vary"]


def test_an_empty_list_says_what_to_do(client, firm):
    client.force_login(firm.director)

    assert "No account fits" in text_of(client.get("/accounts/?q=xyz"))


def test_an_account_that_never_bought_says_so(client, firm):
    account = AccountFactory(name="Quiet Client", owner=firm.owner)
    client.force_login(firm.owner)

    assert "no standing" in text_of(client.get("/accounts/"))
    assert client.get(f"/accounts/{account.pk}/").status_code == 200
    assert "has no standing" in text_of(client.get(f"/explain/accounts/{account.pk}/"))


def test_more_accounts_cost_no_more_queries(client, firm):
    client.force_login(firm.owner)
    for _more in range(8):
        sell(AccountFactory(owner=firm.owner), 100)
    recompute(day_that_ended())
    at_10 = queries(client, "/accounts/")
    for _more in range(20):
        sell(AccountFactory(owner=firm.owner), 100)
    recompute(day_that_ended())

    assert Standing.objects.count() == 31
    assert queries(client, "/accounts/") == at_10 <= 12


def test_lines_are_paged_newest_first(client, firm):
    for days_ago in range(30):
        sell(firm.turbines, 10 + days_ago, days_ago=days_ago)
    client.force_login(firm.owner)
    path = f"/accounts/{firm.turbines.pk}/lines/"

    first, second = client.get(path).context["page"], client.get(f"{path}?page=2").context["page"]

    assert len(first) == 25
    assert first.has_next
    assert first.rows[0].booked_on == day_that_ended()
    assert not {line.pk for line in first} & {line.pk for line in second}


def test_the_explanation_of_a_day_without_a_run_is_not_found(client, firm):
    client.force_login(firm.owner)
    path = f"/explain/accounts/{firm.turbines.pk}/"

    assert client.get(f"{path}?as_of=2001-01-01").status_code == 404
    assert client.get(f"{path}?as_of=nonsense").status_code == 404
    assert client.get(f"{path}?as_of={firm.run.as_of}").status_code == 200
