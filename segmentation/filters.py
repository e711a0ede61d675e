"""What a list of standings or of flags may be asked for."""

import django_filters
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.filters import visible_accounts, visible_owners
from accounts.models import Account, Ownership
from firm.today import today
from segmentation.models import Flag, StandingHistory

SEVERITIES = {severity.name.lower(): severity for severity in Flag.Severity}


class StandingFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(
        method="matching",
        label=_("a part of the account's name, its legal name or its reference"),
    )
    account = django_filters.ModelChoiceFilter(queryset=visible_accounts)
    account_ref = django_filters.CharFilter("account__account_ref")

    class Meta:
        model = StandingHistory
        fields = ["segment", "abc", "core", "band", "key", "trend"]

    def matching(self, standings, name, text):
        return standings.filter(account__in=Account.objects.matching(text))


def flagged_accounts(request):
    """Those the caller sees, and the heads of their groups where a flag stands on them."""
    flags = Flag.objects.visible_to(request.user)
    return visible_accounts(request) | Account.objects.filter(pk__in=flags.values("account"))


class FlagFilter(django_filters.FilterSet):
    account = django_filters.ModelChoiceFilter(queryset=flagged_accounts)
    severity = django_filters.ChoiceFilter(
        method="as_severe", choices=[(word, level.label) for word, level in SEVERITIES.items()]
    )
    state = django_filters.ChoiceFilter(
        method="in_state",
        choices=[
            ("open", pgettext_lazy("flag", "open")),
            ("cleared", _("cleared")),
            ("all", _("open or cleared")),
        ],
        label=_("open ones where nothing else is asked for"),
    )

    class Meta:
        model = Flag
        fields = ["kind"]

    def filter_queryset(self, flags):
        # Filters leave out what is not asked for; this one has a default.
        state = self.form.cleaned_data["state"] or "open"
        return super().filter_queryset(self.in_state(flags, "state", state))

    def as_severe(self, flags, name, value: str):
        return flags.filter(severity=SEVERITIES[value])

    def in_state(self, flags, name, value: str):
        if value == "all":
            return flags
        return flags.open() if value == "open" else flags.exclude(cleared_on=None)


class FlagListFilter(django_filters.FilterSet):
    """The filters of the page: what waits for an answer, where nothing else is asked for."""

    kind = django_filters.ChoiceFilter(choices=Flag.Kind, empty_label=_("Every kind"))
    severity = django_filters.ChoiceFilter(
        method="as_severe",
        choices=[(word, level.label) for word, level in SEVERITIES.items()],
        empty_label=_("Every severity"),
    )
    state = django_filters.ChoiceFilter(
        method="in_state",
        choices=[("resting", _("Resting")), ("cleared", _("Cleared"))],
        empty_label=_("Open"),
    )
    owner = django_filters.ModelChoiceFilter(
        queryset=visible_owners, method="owned_by", empty_label=_("Every owner")
    )

    class Meta:
        model = Flag
        fields = ["kind"]

    def filter_queryset(self, flags):
        found = super().filter_queryset(flags)
        return found if self.form.cleaned_data["state"] else found.awake()

    def as_severe(self, flags, name, value: str):
        return flags.filter(severity=SEVERITIES[value])

    def in_state(self, flags, name, value: str):
        return flags.resting() if value == "resting" else flags.exclude(cleared_on=None)

    def owned_by(self, flags, name, owner):
        owned = Ownership.objects.in_force(today()).filter(owner=owner)
        return flags.filter(account__in=owned.values("account"))
