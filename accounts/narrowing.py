"""What the account list may be narrowed by. A choice names only what the reader sees anyway."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Ownership, Placement
from accounts.models.dated import accounts_of
from firm import roles
from firm.models import Department, DepartmentMembership, User
from firm.templatetags.figures import country
from firm.today import today

UNRATED = "unrated"


def higher(*path) -> Any:
    """The model of a higher room to which `path` leads from an account: named, not imported."""
    model: Any = Account
    for name in path:
        model = model._meta.get_field(name).related_model
    return model


def words(relation, column):
    """The choices of a column, asked for when a form needs them."""

    def choices():
        return higher(relation)._meta.get_field(column).choices

    return choices


def of_visible(rows, user):
    """Rows with an `account` that `user` sees; the database is spared the question for all."""
    if user.has_perm(roles.EVERY_ACCOUNT):
        return rows
    return rows.filter(account__in=Account.objects.visible_to(user))


def owners(request):
    owned = of_visible(Ownership.objects.in_force(today()), request.user)
    return User.objects.filter(Exists(owned.filter(owner=OuterRef("pk"))))


def departments(request):
    day = today()
    working = DepartmentMembership.objects.in_force(day).filter(user__in=owners(request))
    placed = of_visible(Placement.objects.in_force(day), request.user)
    return Department.objects.filter(
        Exists(working.filter(department=OuterRef("pk")))
        | Exists(placed.filter(department=OuterRef("pk")))
    )


def prospects():
    return [(UNRATED, _("not rated")), *((str(score), str(score)) for score in range(5, 0, -1))]


class ListFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="looked_for", label=_("Name or reference"))
    segment = django_filters.ChoiceFilter(
        field_name="figures__segment",
        choices=words("standing", "segment"),
        empty_label=_("All segments"),
    )
    abc = django_filters.ChoiceFilter(
        field_name="figures__abc",
        choices=words("standing", "abc"),
        empty_label=_("All classes"),
    )
    band = django_filters.ChoiceFilter(
        field_name="figures__band",
        choices=words("standing", "band"),
        empty_label=_("All bands"),
    )
    trend = django_filters.ChoiceFilter(
        field_name="figures__trend",
        choices=words("standing", "trend"),
        empty_label=_("All trends"),
    )
    prospects = django_filters.ChoiceFilter(
        method="with_prospects", choices=prospects, empty_label=_("All prospects")
    )
    owner = django_filters.ModelChoiceFilter(
        queryset=owners, method="owned_by", empty_label=_("All owners")
    )
    department = django_filters.ModelChoiceFilter(
        queryset=departments, method="placed_in", empty_label=_("All departments")
    )
    country = django_filters.ChoiceFilter(empty_label=_("All countries"))
    flag = django_filters.ChoiceFilter(method="flagged", empty_label=_("With and without flags"))

    class Meta:
        model = Account
        fields: list[str] = []

    def __init__(self, *args, day, **options):
        super().__init__(*args, **options)
        self.day = day
        self.filters["country"].extra["choices"] = lambda: self.countries
        self.filters["flag"].extra["choices"] = lambda: self.flags

    @cached_property
    def countries(self):
        visible = Account.objects.visible_to(self.request.user).exclude(country="")
        found = visible.order_by().values_list("country", flat=True).distinct()
        named = [(code, country(code)) for code in found]
        return sorted(named, key=lambda choice: choice[1])

    @cached_property
    def flags(self):
        opened = of_visible(higher("flags").objects.open(), self.request.user)
        kinds = set(
            opened.exclude(account=None).order_by().values_list("kind", flat=True).distinct()
        )
        return [choice for choice in words("flags", "kind")() if choice[0] in kinds]

    def looked_for(self, accounts, name, text):
        return accounts.looked_for(text)

    def with_prospects(self, accounts, name, value: str):
        if value == UNRATED:
            return accounts.filter(figures__rank__isnull=False, figures__prospects=None)
        return accounts.filter(figures__prospects=value)

    def owned_by(self, accounts, name, owner):
        owned = Ownership.objects.in_force(self.day).filter(owner=owner)
        return accounts.filter(pk__in=owned.values("account"))

    def placed_in(self, accounts, name, department):
        return accounts.filter(pk__in=accounts_of([department], self.day))

    def flagged(self, accounts, name, kind):
        raised = higher("flags").objects.open().filter(kind=kind, account=OuterRef("pk"))
        return accounts.filter(Exists(raised))
