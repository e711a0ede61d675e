"""What the dashboard of dependence shows: frozen figures of one run, laid out to be read."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Max, Q, Sum
from django.utils.functional import cached_property

from firm import roles
from firm.paging import page_of
from segmentation.drawing import spark
from segmentation.mix import JUDGED
from segmentation.models import Flag, GroupStanding, StandingHistory
from segmentation.naming import members_of, names_of
from segmentation.windows import months_before

ROWS = 10
# How many of the largest groups are summed up together.
TOPS = ("1", "3", "5", "10")
RAIL = 260


@dataclass
class Others:
    """All that lies outside the reader's accounts, in one row."""

    count: int
    income: Decimal
    turnover: Decimal
    income_share: Decimal | None
    turnover_share: Decimal | None


class DependenceTable:
    """Groups or accounts of a run by their place, of those whose names `user` may read."""

    def __init__(self, run, user, level, page, days):
        self.run, self.user, self.level, self.days = run, user, level, days
        self.page = page_of(self.rows, page, ROWS)

    @property
    def rows(self):
        if self.level == "accounts":
            stored = StandingHistory.objects.filter(as_of=self.run.as_of).order_by("rank")
            return stored.visible_to(self.user).select_related("account", "owner")
        stored = GroupStanding.objects.on(self.run.as_of)
        return stored.visible_to(self.user).select_related("group")

    def __iter__(self):
        """Rows of the page, each with its name, its owner and the account that it opens."""
        sparks = self.sparks()
        if self.level == "accounts":
            for row in self.page:
                spark = sparks.get(row.account_id)
                named = {"name": row.account.name, "opens": row.account_id, "owner": row.owner}
                yield {"figures": row, "spark": spark, **named}
            return
        names = names_of(self.page, self.user)
        owners = self.owners()
        for row in self.page:
            name, opens = names[row.pk]
            named = {"name": name, "opens": opens, "owner": owners.get(row.group_id)}
            yield {"figures": row, "spark": sparks.get(row.group_id), **named}

    def owners(self):
        """By group: the owner of its largest account, of those that the reader sees."""
        members = members_of(self.page, [row.group_id for row in self.page])
        largest = members.visible_to(self.user).order_by("group_id", "rank").distinct("group_id")
        return {row.group_id: row.owner for row in largest.select_related("owner")}

    def sparks(self):
        """By account or group of the page: its basis over the stored month ends of a year."""
        model, subject = (
            (StandingHistory, "account") if self.level == "accounts" else (GroupStanding, "group")
        )
        ids = [getattr(row, f"{subject}_id") for row in self.page]
        days = month_days(self.run.as_of, self.days)
        told = model.objects.filter(as_of__in=days, **{f"{subject}__in": ids}).order_by("as_of")
        values = defaultdict(list)
        for pk, basis in told.values_list(f"{subject}_id", "basis"):
            values[pk].append(basis)
        return {
            pk: drawn | {"first": series[0], "last": series[-1]}
            for pk, series in values.items()
            if (drawn := spark(series))
        }

    @property
    def size(self):
        """How many groups, or accounts, the run counted."""
        if self.level == "accounts":
            return self.run.summary["population"]
        return self.run.facts["groups"]

    @cached_property
    def others(self):
        """What the reader may not read by name; None where that is nothing."""
        if self.user.has_perm(roles.EVERY_ACCOUNT):
            return None
        seen = self.rows.aggregate(
            count=Count("pk"),
            income=Sum("income", default=0),
            turnover=Sum("turnover", default=0),
            income_share=Sum("income_share", default=0),
            turnover_share=Sum("turnover_share", default=0),
        )
        if seen["count"] == self.size:
            return None
        summary = self.run.summary
        return Others(
            count=self.size - seen["count"],
            income=Decimal(summary["income"]) - seen["income"],
            turnover=Decimal(summary["turnover"]) - seen["turnover"],
            income_share=1 - seen["income_share"],
            turnover_share=1 - seen["turnover_share"],
        )


def month_days(until, days):
    """The last of `days` in each month of the year up to `until`, oldest first."""
    after = months_before(until, 12)
    months: dict[tuple[int, int], date] = {}
    for day in days:
        if after <= day <= until:
            months.setdefault((day.year, day.month), day)
    return sorted(months.values())


def key_rail(run):
    """Geometry of the key total on a scale of 0 to 100 %, as text for SVG attributes."""

    def at(percent):
        return f"{float(percent) * RAIL / 100:.1f}"

    policy, share = run.policy, run.summary["key_total"] * 100
    return {
        "low": at(policy.key_total_low),
        "width": at(policy.key_total_high - policy.key_total_low),
        "high": at(policy.key_total_high),
        "alarm": at(policy.key_total_alarm),
        "mark": at(share),
    }


def top_shares(run):
    """The share of the largest groups, with the width of a bar of 100."""
    for n in TOPS:
        share = run.summary["top"][n]
        yield {"n": n, "figure": f"top_{n}", "share": share, "width": f"{share * 100:.1f}"}


def mix_rows(run):
    """Each segment's count against its target, with the geometry of its bar of 100."""
    segments = run.facts["mix"]["segments"]
    for value in JUDGED:
        row = segments[value.value]
        low = Decimal(row["low"] or 0)
        yield row | {
            "value": value.value,
            "figure": f"mix_{value}",
            "label": value.label,
            "from": f"{low:.1f}",
            "width": f"{Decimal(row['high']) - low:.1f}",
            "bar": f"{Decimal(row['percent']):.1f}",
        }


def flags_by_kind(run, user):
    """Flags that stood on the run's day, those that `user` may see, counted by kind."""
    standing = Flag.objects.visible_to(user).filter(
        Q(cleared_on=None) | Q(cleared_on__gt=run.as_of), raised_on__lte=run.as_of
    )
    kinds = (
        standing.order_by()
        .values("kind")
        .annotate(
            open=Count("pk"),
            new=Count("pk", filter=Q(raised_on=run.as_of)),
            severity=Max("severity"),
            money=Sum("money"),
        )
    )
    labels = dict(Flag.Kind.choices)
    of_the_firm = (*Flag.FIRM_KINDS, *Flag.DATA_KINDS)
    return [
        kind | {"label": labels[kind["kind"]], "is_of_accounts": kind["kind"] not in of_the_firm}
        for kind in sorted(kinds, key=lambda kind: (-kind["severity"], -(kind["money"] or 0)))
    ]
