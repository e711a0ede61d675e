"""Takes control totals in: what a source says that its months come to."""

import re
import time
from dataclasses import asdict, dataclass, field
from typing import Any, BinaryIO

import pghistory
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.importers import shapes
from accounts.importers.files import read_table
from accounts.importers.reading import Reading
from accounts.importers.staging import (
    Check,
    Problems,
    Way,
    complete_rejected,
    keep_rejected,
    rejected_rows,
    stage,
)
from accounts.models import LedgerImport
from accounts.sql import run_file
from firm.models import Policy
from firm.today import today

COLUMNS = ("month", "currency", "revenue", "lines")
REQUIRED = ("month", "revenue")
KINDS = {"revenue": "amount", "lines": "whole"}
MONTH = re.compile(r"(19|2[01])\d\d-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?", re.ASCII)


@dataclass
class Report:
    """What became of a file; rows = created + corrected + unchanged + rejected."""

    rows: int = 0
    created: int = 0
    corrected: int = 0
    unchanged: int = 0
    rejected: int = 0
    seconds: float = 0
    ignored_columns: list[str] = field(default_factory=list)
    rejected_rows: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def take_file(stream: BinaryIO, imported: LedgerImport, reading: Reading, way: Way) -> Report:
    """Store the control totals in the file of an import, for the import's source.

    Without a currency a total is in the reporting currency. Raises CannotRead.
    """
    table = read_table(stream, reading).settle(COLUMNS, REQUIRED, KINDS)
    began = time.monotonic()
    report = Report(ignored_columns=table.ignored)
    params = {
        "source": imported.source_id,
        "currency": Policy.objects.in_force(today()).reporting_currency,
        "twice": _("stands twice with different totals: send one"),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        run_file(cursor, "accounts/totals/stage.sql")
        stage(cursor, table, COLUMNS, shape_check, kept=("month",), tell=way.tell)
        run_file(cursor, "accounts/totals/judge.sql", params)
        complete_rejected(cursor, way)
        cursor.execute("SELECT count(*), count(problems) FROM stage")
        report.rows, report.rejected = cursor.fetchone()
        with transaction.atomic(), pghistory.context(ledger_import=imported.pk):
            run_file(cursor, "accounts/totals/store.sql", params)
            report.created, report.corrected = cursor.fetchone()
            if way.stores_nothing(report.rejected):
                transaction.set_rollback(True)
        report.unchanged = report.rows - report.rejected - report.created - report.corrected
        report.rejected_rows = rejected_rows(cursor)
        if report.rejected:
            keep_rejected(cursor, imported)
    report.seconds = round(time.monotonic() - began, 3)
    return report


def shape_check(columns: tuple[str, ...]) -> Check:
    """A check of one row's shapes, for the columns that the file has."""

    def check(values: list[str]) -> Problems:
        row = dict.fromkeys(COLUMNS, "") | dict(zip(columns, values, strict=True))
        found = [
            ("month", month_problem(row["month"])),
            ("currency", shapes.currency_problem(row["currency"])),
            ("revenue", shapes.amount_problem(row["revenue"])),
            ("lines", shapes.whole_number_problem(row["lines"])),
        ]
        return [shapes.problem(name, row[name], why) for name, why in found if why]

    return check


def month_problem(text: str) -> str:
    return "" if MONTH.fullmatch(text) else _("is no month: write it as 2024-02")
