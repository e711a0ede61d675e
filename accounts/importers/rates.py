"""Takes exchange rates in: dated, corrected by sending them again."""

import re
import time
from dataclasses import asdict, dataclass, field
from typing import Any, BinaryIO

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.importers import shapes
from accounts.importers.files import Table, read_table
from accounts.importers.reading import Reading
from accounts.importers.staging import (
    Problems,
    Way,
    complete_rejected,
    keep_rejected,
    rejected_rows,
    stage,
)
from accounts.models import LedgerImport
from accounts.sql import run_file

COLUMNS = ("currency", "day", "rate")
KINDS = {"day": "day", "rate": "amount"}
RATE = re.compile(r"\d{1,10}(\.\d{1,10})?", re.ASCII)


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


def import_rates(stream: BinaryIO, *, dry_run: bool = False) -> Report:
    """Store rates: units of the reporting currency for one unit of `currency`, from `day` on.

    Lines that waited for a rate are converted by the next run; those of a corrected rate again,
    at once. One transaction. Raises CannotRead.
    """
    return take_table(read_table(stream).settle(COLUMNS, COLUMNS), Way(dry_run=dry_run))


def take_file(stream: BinaryIO, imported: LedgerImport, reading: Reading, way: Way) -> Report:
    """Store the rates in the file of an import that is on record, as `reading` says.

    Its rejected rows are kept, whether or not the rest is stored. Raises CannotRead.
    """
    table = read_table(stream, reading).settle(COLUMNS, COLUMNS, KINDS)
    return take_table(table, way, imported)


def take_table(table: Table, way: Way, imported: LedgerImport | None = None) -> Report:
    began = time.monotonic()
    report = Report(ignored_columns=table.ignored)
    with transaction.atomic(), connection.cursor() as cursor:
        run_file(cursor, "accounts/rates/stage.sql")
        stage(cursor, table, COLUMNS, lambda _present: check, kept=("currency",), tell=way.tell)
        run_file(
            cursor,
            "accounts/rates/judge.sql",
            {"twice": _("stands twice with different rates: send one")},
        )
        complete_rejected(cursor, way)
        cursor.execute("SELECT count(*), count(problems) FROM stage")
        report.rows, report.rejected = cursor.fetchone()
        with transaction.atomic():
            run_file(cursor, "accounts/rates/store.sql")
            report.created, corrected = cursor.fetchone()
            report.corrected = len(corrected)
            convert_again(cursor, corrected)
            if way.stores_nothing(report.rejected):
                transaction.set_rollback(True)
        report.unchanged = report.rows - report.rejected - report.created - report.corrected
        report.rejected_rows = rejected_rows(cursor)
        if imported and report.rejected:
            keep_rejected(cursor, imported)
    report.seconds = round(time.monotonic() - began, 3)
    return report


def convert_again(cursor, rates: list[int]) -> int:
    """Give the lines that were converted at `rates`, by key, what those say now; how many."""
    if not rates:
        return 0
    return run_file(cursor, "accounts/rates/convert_again.sql", {"rates": rates})


def check(values: list[str]) -> Problems:
    currency, day, rate = values
    found = [
        ("currency", currency, shapes.currency_problem(currency) or needed(currency)),
        ("day", day, shapes.day_problem(day)),
        ("rate", rate, rate_problem(rate)),
    ]
    return [shapes.problem(name, value, why) for name, value, why in found if why]


def needed(text: str) -> str:
    return "" if text else _("is needed")


def rate_problem(text: str) -> str:
    if RATE.fullmatch(text) and text.strip("0."):
        return ""
    return _("is no rate greater than zero with at most ten decimals: write it as 0.9234")
