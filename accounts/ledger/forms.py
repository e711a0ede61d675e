"""What people may write about lines without an account or a rate: shape and words."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.importers.shapes import currency_problem
from accounts.models import Account, AssignmentRule, ExchangeRate, LedgerEntry, Source
from firm.forms import DayInput


def currencies(entries):
    """The currencies of `entries`, as choices."""
    found = entries.order_by("currency").values_list("currency", flat=True).distinct()
    return [(code, code) for code in found]


class WaitingFilter(django_filters.FilterSet):
    source = django_filters.ModelChoiceFilter(
        queryset=Source.objects.all(), label=_("Source"), empty_label=_("All sources")
    )
    currency = django_filters.ChoiceFilter(
        choices=lambda: currencies(LedgerEntry.objects.filter(account=None)),
        label=_("Currency"),
        empty_label=_("All currencies"),
    )
    text = django_filters.CharFilter(method="holding", label=_("Text"))

    class Meta:
        model = LedgerEntry
        fields: list[str] = []

    def holding(self, lines, name, text):
        return lines.filter(
            Q(document__icontains=text)
            | Q(account_text__icontains=text)
            | Q(product_line__name__icontains=text)
        )


class AccountField(forms.CharField):
    """An account in the sight of `user`, by its reference; the page proposes some by name."""

    user = None

    def clean(self, value):
        text = super().clean(value)
        seen = Account.objects.visible_to(self.user)
        account = seen.filter(account_ref=text).first()
        if account is None:
            raise forms.ValidationError(_("No account of this reference is in your sight."))
        return account


class AssignForm(forms.Form):
    account = AccountField(label=_("Account"), max_length=64)

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["account"].user = user


class RuleForm(forms.ModelForm):
    account = AccountField(label=_("Account"), max_length=64, help_text=_("Its reference."))

    class Meta:
        model = AssignmentRule
        fields = ["source", "kind", "text", "account"]

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["account"].user = user
        if self.instance.pk:
            self.initial["account"] = self.instance.account.account_ref


class RateForm(forms.ModelForm):
    class Meta:
        model = ExchangeRate
        fields = ["currency", "day", "rate"]
        widgets = {"day": DayInput}

    def __init__(self, *args, reporting_currency, **options):
        super().__init__(*args, **options)
        self.reporting_currency = reporting_currency

    def clean_currency(self):
        code = self.cleaned_data["currency"].upper()
        if currency_problem(code):
            raise forms.ValidationError(_("This is no ISO 4217 code, such as EUR."))
        if code == self.reporting_currency:
            raise forms.ValidationError(_("The ledger is kept in this currency."))
        return code


class CorrectionForm(forms.ModelForm):
    class Meta:
        model = ExchangeRate
        fields = ["rate"]


class ApplyForm(forms.Form):
    apply = forms.BooleanField(label=_("Assign what waits now as well"), required=False)
