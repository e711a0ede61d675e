"""The list of imports, narrowed by its filters."""

import django_filters
from django.utils.translation import gettext_lazy as _

from accounts.models import LedgerImport, Source


class ImportFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        choices=LedgerImport.State, empty_label=_("any state"), label=_("State")
    )
    target = django_filters.ChoiceFilter(
        choices=LedgerImport.Target, empty_label=_("of everything"), label=_("Holds")
    )
    source = django_filters.ModelChoiceFilter(
        queryset=Source.objects.all(),
        to_field_name="name",
        empty_label=_("any source"),
        label=_("Source"),
    )

    class Meta:
        model = LedgerImport
        fields = ["state", "target", "source"]
