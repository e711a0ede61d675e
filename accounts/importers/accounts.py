"""Takes accounts in: what they are, whose they are, and from when."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, BinaryIO

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.importers import shapes
from accounts.importers.files import Table, read_table
from accounts.importers.ledger import LOCK, make_placeholders
from accounts.importers.reading import Reading
from accounts.importers.staging import (
    STORING,
    Check,
    Problems,
    Way,
    complete_rejected,
    keep_rejected,
    rejected_rows,
    stage,
)
from accounts.models import Account, LedgerImport
from accounts.sql import run_file, statement
from firm.today import today

TEXTS = {
    "account_ref": 64,
    "account_name": 200,
    "legal_name": 200,
    "tax_number": 64,
    "kind": 16,
    "industry": 100,
    "country": 100,
    "parent_ref": 64,
    "owner": 64,
    "previous_owner": 64,
    "department": 64,
    "close_reason": 2000,
}
DAYS = ("parent_from", "owner_from", "department_from", "closed_on")
COLUMNS = (*TEXTS, *DAYS, "headcount")
REQUIRED = ("account_ref",)
KINDS = dict.fromkeys(DAYS, "day") | {"headcount": "whole"}
# What is dated: the table, its column, the column of the file with the day, and who was before.
DATED = {
    "ownership": ("owner_id", "owner_from", "previous_owner_id"),
    "parentage": ("parent_id", "parent_from", "NULL::bigint"),
    "placement": ("department_id", "department_from", "NULL::bigint"),
}


@dataclass(frozen=True)
class Extra:
    """More columns of the same file, kept by a higher room."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    check: Callable[[dict[str, str]], Problems]
    store: Callable[[Any], int]
    # Which of them are days, amounts or whole numbers.
    kinds: dict[str, str] = field(default_factory=dict)


@dataclass
class Report:
    """What became of a file; counts are rows, that is accounts.

    rows = created + updated + unchanged + rejected.
    """

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    seconds: float = 0
    departments_created: list[str] = field(default_factory=list)
    placeholders_created: list[str] = field(default_factory=list)
    ignored_columns: list[str] = field(default_factory=list)
    rejected_rows: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def import_accounts(
    stream: BinaryIO, *, extra: Extra, strict: bool = False, dry_run: bool = False
) -> Report:
    """Create and update accounts from a table with `account_ref` and any other column.

    An empty cell keeps what is there. An empty date means from the beginning, unless the
    account's history already has dated changes: then from today, so that none is lost. With
    `previous_owner` the row tells the whole history of ownership. One transaction.
    Raises CannotRead where the file as a whole cannot be taken.
    """
    columns = COLUMNS + extra.columns
    table = read_table(stream).settle(columns, REQUIRED)
    return take_table(table, extra, Way(strict=strict, dry_run=dry_run))


def take_file(
    stream: BinaryIO, imported: LedgerImport, reading: Reading, way: Way, *, extra: Extra
) -> Report:
    """Take in the file of an import that is on record, as `reading` says.

    Its rejected rows are kept, whether or not the rest is stored. Raises CannotRead.
    """
    columns = COLUMNS + extra.columns
    table = read_table(stream, reading).settle(columns, REQUIRED, KINDS | extra.kinds)
    return take_table(table, extra, way, imported)


def take_table(
    table: Table, extra: Extra, way: Way, imported: LedgerImport | None = None
) -> Report:
    """Stage, judge and store the rows of `table`; where nothing is to be stored, take that
    back and keep the rejected rows of `imported` alone."""
    began = time.monotonic()
    report = Report(ignored_columns=table.ignored)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        create_stage(cursor, extra)
        columns = COLUMNS + extra.columns
        stage(cursor, table, columns, checker(extra), kept=REQUIRED, tell=way.tell)
        judge(cursor)
        complete_rejected(cursor, way)
        way.tell(STORING, 0)
        with transaction.atomic():
            report.departments_created = create_departments(cursor)
            report.placeholders_created = create_owners(cursor)
            store(cursor, extra, report)
            if way.stores_nothing(report.rejected):
                transaction.set_rollback(True)
        report.rejected_rows = rejected_rows(cursor)
        if imported and report.rejected:
            keep_rejected(cursor, imported)
    report.seconds = round(time.monotonic() - began, 3)
    return report


