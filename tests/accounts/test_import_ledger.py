"""A ledger goes in once, whole, and says what became of each line."""

import gzip
import io
import json
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command

from accounts.importers.files import CannotRead
from accounts.importers.ledger import import_ledger
from accounts.models import (
    Account,
    ExchangeRate,
    LedgerEntry,
    LedgerImport,
    RejectedRow,
)
from firm.models import Policy, User
from tests.factories import UserFactory
from tests.ledgers import HEADER, feed_rows

pytestmark = pytest.mark.django_db

LINE = "K1,2024-02-29,100.0000,60.5,EUR,INV-1,1"
COUNTS = (
    "lines",
    "created",
    "corrected",
    "unchanged",
    "voided",
    "rejected",
    "unassigned",
    "unconverted",
)


def counts(report):
    return {name: getattr(report, name) for name in COUNTS if getattr(report, name)}


def problems(report):
    return [
        (row["row"], problem["field"])
        for row in report.rejected_rows
        for problem in row["problems"]
    ]


def test_a_line_becomes_an_entry_and_its_account_is_made():
    report = feed_rows(LINE)

    assert counts(report) == {"lines": 1, "created": 1}
    entry = LedgerEntry.objects.get()
    assert (entry.account.account_ref, entry.booked_on) == ("K1", date(2024, 2, 29))
    assert (entry.revenue, entry.cost) == (Decimal("100.0000"), Decimal("60.5000"))


def test_the_same_file_again_changes_nothing():
    feed_rows(LINE)

    assert counts(feed_rows(LINE)) == {"lines": 1, "unchanged": 1}


def test_other_values_correct_the_line_account_and_day_included_and_the_audit_keeps_the_old():
    feed_rows(LINE)

    report = feed_rows("K2,2024-03-01,90,60.5,EUR,INV-1,1")

    assert counts(report) == {"lines": 1, "corrected": 1}
    entry = LedgerEntry.objects.get()
    assert (entry.account.account_ref, entry.revenue) == ("K2", 90)
    old = LedgerEntry.pgh_event_model.objects.order_by("pk").first()
    assert old.pgh_obj_id == entry.pk


def test_the_same_document_of_another_source_is_another_line():
    feed_rows(LINE)

    assert counts(feed_rows(LINE, source="crm")) == {"lines": 1, "created": 1}


def test_identical_rows_of_one_file_count_once():
    report = feed_rows(LINE, LINE.replace("100.0000", "100"))

    assert counts(report) == {"lines": 1, "created": 1}
    assert report.repeated == 1


def test_one_line_with_two_values_rejects_all_its_rows():
    report = feed_rows(LINE, LINE.replace("100.0000", "101"), "K1,2024-02-29,5,,EUR,INV-2,1")

    assert counts(report) == {"lines": 3, "created": 1, "rejected": 2}
    assert "stands twice" in report.rejected_rows[0]["problems"][0]["message"]


def test_a_document_of_several_lines_needs_line_numbers():
    report = feed_rows(
        "K1,2024-02-29,10,,EUR,INV-1,",
        "K1,2024-02-29,20,,EUR,INV-1,",
        "K1,2024-02-29,5,,EUR,INV-2,",
    )

    assert counts(report) == {"lines": 3, "created": 1, "rejected": 2}
    message = report.rejected_rows[0]["problems"][0]["message"]
    assert message.startswith("document INV-1 has 2 lines and no line numbers")


def test_a_numbered_line_of_a_document_that_is_stored_without_numbers_is_rejected():
    feed_rows("K1,2024-02-29,10,,EUR,INV-1,")

    report = feed_rows("K1,2024-02-29,10,,EUR,INV-1,1")

    assert counts(report) == {"lines": 1, "rejected": 1}


