"""What must be true of the stored data, asked again of every row."""

from collections.abc import Iterator

import pghistory.models
from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import LedgerImport, Ownership, Parentage, Placement
from firm.models import Policy
from firm.today import today
from segmentation.computing import work_out
from segmentation.models import GroupStanding, Run, Standing

# What follows from the ledger and the policy alone; people change the rest between nights.
FIGURES = (
    "turnover",
    "income",
    "previous_turnover",
    "previous_income",
    "basis",
    "rank",
    "share",
    "abc",
    "core",
    "purchase_months",
    "last_purchase_on",
)
TAKEN = (LedgerImport.State.DONE, LedgerImport.State.UNDONE)
MISCONVERTED = """
SELECT count(*)
  FROM accounts_ledgerentry AS entry
  LEFT JOIN accounts_exchangerate AS rate
    ON rate.currency = entry.currency AND rate.day = entry.rate_on
 WHERE entry.withdrawn_at IS NULL
   AND CASE WHEN entry.currency = %(currency)s
            THEN (entry.revenue, entry.cost)
                 IS DISTINCT FROM (entry.booked_revenue, entry.booked_cost)
            ELSE entry.revenue IS NOT NULL
             AND (rate.rate IS NULL
                  OR entry.rate_on > entry.booked_on
                  OR (entry.revenue, entry.cost)
                     IS DISTINCT FROM (round(entry.booked_revenue * rate.rate, 4),
                                       round(entry.booked_cost * rate.rate, 4)))
       END
"""


def faults() -> Iterator[str]:
    """One sentence for each thing that is wrong."""
    for check in (misconverted_lines, overlaps, orphans, stale_standings):
        yield from check()


def count(statement: str, params=None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchone()[0]


def misconverted_lines() -> Iterator[str]:
    """Reporting amounts that do not follow from booked amounts and rates."""
    currency = Policy.objects.in_force(today()).reporting_currency
    if lines := count(MISCONVERTED, {"currency": currency}):
        yield _("Ledger: the amounts of %(lines)d lines do not follow from their rates.") % {
            "lines": lines
        }


def overlaps() -> Iterator[str]:
    """Two owners, parents or departments of an account on one day."""
    for model in (Ownership, Parentage, Placement):
        table = model._meta.db_table
        pairs = count(
            f"SELECT count(*) FROM {table} AS one JOIN {table} AS other "  # noqa: S608
            "ON one.account_id = other.account_id AND one.id < other.id "
            "AND one.valid && other.valid"
        )
        if pairs:
            yield _("%(table)s: %(pairs)d pairs of rows overlap.") % {
                "table": table,
                "pairs": pairs,
            }


def orphans() -> Iterator[str]:
    """Rows that refer to a row that is gone. Events outlive what they are about."""
    tables = connection.introspection.table_names()
    for model in apps.get_models():
        if issubclass(model, pghistory.models.Event) or model._meta.db_table not in tables:
            continue
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey):
                yield from orphans_of(model, field)


def orphans_of(model, field) -> Iterator[str]:
    quote = connection.ops.quote_name
    target = field.target_field
    lost = count(
        f"SELECT count(*) FROM {quote(model._meta.db_table)} AS child "  # noqa: S608
        f"WHERE child.{quote(field.column)} IS NOT NULL AND NOT EXISTS ("
        f"SELECT FROM {quote(target.model._meta.db_table)} AS parent "
        f"WHERE parent.{quote(target.column)} = child.{quote(field.column)})"
    )
    if lost:
        yield _("%(table)s.%(column)s: %(lost)d rows refer to nothing.") % {
            "table": model._meta.db_table,
            "column": field.column,
            "lost": lost,
        }


def stale_standings() -> Iterator[str]:
    """Standings that a recompute of their day would not give. What came later is no fault."""
    run = Run.objects.newest()
    if run is None or booked_since(run):
        return
    with transaction.atomic():
        work_out(run.as_of, policy=run.policy, run=run.pk)
        for model, level, key in (
            (Standing, "account", "account_id"),
            (GroupStanding, "group", "group_id"),
        ):
            if rows := differences(model, level, key, run):
                yield _("%(table)s: %(rows)d rows differ from a recompute of %(day)s.") % {
                    "table": model._meta.db_table,
                    "rows": rows,
                    "day": run.as_of,
                }
        transaction.set_rollback(True)


def booked_since(run) -> bool:
    """Whether the ledger has moved: a new import, or an act of somebody on older lines."""
    # What a run itself does to lines, it does without a context.
    acts = apps.get_model("accounts.LedgerEntryEvent").objects.filter(
        pgh_created_at__gte=run.started_at, pgh_context__isnull=False
    )
    moved = Q(started_at__gte=run.started_at) | Q(undone_at__gte=run.started_at)
    taken = LedgerImport.objects.filter(moved, state__in=TAKEN)
    return taken.exists() or acts.exists()


def differences(model, level, key, run) -> int:
    old = ", ".join(f"stored.{name}" for name in FIGURES)
    new = ", ".join(f"result.{name}" for name in FIGURES)
    dated = "WHERE as_of = %(as_of)s" if model is GroupStanding else ""
    return count(
        f"SELECT count(*) FROM (SELECT * FROM {model._meta.db_table} {dated}) AS stored "  # noqa: S608
        f"FULL JOIN (SELECT * FROM night_result WHERE level = %(level)s) AS result "
        f"USING ({key}) WHERE ({old}) IS DISTINCT FROM ({new})",
        {"level": level, "as_of": run.as_of},
    )