def create_stage(cursor, extra: Extra) -> None:
    typed = [
        *(f"{name} text" for name in TEXTS),
        *(f"{name} date" for name in DAYS),
        "headcount integer",
        *(f"{name} {kind}" for name, kind in zip(extra.columns, extra.types, strict=True)),
    ]
    cursor.execute(
        "DROP TABLE IF EXISTS pg_temp.stage CASCADE;"
        f"CREATE TEMP TABLE stage (n integer, {', '.join(typed)}, problems jsonb, raw jsonb,"
        " account_id bigint, parent_id bigint, owner_id bigint, previous_owner_id bigint,"
        " department_id bigint, is_new boolean, is_changed boolean DEFAULT false)"
        " ON COMMIT DROP"
    )


def checker(extra: Extra) -> Callable[[tuple[str, ...]], Check]:
    """Makes the check of one row's shapes, with that of the higher room."""
    every = dict.fromkeys(COLUMNS + extra.columns, "")

    def check_of(columns: tuple[str, ...]) -> Check:
        def check(values: list[str]) -> Problems:
            row = every | dict(zip(columns, values, strict=True))
            return shape_problems(row) + extra.check(row)

        return check

    return check_of


def shape_problems(row: dict[str, str]) -> Problems:
    """What is wrong with the single values of a row."""
    found = [
        *((name, shapes.length_problem(row[name], longest)) for name, longest in TEXTS.items()),
        *((name, row[name] and shapes.day_problem(row[name])) for name in DAYS),
        ("account_ref", "" if row["account_ref"] else _("a reference is needed")),
        ("headcount", shapes.whole_number_problem(row["headcount"])),
        ("kind", kind_problem(row["kind"])),
        ("close_reason", close_problem(row)),
        ("previous_owner", previous_problem(row)),
    ]
    return [shapes.problem(name, row[name], why) for name, why in found if why]


def kind_problem(kind: str) -> str:
    if not kind or kind in Account.Kind.values:
        return ""
    return _("is none of %(kinds)s") % {"kinds": ", ".join(Account.Kind.values)}


def close_problem(row: dict[str, str]) -> str:
    if bool(row["closed_on"]) == bool(row["close_reason"]):
        return ""
    return _("closing an account needs a day and a reason: give both or neither")


def previous_problem(row: dict[str, str]) -> str:
    if not row["previous_owner"] or (row["owner"] and row["owner_from"]):
        return ""
    return _("a previous owner needs the owner who followed, and owner_from")


def judge(cursor) -> None:
    """Reject rows that contradict each other or form a loop of parents."""
    run_file(
        cursor,
        "accounts/accounts/judge.sql",
        {
            "twice": _("stands twice with different values: send one row an account"),
            "loop": _("its parents form a loop: leave the topmost account's parent empty"),
            "today": today(),
        },
    )


def create_departments(cursor) -> list[str]:
    run_file(cursor, "accounts/accounts/departments.sql")
    return sorted(code for (code,) in cursor.fetchall())


def create_owners(cursor) -> list[str]:
    """Placeholders for owners who are no users, in the department of their accounts."""
    run_file(cursor, "accounts/accounts/unknown_owners.sql")
    refs = sorted(ref for (ref,) in cursor.fetchall())
    make_placeholders(refs)
    run_file(cursor, "accounts/accounts/placeholder_departments.sql")
    return refs


def store(cursor, extra: Extra, report: Report) -> None:
    run_file(cursor, "accounts/accounts/store.sql")
    for table, (column, day, previous) in DATED.items():
        # Names come from DATED above, never from a file.
        sql = statement("accounts/accounts/dated.sql").format(
            table=f"accounts_{table}", column=column, day=day, previous=previous
        )
        cursor.execute(sql, {"today": today()})
    extra.store(cursor)
    cursor.execute(
        """SELECT count(*), count(*) FILTER (WHERE is_new AND problems IS NULL),
                  count(*) FILTER (WHERE is_changed AND NOT is_new AND problems IS NULL),
                  count(*) FILTER (WHERE problems IS NOT NULL)
             FROM stage"""
    )
    report.rows, report.created, report.updated, report.rejected = cursor.fetchone()
    report.unchanged = report.rows - report.created - report.updated - report.rejected
