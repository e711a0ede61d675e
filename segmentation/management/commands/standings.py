import csv
from datetime import date

from django.core.management.base import BaseCommand
from django.db import connection

from firm.today import day_that_ended
from segmentation.computing import amount
from segmentation.nightly import worked_out

COLUMNS = (
    "account_ref",
    "group",
    "rank",
    "basis",
    "turnover",
    "income",
    "previous",
    "share",
    "abc",
    "core",
    "group_share",
    "band",
    "key",
    "trend",
    "prospects",
    "segment",
)
QUERY = """
SELECT result.ref, root.account_ref, rank, basis, turnover, income, previous, round(share, 6),
       abc, core, round(group_share, 6), band, key, trend, prospects, segment
  FROM night_result AS result
  JOIN accounts_account AS root ON root.id = result.group_id
 WHERE level = 'account'
 ORDER BY rank
"""


class Command(BaseCommand):
    help = "Print one CSV row an account of the population, computed from today's ledger."

    def add_arguments(self, parser):
        parser.add_argument("--as-of", type=date.fromisoformat, help="the last day that counts")

    def handle(self, *, as_of, **options):
        with worked_out(as_of or day_that_ended()), connection.cursor() as cursor:
            cursor.execute(QUERY)
            writer = csv.writer(self.stdout)
            writer.writerow(COLUMNS)
            for row in cursor:
                money = map(amount, row[3:7])
                writer.writerow([*row[:3], *money, *row[7:]])
