"""The account list as a file: the same rows, harmless in a spreadsheet, and on record."""

import csv
import io
import unicodedata
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from accounts.export import HEADINGS, neutral
from firm.models import Export
from tests.factories import AccountFactory, UserFactory
from tests.pages.test_accounts import names

EVIL = ["=1+1", " +1", "\t=1", "\n@x", "\u200b=1", "＝1", "\ufeff-1", "\x0b=cmd|' /C calc'!A0"]


def rows_of_csv(client, query=""):
    response = client.get(f"/accounts/export.csv?{query}")
    text = response.getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def rows_of_xlsx(client, query=""):
    response = client.get(f"/accounts/export.xlsx?{query}")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(response.getvalue())).get_sheet_by_index(0)
    head, *rows = sheet.to_python()
    return [dict(zip(head, row, strict=True)) for row in rows]


@pytest.mark.parametrize(
    "query",
    ["", "sort=-name", "q=turbine", "q=turbnie", "segment=vip", "sort=income&size=25&page=9"],
)
@pytest.mark.parametrize("read", [rows_of_csv, rows_of_xlsx])
def test_the_file_is_the_list(client, firm, read, query):
    AccountFactory(name="Quiet Client", owner=firm.owner)
    client.force_login(firm.owner)
    shown = names(client.get(f"/accounts/?{query}&page=1"))

    rows = read(client, query)

    assert [row["name"] for row in rows] == shown
    assert all(list(row) == HEADINGS for row in rows)


def test_figures_are_in_full_with_their_day_basis_and_policy(client, firm):
    client.force_login(firm.owner)

    row, _branch = rows_of_csv(client)
    same, _branch = rows_of_xlsx(client)

    assert Decimal(row["turnover"]) == same["turnover"] == 6000
    assert row["turnover"] == "6000.0000"
    assert (row["basis"], row["policy"]) == ("income", "1")
    assert row["as_of"] == str(firm.run.as_of) == str(same["as_of"])
    assert row["owner"] == "Olga Owner"
    assert row["department"] == "North"


def test_an_account_without_a_standing_is_in_it_with_empty_figures(client, firm):
    AccountFactory(name="Quiet Client", owner=firm.owner)
    client.force_login(firm.owner)

    row = rows_of_csv(client)[-1]

    assert (row["name"], row["turnover"], row["segment"]) == ("Quiet Client", "", "")
    assert row["as_of"] == str(firm.run.as_of)


def test_nothing_of_others_is_exported(client, firm):
    client.force_login(firm.stranger)

    assert [row["name"] for row in rows_of_csv(client)] == ["Silver Quarry"]
    assert [row["name"] for row in rows_of_csv(client, f"owner={firm.owner.pk}")] == [
        "Silver Quarry"
    ]


@pytest.mark.parametrize("read", [rows_of_csv, rows_of_xlsx])
def test_a_name_cannot_become_a_formula(client, firm, read):
    for number, name in enumerate(EVIL):
        AccountFactory(name=name, account_ref=f"E{number}", owner=firm.owner)
    client.force_login(firm.owner)

    found = {row["account_ref"]: row["name"] for row in read(client)}

    assert all(found[f"E{number}"].startswith("'") for number in range(len(EVIL)))


@given(st.text())
def test_no_text_reaches_a_spreadsheet_as_a_formula(text):
    seen = "".join(
        letter
        for letter in unicodedata.normalize("NFKC", neutral(text))
        if unicodedata.category(letter)[0] not in "CZ"
    )

    assert not seen.startswith(("=", "+", "-", "@"))
    assert neutral(text).removeprefix("'") == text or neutral(text) == text


@pytest.mark.parametrize("value", [-1, Decimal("-2.5"), None, True])
def test_what_is_no_text_stays_what_it_is(value):
    assert neutral(value) is value


def test_an_export_is_on_record(client, firm):
    client.force_login(firm.owner)

    rows_of_csv(client, "q=branch&sort=name")
    rows_of_xlsx(client)

    second, first = Export.objects.all()
    assert (first.by, first.subject, first.file_format) == (firm.owner, "accounts", "csv")
    assert (first.query, first.rows) == ("q=branch&sort=name", 1)
    assert (second.file_format, second.rows) == ("xlsx", 2)


def test_one_that_was_broken_off_has_no_number_of_rows(client, firm):
    client.force_login(firm.owner)

    pieces = iter(client.get("/accounts/export.csv").streaming_content)
    next(pieces)

    assert Export.objects.get().rows is None


@pytest.mark.parametrize("role", ["hunter", "closer", "farmer", "presale", "project_member"])
def test_who_does_not_work_with_figures_neither_exports_nor_is_offered_it(client, db, role):
    user = UserFactory(roles=[role])
    AccountFactory(owner=user)
    client.force_login(user)

    assert client.get("/accounts/export.csv").status_code == 403
    assert client.get("/accounts/export.xlsx").status_code == 403
    assert b"export.csv" not in client.get("/accounts/").content
    assert not Export.objects.exists()


def test_a_wrong_day_is_not_found_and_leaves_no_trace(client, firm):
    client.force_login(firm.owner)

    assert client.get("/accounts/export.csv?as_of=2001-01-01").status_code == 404
    assert not Export.objects.exists()


def test_more_rows_cost_no_more_queries(client, firm):
    client.force_login(firm.owner)
    with CaptureQueriesContext(connection) as few:
        rows_of_xlsx(client)
    for _more in range(20):
        AccountFactory(owner=firm.owner)

    with CaptureQueriesContext(connection) as many:
        assert len(rows_of_xlsx(client)) == 22
    assert len(many) == len(few)
