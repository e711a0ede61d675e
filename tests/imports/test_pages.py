"""A file is looked at, read as it is meant, tried, started, answered and mended."""

import io
from datetime import date

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.imports.actions import TAKE_IN, newest_job
from accounts.models import Account, LedgerEntry, LedgerImport
from firm.models import Export, Job, Notification
from tests.factories import LedgerImportFactory, SourceFactory, UserFactory
from tests.imports.conftest import do_jobs, send, take
from tests.ledgers import HEADER

pytestmark = pytest.mark.django_db
State = LedgerImport.State
GERMAN = (
    "Kunde;Name;Datum;Umsatz;Beleg;Bemerkung\n"
    "K1;Müller & Söhne;29.02.2024;1.234,56;R-1;gut\n"
    "K2;Ĝ;31.02.2024;12.34;R-2;=1+1\n"
)


def text_of(response):
    return response.content.decode()


def upload(desk, text, *, name="umsatz.csv", encoding="utf-8", **given):
    file = SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode(encoding))
    return desk.post(
        "/imports/upload/", {"file": file, "source": "sap", "target": "ledger", **given}
    )


def page(imported):
    return f"/imports/{imported.pk}/"


def german():
    return GERMAN.replace("Ĝ", "Zwei")


def test_an_upload_is_read_as_it_seems_to_be_meant(desk):
    response = upload(desk, german(), encoding="windows-1252")

    imported = LedgerImport.objects.get()
    assert response.url == page(imported)
    reading = imported.reading
    assert (reading["encoding"], reading["separator"]) == ("windows-1252", ";")
    assert (reading["decimal"], reading["dates"]) == (",", "dmy")
    assert reading["columns"] == {
        "account_ref": "Kunde",
        "account_name": "Name",
        "booked_on": "Datum",
        "revenue": "Umsatz",
        "document": "Beleg",
    }
    assert imported.state == State.DRAFT
    assert not LedgerEntry.objects.exists()


def test_the_preview_shows_values_as_understood_and_what_is_wrong_at_its_cell(desk):
    upload(desk, german(), encoding="windows-1252")
    response = desk.get(page(LedgerImport.objects.get()))

    text = text_of(response)
    assert "29 Feb 2024" in text
    assert "1,234.56" in text
    assert "Müller &amp; Söhne" in text
    wrong = [
        cell for row in response.context["preview"].rows for cell in row["cells"] if cell.problem
    ]
    assert [cell.sent for cell in wrong] == ["31.02.2024", "12.34"]


def chosen(imported, **changes):
    """The form of the page with what somebody changed."""
    reading = imported.reading
    sent = {name: reading[name] for name in ("encoding", "separator", "decimal", "dates")}
    sent |= {f"column-{ours}": theirs for ours, theirs in reading["columns"].items()}
    return sent | changes


def test_another_choice_changes_the_preview(desk):
    upload(desk, german(), encoding="windows-1252")
    imported = LedgerImport.objects.get()

    response = desk.post(
        page(imported) + "reading/", chosen(imported, decimal="."), HTTP_HX_REQUEST="true"
    )

    assert "1.234,56" in text_of(response)
    imported.refresh_from_db()
    assert imported.reading["decimal"] == "."
    told = [cell.problem for cell in response.context["preview"].rows[0]["cells"]]
    assert any("decimal point" in problem for problem in told)


def test_a_choice_that_is_none_is_asked_again(desk):
    upload(desk, german(), encoding="windows-1252")
    imported = LedgerImport.objects.get()
    before = imported.reading

    response = desk.post(page(imported) + "reading/", chosen(imported, decimal="?"))

    assert response.status_code == 422
    imported.refresh_from_db()
    assert imported.reading == before


def test_a_file_without_a_needed_column_asks_where_it_is(desk):
    upload(desk, "Kunde;Datum;Beleg\nK1;29.02.2024;R-1\n")
    imported = LedgerImport.objects.get()

    response = desk.get(page(imported))
    assert [column.name for column in response.context["preview"].missing] == ["revenue"]
    assert "Start the import" not in text_of(response)
    started = desk.post(page(imported) + "start/", chosen(imported, act="start"))
    assert started.status_code == 422
    assert not Job.objects.filter(topic=TAKE_IN).exists()


