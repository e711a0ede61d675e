"""What a list of clients or of their ledger lines may be asked for."""

import django_filters
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.models import (
    Account,
    LedgerEntry,
    LedgerImport,
    LeftLine,
    Ownership,
    RejectedRow,
)
from firm import roles
from firm.models import User
from firm.today import today


def visible_accounts(request):
    return Account.objects.visible_to(request.user)


def of_visible(rows, user):
    """Rows with an `account` that `user` sees; the database is spared the question for all."""
    if user.has_perm(roles.EVERY_ACCOUNT):
        return rows
    return rows.filter(account__in=Account.objects.visible_to(user))


def visible_owners(request):
    owned = of_visible(Ownership.objects.in_force(today()), request.user)
    return User.objects.filter(Exists(owned.filter(owner=OuterRef("pk"))))


class AccountFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(
        method="matching", label=_("a part of the name, the legal name or the reference")
    )
    owner = django_filters.ModelChoiceFilter(
        "ownerships__owner",
        queryset=visible_owners,
        method="owned_by",
        label=_("whose account it is today"),
    )
    open = django_filters.BooleanFilter("closed_on", "isnull", label=_("not closed"))

    class Meta:
        model = Account
        fields = ["account_ref", "kind", "industry", "country"]

    def matching(self, accounts, name, text):
        return accounts.matching(text)

    def owned_by(self, accounts, name, owner):
        return accounts.owned_by(owner, today())


class EntryFilter(django_filters.FilterSet):
    account = django_filters.ModelChoiceFilter(queryset=visible_accounts)
    account_ref = django_filters.CharFilter("account__account_ref")
    booked_after = django_filters.DateFilter(
        "booked_on", "gt", label=_("booked later than this day, the day itself left out")
    )
    booked_until = django_filters.DateFilter(
        "booked_on", "lte", label=_("booked by this day, the day itself included")
    )
    product_line = django_filters.CharFilter("product_line__name")
    source = django_filters.CharFilter("source__name")

    class Meta:
        model = LedgerEntry
        fields = ["document"]


class ImportFilter(django_filters.FilterSet):
    source = django_filters.CharFilter("source__name")

    class Meta:
        model = LedgerImport
        fields = ["state"]


class RejectedFilter(django_filters.FilterSet):
    class Meta:
        model = RejectedRow
        fields: list[str] = []


class LeftFilter(django_filters.FilterSet):
    class Meta:
        model = LeftLine
        fields: list[str] = []
