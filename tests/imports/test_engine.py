"""A file in another form means the same, and a worker takes it in whole."""

import time
from decimal import Decimal

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from accounts.importers.reading import Reading
from accounts.imports.actions import WrongState, newest_job, start
from accounts.models import Account, ExchangeRate, LedgerEntry, LedgerImport
from firm.jobs import do_next_job
from firm.models import Job
from kam_crm.events import HANDLERS
from tests.imports.conftest import send, take
from tests.ledgers import ADVENTUREWORKS, HEADER

pytestmark = pytest.mark.django_db
State = LedgerImport.State
GOOD = f"{HEADER}\nK1,2024-02-29,100.00,60.5,EUR,INV-1,1\n"
MIXED = f"{GOOD}K1,29.02.2024,1.5,,EUR,INV-2,1\n"
GERMAN = {
    "encoding": "windows-1252",
    "separator": ";",
    "decimal": ",",
    "dates": "dmy",
    "columns": {
        "account_ref": "Kunde",
        "account_name": "Name",
        "booked_on": "Datum",
        "revenue": "Umsatz",
        "document": "Beleg",
    },
}


def test_a_file_waits_as_a_draft_under_a_name_of_our_own():
    imported = send(GOOD, file_name="../../etc/passwd\0.csv")

    assert imported.state == State.DRAFT
    assert imported.file_name == "passwd.csv"
    assert imported.file.name.startswith("imports/")
    assert "passwd" not in imported.file.name
    assert not LedgerEntry.objects.exists()


def test_a_worker_takes_it_in():
    imported = take(send(GOOD))

    assert imported.state == State.DONE
    assert imported.finished_at is not None
    assert (imported.report["created"], imported.report["rejected"]) == (1, 0)
    assert LedgerEntry.objects.get().imported == imported


def test_rejected_rows_are_asked_about_before_anything_is_stored():
    imported = take(send(MIXED))

    assert imported.state == State.ASKING
    assert (imported.report["created"], imported.report["rejected"]) == (1, 1)
    assert not LedgerEntry.objects.exists()
    assert not Account.objects.exists()
    row = imported.rejected_rows.get()
    assert (row.row, row.values["document"]) == (3, "INV-2")

    take(imported, accept_rejected=True)
    assert imported.state == State.DONE
    assert LedgerEntry.objects.count() == 1
    assert imported.rejected_rows.count() == 1


def test_a_dry_run_tells_what_the_run_will_and_stores_nothing():
    imported = take(send(MIXED), dry_run=True)
    told = imported.report
    assert imported.state == State.DRAFT
    assert told["dry_run"]
    assert not LedgerEntry.objects.exists()

    real = take(imported, accept_rejected=True).report

    differing = {"seconds", "dry_run"}
    assert {k: v for k, v in real.items() if k not in differing} == {
        k: v for k, v in told.items() if k not in differing
    }


def test_rows_rejected_by_what_stands_beside_them_keep_every_column_of_the_file():
    text = f"{HEADER},Remark\nK1,2024-02-29,1,,EUR,D,1,first\nK1,2024-02-29,2,,EUR,D,1,second\n"
    imported = take(send(text))

    rows = list(imported.rejected_rows.values_list("row", "values__Remark"))
    assert rows == [(2, "first"), (3, "second")]


def test_a_first_file_goes_in_quickly_after_a_vacuum_found_the_ledger_empty():
    with connection.cursor() as cursor:
        # What autovacuum leaves behind where a dry run of a first file was rolled back.
        cursor.execute(
            "UPDATE pg_class SET relpages = 0, reltuples = 0 "
            "WHERE relname = 'accounts_ledgerentry'"
        )
    began = time.monotonic()
    imported = take(send(ADVENTUREWORKS.read_bytes()))

    assert imported.report["created"] == 60855
    assert time.monotonic() - began < 60


def test_what_cannot_be_read_fails_with_its_reason_and_is_not_tried_again():
    imported = take(send("a,b\n1,2\n"))

    assert imported.state == State.FAILED
    assert "lacks the columns" in imported.error
    assert newest_job(imported).state == Job.State.DONE
    assert not do_next_job(HANDLERS)


def test_a_second_start_is_refused_and_a_repeated_job_changes_nothing():
    imported = send(GOOD)
    start(imported, by=imported.by)
    with pytest.raises(WrongState):
        start(imported, by=imported.by)
    do_next_job(HANDLERS)
    Job.objects.update(state=Job.State.WAITING)
    do_next_job(HANDLERS)

    assert LedgerEntry.objects.count() == 1
    assert LedgerImport.objects.get().state == State.DONE


