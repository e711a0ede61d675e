from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Placement
from tests.factories import AccountFactory, DepartmentFactory, UserFactory


def test_an_account_says_who_it_is_and_whose(director):
    south = DepartmentFactory(code="south", name="South")
    anna = UserFactory(name="Anna", email="anna@example.com", department=south)
    parent = AccountFactory(account_ref="P1", name="Parent")
    account = AccountFactory(
        account_ref="A1",
        name="Branch",
        legal_name="Branch Ltd",
        tax_number="12",
        kind="public",
        industry="steel",
        country="IT",
        headcount=7,
        owner=anna,
        parent=parent,
    )

    response = director.get(f"/api/v1/accounts/{account.pk}/")

    assert response.json() == {
        "id": account.pk,
        "account_ref": "A1",
        "name": "Branch",
        "legal_name": "Branch Ltd",
        "tax_number": "12",
        "kind": "public",
        "industry": "steel",
        "country": "IT",
        "headcount": 7,
        "closed_on": None,
        "close_reason": "",
        "owner": {"id": anna.pk, "name": "Anna", "email": "anna@example.com"},
        "department": {"id": south.pk, "code": "south", "name": "South"},
        "parent": {"id": parent.pk, "account_ref": "P1", "name": "Parent"},
        "etag": response["ETag"],
    }


def test_an_account_that_nobody_owns_is_in_its_own_department(director):
    placement = Placement.objects.create(
        account=AccountFactory(), department=DepartmentFactory(code="north")
    )

    account = director.get(f"/api/v1/accounts/{placement.account_id}/").json()

    assert account["owner"] is None
    assert account["department"]["code"] == "north"


def test_a_parent_outside_the_scope_is_not_named(kam):
    account = AccountFactory(owner=kam.user, parent=AccountFactory(name="Secret Holding"))

    response = kam.get(f"/api/v1/accounts/{account.pk}/")

    assert response.json()["parent"] is None
    assert "Secret" not in response.text


def test_the_list_holds_what_the_caller_may_see_once(kam):
    mine = AccountFactory(owner=kam.user)
    mine.team.create(user=kam.user, part="kam")
    AccountFactory()

    rows = kam.get("/api/v1/accounts/").json()["results"]

    assert [row["id"] for row in rows] == [mine.pk]


def test_the_list_is_filtered_and_searched(director):
    anna = UserFactory()
    mill = AccountFactory(name="Mill", country="IT", owner=anna)
    AccountFactory(name="Forge", country="DE")
    AccountFactory(name="Gone", country="DE", closed_on=date(2024, 1, 1), close_reason="bankrupt")

    def names(query):
        rows = director.get(f"/api/v1/accounts/?{query}").json()["results"]
        return [row["name"] for row in rows]

    assert names("search=ill") == ["Mill"]
    assert names("country=DE") == ["Forge", "Gone"]
    assert names("open=true") == ["Mill", "Forge"]
    assert names(f"owner={anna.pk}") == ["Mill"]
    assert names(f"account_ref={mill.account_ref}") == ["Mill"]


def test_ten_more_accounts_cost_no_more_queries(director):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            director.get("/api/v1/accounts/")
        return len(captured)

    def some(count):
        for _each in range(count):
            AccountFactory(
                owner=UserFactory(department=DepartmentFactory()), parent=AccountFactory()
            )

    some(2)
    few = queries()
    some(10)

    assert queries() == few
