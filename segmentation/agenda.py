"""What needs a person today, ranked, and the book that it stands on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from accounts.models.dated import accounts_of
from firm import roles
from firm.models import User
from firm.today import today
from firm.workdays import working_days_back
from segmentation.models import Flag, Run, Standing, StandingChange, on_work_of

Kind, Severity = Flag.Kind, Flag.Severity
SHOWN = 25
QUEUE = 5
CHANGES = 8
BOOKS = 12
# What is at stake is added up over so many things at most.
WEIGHED = 500
# A manager's high flag is the head's business once it has gone so long without an answer.
UNANSWERED_DAYS = 5

ACTS: dict[str, str | Promise] = {
    Kind.DEPENDENCY: _("Lower the dependence"),
    Kind.CONCENTRATED: _("Spread the portfolio"),
    Kind.BASIS_CHANGED: _("Read the shares anew"),
    Kind.FEED_STALE: _("Get the ledger feed going"),
    Kind.UNASSIGNED: _("Assign revenue to accounts"),
    Kind.RATE_MISSING: _("Load exchange rates"),
    Kind.DECLINING: _("Find out why purchases fall"),
    Kind.ORDER_OVERDUE: _("Ask about the next order"),
    Kind.LOST: _("Win back or close"),
    Kind.UNRATED: _("Rate the prospects"),
    Kind.DISPUTED: _("Settle the prospects"),
}


def concerning(user: User):
    """Awake flags that ask `user` for an act, without what they have put off.

    Those on accounts that they own or work on; for a head the department's disputes and its
    high flags that nobody has answered for some working days; for a director such flags of
    every account; the firm's and the data's for those who answer for them. Gaps of one's own
    accounts are a queue: see `gaps_of`.
    """
    asked = on_work_of(user) & ~Q(kind__in=Flag.GAP_KINDS)
    if user.has_perm(roles.DEPARTMENT_ACCOUNTS):
        department = accounts_of(user.headed_departments, today())
        disputed = Q(kind=Kind.DISPUTED, account__in=department)
        asked |= disputed | (unanswered() & Q(account__in=department))
    if user.has_perm(roles.ANSWER_EVERY_FLAG):
        asked |= unanswered() & Q(account__isnull=False)
    if user.has_perm(roles.ANSWER_FIRM_FLAGS):
        asked |= Q(account=None, kind__in=Flag.FIRM_KINDS)
    if user.has_perm(roles.DATA_FLAGS):
        asked |= Q(account=None, kind__in=Flag.DATA_KINDS)
    return Flag.objects.visible_to(user).awake().filter(asked).not_put_off_by(user)


def unanswered() -> Q:
    """High flags that stood for some working days without an acknowledgement."""
    since = working_days_back(today(), UNANSWERED_DAYS)
    return Q(severity__gte=Severity.HIGH, acknowledged_at=None, raised_on__lte=since)


def gaps_of(user: User):
    """The queue of prospects to rate on the accounts that `user` works on, largest first."""
    mine = Flag.objects.worked_on_by(user).awake().filter(kind__in=Flag.GAP_KINDS)
    if user.has_perm(roles.DEPARTMENT_ACCOUNTS):
        mine = mine.exclude(kind=Kind.DISPUTED)
    waiting = mine.visible_to(user).not_put_off_by(user).select_related("account")
    return waiting.order_by(F("money").desc(nulls_last=True), "pk")


@dataclass(frozen=True)
class Item:
    """A line of the list: what to do, why, and by when."""

    flag: Flag
    rank: int
    opens: int | None  # the account's card, where the reader may open it
    may_answer: bool

    @property
    def act(self):
        return ACTS.get(self.flag.kind) or self.flag.get_kind_display()

    @property
    def returned_on(self) -> date | None:
        """The day on which its rest ended."""
        return self.flag.rests_until if self.flag.acknowledged_at else None


class Agenda:
    """The list of a person, the worst first: severity, money at stake, due day."""

    def __init__(self, user: User):
        self.user = user

    @cached_property
    def waiting(self):
        return concerning(self.user)

    @cached_property
    def items(self) -> list[Item]:
        due = Coalesce("rests_until", "raised_on")
        ranked = self.waiting.order_by("-severity", F("money").desc(nulls_last=True), due, "pk")
        flags = list(ranked.select_related("account")[:SHOWN])
        opens = openable(flags, self.user)
        answerable = set(answerable_of(flags, self.user))
        return [
            Item(
                flag,
                rank,
                opens=flag.account_id if flag.account_id in opens else None,
                may_answer=flag.pk in answerable,
            )
            for rank, flag in enumerate(flags, start=1)
        ]

    @cached_property
    def stakes(self) -> list[tuple[int | None, Decimal | None]]:
        return list(self.waiting.order_by().values_list("account", "money")[:WEIGHED])

    @property
    def total(self) -> int:
        return len(self.stakes)

    @property
    def money(self) -> Decimal:
        """At stake, each account once however many flags stand on it."""
        largest: dict[int, Decimal] = {}
        for account, money in self.stakes:
            if account and money:
                largest[account] = max(money, largest.get(account, Decimal(0)))
        return sum(largest.values(), Decimal(0))

    @cached_property
    def queue(self) -> list[Flag]:
        return list(gaps_of(self.user)[: QUEUE + 1])


def openable(flags: Iterable[Flag], user: User) -> set[int]:
    """Of the subjects of `flags` those whose card `user` may open."""
    subjects = {flag.account_id for flag in flags if flag.account_id}
    seen = Account.objects.visible_to(user).filter(pk__in=subjects)
    return set(seen.values_list("pk", flat=True))


def answerable_of(flags: Iterable[Flag], user: User) -> set[int]:
    """Which of `flags` the person may acknowledge."""
    these = Flag.objects.filter(pk__in=[flag.pk for flag in flags])
    return set(these.answerable_by(user).values_list("pk", flat=True))


class Book:
    """The accounts that a person answers for, on the day of the newest run: the own book, a
    head's department, the whole firm."""

    def __init__(self, user: User, run: Run):
        self.user, self.run = user, run

    @cached_property
    def scope(self) -> str:
        if self.user.has_perm(roles.EVERY_ACCOUNT):
            return "firm"
        return "department" if self.user.has_perm(roles.DEPARTMENT_ACCOUNTS) else "own"

    @cached_property
    def standings(self):
        if self.scope == "firm":
            return Standing.objects.all()
        if self.scope == "department":
            return Standing.objects.filter(department__in=self.user.headed_departments)
        return Standing.objects.filter(owner=self.user)

    @cached_property
    def figures(self) -> dict[str, Decimal | int | None]:
        return self.standings.aggregate(
            accounts=Count("pk"),
            income=Sum("income", default=0),
            share=Sum("share"),
            keys=Count("group", distinct=True, filter=Q(key=True)),
        )

    @cached_property
    def flags(self) -> int:
        """Open flags, resting ones too, on the accounts that the figures are of."""
        seen = Flag.objects.visible_to(self.user).open()
        if self.scope == "own":
            seen = seen.worked_on_by(self.user)
        return seen.count()

    @cached_property
    def managers(self):
        """Each manager's book in short, the largest first; nobody's goes last."""
        if self.scope == "own":
            return []
        books = self.standings.values("owner", "owner__name").annotate(
            income=Sum("income"),
            share=Sum("share"),
        )
        return sorted(books, key=lambda book: (book["owner"] is None, -book["income"]))[:BOOKS]

    @cached_property
    def changes(self) -> list["Change"]:
        """What the newest run changed of these accounts, the largest accounts first."""
        changed = StandingChange.objects.filter(run=self.run, field__in=WORDS)
        if self.scope != "firm":
            changed = changed.filter(account__standing__in=self.standings)
        changed = changed.visible_to(self.user).select_related("account")
        ordered = changed.order_by(F("account__standing__rank").asc(nulls_last=True), "pk")
        return [Change.of(row) for row in ordered[: CHANGES + 1]]


WORDS = {
    "population": {"in": _("counts again"), "out": _("no longer counts")},
    "segment": dict(Standing._meta.get_field("segment").choices),
    "abc": dict(Standing._meta.get_field("abc").choices),
    "band": dict(Standing._meta.get_field("band").choices),
    "key": {"true": _("key client"), "false": _("no key client")},
    "trend": dict(Standing._meta.get_field("trend").choices),
}
TITLES = {
    "population": _("Population"),
    "segment": _("Segment"),
    "abc": _("ABC class"),
    "band": _("Band"),
    "key": _("Key"),
    "trend": _("Trend"),
}


@dataclass(frozen=True)
class Change:
    """One word of a standing, before and after, as people read them."""

    account: Account
    title: str | Promise
    before: str | Promise
    after: str | Promise

    @classmethod
    def of(cls, row: StandingChange) -> "Change":
        words = WORDS[row.field]
        return cls(
            row.account,
            TITLES[row.field],
            words.get(row.before, row.before),
            words.get(row.after, row.after),
        )
