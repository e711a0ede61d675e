"""`make bench`: the night and the import against bare SQL and a bare COPY, in one run."""

import json
import os
import resource
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from kam_crm import keeper

ROOT = Path(__file__).parent.parent
ACCOUNTS = int(os.environ.get("KAM_BENCH_ACCOUNTS", "100000"))
LINES = int(os.environ.get("KAM_BENCH_LINES", "10000000"))
NAMES = int(os.environ.get("KAM_BENCH_NAMES", "1000000"))
FILE_LINES = int(os.environ.get("KAM_BENCH_FILE_LINES", "1000000"))
REPEATS = 3

# What somebody would write who wanted share, rank and class of each account and nothing else.
BARE_NIGHT = """
INSERT INTO bare_standing
WITH sums AS (
    SELECT account_id, sum(revenue) FILTER (WHERE booked_on > %(window)s) AS turnover,
           sum(revenue - cost) FILTER (WHERE booked_on > %(window)s) AS income,
           sum(revenue - cost) FILTER (WHERE booked_on <= %(window)s) AS previous
      FROM accounts_ledgerentry
     WHERE booked_on > %(previous)s
       AND booked_on <= %(as_of)s
     GROUP BY account_id
), placed AS (
    SELECT *, row_number() OVER ranked AS rank,
           sum(greatest(income, 0)) OVER ranked - greatest(income, 0) AS before,
           sum(greatest(income, 0)) OVER () AS total
      FROM sums
    WINDOW ranked AS (ORDER BY income DESC NULLS LAST, account_id ROWS UNBOUNDED PRECEDING)
)
SELECT account_id, turnover, income, previous, rank, before, income / nullif(total, 0),
       CASE WHEN before * 100 < 80 * total THEN 'A' WHEN before * 100 < 95 * total THEN 'B'
            ELSE 'C' END
  FROM placed
"""
BARE_TABLE = """
CREATE TABLE bare_standing (
    account_id bigint PRIMARY KEY, turnover numeric, income numeric, previous numeric,
    rank integer, before numeric, share numeric, abc text
)
"""


def seconds(act):
    began = time.monotonic()
    act()
    return time.monotonic() - began


def bare_night(as_of):
    from django.db import connection, transaction

    from segmentation.windows import months_before

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'; SET LOCAL jit = off")
        cursor.execute("TRUNCATE bare_standing")
        cursor.execute(
            BARE_NIGHT,
            {
                "as_of": as_of,
                "window": months_before(as_of, 12),
                "previous": months_before(as_of, 24),
            },
        )


