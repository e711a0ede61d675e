from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import AccountFactory, EntryFactory


def pages(client, address, between=lambda: None):
    """Every page from `address` on, by its own links."""
    while address:
        page = client.get(address).json()
        yield page
        address = page["next"]
        between()


def test_each_row_comes_once_while_others_arrive(director):
    here = {EntryFactory(booked_on=date(2024, 1, day)).pk for day in (1, 2, 2, 2, 2, 3, 4)}

    def arrive():
        EntryFactory(booked_on=date(2024, 1, 1))
        EntryFactory(booked_on=date(2024, 1, 2))

    seen = [
        row["id"]
        for page in pages(director, "/api/v1/ledger/entries/?limit=2", between=arrive)
        for row in page["results"]
    ]

    assert len(seen) == len(set(seen))
    assert here <= set(seen)


@pytest.mark.parametrize("ordering", ["booked_on", "-booked_on", "id", "-id"])
def test_pages_turn_back_as_they_came(director, ordering):
    account = AccountFactory()
    for day in (1, 2, 2, 2, 3):
        EntryFactory(account=account, booked_on=date(2024, 1, day))
    there = list(pages(director, f"/api/v1/ledger/entries/?limit=2&ordering={ordering}"))

    back, address = [], there[-1]["previous"]
    while address:
        page = director.get(address).json()
        back.insert(0, page["results"])
        address = page["previous"]

    assert [page["results"] for page in there[:-1]] == back
    assert there[0]["previous"] is None
    days = [(row["booked_on"], row["id"]) for page in there for row in page["results"]]
    if "booked_on" in ordering:
        assert days == sorted(days, reverse=ordering.startswith("-"))


def test_a_deep_page_asks_the_database_for_no_offset(director):
    for _each in range(3):
        AccountFactory()
    first = director.get("/api/v1/accounts/?limit=1").json()

    with CaptureQueriesContext(connection) as captured:
        director.get(first["next"])

    assert not any("OFFSET" in query["sql"] for query in captured)


def test_a_page_has_50_rows_unless_asked_and_never_over_500(director):
    for _each in range(51):
        AccountFactory()

    def rows(query):
        return len(director.get(f"/api/v1/accounts/{query}").json()["results"])

    assert rows("") == 50
    assert rows("?limit=500") == 51
    assert director.get("/api/v1/accounts/?limit=501").status_code == 400
    assert director.get("/api/v1/accounts/?limit=none").status_code == 400


def test_a_list_is_ordered_by_fields_that_it_names_alone(director):
    response = director.get("/api/v1/accounts/?ordering=tax_number")

    assert response.status_code == 400
    assert "account_ref" in response.json()["errors"]["ordering"][0]


@pytest.mark.parametrize("cursor", ["", "nonsense", "%00", "WyJpZCIsIGZhbHNlLCAiMSIsIDFd"])
def test_a_cursor_made_by_hand_is_refused(director, cursor):
    response = director.get(f"/api/v1/accounts/?cursor={cursor}")

    assert response.status_code == 400
    assert "cursor" in response.json()["errors"]


def test_a_cursor_holds_for_its_own_order_alone(director):
    AccountFactory()
    AccountFactory()
    cursor = director.get("/api/v1/accounts/?limit=1").json()["next"]

    assert director.get(f"{cursor}&ordering=id").status_code == 400
