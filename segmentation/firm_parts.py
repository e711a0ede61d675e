"""What each figure of the firm is made of: groups or accounts, named for those who see them."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Sum
from django.utils.translation import gettext_lazy, ngettext

from firm.models import Policy
from firm.templatetags.figures import plain
from segmentation.dashboard import TOPS
from segmentation.models import GroupStanding, Run, Segment, StandingHistory
from segmentation.naming import names_of

ROWS = 15
ZERO = Decimal(0)

LABELS = {
    "hhi": gettext_lazy("Concentration, HHI"),
    "effective_clients": gettext_lazy("Effective clients"),
    **{f"top_{n}": gettext_lazy("Share of the largest groups") for n in TOPS},
    "top_20": gettext_lazy("Top 20 % of accounts"),
    "key_total": gettext_lazy("Key clients together"),
    "population": gettext_lazy("Accounts that count"),
    "total": gettext_lazy("The total of which shares are taken"),
    "income": gettext_lazy("Gross margin of all accounts"),
    "turnover": gettext_lazy("Revenue of all accounts"),
    **{f"mix_{value}": label for value, label in Segment.choices},
}


@dataclass
class Part:
    """One row of what a figure is made of; without `opens` it is all that is not named."""

    name: str
    opens: int | None
    basis: Decimal
    share: Decimal | None
    adds: str = ""


def parts_of(figure: str, run: Run):
    """The groups or accounts that `figure` is made of, largest first."""
    groups = GroupStanding.objects.on(run.as_of).filter(basis__gt=0)
    accounts = StandingHistory.objects.filter(as_of=run.as_of).order_by("rank")
    if figure.startswith("top_") and figure != "top_20":
        return groups.filter(rank__lte=int(figure.removeprefix("top_")))
    if figure.startswith("mix_"):
        return accounts.filter(segment=figure.removeprefix("mix_"))
    return {
        "hhi": groups,
        "effective_clients": groups,
        "key_total": groups.filter(key=True),
        "top_20": accounts.filter(basis__gt=0, rank__lte=first_fifth(run)),
        "total": accounts.filter(basis__gt=0),
        "population": accounts,
        "income": accounts,
        "turnover": accounts,
    }[figure]


def first_fifth(run: Run) -> int:
    return -(-run.facts["positive_accounts"] // 5)


def measured(figure: str) -> str:
    return figure if figure in ("income", "turnover") else "basis"


def measure_name(figure: str, run: Run) -> str:
    if figure in ("income", "turnover"):
        return str(Policy.Basis(figure).label)
    return run.get_basis_display()


def named(parts, viewer, figure: str) -> tuple[list[Part], int]:
    """The largest parts that `viewer` may name with one row for all the others; and how many
    parts there are."""
    column = measured(figure)
    squares = figure in ("hhi", "effective_clients")
    seen = list(with_names(parts, viewer)[:ROWS])
    whole = parts.aggregate(
        count=Count("pk"),
        sum=Sum(column, default=ZERO),
        shares=Sum("share", default=ZERO),
        squares=Sum(F("share") * F("share"), default=ZERO),
    )
    names = names_for(seen, viewer)
    rows = []
    for row in seen:
        name, opens = names[row.pk]
        added = adds(row.share, squares=squares)
        rows.append(Part(name, opens, getattr(row, column), row.share, added))
    left = whole["count"] - len(seen)
    if left:
        rest = whole["squares"] - sum((row.share or ZERO) ** 2 for row in seen)
        rows.append(
            Part(
                others(left, of_groups=parts.model is GroupStanding),
                None,
                whole["sum"] - sum((getattr(row, column) for row in seen), ZERO),
                whole["shares"] - sum((row.share or ZERO for row in seen), ZERO),
                plain(10000 * rest, 1) if squares else "",
            )
        )
    return rows, whole["count"]


def with_names(parts, viewer):
    relation = "group" if parts.model is GroupStanding else "account"
    return parts.visible_to(viewer).select_related(relation)


def names_for(rows, viewer):
    if rows and isinstance(rows[0], GroupStanding):
        return names_of(rows, viewer)
    return {row.pk: (row.account.name, row.account_id) for row in rows}


def adds(share: Decimal | None, *, squares: bool) -> str:
    return plain(10000 * (share or ZERO) ** 2, 1) if squares else ""


def others(count: int, *, of_groups: bool) -> str:
    if of_groups:
        text = ngettext("%(n)s other group", "%(n)s other groups", count)
    else:
        text = ngettext("%(n)s other account", "%(n)s other accounts", count)
    return text % {"n": plain(count)}
