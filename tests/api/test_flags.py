import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from segmentation.models import Flag
from tests.api.test_problems import problem
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
        "rests_until": None,
        "policy": 1,
        "etag": row["etag"],
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


def acknowledge(client, flag, *, if_match=None, **values):
    if if_match is None:
        [row] = client.get(f"/api/v1/flags/?account={flag.account_id}").json()["results"]
        if_match = row["etag"]
    headers = {"If-Match": if_match}
    body = {"reason": "They move house.", "until": "2024-03-20"} | values
    address = f"/api/v1/flags/{flag.pk}/acknowledge/"
    return client.post(address, body, content_type="application/json", headers=headers)


@time_machine.travel("2024-03-01T12:00:00Z", tick=False)
def test_a_flag_is_acknowledged_as_its_reader_saw_it(director):
    flag = FlagFactory()

    response = acknowledge(director, flag)

    assert response.status_code == 200
    assert response.json()["rests_until"] == "2024-03-20"
    flag.refresh_from_db()
    assert (flag.acknowledged_by, flag.acknowledged_reason) == (director.user, "They move house.")


@time_machine.travel("2024-03-01T12:00:00Z", tick=False)
def test_an_acknowledgement_that_cannot_be_changes_nothing(director, sign_in):
    flag = FlagFactory()
    reader = sign_in("analyst")
    address = f"/api/v1/flags/{flag.pk}/acknowledge/"

    problem(acknowledge(director, flag, if_match='"old"'), 412)
    problem(director.post(address, {}, "application/json"), 428)
    assert "until" in problem(acknowledge(director, flag, until="2024-03-01"), 400)["errors"]
    assert "until" in problem(acknowledge(director, flag, until="2034-03-01"), 400)["errors"]
    assert "by" in problem(acknowledge(director, flag, by=1), 400)["errors"]
    problem(acknowledge(reader, flag, if_match="*"), 403)
    problem(acknowledge(sign_in("kam"), flag, if_match="*"), 404)

    flag.refresh_from_db()
    assert flag.acknowledged_at is None
