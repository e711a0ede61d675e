"""Takes a ledger in: staged by COPY, judged and stored by statements, all or nothing."""

import time
from dataclasses import asdict, dataclass, field
from typing import Any, BinaryIO

import pghistory
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.feeds.settling import settled
from accounts.importers import shapes
from accounts.importers.files import CannotRead, Table, read_table
from accounts.importers.reading import Reading
from accounts.importers.staging import (
    LISTED,
    STORING,
    Check,
    Problems,
    Way,
    complete_rejected,
    keep_rejected,
    rejected_rows,
    stage,
)
from accounts.models import LedgerEntry, LedgerImport, Source
from accounts.sql import run_file
from firm.models import Policy, User
from firm.today import today

LINE_COLUMNS = (
    "account_ref",
    "booked_on",
    "revenue",
    "cost",
    "currency",
    "document",
    "line",
    "product_line",
)
ACCOUNT_COLUMNS = (
    "account_name",
    "parent_ref",
    "industry",
    "country",
    "headcount",
    "owner",
)
COLUMNS = LINE_COLUMNS + ACCOUNT_COLUMNS
REQUIRED = ("account_ref", "booked_on", "revenue", "document")
KINDS = {"booked_on": "day", "revenue": "amount", "cost": "amount", "headcount": "whole"}
LENGTHS = {
    "account_ref": 64,
    "document": 64,
    "line": 32,
    "product_line": 200,
    "account_name": 200,
    "parent_ref": 64,
    "industry": 100,
    "country": 100,
    "owner": 64,
}
# One import of a ledger at a time: two files may hold the same new account.
LOCK = 0x4B414D01


@dataclass
class Report:
    """What became of a file. Counts are lines; `lines` counts identical rows once.

    lines = created + corrected + unchanged + rejected; `voided` counts stored lines that a
    whole document no longer has; `unassigned` and `unconverted` are among the stored ones.
    """

    lines: int = 0
    created: int = 0
    corrected: int = 0
    unchanged: int = 0
    voided: int = 0
    rejected: int = 0
    unassigned: int = 0
    unconverted: int = 0
    seconds: float = 0
    repeated: int = 0
    accounts_created: int = 0
    reporting_currency: str = ""
    ignored_columns: list[str] = field(default_factory=list)
    differences: int = 0
    different: list[dict[str, Any]] = field(default_factory=list)
    rejected_rows: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def import_ledger(
    stream: BinaryIO,
    *,
    source: str,
    file_name: str = "-",
    by: User | None = None,
    currency: str = "",
    strict: bool = False,
    dry_run: bool = False,
    whole_documents: bool = False,
) -> Report:
    """Take in the ledger in `stream` (method, section 1, Ledger and Currency).

    One transaction: a crash leaves nothing. Rejected rows hold up nothing, unless `strict`
    (then one rejected row stores nothing). `dry_run` does everything and rolls it back.
    `currency` sets the reporting currency while the ledger is empty. `whole_documents`
    voids stored lines of a sent document that the file lacks.
    Raises CannotRead where the file as a whole cannot be taken.
    """
    table = read_table(stream).settle(COLUMNS, REQUIRED)
    with transaction.atomic():
        imported = LedgerImport.objects.create(
            source=Source.objects.get_or_create(name=source)[0],
            file_name=file_name[:255],
            by=by,
            whole_documents=whole_documents,
            header=table.header,
        )
        way = Way(strict=strict, dry_run=dry_run)
        report = take_table(table, imported, currency, way)
        refused = strict and report.rejected
        if refused:
            report.created = report.corrected = report.unchanged = report.voided = 0
            report.notes.append(
                _("Nothing was stored: a row was rejected and --strict was given.")
            )
        imported.report, imported.finished_at = report.as_dict(), timezone.now()
        imported.save(update_fields=["report", "finished_at"])
        # The page of the import says this by itself.
        report.notes += [oddity.told for oddity in settled(imported, report, table.header)]
        if dry_run or refused:
            transaction.set_rollback(True)
    return report


def take_file(stream: BinaryIO, imported: LedgerImport, reading: Reading, way: Way) -> Report:
    """Take in the file of an import that is on record, as `reading` says.

    Its rejected rows are kept, whether or not the rest is stored. Raises CannotRead.
    """
    table = read_table(stream, reading).settle(COLUMNS, REQUIRED, KINDS)
    return take_table(table, imported, reading.currency, way)


