"""What the account list may be narrowed by. A choice names only what the reader sees anyway."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.filters import of_visible, visible_owners
from accounts.models import Account, Placement
from accounts.models.dated import accounts_of
from firm.models import Department, DepartmentMembership
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


def by_word(column, every):
    """Narrows by a figure of the day that is one of a few words."""
    choices = words("standing", column)
    return django_filters.ChoiceFilter(f"figures__{column}", choices=choices, empty_label=every)


def departments(request):
    day = today()
    working = DepartmentMembership.objects.in_force(day).filter(user__in=visible_owners(request))
    placed = of_visible(Placement.objects.in_force(day), request.user)
    return Department.objects.filter(
        Exists(working.filter(department=OuterRef("pk")))
        | Exists(placed.filter(department=OuterRef("pk")))
    )


def prospects():
    return [(UNRATED, _("not rated")), *((str(score), str(score)) for score in range(5, 0, -1))]


class ListFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="looked_for", label=_("Name or reference"))
    segment = by_word("segment", _("All segments"))
    abc = by_word("abc", _("All classes"))
    band = by_word("band", _("All bands"))
    trend = by_word("trend", _("All trends"))
    prospects = django_filters.ChoiceFilter(
        method="with_prospects", choices=prospects, empty_label=_("All prospects")
    )
    owner = django_filters.ModelChoiceFilter(
        queryset=visible_owners, method="owned_by", empty_label=_("All owners")
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
        return accounts.owned_by(owner, self.day)

    def placed_in(self, accounts, name, department):
        return accounts.filter(pk__in=accounts_of([department], self.day))

    def flagged(self, accounts, name, kind):
        raised = higher("flags").objects.open().filter(kind=kind, account=OuterRef("pk"))
        return accounts.filter(Exists(raised))