def test_from_the_dry_run_to_the_mended_row(desk, feeder):
    upload(desk, german(), encoding="windows-1252")
    imported = LedgerImport.objects.get()

    desk.post(page(imported) + "start/", chosen(imported, act="dry_run"))
    assert "waits for a worker" in text_of(desk.get(page(imported)))
    do_jobs()
    assert "what would be stored" in text_of(desk.get(page(imported)))
    assert not LedgerEntry.objects.exists()

    desk.post(page(imported) + "start/", chosen(imported, act="start"))
    do_jobs()
    assert "What about the others?" in text_of(desk.get(page(imported)))
    assert not Account.objects.exists()

    desk.post(page(imported) + "take/")
    do_jobs()
    imported.refresh_from_db()
    assert imported.state == State.DONE
    assert LedgerEntry.objects.count() == 1

    row = imported.rejected_rows.get()
    places = {name: at for at, name in enumerate(imported.header)}
    cells = {"Datum": "01.03.2024", "Umsatz": "12,34"}
    sent = {f"cell-{row.pk}-{places[name]}": value for name, value in cells.items()}
    response = desk.post(page(imported) + "rejected/", sent)
    do_jobs()
    again = LedgerImport.objects.latest("pk")
    assert response.url == page(again)
    assert (again.state, again.report["created"]) == (State.DONE, 1)
    row.refresh_from_db()
    assert row.sent_again == again
    told = Notification.objects.filter(recipient=feeder)
    assert {notice.link for notice in told} == {page(imported), page(again)}

    response = desk.post(page(imported) + "rejected/", sent)
    assert response.status_code == 409
    assert LedgerImport.objects.count() == 2


def test_rows_that_nobody_changed_are_not_sent_again(desk):
    imported = take(send(f"{HEADER}\nK1,x,1,,EUR,D,1\n"), accept_rejected=True)

    response = desk.post(page(imported) + "rejected/", {})

    assert response.status_code == 422
    assert LedgerImport.objects.count() == 1


def test_rejected_rows_leave_with_every_column_and_the_reason_and_no_formula(desk, feeder):
    upload(desk, german(), encoding="windows-1252")
    imported = take(LedgerImport.objects.get())

    response = desk.get(page(imported) + "rejected.csv")

    header, row = b"".join(response.streaming_content).decode().splitlines()
    assert header == "\ufeffKunde,Name,Datum,Umsatz,Beleg,Bemerkung,row,reason"
    assert row.startswith("K2,Zwei,31.02.2024,12.34,R-2,'=1+1,3,")
    assert "is a day that no calendar has" in row
    kept = Export.objects.get()
    assert (kept.by, kept.rows) == (feeder, 1)


def test_the_next_file_of_the_source_is_read_as_the_last_one_was(desk):
    upload(desk, german(), encoding="windows-1252")
    first = LedgerImport.objects.get()
    mapping = chosen(first) | {"column-product_line": "Bemerkung", "act": "start"}
    desk.post(page(first) + "start/", mapping)
    do_jobs()

    upload(desk, german().replace("R-1", "R-3"), encoding="windows-1252")

    second = LedgerImport.objects.latest("pk")
    assert second.reading["columns"]["product_line"] == "Bemerkung"
    assert "It is read as the file of" in text_of(desk.get(page(second)))


def test_the_rejected_rows_come_back_as_a_file_and_are_understood(desk):
    upload(desk, german(), encoding="windows-1252")
    imported = take(LedgerImport.objects.get())
    file = b"".join(desk.get(page(imported) + "rejected.csv").streaming_content).decode()

    upload(desk, file.replace("31.02.2024", "01.03.2024").replace("12.34", '"12,34"', 1))

    again = LedgerImport.objects.latest("pk")
    assert (again.reading["separator"], again.reading["decimal"]) == (",", ",")
    assert take(again).report["created"] == 1


@pytest.mark.parametrize(
    ("text", "encoding", "guessed"),
    [
        (
            "Клиент;Дата;Выручка;Документ\nООО Ромашка;01.02.2024;10,5;Счёт 1\n",
            "windows-1251",
            None,
        ),
        ("Клиент;Дата;Выручка;Документ\nООО Ромашка;01.02.2024;10,5;Счёт 1\n", "koi8-r", None),
        ("客户,日期,金额,发票号\n上海机械有限公司,2024-02-01,10.5,发票一\n", "gb18030", None),
        ("Customer\tDate\tAmount\tInvoice\nÉlan\t02/29/2024\t1,010.5\t1\n", "utf-16", None),
        ("Cliente|Data|Importo|Fattura\nCittà|29/02/2024|10,5|1\n", "utf-8", "utf-8-sig"),
    ],
)
def test_files_of_many_countries_are_ready_at_once(desk, text, encoding, guessed):
    upload(desk, text, encoding=encoding)

    imported = LedgerImport.objects.get()
    assert imported.reading["encoding"] == (guessed or encoding)
    response = desk.get(page(imported))
    preview = response.context["preview"]
    assert preview.is_ready
    assert not [cell.problem for cell in preview.rows[0]["cells"] if cell.problem]
    assert take(imported).report["created"] == 1


def test_days_that_could_be_read_both_ways_are_pointed_out(desk):
    upload(desk, "Kunde;Datum;Umsatz;Beleg\nK1;01.02.2024;1,5;R-1\n")

    text = text_of(desk.get(page(LedgerImport.objects.get())))
    assert "could be read with the month first" in text


