"""The account list: its columns, the order it may stand in, what it may be narrowed by."""

from datetime import date
from typing import Any

from django.db.models import Case, F, FilteredRelation, Q, When
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from accounts.narrowing import ListFilter, higher
from firm.paging import InTurn, address, page_of
from firm.templatetags.figures import Unit
from firm.today import read_day, today

CHANGE = Case(
    When(
        figures__previous__gt=0,
        then=(F("figures__basis") - F("figures__previous")) / F("figures__previous"),
    )
)
# The figures of a day belong to a higher room: named here by the ORM, never imported.
SORTS: dict[str, Any] = {
    "name": F("name"),
    "segment": F("figures__segment"),
    "class": F("figures__abc"),
    "income": F("figures__income"),
    "turnover": F("figures__turnover"),
    "share": F("figures__share"),
    "rank": F("figures__rank"),
    "band": F("figures__group_share"),
    "change": CHANGE,
    "owner": F("owner_name"),
}
DEFAULT_SORT = "rank"
OF_THE_ACCOUNT = ("name", "owner")
SIZES = (25, 50, 100)
DEFAULT_SIZE = 50
# What of the address is no filter.
MANNER = ("sort", "size", "page", "as_of")

# Sort key, heading, whether it holds figures, whether its first order is the largest first.
COLUMNS = [
    ("name", _("Account"), False, False),
    ("segment", _("Segment"), False, False),
    ("class", _("Class"), False, False),
    ("income", _("Gross margin"), True, True),
    ("turnover", _("Revenue"), True, True),
    ("share", _("Share, %"), True, True),
    ("band", _("Band"), False, True),
    ("change", _("Change, %"), True, False),
    ("owner", _("Owner"), False, False),
]


class NoDay(Http404):
    """No run has stored the day that was asked for."""


class Listing:
    """The accounts that a reader may see, as the address asks for them.

    Figures are those of the newest run, or of the run of `as_of`; owners those of today, or
    of that day. Who may see an account is asked of today.
    """

    def __init__(self, request):
        self.query, self.user = request.GET, request.user
        self.asked = read_day(self.query["as_of"]) if self.query.get("as_of") else None
        runs = higher("standing_history", "run").objects
        self.run = runs.of(self.asked) if self.asked else runs.newest()
        if self.asked and not self.run:
            raise NoDay
        self.day = self.asked or today()
        self.sort = self.query.get("sort") or DEFAULT_SORT
        size = self.query.get("size", "")
        self.size = int(size) if size.isdecimal() and int(size) in SIZES else DEFAULT_SIZE
        as_of = self.run.as_of if self.run else date.min
        accounts = Account.objects.visible_to(self.user).annotate(
            figures=FilteredRelation(
                "standing_history", condition=Q(standing_history__as_of=as_of)
            )
        )
        self.filterset = ListFilter(self.query, accounts, request=request, day=self.day)

    @cached_property
    def found(self):
        return self.filterset.qs

    @property
    def key(self):
        name = self.sort.removeprefix("-")
        return name if name in SORTS else DEFAULT_SORT

    @property
    def first(self):
        """What the rows are sorted by first; anything unreadable is the rank."""
        column = SORTS[self.key]
        falls = self.sort == f"-{self.key}"
        if self.key in OF_THE_ACCOUNT[:1]:  # never null: so the index of names can be walked
            return column.desc() if falls else column.asc()
        return column.desc(nulls_last=True) if falls else column.asc(nulls_last=True)

    @property
    def rows(self):
        """All rows in order, in one statement."""
        rank = F("figures__rank").asc(nulls_last=True)
        ties = [] if self.key == "name" else [rank]
        return self.found.with_owner(self.day).order_by(self.first, *ties, "account_ref")

    @cached_property
    def page(self):
        rows: Any = self.rows.select_related("figures")
        if self.key not in OF_THE_ACCOUNT:
            # The same order in two statements: the first may start from the day's figures.
            rated = rows.filter(figures__rank__isnull=False)
            ties = [] if self.key == "rank" else ["figures__rank"]
            rest = rows.filter(figures__rank__isnull=True).order_by("account_ref")
            rows = InTurn(rated.order_by(self.first, *ties), rest)
        return page_of(rows, self.query.get("page"), self.size, counted=self.found)

    @property
    def unit(self):
        """What amounts are counted in; None before the first run, when there are none."""
        return self.run and Unit.for_total(self.run.facts["currency"], self.run.summary["total"])

    @property
    def address(self):
        return address(self.query, without=["page"])

    @property
    def address_without_size(self):
        return address(self.query, without=["page", "size"])

    @property
    def address_without_filters(self):
        """The same manner of reading, of all accounts; empty where nothing narrows it."""
        narrowed = [name for name in self.query if name not in MANNER and self.query[name]]
        return address(self.query, without=["page", *narrowed]) if narrowed else ""

    @property
    def sizes(self):
        return SIZES

    def headings(self):
        """The columns, each with the address that sorts by it, the other way where it does."""
        kept = address(self.query, without=["page", "sort"])
        for key, label, is_figure, falls_first in COLUMNS:
            way = "-" if falls_first else ""
            if self.sort == way + key:
                way = "" if way else "-"
            order = "descending" if self.sort.startswith("-") else "ascending"
            yield {
                "label": label,
                "is_figure": is_figure,
                "in_money": key in ("income", "turnover"),
                "address": f"{kept}sort={way}{key}",
                "order": self.sort.lstrip("-") == key and order,
            }
