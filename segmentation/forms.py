"""What people write when they answer a flag."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from firm.templatetags.figures import full_day
from firm.today import today


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **options):
        super().__init__(format="%Y-%m-%d", **options)


class AcknowledgeForm(forms.Form):
    """A reason and a day; `last` is the last day that the policy lets it rest until."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    until = forms.DateField(
        label=_("Let it rest until"), widget=DayInput(attrs={"class": "form-control"})
    )

    def __init__(self, *args, last, **options):
        super().__init__(*args, **options)
        self.last = last
        first = today() + timedelta(days=1)
        until = self.fields["until"]
        until.initial = last
        until.widget.attrs |= {"min": first.isoformat(), "max": last.isoformat()}

    def clean_until(self):
        until = self.cleaned_data["until"]
        if not today() < until <= self.last:
            raise forms.ValidationError(
                _("Choose a day after today, %(last)s at the latest."),
                params={"last": full_day(self.last)},
            )
        return until


class PutOffForm(forms.Form):
    until = forms.DateField()

    def clean_until(self):
        until = self.cleaned_data["until"]
        if until <= today():
            raise forms.ValidationError(_("Choose a day after today."))
        return until
