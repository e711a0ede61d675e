from datetime import date
from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import ProductLine
from tests.factories import AccountFactory, EntryFactory


def test_a_line_says_what_was_booked_and_what_it_is_worth_here(director):
    entry = EntryFactory(
        document="INV-1",
        line="2",
        booked_on=date(2024, 2, 1),
        currency="USD",
        booked_revenue=Decimal(110),
        booked_cost=None,
        revenue=Decimal("100.5"),
        cost=None,
        rate_on=date(2024, 1, 31),
        product_line=ProductLine.objects.create(name="Bolts"),
    )

    [row] = director.get("/api/v1/ledger/entries/").json()["results"]

    assert row == {
        "id": entry.pk,
        "source": "erp",
        "document": "INV-1",
        "line": "2",
        "account": {
            "id": entry.account_id,
            "account_ref": entry.account.account_ref,
            "name": entry.account.name,
        },
        "booked_on": "2024-02-01",
        "revenue": "100.5000",
        "cost": None,
        "currency": "USD",
        "booked_revenue": "110.0000",
        "booked_cost": None,
        "rate_on": "2024-01-31",
        "product_line": "Bolts",
    }


def test_lines_are_filtered(director):
    first = EntryFactory(document="INV-1", booked_on=date(2024, 1, 1))
    second = EntryFactory(document="INV-2", booked_on=date(2024, 1, 2))
    unassigned = EntryFactory(document="INV-3", booked_on=date(2024, 1, 3), account=None)

    def ids(query):
        rows = director.get(f"/api/v1/ledger/entries/?{query}").json()["results"]
        return [row["id"] for row in rows]

    assert ids("") == [first.pk, second.pk, unassigned.pk]
    assert ids("booked_after=2024-01-01") == [second.pk, unassigned.pk]
    assert ids("booked_until=2024-01-02") == [first.pk, second.pk]
    assert ids(f"account={first.account_id}") == [first.pk]
    assert ids(f"account_ref={second.account.account_ref}") == [second.pk]
    assert ids("document=INV-3&source=erp") == [unassigned.pk]
    assert ids("source=other") == []


def test_unassigned_lines_are_for_those_who_see_every_account(kam):
    EntryFactory(account=None)
    mine = EntryFactory(account=AccountFactory(owner=kam.user))

    rows = kam.get("/api/v1/ledger/entries/").json()["results"]

    assert [row["id"] for row in rows] == [mine.pk]


def test_the_lines_of_an_account_sum_to_what_was_booked(director):
    account = AccountFactory()
    for revenue in ("10.25", "-3.5", "7"):
        EntryFactory(account=account, revenue=Decimal(revenue))

    rows = director.get(f"/api/v1/ledger/entries/?account={account.pk}").json()["results"]

    assert sum(Decimal(row["revenue"]) for row in rows) == Decimal("13.75")


def test_ten_more_lines_cost_no_more_queries(director):
    EntryFactory()
    with CaptureQueriesContext(connection) as few:
        director.get("/api/v1/ledger/entries/")
    EntryFactory.create_batch(10)

    with CaptureQueriesContext(connection) as many:
        director.get("/api/v1/ledger/entries/")

    assert len(many) == len(few)
