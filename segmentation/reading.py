"""A day as it was stored, or computed for the occasion: what explanations are made of."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from accounts.models import Account
from firm.models import Policy
from segmentation.computing import Night
from segmentation.models import GroupStanding, Run, StandingHistory
from segmentation.nightly import worked_out
from segmentation.overtaking import entries
from segmentation.windows import Windows

# More than a year of nights and the month ends before them.
DAYS = 500


class NoRun(Exception):
    """No run has stored this day."""


@dataclass
class Reading:
    """One account on one day: its row, its group's, the other accounts of the group."""

    account: Account
    as_of: date
    policy: Policy
    basis: str
    trend_basis: str
    facts: dict[str, Any]
    summary: dict[str, Any]
    run: Run | None = None
    row: StandingHistory | None = None
    group: GroupStanding | None = None
    members: list[StandingHistory] = field(default_factory=list)
    # Accounts of the group whose names the reader may read.
    named: set[int] = field(default_factory=set)

    @property
    def windows(self) -> Windows:
        return Windows.of(self.as_of, self.policy)

    @cached_property
    def group_days(self) -> list[GroupStanding]:
        """The group on the stored days up to this one, oldest first."""
        return self.days_of(GroupStanding.objects.filter(group=self.row.group_id))

    @cached_property
    def account_days(self) -> list[StandingHistory]:
        """The account on the stored days up to this one, oldest first."""
        return self.days_of(StandingHistory.objects.filter(account=self.account))

    def days_of(self, rows) -> list[Any]:
        if self.run is None:
            return []
        return list(rows.filter(as_of__lte=self.as_of).order_by("-as_of")[:DAYS])[::-1]

    @cached_property
    def entries(self) -> dict[Decimal, Decimal | None]:
        """By limit of classes and core: the least basis with less than that ahead of it."""
        policy = self.policy
        limits = [policy.abc_a, policy.abc_b, policy.vip_core]
        return entries(self, limits, others=self.others)

    @property
    def others(self) -> Decimal:
        """What all other accounts with a positive basis bring."""
        return Decimal(self.summary["total"]) - max(self.row.basis, Decimal(0))

    @property
    def band_since(self) -> date | None:
        """The first stored day from which the group has been in its band without a break."""
        since = None
        for day in reversed(self.group_days):
            if day.band != self.group.band:
                break
            since = day.as_of
        return since


def stored(account: Account, as_of: date | None) -> Reading:
    """The day as a run stored it; without a day the newest. Raises NoRun."""
    run = Run.objects.asked_for(as_of)
    if run is None:
        raise NoRun
    return reading_on(run, account)


def reading_on(run: Run, account: Account) -> Reading:
    """What `run` stored of the account."""
    reading = Reading(
        account, run.as_of, run.policy, run.basis, run.trend_basis, run.facts, run.summary, run
    )
    day = StandingHistory.objects.filter(as_of=run.as_of)
    reading.row = day.filter(account=account).select_related("group", "owner").first()
    if reading.row:
        reading.group = GroupStanding.objects.on(run.as_of).get(group=reading.row.group_id)
        reading.members = list(
            day.filter(group=reading.row.group_id).select_related("account").order_by("rank")
        )
    return reading


@contextmanager
def computed(account: Account, as_of: date):
    """The day as today's ledger would have it; nothing of it is kept."""
    with worked_out(as_of) as night:
        reading = from_night(account, night)
        yield reading


def from_night(account: Account, night: Night) -> Reading:
    reading = Reading(
        account,
        night.as_of,
        night.policy,
        night.basis,
        night.trend_basis,
        night.facts,
        night.summary,
    )
    reading.row = next(iter(night_rows("account_id = %s", account.pk)), None)
    if reading.row:
        group = reading.row.group_id
        reading.group = GroupStanding.objects.raw(
            "SELECT account_id AS id, * FROM night_result WHERE level = 'group' AND group_id = %s",
            [group],
        )[0]
        reading.members = list(night_rows("group_id = %s", group))
    return reading


def night_rows(where: str, subject: int):
    """Accounts of `night_result` in the shape of the history."""
    return StandingHistory.objects.raw(
        "SELECT account_id AS id, * FROM night_result "  # noqa: S608 - `where` is one of ours
        f"WHERE level = 'account' AND {where} ORDER BY rank",
        [subject],
    )
