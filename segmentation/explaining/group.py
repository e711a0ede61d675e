"""The group round an account, as far as the reader may know it."""

from decimal import Decimal
from typing import Any

from django.utils.translation import ngettext

from accounts.models import Account
from firm.models import User
from firm.templatetags.figures import money, percent
from segmentation.models import GroupStanding, StandingHistory
from segmentation.naming import group_around
from segmentation.reading import Reading

ZERO = Decimal(0)


def group_of(reading: Reading, viewer: User | None) -> dict[str, str]:
    """The group's name, for those who may know it."""
    root = reading.row.group
    known = GroupStanding.objects.known_to(viewer) if viewer else None
    if known is None or known.filter(pk=reading.group.pk).exists():
        return {"ref": root.account_ref, "name": root.name}
    return {"ref": "", "name": group_around(reading.account)}


def members(reading: Reading, viewer: User | None) -> list[dict[str, Any]]:
    """The accounts of the group, largest first; those outside the viewer's scope as one row."""
    rows = reading.members
    ids = [row.account_id for row in rows]
    seen = set(ids)
    if viewer is not None:
        visible = Account.objects.visible_to(viewer).filter(pk__in=ids)
        seen = set(visible.values_list("pk", flat=True))
    reading.named = seen
    told = [member(row) for row in rows if row.account_id in seen]
    hidden = [row for row in rows if row.account_id not in seen]
    if hidden:
        told.append(others(hidden, named=works_on(viewer, ids)))
    return told


def member(row: StandingHistory) -> dict[str, Any]:
    return {
        "pk": row.account_id,
        "ref": row.account.account_ref,
        "name": row.account.name,
        "turnover": money(row.turnover, 2),
        "cost": money(row.turnover - row.uncosted - row.income, 2),
        "income": money(row.income, 2),
        "share": percent(row.share, 2),
        "lines": row.lines,
        "exact": {"turnover": str(row.turnover), "income": str(row.income)},
    }


def others(rows: list[StandingHistory], *, named: bool) -> dict[str, Any]:
    """One row for what the viewer may not see; the team of the group sees the names."""
    turnover = sum((row.turnover for row in rows), ZERO)
    income = sum((row.income for row in rows), ZERO)
    name = ngettext("%(count)s other account", "%(count)s other accounts", len(rows)) % {
        "count": len(rows)
    }
    if named:
        name += f" ({', '.join(row.account.name for row in rows)})"
    return {
        "pk": None,
        "ref": "",
        "name": name,
        "turnover": money(turnover, 2),
        "cost": money(turnover - income - sum((row.uncosted for row in rows), ZERO), 2),
        "income": money(income, 2),
        "share": "",
        "lines": None,
        "exact": {"turnover": str(turnover), "income": str(income)},
    }


def works_on(viewer: User | None, accounts: list[int]) -> bool:
    """Whether the viewer owns one of `accounts` or is on its team."""
    if viewer is None:
        return False
    return Account.objects.worked_on_by(viewer).filter(pk__in=accounts).exists()