def test_three_bad_rows_have_three_reasons_and_mended_ones_complete_the_ledger(tmp_path, capsys):
    good = "K1,2024-02-29,10,,EUR,INV-{0},1"
    bad = [
        "K1,29.02.2024,10,,EUR,INV-2,1",
        'K1,2024-02-29,"10,5",,EUR,INV-3,1',
        "K1,2024-02-30,10,,EUR,INV-4,1",
    ]
    path = tmp_path / "ledger.csv"
    path.write_text("\n".join([HEADER, good.format(1), *bad, good.format(5)]))

    with pytest.raises(SystemExit) as stop:
        call_command("import_ledger", path, source="erp")

    assert stop.value.code == 1
    report = json.loads(capsys.readouterr().out)
    assert (report["created"], report["rejected"]) == (2, 3)
    assert [row["row"] for row in report["rejected_rows"]] == [3, 4, 5]
    assert all(row["problems"][0]["message"] for row in report["rejected_rows"])
    assert RejectedRow.objects.count() == 3

    mended = feed_rows(*(good.format(n) for n in (2, 3, 4)))
    assert counts(mended) == {"lines": 3, "created": 3}


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("K1,2024-02-29,,,EUR,INV-1,1", "revenue"),
        ("K1,2024-02-29,1.23456,,EUR,INV-1,1", "revenue"),
        ("K1,2024-02-29,1 000,,EUR,INV-1,1", "revenue"),
        ("K1,2024-02-29,NaN,,EUR,INV-1,1", "revenue"),
        ("K1,2024-02-29,10,x,EUR,INV-1,1", "cost"),
        ("K1,,10,,EUR,INV-1,1", "booked_on"),
        ("K1,2024-02-29,10,,EURO,INV-1,1", "currency"),
        ("K1,2024-02-29,10,,EUR,,1", "document"),
        (f"{'K' * 65},2024-02-29,10,,EUR,INV-1,1", "account_ref"),
        ("K1,2024-02-29,10,,EUR,INV-1,1,more", ""),
    ],
)
def test_a_malformed_value_is_rejected_by_its_field(row, field):
    report = feed_rows(row)

    assert problems(report)[0] == (2, field)
    assert counts(report) == {"lines": 1, "rejected": 1}


def test_strict_stores_nothing_where_a_row_is_rejected():
    report = feed_rows(LINE, "K1,2024-02-29,x,,EUR,INV-2,1", strict=True)

    assert counts(report) == {"lines": 2, "rejected": 1}
    assert not LedgerEntry.objects.exists()
    assert not LedgerImport.objects.exists()


def test_a_dry_run_reports_what_the_import_then_does_and_stores_nothing():
    rows = [LINE, "K2,2024-02-29,x,,EUR,INV-2,1", ",2024-02-29,1,,USD,INV-3,1"]

    dry = feed_rows(*rows, currency="EUR", dry_run=True)
    assert not Account.objects.exists()
    real = feed_rows(*rows, currency="EUR")

    assert {**dry.as_dict(), "seconds": 0} == {**real.as_dict(), "seconds": 0}


def test_a_line_without_an_account_is_kept_and_counted():
    assert counts(feed_rows(",2024-02-29,10,,EUR,INV-1,1")) == {
        "lines": 1,
        "created": 1,
        "unassigned": 1,
    }


def test_the_first_file_sets_the_reporting_currency_and_says_so():
    report = feed_rows(LINE.replace("EUR", "USD"))

    assert Policy.objects.get().reporting_currency == "USD"
    assert report.notes == ["The reporting currency is now USD."]


def test_a_first_file_of_several_currencies_needs_to_be_told():
    rows = [LINE, "K1,2024-02-29,10,,USD,INV-2,1"]
    with pytest.raises(CannotRead, match="--currency"):
        feed_rows(*rows)

    assert counts(feed_rows(*rows, currency="USD")) == {"lines": 2, "created": 2, "unconverted": 1}


def test_the_reporting_currency_stays_once_the_ledger_has_a_line():
    feed_rows(LINE)

    with pytest.raises(CannotRead, match="cannot change"):
        feed_rows("K1,2024-02-29,10,,USD,INV-2,1", currency="USD")