def test_a_file_that_is_too_large_leaves_nothing(settings):
    settings.IMPORT_UPLOAD_BYTES = 100
    with pytest.raises(Exception, match="larger than"):
        send("x" * 200_000)

    assert not LedgerImport.objects.exists()
    assert default_storage.listdir("imports")[1] == []


def test_a_decimal_comma_days_first_and_another_encoding_mean_the_same():
    text = (
        "Kunde;Name;Datum;Umsatz;Beleg\n"
        "K1;Müller & Söhne;29.02.2024;1.234,56;R-1\n"
        "K1;Müller & Söhne;1.3.24;-0,5;R-2\n"
    )
    imported = take(send(text, encoding="windows-1252", reading=GERMAN))

    assert imported.state == State.DONE, imported.report
    first, second = LedgerEntry.objects.order_by("booked_on")
    assert (first.booked_on.isoformat(), first.revenue) == ("2024-02-29", Decimal("1234.56"))
    assert (second.booked_on.isoformat(), second.revenue) == ("2024-03-01", Decimal("-0.5"))
    assert Account.objects.get().name == "Müller & Söhne"


def test_what_contradicts_the_chosen_form_is_rejected_and_never_guessed():
    text = "Kunde;Name;Datum;Umsatz;Beleg\nK1;A;02/29/2024;1234.56;R-1\n"
    imported = take(send(text, reading=GERMAN))

    (row,) = imported.report["rejected_rows"]
    assert {problem["field"] for problem in row["problems"]} == {"booked_on", "revenue"}
    assert row["values"]["Umsatz"] == "1234.56"


def test_accounts_and_rates_go_the_same_way():
    names = {"separator": ";", "columns": {"account_ref": "Nr", "account_name": "Firma"}}
    take(send("Nr;Firma\nK9;Nine\n", target="accounts", reading=names))
    assert Account.objects.get().name == "Nine"

    rates = "currency;day;rate\nUSD;01.02.2024;0,9234\n"
    take(send(rates, target="rates", reading={"decimal": ",", "dates": "dmy"}))
    assert ExchangeRate.objects.get().rate == Decimal("0.9234")


@pytest.mark.parametrize(
    ("decimal", "text", "means"),
    [
        (",", "1.234,50", "1234.50"),
        (",", "1 234,5", "1234.5"),
        (",", "1\u00a0234\u202f567", None),
        (",", "1'234'567,8", "1234567.8"),
        (",", "1234", "1234"),
        (",", "1.234", "1234"),
        (",", "1234,5-", "-1234.5"),
        (",", "(1.234,50)", "-1234.50"),
        (",", "\u2212€ 5,00", "-5.00"),
        (",", "1,234.50", None),
        (",", "12.34", None),
        (".", "1,234.50", "1234.50"),
        (".", "1234.5", "1234.5"),
        (".", "1.234,50", None),
        (".", "12,34", None),
        (".", "1e5", None),
        (".", "", ""),
    ],
)
def test_amounts(decimal, text, means):
    turn = Reading(decimal=decimal).turns({"revenue": "amount"})["revenue"]
    if means is None:
        with pytest.raises(ValueError, match="is no number as chosen"):
            turn(text)
    else:
        assert turn(text) == means


@pytest.mark.parametrize(
    ("dates", "text", "means"),
    [
        ("dmy", "1.2.2024", "2024-02-01"),
        ("mdy", "1/2/2024", "2024-01-02"),
        ("ymd", "2024/02/01", "2024-02-01"),
        ("dmy", "2024-02-01", "2024-02-01"),
        ("dmy", "01.02.24", "2024-02-01"),
        ("mdy", "20240201", "2024-02-01"),
        ("dmy", "01.02.2024 13:45:00", "2024-02-01"),
        ("ymd", "2024-02-01T00:00:00Z", "2024-02-01"),
        ("ymd", "01.02.2024", None),
        ("dmy", "soon", None),
    ],
)
def test_days(dates, text, means):
    turn = Reading(dates=dates).turns({"booked_on": "day"})["booked_on"]
    if means is None:
        with pytest.raises(ValueError, match="is no day as chosen"):
            turn(text)
    else:
        assert turn(text) == means
