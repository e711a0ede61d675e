"""Compares a file with the files before it: what is unlike them is said, and stops nothing."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models import ImportFigures, LedgerImport
from accounts.sql import statement
from firm.sentences import sentence
from firm.today import today

# What is usual: the middle of so many files of the same source.
REMEMBERED = 12
# Of columns and amounts one file before says enough; of length, days and shares so many do.
ENOUGH = 3
# A slip of the decimal mark is a hundredfold; a change of business rarely fiftyfold.
AMOUNT_FACTOR = 50
# A file is far shorter or longer from this factor on.
ROWS_FACTOR = 5
# Lines so many days older than usual are from another time; and so many days newer.
DAYS_BEFORE = 31
DAYS_AFTER = 7
# Rejected and unassigned rows: by so many times the usual share, and by so much of the file.
SHARE_FACTOR = 3
SHARE_MORE = 0.05
# A hundred thousand rows tell the middle of a million.
SAMPLED = 100_000

NUMBERS = (
    (_("files that say what is usual, at most"), REMEMBERED),
    (_("files before length, days and shares are compared"), ENOUGH),
    (_("times larger or smaller than the usual amount"), AMOUNT_FACTOR),
    (_("times more or fewer rows than usual"), ROWS_FACTOR),
    (_("days older than the oldest line usually is"), DAYS_BEFORE),
    (_("days newer than the newest line usually is"), DAYS_AFTER),
    (_("times the usual share of rejected or unassigned rows"), SHARE_FACTOR),
    (_("percent of the file more than usual, rejected or unassigned"), round(SHARE_MORE * 100)),
)

NEW_COLUMNS = gettext_noop("%(file)s has columns that the file before had not: %(names)s.")
MISSING_COLUMNS = gettext_noop("%(file)s lacks columns that the file before had: %(names)s.")
LARGER = gettext_noop(
    "In %(file)s amounts in %(currency)s are %(times)s times as large as usual: "
    "the middle one is %(here)s, usually %(usual)s."
)
SMALLER = gettext_noop(
    "In %(file)s amounts in %(currency)s are %(times)s times smaller than usual: "
    "the middle one is %(here)s, usually %(usual)s."
)
SHORTER = gettext_noop(
    "%(file)s is far shorter than usual. Rows: %(here)s, usually about %(usual)s."
)
LONGER = gettext_noop(
    "%(file)s is far longer than usual. Rows: %(here)s, usually about %(usual)s."
)
OLDER = gettext_noop(
    "%(file)s has lines from before %(limit)s, older than usual: "
    "%(lines)s of them, the first of %(day)s."
)
NEWER = gettext_noop(
    "%(file)s has lines from after %(limit)s, newer than usual: "
    "%(lines)s of them, the last of %(day)s."
)
REJECTED = gettext_noop(
    "In %(file)s far more rows than usual are rejected: %(here)s %%, usually %(usual)s %%."
)
UNASSIGNED = gettext_noop(
    "In %(file)s far more rows than usual have no account: %(here)s %%, usually %(usual)s %%."
)


@dataclass(frozen=True)
class Oddity:
    """What is unlike the files before, with its numbers; `is_grave` may make figures wrong."""

    text: str
    facts: dict[str, Any]
    is_grave: bool = False

    @property
    def told(self) -> str:
        """The oddity as a sentence in the reader's language."""
        return sentence(self.text, self.facts)

    @property
    def severity(self) -> int:
        return 3 if self.is_grave else 2


def kept(figures: ImportFigures) -> list[Oddity]:
    """The oddities that stand with an import."""
    return [Oddity(**each) for each in figures.oddities]


def look_at(imported: LedgerImport, report: Any, columns: list[str]) -> list[Oddity]:
    """Measure the file that `report` is about and keep what it looks like, with what is odd.

    Runs in the transaction of the import, before the stage is gone. Gives what is odd.
    """
    figures = measured(imported, report, columns)
    figures.oddities = []
    found = compare(figures, former(imported))
    figures.oddities = [asdict(each) for each in found]
    figures.save()
    return found


