"""The account list: its columns, the order it may stand in, what it may be narrowed by."""

from typing import Any

import django_filters
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from firm.paging import address

# The columns of a standing belong to a higher room: named here by the ORM, never imported.
SORTS = {
    "name": "name",
    "segment": "standing__segment",
    "class": "standing__abc",
    "income": "standing__income",
    "turnover": "standing__turnover",
    "share": "standing__share",
    "rank": "standing__rank",
    "band": "standing__group_share",
    "trend": "standing__trend",
    "owner": "owner_name",
}
DEFAULT_SORT = "rank"

# Sort key, heading, whether it holds figures, whether its first order is the largest first.
COLUMNS = [
    ("name", _("Account"), False, False),
    ("segment", _("Segment"), False, False),
    ("class", _("Class"), False, False),
    ("income", _("Gross margin"), True, True),
    ("turnover", _("Revenue"), True, True),
    ("share", _("Share, %"), True, True),
    ("band", _("Band"), False, True),
    ("trend", _("Change, %"), True, False),
    ("owner", _("Owner"), False, False),
]


def words(column):
    """The choices of a column of the standing, asked for when a form needs them."""

    def choices():
        standing: Any = Account._meta.get_field("standing").related_model
        return standing._meta.get_field(column).choices

    return choices


class ListFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="matching", label=_("Name or reference"))
    segment = django_filters.ChoiceFilter(
        field_name="standing__segment", choices=words("segment"), empty_label=_("All segments")
    )
    abc = django_filters.ChoiceFilter(
        field_name="standing__abc", choices=words("abc"), empty_label=_("All classes")
    )
    band = django_filters.ChoiceFilter(
        field_name="standing__band", choices=words("band"), empty_label=_("All bands")
    )

    class Meta:
        model = Account
        fields: list[str] = []

    def matching(self, accounts, name, text):
        return accounts.matching(text.strip())


def in_order(accounts, sort):
    """`accounts` by a key of `SORTS`, "-" before it for the other way; anything else is rank."""
    name = sort.removeprefix("-")
    column = F(SORTS.get(name, SORTS[DEFAULT_SORT]))
    falls = sort.startswith("-") and name in SORTS
    first = column.desc(nulls_last=True) if falls else column.asc(nulls_last=True)
    return accounts.order_by(first, F("standing__rank").asc(nulls_last=True), "account_ref")


def headings(query, sort):
    """The columns, each with the address that sorts by it, the other way where it does now."""
    kept = address(query, without=["page", "sort"])
    for key, label, is_figure, falls_first in COLUMNS:
        way = "-" if falls_first else ""
        if sort == way + key:
            way = "" if way else "-"
        yield {
            "label": label,
            "is_figure": is_figure,
            "in_money": key in ("income", "turnover"),
            "address": f"{kept}sort={way}{key}",
            "order": sort.lstrip("-") == key and ("descending" if sort[0] == "-" else "ascending"),
        }
