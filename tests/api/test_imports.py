import gzip
import io
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
import xlsxwriter
from django.db import connections
from django.test import Client, RequestFactory
from django.urls import resolve

from accounts.models import LedgerEntry, LedgerImport, SendingKey, Source
from firm.jobs import do_next_job
from firm.models import ApiToken, Job
from kam_crm.events import HANDLERS
from tests.api.test_problems import problem
from tests.factories import AccountFactory, UserFactory

LIST = "/api/v1/ledger/imports/"
COLUMNS = ("account_ref", "booked_on", "revenue", "document")
ROWS = [("A1", "2024-02-01", "100.5000", "INV-1"), ("A2", "2024-02-02", "7.0000", "INV-2")]


class Feeder:
    """A program that feeds a ledger with a token made for it."""

    def __init__(self):
        self.user = UserFactory(roles=["integration"], name="Warehouse")
        scopes = ["read", "ledger:write"]
        _token, secret = ApiToken.objects.create(self.user, name="feed", scopes=scopes)
        self.bearer = {"Authorization": f"Bearer {secret}"}

    def __call__(self, body, kind="text/csv", query="source=erp", key=None):
        headers = self.bearer | ({} if key is None else {"Idempotency-Key": key})
        return Client().post(f"{LIST}?{query}", body, content_type=kind, headers=headers)

    def get(self, address):
        return Client().get(address, headers=self.bearer)


@pytest.fixture
def feeder(db):
    return Feeder()


def csv(rows=ROWS):
    return "".join(",".join(row) + "\n" for row in [COLUMNS, *rows]).encode()


def ndjson(rows=ROWS):
    return "".join(json.dumps(dict(zip(COLUMNS, row, strict=True))) + "\n" for row in rows)


def xlsx(rows=ROWS):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([COLUMNS, *rows]):
            sheet.write_row(number, 0, row)
    return file.getvalue()


def work():
    while do_next_job(HANDLERS):
        pass


BODIES = {
    "CSV": ("text/csv", csv()),
    "CSV with a charset": ("text/csv; charset=utf-8", csv()),
    "gzipped": ("application/gzip", gzip.compress(csv())),
    "gzipped, called CSV": ("text/csv", gzip.compress(csv())),
    "XLSX": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx()),
    "NDJSON": ("application/x-ndjson", ndjson()),
}


@pytest.mark.parametrize(("kind", "body"), BODIES.values(), ids=BODIES)
def test_a_ledger_is_received_and_taken_in_by_a_worker(feeder, kind, body):
    response = feeder(body, kind)

    assert response.status_code == 202
    assert response.json()["state"] == "waiting"
    assert not LedgerEntry.objects.exists()
    work()
    done = feeder.get(response["Location"]).json()
    assert done["state"] == "done"
    assert (done["report"]["lines"], done["report"]["created"]) == (2, 2)
    assert done["by"] == "Warehouse"
    assert [str(entry.revenue) for entry in LedgerEntry.objects.order_by("document")] == [
        "100.5000",
        "7.0000",
    ]


def test_numbers_of_json_stay_as_they_were_written(feeder):
    feeder(
        '{"document": "D", "revenue": 0.1000, "account_ref": "A", "booked_on": "2024-02-01"}\n'
        '{"document": "E", "revenue": 12345678901.2345, "booked_on": "2024-02-01"}\n',
        "application/x-ndjson",
    )
    work()

    entries = LedgerEntry.objects.order_by("document")
    assert [str(entry.revenue) for entry in entries] == ["0.1000", "12345678901.2345"]
    assert entries[1].account is None


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("{", 1),
        ("[1]", 1),
        ('{"a": 1}\n{"b": [1]}', 2),
        ('{"a": 1}\n\n{"b": {"c": 1}}', 3),
        ("[" * 100_000, 1),
    ],
)
def test_json_that_is_no_table_is_refused_by_its_line(feeder, body, line):
    told = problem(feeder(body, "application/x-ndjson"), 400)

    assert f"Line {line} " in told["detail"]
    assert not LedgerImport.objects.exists()


def test_the_same_key_and_body_is_the_same_import(feeder):
    first = feeder(csv(), key="night-1")
    work()
    second = feeder(csv(), key="night-1")

    assert second.status_code == 202
    assert second["Location"] == first["Location"]
    assert second.json()["state"] == "done"
    assert LedgerImport.objects.count() == Job.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "query"),
    [
        (csv(ROWS[:1]), "source=erp"),
        (csv(), "source=shop"),
        (csv(), "source=erp&strict=true"),
    ],
)
def test_the_same_key_with_anything_else_is_refused(feeder, body, query):
    feeder(csv(), key="night-1")

    told = problem(feeder(body, query=query, key="night-1"), 422)

    assert told["type"] == "key-reused"
    assert LedgerImport.objects.count() == 1


def test_a_key_is_its_senders_own(feeder, sign_in):
    feeder(csv(), key="night-1")
    other = sign_in("integration")

    response = other.post(
        f"{LIST}?source=erp", csv(), "text/csv", headers={"Idempotency-Key": "night-1"}
    )

    assert response.status_code == 202
    assert LedgerImport.objects.count() == SendingKey.objects.count() == 2


def test_what_was_refused_uses_up_no_key(feeder):
    assert feeder("{", "application/x-ndjson", key="night-1").status_code == 400

    assert feeder(csv(), key="night-1").status_code == 202


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb", "\x7f"])
def test_a_key_that_is_none_is_refused(feeder, key):
    assert "Idempotency-Key" in problem(feeder(csv(), key=key), 400)["errors"]