def measured(imported: LedgerImport, report: Any, columns: list[str]) -> ImportFigures:
    """The figures of the staged file; of anything but a ledger its rows and columns alone."""
    rows = report.lines if hasattr(report, "lines") else report.rows
    figures = ImportFigures(
        imported=imported,
        columns=columns,
        rows=rows,
        rejected=report.rejected,
        unassigned=getattr(report, "unassigned", 0),
    )
    if imported.target == LedgerImport.Target.LEDGER:
        every = max(1, rows // SAMPLED)
        params = {"currency": report.reporting_currency, "every": every}
        with connection.cursor() as cursor:
            cursor.execute(statement("accounts/feeds/days.sql"))
            figures.first_day, figures.last_day = cursor.fetchone()
            cursor.execute(statement("accounts/feeds/medians.sql"), params)
            figures.medians = {code: str(middle) for code, middle in cursor}
    return figures


def former(imported: LedgerImport) -> list[ImportFigures]:
    """The figures of the newest files of the same source that stand, the newest first."""
    deliveries = LedgerImport.objects.filter(
        source=imported.source_id,
        target=imported.target,
        state=LedgerImport.State.DONE,
        mended_rows=None,
    )
    others = deliveries.exclude(pk=imported.pk)
    found = ImportFigures.objects.filter(imported__in=others).select_related("imported")
    return list(found.order_by("-pk")[:REMEMBERED])


def compare(figures: ImportFigures, before: list[ImportFigures]) -> list[Oddity]:
    """What is odd about a file, the grave first. Nothing is, of the first of a source."""
    if not before:
        return []
    found = [*columns_apart(figures, before[0]), *amounts_apart(figures, before)]
    if len(before) >= ENOUGH:
        found += [
            *length_apart(figures, before),
            *days_apart(figures, before),
            *shares_apart(figures, before),
        ]
    return sorted(found, key=lambda oddity: not oddity.is_grave)


def columns_apart(figures: ImportFigures, before: ImportFigures):
    here, there = plain(figures.columns), plain(before.columns)
    about = {"file": figures.imported.file_name}
    # Imports of before columns were kept have none.
    if not here or not there:
        return
    if missing := [name for key, name in there.items() if key not in here]:
        yield Oddity(MISSING_COLUMNS, about | {"names": listed(missing)})
    if new := [name for key, name in here.items() if key not in there]:
        yield Oddity(NEW_COLUMNS, about | {"names": listed(new)})


def plain(columns: list[str]) -> dict[str, str]:
    return {name.strip().casefold(): name.strip() for name in columns}


def listed(names: list[str]) -> str:
    text = ", ".join(names)
    return text if len(text) <= 300 else f"{text[:300]}…"


def amounts_apart(figures: ImportFigures, before: list[ImportFigures]):
    for currency, text in sorted(figures.medians.items()):
        known = [Decimal(old.medians[currency]) for old in before if currency in old.medians]
        if not known:
            continue
        here, usual = Decimal(text), median(known)
        larger, smaller = here / usual, usual / here
        if max(larger, smaller) < AMOUNT_FACTOR:
            continue
        yield Oddity(
            LARGER if larger > smaller else SMALLER,
            {
                "file": figures.imported.file_name,
                "currency": currency,
                "times": round(float(max(larger, smaller)), 1),
                "here": float(here),
                "usual": float(usual),
            },
            is_grave=True,
        )


def length_apart(figures: ImportFigures, before: list[ImportFigures]):
    usual = median(old.rows for old in before)
    facts = {"file": figures.imported.file_name, "here": figures.rows, "usual": round(usual)}
    if figures.rows * ROWS_FACTOR <= usual:
        yield Oddity(SHORTER, facts)
    elif figures.rows >= usual * ROWS_FACTOR and usual:
        yield Oddity(LONGER, facts)


def days_apart(figures: ImportFigures, before: list[ImportFigures]):
    """Days are counted from the day on which each file was taken in."""
    known = [old for old in before if old.first_day]
    if not figures.first_day or len(known) < ENOUGH:
        return
    age = median((taken_on(old) - old.first_day).days for old in known)
    lead = median((old.last_day - taken_on(old)).days for old in known)
    earliest = today() - timedelta(days=int(age) + DAYS_BEFORE)
    latest = today() + timedelta(days=max(int(lead), 0) + DAYS_AFTER)
    about = {"file": figures.imported.file_name}
    if figures.first_day < earliest:
        facts = {"limit": earliest.isoformat(), "day": figures.first_day.isoformat()}
        yield Oddity(OLDER, about | facts | {"lines": lines_outside(earliest, None)})
    if figures.last_day > latest:
        facts = {"limit": latest.isoformat(), "day": figures.last_day.isoformat()}
        yield Oddity(NEWER, about | facts | {"lines": lines_outside(None, latest)})


def taken_on(figures: ImportFigures) -> date:
    return figures.imported.started_at.date()


def lines_outside(earliest: date | None, latest: date | None) -> int:
    params = {"earliest": earliest, "latest": latest}
    with connection.cursor() as cursor:
        cursor.execute(statement("accounts/feeds/outside.sql"), params)
        return cursor.fetchone()[0]


def shares_apart(figures: ImportFigures, before: list[ImportFigures]):
    for name, text in (("rejected", REJECTED), ("unassigned", UNASSIGNED)):
        here = share(figures, name)
        usual = median(share(old, name) for old in before)
        if here >= usual * SHARE_FACTOR and here >= usual + SHARE_MORE:
            yield Oddity(
                text,
                {
                    "file": figures.imported.file_name,
                    "here": round(100 * here, 1),
                    "usual": round(100 * usual, 1),
                },
            )


def share(figures: ImportFigures, name: str) -> float:
    return getattr(figures, name) / figures.rows if figures.rows else 0.0


def columns_odd_in(imported: LedgerImport) -> list[Oddity]:
    """What can be said of a file of which only the header is read."""
    before = former(imported)[:1]
    draft = ImportFigures(imported=imported, columns=imported.header)
    return list(columns_apart(draft, before[0])) if before else []