def test_a_file_that_is_too_large_is_turned_away_in_words(desk, settings):
    settings.IMPORT_UPLOAD_BYTES = 1 << 20
    response = upload(desk, b"x" * (2 << 20))

    assert response.status_code == 422
    assert "larger than 1 MB" in text_of(response)
    assert not LedgerImport.objects.exists()


def test_a_file_of_which_nothing_is_stored_can_be_let_go_and_no_other(desk):
    draft = send(f"{HEADER}\n")
    done = take(send(f"{HEADER}\nK1,2024-02-29,1,,EUR,D,1\n"))

    assert desk.post(page(draft) + "discard/", {"sure": "yes"}).url == "/imports/"
    assert desk.post(page(done) + "discard/", {"sure": "yes"}).status_code == 409
    assert list(LedgerImport.objects.all()) == [done]


def test_what_failed_says_why_and_what_to_do(desk):
    imported = take(send("a,b\n1,2\n"))

    text = text_of(desk.get(page(imported)))
    assert "lacks the columns" in text
    assert "Change below how it is read" in text


def test_an_import_whose_worker_died_each_time_can_be_tried_again(desk):
    imported = send(f"{HEADER}\nK1,2024-02-29,1,,EUR,D,1\n")
    desk.post(page(imported) + "start/", {"act": "start"})
    Job.objects.update(state=Job.State.DEAD, attempts=5, error="Its worker died each time.")

    assert "Its worker died each time." in text_of(desk.get(page(imported)))
    assert desk.post(page(imported) + "start/", {"act": "start"}).status_code == 302
    do_jobs()
    imported.refresh_from_db()
    assert imported.state == State.DONE
    assert newest_job(imported).state == Job.State.DONE


def test_progress_reloads_the_page_when_there_is_something_else_to_show(desk):
    imported = send(f"{HEADER}\nK1,2024-02-29,1,,EUR,D,1\n")
    desk.post(page(imported) + "start/", {"act": "start"})
    assert "HX-Refresh" not in desk.get(page(imported) + "progress/")
    do_jobs()

    assert desk.get(page(imported) + "progress/")["HX-Refresh"] == "true"


def test_a_second_start_is_refused(desk):
    imported = send(f"{HEADER}\nK1,2024-02-29,1,,EUR,D,1\n")
    desk.post(page(imported) + "start/", {"act": "start"})

    assert desk.post(page(imported) + "start/", {"act": "start"}).status_code == 409
    assert desk.post(page(imported) + "take/").status_code == 409
    assert Job.objects.filter(topic=TAKE_IN).count() == 1


@pytest.mark.parametrize("role", ["kam", "head", "analyst", "presale"])
def test_those_who_do_not_feed_the_ledger_see_no_imports(client, role):
    imported = send(f"{HEADER}\n")
    client.force_login(UserFactory(roles=[role]))

    assert "/imports/" not in text_of(client.get("/accounts/"))
    for address in ("/imports/", page(imported), page(imported) + "rejected.csv"):
        assert client.get(address).status_code == 403
    assert client.post(page(imported) + "start/", {"act": "start"}).status_code == 403
    assert not Job.objects.filter(topic=TAKE_IN).exists()


def test_the_list_is_narrowed_by_its_filters(desk):
    LedgerImportFactory(file_name="one.csv")
    LedgerImportFactory(file_name="two.csv", source=SourceFactory(name="sap"), state="asking")

    assert "two.csv" not in text_of(desk.get("/imports/?source=erp"))
    text = text_of(desk.get("/imports/?state=asking"))
    assert "two.csv" in text
    assert "one.csv" not in text
    assert "No import fits" in text_of(desk.get("/imports/?state=failed"))


def test_more_imports_cost_no_more_queries(desk):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as found:
            desk.get("/imports/")
        return len(found)

    LedgerImportFactory()
    queries()
    few = queries()
    for n in range(10):
        LedgerImportFactory(source=SourceFactory(name=f"s{n}"), by=UserFactory())

    assert queries() == few


def test_an_empty_list_says_what_to_do(desk):
    assert "No file has come yet" in text_of(desk.get("/imports/"))


def test_a_workbook_is_understood(desk):
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    sheet.write_row(1, 1, ["Kunde", "Datum", "Umsatz", "Beleg"])
    sheet.write_string(2, 1, "K1")
    sheet.write_datetime(2, 2, date(2024, 2, 29), day)
    sheet.write_number(2, 3, 1.234)
    sheet.write_string(2, 4, "R-1")
    sheet.write_row(3, 1, ["K1", "1.3.2024", "1.234,50", "R-2"])
    book.close()
    upload(desk, file.getvalue(), name="umsatz.xlsx")

    imported = take(LedgerImport.objects.get())

    amounts = LedgerEntry.objects.order_by("document").values_list("revenue", flat=True)
    assert [str(amount) for amount in amounts] == ["1.2340", "1234.5000"], imported.report
