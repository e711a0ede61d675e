"""Big ledgers, made by the database in seconds or written as a file."""

import csv
import random
from datetime import date, timedelta
from pathlib import Path

from django.db import connection

from accounts.importers.ledger import LINE_COLUMNS

AS_OF = date(2025, 11, 30)
FIRST = AS_OF - timedelta(days=1094)

# Few accounts buy much: the cube makes a long tail, as in real ledgers.
LINES = """
INSERT INTO accounts_ledgerentry (source_id, document, line, account_id, booked_on,
                                  booked_revenue, booked_cost, currency, revenue, cost,
                                  imported_id)
SELECT %(source)s, 'D' || n, '1', %(first)s + floor(%(accounts)s * power(random(), 3)),
       %(from)s::date + floor(random() * 1095)::int, amount, round(amount * rate, 4), 'EUR',
       amount, round(amount * rate, 4), %(imported)s
  FROM (
    SELECT n, round((random() * 10000)::numeric, 2) AS amount,
           round((0.5 + random() * 0.6)::numeric, 2) AS rate
      FROM generate_series(%(start)s::int, %(end)s::int) AS n
  ) AS made
"""
ACCOUNTS = """
INSERT INTO accounts_account (account_ref, name, legal_name, tax_number, kind, industry,
                              country, close_reason, created_at)
SELECT 'C' || lpad(n::text, 6, '0'), 'Client ' || n, '', '', 'company', '', '', '', now()
  FROM generate_series(0, %(accounts)s - 1) AS n
"""


def make_accounts(count: int) -> int:
    """Make `count` accounts, every tenth a branch of the one before; give the first id."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute(ACCOUNTS, {"accounts": count})
        cursor.execute("SELECT min(id) FROM accounts_account")
        (first,) = cursor.fetchone()
        cursor.execute(
            "INSERT INTO accounts_parentage (account_id, parent_id, valid) "
            "SELECT id, id - 1, daterange(NULL, NULL) FROM accounts_account WHERE id % 10 = 0 "
            "AND id > (SELECT min(id) FROM accounts_account)"
        )
    return first


def make_lines(start: int, end: int, *, first: int, accounts: int, source: int, imported: int):
    """Book the lines `start` to `end` on the accounts, and let the planner know."""
    with connection.cursor() as cursor:
        cursor.execute(
            LINES,
            {
                "start": start,
                "end": end,
                "first": first,
                "accounts": accounts,
                "source": source,
                "imported": imported,
                "from": FIRST,
            },
        )
        cursor.execute("VACUUM ANALYZE accounts_ledgerentry")


def write_ledger(path: Path, lines: int, accounts: int) -> None:
    """A ledger file of `lines` lines with documents of three lines."""
    chance = random.Random(7)  # noqa: S311 - no secret
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(LINE_COLUMNS)
        for n in range(lines):
            amount = chance.randrange(1000, 900_000) / 100
            writer.writerow(
                [
                    f"C{int(accounts * chance.random() ** 3):06}",
                    FIRST + timedelta(days=chance.randrange(1095)),
                    f"{amount:.2f}",
                    f"{amount * 0.7:.4f}",
                    "EUR",
                    f"F{n // 3}",
                    n % 3 + 1,
                    f"Line {n % 17}",
                ]
            )