def test_two_at_once_with_one_key_are_one_import(transactional_db):
    feeder = Feeder()

    def send(_number):
        try:
            return feeder(csv(), key="night-1")["Location"]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        locations = set(pool.map(send, range(4)))

    assert len(locations) == 1
    assert LedgerImport.objects.count() == Job.objects.count() == 1


def test_rejected_rows_are_told_and_hold_up_nothing(feeder):
    rows = [*ROWS, ("A3", "1.2.2024", "1", "INV-3"), ("A4", "2024-02-01", "much", "INV-4")]
    location = feeder(csv(rows))["Location"]
    work()
    done = feeder.get(location).json()

    page = feeder.get(f"{done['rejected']}?limit=1").json()
    following = feeder.get(page["next"]).json()

    assert (done["state"], done["report"]["rejected"], done["report"]["created"]) == ("done", 2, 2)
    assert page["results"][0]["row"] == 4
    assert page["results"][0]["values"]["booked_on"] == "1.2.2024"
    assert page["results"][0]["problems"][0]["field"] == "booked_on"
    assert [row["row"] for row in following["results"]] == [5]
    assert following["next"] is None


def test_a_strict_sending_stores_nothing_where_a_row_is_wrong(feeder):
    location = feeder(csv([*ROWS, ("A3", "", "1", "INV-3")]), query="source=erp&strict=1")[
        "Location"
    ]
    work()

    assert feeder.get(location).json()["state"] == "asking"
    assert not LedgerEntry.objects.exists()


def test_what_cannot_be_read_ends_as_failed_with_its_reason(feeder):
    location = feeder(b"nothing,of,ours\n1,2,3\n")["Location"]
    work()

    failed = feeder.get(location).json()

    assert failed["state"] == "failed"
    assert "booked_on" in failed["error"]


def test_a_body_is_needed_and_a_known_kind(feeder):
    problem(feeder(b""), 400)
    problem(feeder(csv(), "text/plain"), 415)
    problem(feeder(csv(), "application/x-www-form-urlencoded"), 415)
    assert not LedgerImport.objects.exists()


def test_a_body_beyond_the_limit_is_refused(feeder, settings):
    settings.IMPORT_UPLOAD_BYTES = 100

    problem(feeder(csv(ROWS * 10)), 413)

    assert not LedgerImport.objects.exists()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "source"),
        ("source=", "source"),
        ("source=" + "x" * 65, "source"),
        ("source=erp&currency=EURO", "currency"),
        ("source=erp&currency=XQZ", "currency"),
        ("source=erp&strict=perhaps", "strict"),
        ("source=erp&sauce=erp", "sauce"),
        ("source=%00", "source"),
    ],
)
def test_what_the_address_says_is_judged_before_the_body(feeder, query, field):
    told = problem(feeder(csv(), query=query), 400)

    assert set(told["errors"]) == {field}
    assert not Source.objects.exists()


def test_a_token_that_was_not_made_for_it_is_refused_before_a_byte_is_read(db):
    user = UserFactory(roles=["director"])
    _token, secret = ApiToken.objects.create(user, name="x", scopes=["read", "accounts:write"])

    class Watched(io.BytesIO):
        def read(self, *size):
            raise AssertionError("The body was read.")

        readline = __next__ = read

    request = RequestFactory().post(
        f"{LIST}?source=erp",
        csv(),
        content_type="text/csv",
        headers={"Authorization": f"Bearer {secret}"},
    )
    request._stream = request.environ["wsgi.input"] = Watched()
    match = resolve(LIST)

    response = match.func(request, *match.args, **match.kwargs)

    assert response.status_code == 403
    assert response.data["type"] == "missing-scope"
    assert response.data["scope"] == "ledger:write"


@pytest.mark.parametrize("role", ["kam", "head", "analyst", "presale"])
def test_who_feeds_no_ledger_is_refused(sign_in, role):
    client = sign_in(role)

    problem(client.post(f"{LIST}?source=erp", csv(), "text/csv"), 403)
    problem(client.get(LIST), 403)


def test_an_import_is_its_senders_and_of_who_sees_every_account(feeder, sign_in):
    location = feeder(csv())["Location"]
    work()

    assert sign_in("director").get(location).status_code == 200
    stranger = sign_in("integration")
    assert stranger.get(LIST).json()["results"] == []
    for address in (location, f"{location}rejected/"):
        absent = address.replace(location, f"http://testserver{LIST}2000000000/")
        assert problem(stranger.get(address), 404) == problem(stranger.get(absent), 404)


def test_a_report_tells_nothing_of_accounts_out_of_sight(feeder, sign_in):
    account = AccountFactory(account_ref="A1", name="Secret Works")
    header = "account_ref,account_name,booked_on,revenue,document\n"
    location = feeder(f"{header}A1,Other Works,2024-02-01,1,D1\n".encode())["Location"]
    work()

    assert "Secret" not in feeder.get(location).content.decode()
    assert "Secret" in sign_in("director").get(location).content.decode()
    assert account.name == "Secret Works"


def test_imports_are_filtered(feeder):
    feeder(csv(), query="source=erp")
    feeder(csv(), query="source=shop")

    def sources(query):
        return [row["source"] for row in feeder.get(f"{LIST}?{query}").json()["results"]]

    assert sources("") == ["shop", "erp"]
    assert sources("source=erp") == ["erp"]
    assert sources("state=done") == []


def test_the_senders_name_of_a_file_names_nothing_here(feeder):
    feeder(csv())

    kept = LedgerImport.objects.get().file.name
    assert kept.startswith("imports/")
    assert "ledger" not in kept
