"""The months of a source against its control totals: to the last digit, and mended by imports."""

import io
from datetime import date
from decimal import Decimal

import pytest

from accounts.actions.imports import undo
from accounts.feeds.actions import enter_total, remove_total
from accounts.feeds.totals import plan_reconciling, reconcile
from accounts.imports.actions import receive, start
from accounts.models import ControlTotal, FeedAlert, LedgerEntry, LedgerImport
from firm.jobs import do_next_job
from firm.models import Job
from firm.versions import Outdated, version_of
from kam_crm.events import HANDLERS
from tests.factories import SourceFactory
from tests.feeds.conftest import inbox, moment, told
from tests.ledgers import feed_rows

pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 1)


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(autouse=True)
def november():
    with moment("11-20 12:00"):
        yield


def do_jobs():
    while do_next_job(HANDLERS):
        pass


def booked(*rows):
    feed_rows(*rows, currency="EUR")
    do_jobs()


def october(*amounts, prefix="INV"):
    return [
        f"K1,2026-10-{n:02},{amount},1,EUR,{prefix}-{n},1" for n, amount in enumerate(amounts, 1)
    ]


def entered(by, revenue, lines=None, month=OCTOBER, currency="EUR", version=0):
    values = {"month": month, "currency": currency, "revenue": Decimal(revenue), "lines": lines}
    total, _is_new = enter_total(SourceFactory(), values, version=version, by=by)
    total.refresh_from_db()
    return total


def test_a_month_that_agrees_to_the_last_digit_is_no_alert(feeder):
    booked(*october("0.1", "0.2", "10.0001"))

    total = entered(feeder, "10.3001", lines=3)

    assert total.agrees
    assert (total.our_revenue, total.our_lines) == (Decimal("10.3001"), 3)
    assert not FeedAlert.objects.exists()


def test_a_difference_is_told_once_and_mended_by_a_later_import(feeder):
    booked(*october("100", "200"))

    total = entered(feeder, "300.0001")
    reconcile(total.source)

    (sentence,) = told(feeder)
    assert sentence == (
        "erp, 2026-10: our revenue in EUR is 300.00, its control total says 300.0001; "
        "the difference is −0.0001."
    )
    booked(*october("100", "200.0001"))
    assert FeedAlert.objects.get().cleared_at is not None
    assert not inbox(feeder).exists()
    total.refresh_from_db()
    assert total.agrees


def test_a_difference_is_mended_by_the_undo_of_what_made_it(feeder):
    booked(*october("100"))
    entered(feeder, "100")
    booked("K1,2026-10-05,5,1,EUR,LATE-1,1")
    assert FeedAlert.objects.open().count() == 1

    undo(LedgerImport.objects.first(), by=feeder)
    do_jobs()
    assert not FeedAlert.objects.open().exists()


def test_a_difference_that_comes_back_is_told_again(feeder):
    booked(*october("100"))
    entered(feeder, "100")
    booked(*october("101"))
    booked(*october("100"))
    booked(*october("102"))

    assert len(told(feeder)) == 2
    assert FeedAlert.objects.open().count() == 1


def test_the_number_of_lines_differs_where_amounts_cancel_out(feeder):
    booked(*october("100", "50", "-50"))

    entered(feeder, "100", lines=1)

    (sentence,) = told(feeder)
    assert "we hold 3, it says 1" in sentence


def test_only_lines_of_the_source_month_and_currency_count(feeder):
    booked(
        "K1,2026-09-30,1,1,EUR,A,1",
        "K1,2026-10-01,10,1,EUR,B,1",
        "K1,2026-10-31,100,1,EUR,C,1",
        "K1,2026-11-01,1000,1,EUR,D,1",
        "K1,2026-10-15,10000,1,USD,E,1",
        ",2026-10-15,5,1,EUR,F,1",
    )
    feed_rows("K1,2026-10-15,7,1,EUR,A,1", source="shop")

    assert entered(feeder, "115").agrees
    assert entered(feeder, "10000", currency="USD").agrees


