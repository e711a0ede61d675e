"""Who moved between two days: the net change of each word of an account's standing."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Case, F, When
from django.utils.functional import cached_property

from firm import roles
from segmentation.models import (
    AbcClass,
    Band,
    Run,
    Segment,
    StandingChange,
    StandingHistory,
    Trend,
)

# The order in which a mover's words are told.
WORDS: dict[str, dict[str, Any]] = {
    "segment": dict(Segment.choices),
    "band": dict(Band.choices),
    "abc": dict(AbcClass.choices),
    "key": {},
    "trend": dict(Trend.choices),
}
SHOWN, MOST = 6, 100
DAYS = 40


@dataclass(frozen=True)
class Word:
    field: str
    was: str
    now: str

    @property
    def was_label(self):
        return WORDS[self.field].get(self.was, self.was)

    @property
    def now_label(self):
        return WORDS[self.field].get(self.now, self.now)


def days_computed() -> list[date]:
    """Days that were the newest when they were computed, newest first: changes lead over these."""
    days: list[date] = []
    for day in Run.objects.order_by("pk").values_list("as_of", flat=True):
        if not days or day > days[-1]:
            days.append(day)
    return days[::-1]


def read_since(asked: date | None, day: date, days: list[date]) -> date | None:
    """The day to compare `day` with: the one asked for, or the last month end before it.

    None where nothing leads from an earlier day to this one.
    """
    earlier = [each for each in days if each < day]
    if day not in days or not earlier:
        return None
    if asked in earlier:
        return asked
    ends = [each for each in earlier if (each + timedelta(days=1)).day == 1]
    return ends[0] if ends else earlier[-1]


class Movers:
    """The accounts whose standing differs between `since` and the day of `run`."""

    def __init__(self, run, since, user, *, everything=False):
        self.run, self.since, self.user = run, since, user
        self.is_all = everything
        self.most = MOST if everything else SHOWN

    @property
    def net(self):
        """One row per account and word that is not what it was; there and back is no change."""
        changes = StandingChange.objects.filter(
            as_of__gt=self.since, as_of__lte=self.run.as_of, field__in=WORDS
        )
        told = (
            changes.order_by()
            .values("account", "field")
            .annotate(
                first=ArrayAgg("before", order_by="pk"), last=ArrayAgg("after", order_by="-pk")
            )
        )
        return told.annotate(was=F("first__0"), now=F("last__0")).exclude(was=F("now"))

    @property
    def rows(self):
        """Segment, class, band and key first, then those whose trend alone turned."""
        stored = StandingHistory.objects.filter(as_of=self.run.as_of)
        weighty = self.net.exclude(field="trend").values("account")
        place = Case(When(account__in=weighty, then=0), default=1)
        return stored.filter(account__in=self.net.values("account")).order_by(place, "rank")

    @cached_property
    def total(self):
        """How many accounts moved, whoever may read their names."""
        return self.rows.order_by().count()

    @cached_property
    def seen(self):
        """How many of them the reader may read by name."""
        if self.user.has_perm(roles.EVERY_ACCOUNT):
            return self.total
        return self.rows.visible_to(self.user).order_by().count()

    @property
    def hidden(self):
        return self.total - self.seen

    @property
    def more(self):
        return self.seen - len(self.named)

    @cached_property
    def named(self):
        """The largest of them that the reader may read, each with its words."""
        rows = list(self.rows.visible_to(self.user).select_related("account")[: self.most])
        words = defaultdict(list)
        for word in self.net.filter(account__in=[row.account_id for row in rows]):
            words[word["account"]].append(Word(word["field"], word["was"], word["now"]))
        order = list(WORDS)
        return [
            {
                "figures": row,
                "words": sorted(words[row.account_id], key=lambda w: order.index(w.field)),
            }
            for row in rows
        ]

    @cached_property
    def by_segment(self):
        """How many accounts each segment holds more or fewer, as the two runs counted them."""
        # Of a night whose rows are dropped the counts stay.
        before = Run.objects.filter(as_of=self.since).newest()
        was, now = before.summary.get("segment", {}), self.run.summary.get("segment", {})
        return [
            {"label": label, "change": now.get(code, 0) - was.get(code, 0)}
            for code, label in WORDS["segment"].items()
        ]