@pytest.mark.parametrize(("age", "revenue"), [(0, "9.2346"), (7, "9.2346"), (8, None)])
def test_a_foreign_line_takes_the_newest_rate_of_its_last_seven_days(age, revenue):
    feed_rows(LINE)
    ExchangeRate.objects.create(currency="USD", day=date(2024, 2, 28 - age), rate="0.9234567")

    report = feed_rows("K1,2024-02-28,10.0001,,USD,INV-2,1")

    entry = LedgerEntry.objects.get(document="INV-2")
    assert entry.revenue == (revenue and Decimal("9.2347"))
    assert report.unconverted == (revenue is None)


def test_whole_documents_void_the_stored_lines_that_the_file_lacks():
    feed_rows(LINE, LINE.replace("INV-1,1", "INV-1,2"), LINE.replace("INV-1,1", "INV-2,1"))

    report = feed_rows(LINE, whole_documents=True)

    assert counts(report) == {"lines": 1, "unchanged": 1, "voided": 1}
    voided = LedgerEntry.objects.get(document="INV-1", line="2")
    assert (voided.revenue, voided.cost) == (0, 0)
    assert LedgerEntry.objects.get(document="INV-2").revenue == 100


def test_a_new_account_is_described_by_its_newest_line_and_later_files_do_not_change_it():
    seller = UserFactory(email="ann@example.com")
    header = f"{HEADER},account_name,parent_ref,owner"
    feed_rows(
        "K1,2024-01-31,1,,EUR,A,1,Old name,,x",
        "K1,2024-02-01,1,,EUR,B,1,New name,TOP,ANN@example.com",
        header=header,
    )

    account = Account.objects.get(account_ref="K1")
    assert account.name == "New name"
    assert account.owner_on(date(1999, 1, 1)) == seller
    assert account.parent_on(date(1999, 1, 1)).account_ref == "TOP"

    report = feed_rows("K1,2024-02-02,1,,EUR,C,1,Other name,,bob", header=header)
    account.refresh_from_db()
    assert account.name == "New name"
    assert {row["field"] for row in report.different} == {"account_name", "owner"}


def test_an_owner_who_is_no_user_becomes_a_placeholder_who_cannot_sign_in():
    feed_rows("K1,2024-02-01,1,,EUR,B,1,bob", header=f"{HEADER},owner")

    placeholder = User.objects.get(staff_ref="bob")
    assert placeholder.is_placeholder
    assert not placeholder.is_active


def test_parents_that_form_a_loop_are_rejected():
    report = feed_rows(
        "K1,2024-02-01,1,,EUR,A,1,K2",
        "K2,2024-02-01,1,,EUR,B,1,K1",
        "K3,2024-02-01,1,,EUR,C,1,K4",
        header=f"{HEADER},parent_ref",
    )

    assert counts(report) == {"lines": 3, "created": 1, "rejected": 2}


def test_columns_in_any_order_and_unknown_ones_are_named():
    report = feed_rows(
        "1,INV-1,x,5,2024-02-29,K1", header="line,document,Salesman,revenue,booked_on,account_ref"
    )

    assert counts(report) == {"lines": 1, "created": 1}
    assert report.ignored_columns == ["Salesman"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_comma_semicolon_tab_bom_and_gzip_are_understood(separator):
    text = f"\ufeff{HEADER}\n{LINE}".replace(",", separator)

    report = import_ledger(io.BytesIO(gzip.compress(text.encode())), source="erp")

    assert counts(report) == {"lines": 1, "created": 1}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"account_ref,booked_on\n", "lacks the columns revenue, document"),
        ("ä,b\n".encode("latin-1"), "not UTF-8"),
        (b"\x1f\x8b\x08garbage", "damaged"),
    ],
)
def test_a_file_that_is_no_ledger_is_refused_in_a_sentence(content, message):
    with pytest.raises(CannotRead, match=message):
        import_ledger(io.BytesIO(content), source="erp")


def test_text_that_means_something_to_copy_is_stored_as_it_is():
    name = 'Back\\slash "quoted", tab\there'
    quoted = '"' + name.replace('"', '""') + '"'
    feed_rows(f"K1,2024-02-29,1,,EUR,\\N,1,{quoted}", header=f"{HEADER},account_name")

    assert Account.objects.get().name == name
    assert LedgerEntry.objects.get().document == "\\N"