def measure_night(lines):
    """Medians of a bare statement and of whole nights, each of a new day."""
    from bench.data import AS_OF
    from segmentation.nightly import recompute

    bare, whole, steps = [], [], []
    recompute(AS_OF - timedelta(days=REPEATS))
    for days in reversed(range(REPEATS)):
        day = AS_OF - timedelta(days=days)
        bare.append(seconds(lambda day=day: bare_night(day)))
        began = time.monotonic()
        steps.append(recompute(day).steps)
        whole.append(time.monotonic() - began)
    return {
        "lines": lines,
        "bare": statistics.median(bare),
        "night": statistics.median(whole),
        "ratio": statistics.median(whole) / statistics.median(bare),
        "steps": steps[-1],
        "worker_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def measure_import(folder):
    """A bare COPY of the same lines into a table with the same indexes, then the import."""
    from accounts.importers.ledger import import_ledger
    from bench.data import write_ledger

    path = Path(folder) / "ledger.csv"
    write_ledger(path, FILE_LINES, ACCOUNTS)

    def take():
        with path.open("rb") as stream:
            import_ledger(stream, source="file")

    first = seconds(take)
    bare = seconds_of_copy(folder)
    replay = seconds(take)
    return {
        "lines": FILE_LINES,
        "bare": bare,
        "import": first,
        "replay": replay,
        "ratio": bare / first,
        "replay_ratio": bare / replay,
    }


def seconds_of_copy(folder):
    """The imported lines again, by nothing but COPY, into an empty table with the same indexes."""
    from django.db import connection

    path = Path(folder) / "bare.copy"
    with connection.cursor() as cursor:
        with (
            path.open("wb") as out,
            cursor.copy(
                "COPY (SELECT * FROM accounts_ledgerentry WHERE source_id = "
                "(SELECT id FROM accounts_source WHERE name = 'file')) TO STDOUT"
            ) as rows,
        ):
            for block in rows:
                out.write(block)
        cursor.execute(
            "CREATE TABLE bare_entry "
            "(LIKE accounts_ledgerentry INCLUDING INDEXES INCLUDING IDENTITY)"
        )

        def copy():
            with path.open("rb") as stream, cursor.copy("COPY bare_entry FROM STDIN") as target:
                while block := stream.read(1 << 20):
                    target.write(block)

        return seconds(copy)


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kam_crm.settings")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["KAM_DATA"] = folder
        with keeper.servers(Path(folder)):
            import django
            from django.core.management import call_command
            from django.db import connection

            django.setup()
            call_command("migrate", verbosity=0)
            with connection.cursor() as cursor:
                cursor.execute(BARE_TABLE)
            result = measure(folder)
    report(result)


def measure(folder):
    from accounts.models import LedgerImport, Source
    from bench.data import make_accounts, make_lines

    source = Source.objects.create(name="made")
    imported = LedgerImport.objects.create(source=source, file_name="made")
    first = make_accounts(ACCOUNTS)
    tell("import")
    result = {"import": measure_import(folder), "nights": []}
    booked = 0
    for lines in (LINES // 10, LINES):
        tell(f"night of {lines} lines")
        make_lines(
            booked + 1,
            lines,
            first=first,
            accounts=ACCOUNTS,
            source=source.pk,
            imported=imported.pk,
        )
        booked = lines
        result["nights"].append(measure_night(lines))
    result["pages"] = measure_pages(first)
    return result


def measure_pages(first):
    from bench.api import api_rows
    from bench.names import search_rows
    from bench.pages import page_rows

    tell("pages")
    rows = page_rows(first, ACCOUNTS) + api_rows(ACCOUNTS)
    tell("search")
    return rows + search_rows(NAMES)


def tell(what):
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {what}\n")


def report(result):
    """Print a table, keep the figures as JSON, and write docs/benchmarks.md."""
    small, large = result["nights"]
    taken = result["import"]
    rows = [
        (
            "nightly run, whole",
            f"{ACCOUNTS:,} accounts, {large['lines']:,} lines",
            f"{large['night']:.2f} s",
            f"{large['bare']:.2f} s",
            f"{large['ratio']:.2f} x",
            "≤ 2.0 x",
        ),
        (
            "nightly run, growth",
            f"{small['lines']:,} to {large['lines']:,} lines",
            f"{large['night']:.2f} s",
            f"{small['night']:.2f} s",
            f"{large['night'] / small['night']:.2f} x",
            "≤ 10 x",
        ),
        ("memory of the worker", "the same", f"{large['worker_mb']} MB", "", "", "< 300 MB"),
        (
            "ledger import",
            f"{taken['lines']:,} lines",
            f"{taken['import']:.2f} s",
            f"{taken['bare']:.2f} s",
            f"{taken['ratio']:.2f} x",
            "must 0.33, aim 0.5 x",
        ),
        (
            "replay of the same file",
            f"{taken['lines']:,} lines",
            f"{taken['replay']:.2f} s",
            f"{taken['bare']:.2f} s",
            f"{taken['replay_ratio']:.2f} x",
            "≥ the import",
        ),
        *result["pages"],
    ]
    head = "| what | at | measured | against | ratio | must reach |\n|---|---|---|---|---|---|\n"
    table = head + "".join(f"| {' | '.join(row)} |\n" for row in rows)
    steps = ", ".join(f"{name} {spent:.2f}" for name, spent in large["steps"].items())
    text = (
        "# Benchmarks\n\nWritten by `make bench`: medians of three, ratios within one run on one "
        "machine. The night stands against one bare statement that computes share, rank and class "
        "and inserts a row an account; the import against a bare COPY of its lines into a table "
        f"with the same indexes.\n\n{table}\nSteps of the large night, in seconds: {steps}.\n"
    )
    (ROOT / "docs" / "benchmarks.md").write_text(text)
    (ROOT / "build" / "bench.json").write_text(json.dumps(result, indent=1))
    sys.stdout.write(table)


if __name__ == "__main__":
    main()