def take_table(table: Table, imported: LedgerImport, currency: str, way: Way) -> Report:
    """Stage, judge and store the rows of `table`; where nothing is to be stored, take that
    back and keep the rejected rows alone."""
    began = time.monotonic()
    report = Report(ignored_columns=table.ignored)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute("SET LOCAL work_mem = '256MB'")
        run_file(cursor, "accounts/ledger/stage.sql")
        stage(cursor, table, COLUMNS, shape_check, kept=("document",), tell=way.tell)
        params = parameters(table, imported)
        report.repeated = run_file(cursor, "accounts/ledger/repeated.sql", params)
        run_file(cursor, "accounts/ledger/reject.sql", params)
        complete_rejected(cursor, way)
        way.tell(STORING, 0)
        with transaction.atomic(), pghistory.context(ledger_import=imported.pk):
            store(cursor, table, imported, report, params, currency)
            if way.stores_nothing(report.rejected):
                transaction.set_rollback(True)
        if report.rejected:
            keep_rejected(cursor, imported)
            report.rejected_rows = rejected_rows(cursor)
    report.seconds = round(time.monotonic() - began, 3)
    return report


def shape_check(columns: tuple[str, ...]) -> Check:
    """A check of one row's shapes: quick where nothing is wrong, in words where something is."""
    place = {name: at for at, name in enumerate(columns)}
    required = [place[name] for name in REQUIRED[1:]]
    optional = [place.get(name, -1) for name in ("cost", "currency", "headcount")]
    amount, day_problem = shapes.AMOUNT.fullmatch, shapes.day_problem
    currencies = shapes.CURRENCIES
    shortest = min(LENGTHS.values())

    def check(values: list[str]) -> Problems:
        booked_on, revenue, document = (values[at] for at in required)
        cost, currency, headcount = (values[at] if at >= 0 else "" for at in optional)
        if (
            document
            and amount(revenue)
            and (not cost or amount(cost))
            and not day_problem(booked_on)
            and (not currency or currency in currencies)
            and not headcount
            and len(max(values, key=len)) <= shortest
            and "\0" not in "".join(values)
        ):
            return []
        return shape_problems(dict.fromkeys(COLUMNS, "") | dict(zip(columns, values, strict=True)))

    return check


def shape_problems(row: dict[str, str]) -> Problems:
    """What is wrong with the single values of a row."""
    cost = row["cost"]
    found = [
        ("booked_on", shapes.day_problem(row["booked_on"])),
        ("revenue", shapes.amount_problem(row["revenue"])),
        ("cost", cost and shapes.amount_problem(cost)),
        ("currency", shapes.currency_problem(row["currency"])),
        ("document", "" if row["document"] else _("a document is needed: it names the line")),
        ("headcount", shapes.whole_number_problem(row["headcount"])),
        *((name, shapes.length_problem(row[name], longest)) for name, longest in LENGTHS.items()),
    ]
    return [shapes.problem(name, row[name], message) for name, message in found if message]


def parameters(table: Table, imported: LedgerImport) -> dict[str, Any]:
    """What the statements need to know of the file, and what they say of its rows."""
    return {
        "source": imported.source_id,
        "imported": imported.pk,
        "whole_documents": imported.whole_documents,
        "has_cost": "cost" in table.positions,
        "has_product_line": "product_line" in table.positions,
        "no_numbers": _("document %s has %s lines and no line numbers: number them"),
        "mixed_numbers": _("document %s is stored with other line numbers: send it whole"),
        "two_values": _("document %s line %s stands twice with different values: send one"),
        "loop": _("its parents form a loop: leave the topmost account's parent empty"),
    }


def store(
    cursor,
    table: Table,
    imported: LedgerImport,
    report: Report,
    params: dict[str, Any],
    currency: str,
) -> None:
    """Compare the staged rows with the ledger, and store what stands."""
    settle_currency(cursor, report, currency)
    params["currency"] = report.reporting_currency
    params["max_rate_age"] = Policy.objects.in_force(today()).max_rate_age
    run_file(cursor, "accounts/ledger/new_accounts.sql", params)
    if any(name in table.positions for name in ACCOUNT_COLUMNS):
        compare_accounts(cursor, report)
    report.accounts_created = create_accounts(cursor, params)
    run_file(cursor, "accounts/ledger/references.sql", params)
    report.corrected = run_file(cursor, "accounts/ledger/correct.sql", params)
    report.created = create_lines(cursor, params)
    if imported.whole_documents:
        report.voided = run_file(cursor, "accounts/ledger/void.sql", params)
    count_lines(cursor, report)


