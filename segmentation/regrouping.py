"""What a group would be if an account stood below another: looked at before it is saved."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum

from accounts.models import Account, Parentage
from segmentation.limits import band_at, limits_of
from segmentation.models import Band, GroupStanding, Run, Standing

NAMES = 8
BASES = ("income", "turnover")


class Loop(Exception):
    """The account above would stand below the account."""


@dataclass
class Figure:
    """The new group on one basis; `before` is the share of the account's group as stored."""

    basis: str
    is_the_basis: bool
    amount: Decimal
    share: Decimal | None
    band: Band
    before: Decimal | None


@dataclass
class Regrouping:
    run: Run
    figures: list[Figure]
    named: list[Account]
    size: int

    @property
    def is_alone(self):
        return self.size == 1

    @property
    def others(self):
        """How many more there are, out of the reader's sight or of the page's room."""
        return self.size - len(self.named)


def regrouping(account, parent, *, day, viewer):
    """The shares that the group of `account` would have below `parent` from `day` on, alone
    without one; from the newest standings. None before the first run. Raises Loop."""
    run = Run.objects.newest()
    if run is None:
        return None
    branch = below({account.pk}, day)
    if parent and parent.pk in branch:
        raise Loop
    members = branch | (
        below({root_of(parent, day)}, day, without=account.pk) if parent else set()
    )
    seen = Account.objects.visible_to(viewer).filter(pk__in=members)
    named = list(seen.order_by("account_ref")[:NAMES])
    return Regrouping(run, list(figures(run, account, members)), named, len(members))


def below(accounts, day, *, without=None):
    """Ids of `accounts` and of everything below them on `day`, but for one branch."""
    found, ahead = set(accounts), set(accounts)
    links = Parentage.objects.in_force(day).exclude(account=without)
    while ahead:
        ahead = set(links.filter(parent__in=ahead).values_list("account", flat=True)) - found
        found |= ahead
    return found


def root_of(account, day):
    """The id of the account above all others."""
    root, above = account.pk, account.pk
    while above:
        root = above
        links = Parentage.objects.in_force(day).filter(account=root)
        above = links.values_list("parent", flat=True).first()
    return root


def figures(run, account, members):
    """The members' sum over the company total, which the regrouping itself may move: a loss
    that joins a profit takes from the positive groups."""
    sums = {basis: Sum(basis, default=0) for basis in BASES}
    standing = Standing.objects.filter(account__in=members)
    joined = standing.aggregate(**sums)
    by_group = standing.order_by().values("group").annotate(**sums)
    leaving: dict[int, Any] = {row["group"]: row for row in by_group}
    groups, limits = GroupStanding.objects.on(run.as_of), limits_of(run.policy)
    touched, own = list(groups.filter(group__in=leaving)), own_group(account)
    now = next((group for group in touched if group.group_id == own), None)
    for basis in BASES:
        positive = Q(**{f"{basis}__gt": 0})
        total = groups.order_by().aggregate(all=Sum(basis, filter=positive, default=0))["all"]
        for group in touched:
            was = getattr(group, basis)
            total += max(was - leaving[group.group_id][basis], 0) - max(was, 0)
        amount = joined[basis]
        total += max(amount, 0)
        yield Figure(
            basis=basis,
            is_the_basis=run.basis == basis,
            amount=amount,
            share=amount / total if amount > 0 else None,
            band=band_at(amount, total - max(amount, 0), limits),
            before=now and getattr(now, f"{basis}_share"),
        )


def own_group(account):
    standing = Standing.objects.filter(account=account).first()
    return standing and standing.group_id
