"""Words of standings that move: counted for everybody, named for those who see the account."""

from dataclasses import dataclass

from django.db.models import Count
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from segmentation.models import Band, Segment, Trend

NAMED = 50
YES_NO = {"true": _("yes"), "false": _("no")}
WORDS = {
    "population": (_("Population"), {"in": _("in"), "out": _("out")}),
    "segment": (_("Segment"), dict(Segment.choices)),
    "abc": (_("Class"), {}),
    "core": (_("Core"), YES_NO),
    "band": (_("Band"), dict(Band.choices)),
    "key": (_("Key"), YES_NO),
    "trend": (_("Trend"), dict(Trend.choices)),
}


@dataclass(frozen=True)
class Move:
    """From one word to another: of `count` accounts, or of the one that is named."""

    field: str
    before: str
    after: str
    count: int = 1
    account: Account | None = None

    @property
    def label(self):
        return WORDS[self.field][0]

    @property
    def was(self):
        return WORDS[self.field][1].get(self.before, self.before)

    @property
    def now(self):
        return WORDS[self.field][1].get(self.after, self.after)


class Moves:
    """Rows with `account`, `field`, `before` and `after`, as `user` may read them."""

    def __init__(self, rows, user):
        self.rows, self.user = rows, user

    @cached_property
    def counts(self):
        """How many accounts move from which word to which, in the order of the words."""
        found = self.rows.order_by().values_list("field", "before", "after")
        moves = [Move(*row) for row in found.annotate(count=Count("pk"))]
        order = list(WORDS)
        return sorted(moves, key=lambda m: (order.index(m.field), -m.count, m.before, m.after))

    @cached_property
    def total(self):
        """How many accounts move at all."""
        return self.rows.order_by().aggregate(n=Count("account", distinct=True))["n"]

    @cached_property
    def seen(self):
        seen = self.rows.visible_to(self.user)
        return seen.order_by().aggregate(n=Count("account", distinct=True))["n"]

    @cached_property
    def named(self):
        """Accounts by name with all their moves, as many as a page bears."""
        seen = self.rows.visible_to(self.user).order_by()
        first = list(
            seen.values_list("account", flat=True)
            .distinct()
            .order_by("account__name", "account")[:NAMED]
        )
        found: dict[int, list[Move]] = {pk: [] for pk in first}
        rows = seen.filter(account__in=first).select_related("account").order_by("pk")
        for row in rows:
            move = Move(row.field, row.before, row.after, account=row.account)
            found[row.account_id].append(move)
        return [{"account": moves[0].account, "moves": moves} for moves in found.values()]

    @property
    def more(self):
        """Visible accounts that found no room."""
        return self.seen - len(self.named)

    @property
    def others(self):
        """Accounts that the reader does not see."""
        return self.total - self.seen
