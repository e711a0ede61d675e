"""What people may judge of an account: shape and words."""

from django import forms
from django.utils.translation import gettext_lazy as _

from firm.forms import DayInput
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
    rated_on = forms.DateField(label=_("Day"), widget=DayInput, initial=today)
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
        widgets = {"review_on": DayInput, "reason": forms.Textarea(attrs={"rows": 2})}

    def clean_review_on(self):
        day = self.cleaned_data["review_on"]
        if day <= today():
            raise forms.ValidationError(_("The review day lies after today."))
        return day
