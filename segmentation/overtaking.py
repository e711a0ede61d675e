"""From which basis on an account has less than a limit of the total ahead of it."""

from decimal import Decimal, localcontext
from fractions import Fraction
from math import floor
from typing import Any

from django.db import connection

from accounts.sql import statement
from segmentation.limits import CENT

ZERO = Decimal(0)
STORED = "(SELECT * FROM segmentation_standinghistory WHERE as_of = %(as_of)s)"
COMPUTED = "(SELECT * FROM night_result WHERE level = 'account')"


def entries(
    row: Any, ref: str, limits: list[Decimal], *, is_stored: bool
) -> dict[Decimal, Decimal | None]:
    """By limit in percent: the least positive basis, in whole cents from the one that `row` has,
    with less than that part of the total ahead; None where no basis has.

    With its basis the account moves the total, its rank and what lies ahead of it; all other
    accounts of the day stay as they are. More basis never leaves more ahead, so that every
    basis from the least one on has less than the limit ahead, and none below it.
    """
    found = {last["percent"]: last for last in last_to_pass(row, ref, limits, is_stored)}
    return {limit: entry(row.basis, limit, found.get(limit)) for limit in limits}


def last_to_pass(
    row: Any, ref: str, limits: list[Decimal], is_stored: bool
) -> list[dict[str, Any]]:
    sql = statement("segmentation/ahead.sql").replace("{day}", STORED if is_stored else COMPUTED)
    params = {
        "as_of": row.as_of,
        "account": row.account_id,
        "ref": ref,
        "rank": row.rank,
        "basis": row.basis,
        "limits": limits,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        columns = [column.name for column in cursor.description]
        return [dict(zip(columns, values, strict=True)) for values in cursor.fetchall()]


def entry(basis: Decimal, limit: Decimal, last: dict[str, Any] | None) -> Decimal | None:
    """The least basis under `limit`: where it passes the last account that it has to pass, or
    behind that one, where its own part of the total suffices."""
    if not limit:
        return None
    if last is None:
        return cents_over(basis, Fraction(0))
    behind = Fraction(last["ahead"] + last["basis"])
    bound = 100 * behind / Fraction(limit) - Fraction(last["others"])
    return min(last["passing"], cents_over(basis, max(bound, Fraction(0))))


def cents_over(basis: Decimal, bound: Fraction) -> Decimal:
    """The least amount over `bound` that lies whole cents from `basis`."""
    with localcontext(prec=60):
        return basis + (floor((bound - Fraction(basis)) * 100) + 1) * CENT
