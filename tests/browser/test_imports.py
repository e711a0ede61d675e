"""A file on its way through the import desk, in a real browser."""

import pytest

from accounts.models import LedgerEntry, LedgerImport
from tests.browser.test_pages import complaints, firm, judge, visit
from tests.imports.conftest import do_jobs

__all__ = ["complaints", "firm", "visit"]

FILE = (
    "Kunde;Datum;Umsatz;Beleg\n"
    "K1;29.02.2024;2.345,67;R-1\n"
    "K1;31.02.2024;12,5;R-2\n"
    "K1;01.03.2024;7,5;R-3\n"
)


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 360)])
def test_a_file_is_sent_read_otherwise_started_answered_and_mended(
    firm,
    visit,
    page,
    complaints,
    tmp_path,
    theme,
    width,
):
    file = tmp_path / "umsatz.csv"
    file.write_text(FILE)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=theme)
    visit("/imports/", email=firm.director.email)
    judge(page, "the list")
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_label("Source", exact=True).first.fill("sap")
    page.get_by_role("button", name="Look at it").click()

    page.get_by_text("29 Feb 2024").wait_for()
    page.get_by_label("Decimal mark").select_option(".")
    page.get_by_text("with a decimal point").first.wait_for()
    page.get_by_label("Decimal mark").select_option(",")
    page.get_by_text("2,345.67").wait_for()
    judge(page, "the draft")

    page.get_by_role("button", name="Start the import").click()
    page.get_by_text("It waits for a worker.").wait_for()
    judge(page, "on its way")
    do_jobs()
    page.get_by_text("1 row cannot be taken.").wait_for()
    assert not LedgerEntry.objects.filter(document="R-1").exists()
    judge(page, "the question")

    page.get_by_role("button", name="Take the others").click()
    page.get_by_text("It waits for a worker.").wait_for()
    do_jobs()
    page.get_by_role("link", name="Mend them here").click()
    judge(page, "the rejected rows")
    page.get_by_label("Datum").fill("28.02.2024")
    page.get_by_role("button", name="Send the changed rows again").click()
    page.get_by_text("It waits for a worker.").wait_for()
    do_jobs()
    page.get_by_text("What became of it").wait_for()

    assert LedgerEntry.objects.filter(document__startswith="R-").count() == 3
    assert set(LedgerImport.objects.filter(source__name="sap").values_list("state")) == {("done",)}
    assert complaints == []
