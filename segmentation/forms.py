"""What people may judge of an account, and answer to a flag: shape and words."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from firm.forms import DayField, DayInput
from firm.templatetags.figures import full_day
from firm.today import today
from segmentation.models import Segment, SegmentOverride

SCORES = [
    ("", "–"),
    (1, _("1 – no")),
    (2, _("2 – hardly")),
    (3, _("3 – it keeps what it buys")),
    (4, _("4 – it grows")),
    (5, _("5 – it grows greatly")),
]


class RatingForm(forms.Form):
    score = forms.TypedChoiceField(label=_("Score"), choices=SCORES, coerce=int)
    rated_on = DayField(label=_("Day"), initial=today)
    reason = forms.CharField(
        label=_("Why, in a sentence"), widget=forms.Textarea(attrs={"rows": 2}), max_length=500
    )

    def clean_rated_on(self):
        day = self.cleaned_data["rated_on"]
        if day > today():
            raise forms.ValidationError(_("A rating is of today or of a day before."))
        return day


class OverrideForm(forms.ModelForm):
    segment = forms.ChoiceField(label=_("Segment"), choices=[("", "–"), *Segment.choices])

    class Meta:
        model = SegmentOverride
        fields = ["segment", "review_on", "reason"]
        field_classes = {"review_on": DayField}
        widgets = {"reason": forms.Textarea(attrs={"rows": 2})}

    def clean_review_on(self):
        day = self.cleaned_data["review_on"]
        if day <= today():
            raise forms.ValidationError(_("The review day lies after today."))
        return day


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
    until = DayField()

    def clean_until(self):
        until = self.cleaned_data["until"]
        if until <= today():
            raise forms.ValidationError(_("Choose a day after today."))
        return until
