"""Ledgers for tests: the example files, the golden portfolio, and small ones written in place."""

import gzip
import io
import json
from pathlib import Path

from accounts.importers.accounts import import_accounts
from accounts.importers.ledger import import_ledger
from segmentation.importers.judgement import JUDGEMENT

ROOT = Path(__file__).parent.parent
ADVENTUREWORKS = ROOT / "examples/adventureworks/ledger.csv.gz"
NORTHWIND = ROOT / "examples/northwind/ledger.csv.gz"
GOLDEN = ROOT / "tests/data/golden"
EXPECTED = ROOT / "tests/data/expected"
HEADER = "account_ref,booked_on,revenue,cost,currency,document,line"


def feed(path, **options):
    """Import a ledger file; give its report."""
    with path.open("rb") as stream:
        return import_ledger(stream, **{"source": "erp"} | options)


def feed_rows(*rows, header=HEADER, **options):
    """Import rows written as CSV lines; give the report."""
    text = "\n".join([header, *rows]) + "\n"
    return import_ledger(io.BytesIO(text.encode()), **{"source": "erp"} | options)


def feed_accounts(*rows, header):
    text = "\n".join([header, *rows]) + "\n"
    return import_accounts(io.BytesIO(text.encode()), extra=JUDGEMENT)


def feed_golden():
    """The portfolio that was worked out by hand."""
    feed(GOLDEN / "ledger.csv")
    with (GOLDEN / "accounts.csv").open("rb") as stream:
        import_accounts(stream, extra=JUDGEMENT)


def expected_summary(name):
    return json.loads((EXPECTED / f"{name}.json").read_text())


def expected_standings(name):
    """The text of the expected CSV, line ends included."""
    return gzip.decompress((EXPECTED / f"{name}.csv.gz").read_bytes()).decode()