def settle_currency(cursor, report: Report, asked: str) -> None:
    """Set the reporting currency while the ledger is empty; refuse to change it after."""
    current = Policy.objects.in_force(today()).reporting_currency
    if shapes.currency_problem(asked):
        raise CannotRead(f"--currency {asked} {shapes.currency_problem(asked)}")
    if LedgerEntry.objects.exists():
        if asked and asked != current:
            raise CannotRead(
                _("The ledger is kept in %(current)s: its reporting currency cannot change.")
                % {"current": current}
            )
        report.reporting_currency = current
        return
    cursor.execute(
        "SELECT DISTINCT currency FROM stage WHERE problems IS NULL AND currency IS NOT NULL"
    )
    found = sorted(code for (code,) in cursor)
    if len(found) > 1 and not asked:
        raise CannotRead(
            _(
                "The file holds several currencies (%(found)s): "
                "name the reporting one with --currency."
            )
            % {"found": ", ".join(found)}
        )
    report.reporting_currency = asked or (found[0] if found else current)
    if report.reporting_currency != current:
        Policy.objects.update(reporting_currency=report.reporting_currency)
        report.notes.append(
            _("The reporting currency is now %(code)s.") % {"code": report.reporting_currency}
        )


def create_lines(cursor, params: dict[str, Any]) -> int:
    """Add the lines that the ledger does not hold yet."""
    cursor.execute("SELECT NOT EXISTS (SELECT FROM accounts_ledgerentry)")
    (is_empty,) = cursor.fetchone()
    if is_empty:
        # A plan for an empty table would look, at each line, through all that came before it.
        cursor.execute("SET LOCAL enable_nestloop = off")
    created = run_file(cursor, "accounts/ledger/create.sql", params)
    cursor.execute("SET LOCAL enable_nestloop TO DEFAULT")
    return created


def create_accounts(cursor, params: dict[str, Any]) -> int:
    """Make the accounts that the file names and we do not know, and their owners."""
    cursor.execute("SELECT DISTINCT owner FROM new_account WHERE owner_id IS NULL AND owner <> ''")
    make_placeholders([owner for (owner,) in cursor])
    return run_file(cursor, "accounts/ledger/create_accounts.sql", params)


def make_placeholders(refs: list[str]) -> None:
    """Users without a login, for sellers whom only a file has named."""
    User.objects.bulk_create(
        User(
            staff_ref=ref,
            name=ref,
            is_placeholder=True,
            is_active=False,
            password=make_password(None),
        )
        for ref in refs
    )


def compare_accounts(cursor, report: Report) -> None:
    """List where the newest lines describe known accounts otherwise than we do."""
    run_file(cursor, "accounts/ledger/differences.sql", {"today": today()})
    cursor.execute("SELECT count(*) FROM difference")
    report.differences = cursor.fetchone()[0]
    cursor.execute(
        "SELECT account_ref, field, ours, theirs FROM difference ORDER BY 1, 2 LIMIT %s",
        [LISTED],
    )
    names = ("account_ref", "field", "ours", "theirs")
    report.different = [dict(zip(names, row, strict=True)) for row in cursor]


def count_lines(cursor, report: Report) -> None:
    cursor.execute(
        """SELECT count(*), count(*) FILTER (WHERE problems IS NOT NULL),
                  count(*) FILTER (WHERE problems IS NULL AND account_ref IS NULL)
             FROM stage"""
    )
    report.lines, report.rejected, report.unassigned = cursor.fetchone()
    cursor.execute(
        """SELECT count(*) FROM stage
             JOIN rate USING (currency, booked_on)
            WHERE problems IS NULL AND rate.rate IS NULL"""
    )
    (report.unconverted,) = cursor.fetchone()
    report.unchanged = report.lines - report.rejected - report.created - report.corrected
