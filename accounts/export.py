"""The account list as a file: the same rows in the same order, figures in full."""

import csv
import tempfile
import unicodedata
from datetime import date
from decimal import Decimal

import xlsxwriter

from firm.models import Export

# Heading and where it comes from; the same in every language, as in the API.
COLUMNS = {
    "account_ref": "account_ref",
    "name": "name",
    "legal_name": "legal_name",
    "kind": "kind",
    "industry": "industry",
    "country": "country",
    "headcount": "headcount",
    "closed_on": "closed_on",
    "owner": "owner_name",
    "department": "figures__department__name",
    "segment": "figures__segment",
    "computed_segment": "figures__computed_segment",
    "abc": "figures__abc",
    "core": "figures__core",
    "band": "figures__band",
    "key": "figures__key",
    "rank": "figures__rank",
    "income": "figures__income",
    "turnover": "figures__turnover",
    "previous_income": "figures__previous_income",
    "previous_turnover": "figures__previous_turnover",
    "share": "figures__share",
    "group_share": "figures__group_share",
    "trend": "figures__trend",
    "prospects": "figures__prospects",
    "purchase_months": "figures__purchase_months",
    "last_purchase_on": "figures__last_purchase_on",
}
HEADINGS = [*COLUMNS, "as_of", "basis", "policy"]
FORMULA = tuple("=+-@\t\r|")
# Excel's own is 48,576 more, a heading among them.
SHEET = 1_000_000
CHUNK = 2000


def neutral(value):
    """A text that no spreadsheet takes for a formula; anything else as it is.

    White space and invisible characters before it, and full-width forms, are seen through.
    """
    if not isinstance(value, str):
        return value
    for letter in value:
        if letter in "\t\r\n":
            return f"'{value}"
        seen = unicodedata.normalize("NFKC", letter)
        if seen.isspace() or unicodedata.category(letter)[0] in "CZ":
            continue
        return f"'{value}" if seen.startswith(FORMULA) else value
    return value


def lines(listing, record):
    """Every row of the list; when the last one is given, `record` knows how many they were."""
    run = listing.run
    stamp = (run.as_of, run.basis, run.policy.version) if run else (None, None, None)
    count = 0
    for row in listing.rows.values_list(*COLUMNS.values()).iterator(CHUNK):
        yield [neutral(value) for value in (*row, *stamp)]
        count += 1
    Export.objects.filter(pk=record.pk).update(rows=count)


def record(listing, file_format):
    """Note who takes the list away, before the first row leaves."""
    return Export.objects.create(
        by=listing.user,
        subject="accounts",
        file_format=file_format,
        query=listing.query.urlencode(),
    )


class Line:
    """What csv.writer writes to: it hands the line back."""

    def write(self, text):
        return text


def csv_of(listing):
    """The file in pieces, as the database gives the rows."""
    kept = record(listing, Export.Format.CSV)
    return csv_text(HEADINGS, lines(listing, kept))


def csv_text(headings, rows):
    """A CSV file line by line; the mark lets spreadsheets read every script."""
    writer = csv.writer(Line())
    yield "\ufeff" + writer.writerow(headings)
    for row in rows:
        yield writer.writerow(written(value) for value in row)


def written(value):
    return f"{value:f}" if isinstance(value, Decimal) else value


def xlsx_of(listing):
    """The file, written row by row beside the memory."""
    kept = record(listing, Export.Format.XLSX)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(file, {"constant_memory": True, **plain})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = None
    for count, line in enumerate(lines(listing, kept)):
        if count % SHEET == 0:
            sheet = headed(book)
        for column, value in enumerate(line):
            put(sheet, count % SHEET + 1, column, value, day)
    if sheet is None:
        headed(book)
    book.close()
    file.seek(0)
    return file


def headed(book):
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 2)
    sheet.write_row(0, 0, HEADINGS)
    return sheet


def put(sheet, row, column, value, day):
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, day)
    elif isinstance(value, str):
        sheet.write_string(row, column, value)
    else:
        sheet.write_number(row, column, value)