def test_a_month_without_lines_holds_nothing(feeder):
    total = entered(feeder, "5")
    assert (total.our_revenue, total.our_lines) == (0, 0)
    assert FeedAlert.objects.open().count() == 1


def test_a_month_that_runs_is_compared_and_raises_no_alert_before_it_is_over(feeder):
    total = entered(feeder, "5", month=date(2026, 11, 1))
    assert (total.agrees, FeedAlert.objects.count()) == (False, 0)

    with moment("12-01 00:00"):
        assert plan_reconciling() == 1
        assert plan_reconciling() == 0
        do_jobs()
    assert FeedAlert.objects.open().count() == 1


def test_whatever_changes_lines_is_found_within_a_day(feeder):
    booked(*october("100"))
    entered(feeder, "100")
    LedgerEntry.objects.update(booked_revenue=90)

    with moment("11-21 00:00"):
        plan_reconciling()
        do_jobs()
    assert FeedAlert.objects.open().count() == 1


def test_lines_that_a_whole_document_lost_count_no_more(feeder):
    booked("K1,2026-10-01,10,1,EUR,B,1", "K1,2026-10-01,20,1,EUR,B,2")
    feed_rows("K1,2026-10-01,10,1,EUR,B,1", whole_documents=True)

    assert entered(feeder, "10", lines=1).agrees


def test_a_total_is_corrected_and_what_somebody_else_saved_is_not_lost(feeder):
    total = entered(feeder, "5")
    version = version_of(total)
    entered(feeder, "6", version=version)
    assert ControlTotal.objects.get().revenue == 6

    with pytest.raises(Outdated):
        entered(feeder, "7", version=version)
    with pytest.raises(Outdated):
        entered(feeder, "7")
    assert ControlTotal.objects.get().revenue == 6


def test_without_its_total_a_month_is_no_alert(feeder):
    total = entered(feeder, "5")
    remove_total(total, by=feeder)
    assert not FeedAlert.objects.open().exists()
    assert total.source.control_totals.count() == 0


def sent(text, person, **options):
    imported = receive(
        stream=io.BytesIO(text.encode()),
        file_name="totals.csv",
        source="erp",
        target="control_totals",
        by=person,
        reading=options.pop("reading", None),
    )
    start(imported, by=person, **options)
    do_jobs()
    imported.refresh_from_db()
    return imported


def test_control_totals_come_by_file(feeder):
    booked(*october("1234.56"))
    text = "Monat;Umsatz;Zeilen\n2026-10;1.234,56;1\n2026-09-30;0,01;\n"
    form = {"separator": ";", "decimal": ","}
    form["columns"] = {"month": "Monat", "revenue": "Umsatz", "lines": "Zeilen"}

    imported = sent(text, feeder, reading=form)

    assert imported.state == "done"
    assert (imported.report["rows"], imported.report["created"]) == (2, 2)
    october_, september = ControlTotal.objects.order_by("-month")
    assert october_.agrees
    assert (september.month, september.currency) == (date(2026, 9, 1), "EUR")
    assert FeedAlert.objects.get().key == "2026-09 EUR"
    again = sent(text, feeder, reading=form)
    assert (again.report["created"], again.report["corrected"], again.report["unchanged"]) == (
        0,
        0,
        2,
    )


def test_totals_that_cannot_be_taken_are_rejected_with_their_reasons(feeder):
    text = (
        "month,revenue,currency,lines\nOctober,1,EUR,\n2026-13,1,EUR,\n2026-10,x,EUR,\n"
        "2026-10,1,EURO,\n2026-10,1,EUR,1.5\n2026-08,1,EUR,\n2026-08,2,EUR,\n2026-07,3,,\n"
    )
    imported = sent(text, feeder, accept_rejected=True)

    assert (imported.report["rows"], imported.report["rejected"]) == (8, 7)
    assert ControlTotal.objects.get().revenue == 3
    assert imported.rejected_rows.get(row=7).problems[0]["message"].startswith("stands twice")


def test_an_import_of_a_source_without_totals_plans_nothing(feeder):
    feed_rows(*october("100"))
    assert not Job.objects.exists()
