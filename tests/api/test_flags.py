from django.db import connection
from django.test.utils import CaptureQueriesContext

from segmentation.models import Flag
from tests.factories import TODAY, FlagFactory

EVIDENCE = {
    "concentrated": {"share": "80.00", "basis": "income", "limit": "75"},
    "basis_changed": {"now": "turnover", "before": "income"},
    "feed_stale": {"last": "2024-01-31"},
    "unassigned": {"share": "6.00", "limit": "5"},
    "rate_missing": {"lines": 3},
}


def kinds(client, query=""):
    rows = client.get(f"/api/v1/flags/?{query}").json()["results"]
    return sorted(row["kind"] for row in rows)


def test_a_flag_comes_with_its_reason_and_evidence(director):
    flag = FlagFactory(
        kind="lost",
        account__name="Mill",
        severity=Flag.Severity.HIGH,
        money=12,
        evidence={"last": "2023-01-31"},
    )

    [row] = director.get("/api/v1/flags/").json()["results"]

    assert row == {
        "id": flag.pk,
        "kind": "lost",
        "severity": "high",
        "level": "",
        "account": {
            "id": flag.account_id,
            "account_ref": flag.account.account_ref,
            "name": flag.account.name,
        },
        "reason": "Mill has bought nothing since 31 Jan 2023.",
        "money": "12.0000",
        "evidence": {"last": "2023-01-31"},
        "since": "2024-02-29",
        "cleared_on": None,
        "policy": 1,
    }


def test_open_flags_come_unless_others_are_asked_for(director):
    FlagFactory(kind="lost")
    FlagFactory(kind="disputed", evidence={"kam": 1, "head": 5}, cleared_on=TODAY)

    assert kinds(director) == kinds(director, "state=open") == ["lost"]
    assert kinds(director, "state=cleared") == ["disputed"]
    assert kinds(director, "state=all") == ["disputed", "lost"]


def test_flags_are_filtered(director):
    flag = FlagFactory(kind="lost", severity=Flag.Severity.CRITICAL)
    FlagFactory(kind="disputed", evidence={"kam": 1, "head": 5})

    assert kinds(director, "kind=lost") == ["lost"]
    assert kinds(director, "severity=critical") == ["lost"]
    assert kinds(director, f"account={flag.account_id}") == ["lost"]
    assert director.get("/api/v1/flags/?severity=4").status_code == 400


def test_flags_on_the_firm_and_its_feeds_are_seen_by_role(sign_in):
    for kind in Flag.FIRM_KINDS + Flag.DATA_KINDS:
        FlagFactory(kind=kind, account=None, evidence=EVIDENCE[kind])

    assert kinds(sign_in("kam")) == []
    assert kinds(sign_in("head")) == sorted(Flag.FIRM_KINDS)
    assert kinds(sign_in("integration")) == sorted(Flag.DATA_KINDS)
    assert kinds(sign_in("administrator")) == sorted(Flag.FIRM_KINDS + Flag.DATA_KINDS)


def test_ten_more_flags_cost_no_more_queries(director):
    FlagFactory()
    with CaptureQueriesContext(connection) as few:
        director.get("/api/v1/flags/")
    FlagFactory.create_batch(10)

    with CaptureQueriesContext(connection) as many:
        director.get("/api/v1/flags/")

    assert len(many) == len(few)
