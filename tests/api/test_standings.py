from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import AccountFactory, RunFactory, StandingHistoryFactory


def test_standings_speak_the_words_of_the_command(director):
    group = AccountFactory(account_ref="G1")
    standing = StandingHistoryFactory(
        account=AccountFactory(account_ref="A1"), group=group, rank=1, prospects=4
    )

    [row] = director.get("/api/v1/standings/").json()["results"]

    assert row == {
        "account": standing.account_id,
        "as_of": "2024-02-29",
        "policy": 1,
        "account_ref": "A1",
        "group": "G1",
        "rank": 1,
        "basis": "100.0000",
        "turnover": "100.0000",
        "income": "100.0000",
        "previous": "0.0000",
        "share": "0.333333",
        "abc": "A",
        "core": True,
        "group_share": "0.333333",
        "band": "none",
        "key": False,
        "trend": "new",
        "prospects": 4,
        "segment": "typical",
    }


def test_a_share_that_is_not_defined_is_null(director):
    StandingHistoryFactory(share=None, group_share=None)

    [row] = director.get("/api/v1/standings/").json()["results"]

    assert (row["share"], row["group_share"]) == (None, None)


def test_the_newest_day_answers_unless_another_is_asked_for(director):
    for month in (1, 2):
        StandingHistoryFactory(run=RunFactory(as_of=date(2024, month, 28)))

    def days(query):
        rows = director.get(f"/api/v1/standings/{query}").json()["results"]
        return [row["as_of"] for row in rows]

    assert days("") == ["2024-02-28"]
    assert days("?as_of=2024-01-28") == ["2024-01-28"]


ADDRESSES = ["standings/", "portfolio/", "accounts/{pk}/standing/"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_day_that_no_run_stored_is_no_run(director, address):
    address = address.format(pk=AccountFactory().pk)
    never = director.get(f"/api/v1/{address}")
    StandingHistoryFactory()

    response = director.get(f"/api/v1/{address}?as_of=2023-01-01")

    assert never.status_code == response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"
    assert (response.json()["type"], response.json()["title"]) == (
        "no-run",
        "No run has stored this day",
    )


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("day", ["yesterday", "29.02.2024", "20240229", "2023-02-29", ""])
def test_a_malformed_day_is_named_with_its_remedy(director, address, day):
    address = address.format(pk=StandingHistoryFactory().account_id)

    response = director.get(f"/api/v1/{address}?as_of={day}")

    assert response.status_code == 400
    assert response.json()["errors"] == {
        "as_of": ["Write the day as YYYY-MM-DD, like 2024-02-29."]
    }


def test_standings_are_those_of_the_caller_s_accounts(kam):
    run = RunFactory()
    StandingHistoryFactory(run=run)
    mine = StandingHistoryFactory(run=run, account=AccountFactory(owner=kam.user))

    rows = kam.get("/api/v1/standings/").json()["results"]

    assert [row["account"] for row in rows] == [mine.account_id]


def test_standings_are_filtered_and_searched(director):
    run = RunFactory()
    StandingHistoryFactory(run=run, segment="vip", account=AccountFactory(name="Mill"))
    StandingHistoryFactory(run=run, abc="C", key=True, account=AccountFactory(name="Forge"))

    def count(query):
        return len(director.get(f"/api/v1/standings/?{query}").json()["results"])

    assert count("segment=vip") == count("abc=C") == count("key=true") == 1
    assert count("search=forge") == 1
    assert count("segment=vip&abc=C") == 0


def test_ten_more_standings_cost_no_more_queries(director):
    run = RunFactory()
    StandingHistoryFactory(run=run)
    with CaptureQueriesContext(connection) as few:
        director.get("/api/v1/standings/")
    StandingHistoryFactory.create_batch(10, run=run)

    with CaptureQueriesContext(connection) as many:
        director.get("/api/v1/standings/")

    assert len(many) == len(few)


def test_the_portfolio_names_its_run_and_policy(kam):
    run = RunFactory(summary={"population": 3}, facts={"stale": False})

    response = kam.get("/api/v1/portfolio/")

    assert response.json() == {
        "run": run.pk,
        "as_of": "2024-02-29",
        "policy": 1,
        "summary": {"population": 3},
        "facts": {"stale": False},
    }


def test_the_last_computing_of_a_day_is_the_portfolio_s(kam):
    RunFactory(summary={"population": 3})
    again = RunFactory(summary={"population": 4})

    assert kam.get("/api/v1/portfolio/?as_of=2024-02-29").json()["run"] == again.pk
