"""From which basis on an account has less than a limit of the total ahead of it."""

from decimal import Decimal, localcontext
from fractions import Fraction
from math import floor
from typing import Any

from django.db import connection

from accounts.sql import statement
from segmentation.limits import CENT

# The accounts of the day: where a run stored them, and where they are being computed.
STORED = ("segmentation_standinghistory", "day.as_of = %(as_of)s")
COMPUTED = ("night_result", "day.level = 'account'")


def entries(
    reading: Any, limits: list[Decimal], *, others: Decimal
) -> dict[Decimal, Decimal | None]:
    """By limit in percent: the least positive basis, in whole cents from the account's own, with
    less than that part of the total ahead; None where no basis has. `others` is what all others
    with a positive basis bring.

    With its basis the account moves the total, its rank and what lies ahead of it; all other
    accounts of the day stay as they are. More basis never leaves more ahead, so that every
    basis from the least one on has less than the limit ahead, and none below it.
    """
    found = {last["percent"]: last for last in last_to_pass(reading, limits, others)}
    basis = reading.row.basis
    return {limit: entry(basis, limit, others, found.get(limit)) for limit in limits}


def last_to_pass(reading: Any, limits: list[Decimal], others: Decimal) -> list[dict[str, Any]]:
    table, on_day = STORED if reading.run else COMPUTED
    other = statement("segmentation/other.sql").format(day=table, on_day=on_day)
    params = {
        "as_of": reading.as_of,
        "positive": reading.facts["positive_accounts"],
        "rank": reading.row.rank,
        "basis": reading.row.basis,
        "ref": reading.account.account_ref,
        "limits": limits,
        "others": others,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement("segmentation/ahead.sql").format(other=other), params)
        columns = [column.name for column in cursor.description]
        return [dict(zip(columns, values, strict=True)) for values in cursor.fetchall()]


def entry(
    basis: Decimal, limit: Decimal, others: Decimal, last: dict[str, Any] | None
) -> Decimal | None:
    """The least basis under `limit`: where it passes the last account that it has to pass, or
    behind that one, where its own part of the total suffices."""
    if not limit:
        return None
    if last is None:
        return cents_over(basis, Fraction(0))
    behind = Fraction(last["ahead"] + last["basis"])
    bound = 100 * behind / Fraction(limit) - Fraction(others)
    return min(last["passing"], cents_over(basis, max(bound, Fraction(0))))


def cents_over(basis: Decimal, bound: Fraction) -> Decimal:
    """The least amount over `bound` that lies whole cents from `basis`."""
    with localcontext(prec=60):
        return basis + (floor((bound - Fraction(basis)) * 100) + 1) * CENT
