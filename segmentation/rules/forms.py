"""The form of every number that a person may choose."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from firm.forms import DayInput
from firm.models import Policy
from firm.templatetags.figures import full_day
from segmentation.rules.numbers import ABOUT, CHOSEN, GROUPS, label_and_unit

# Beside which number a broken rule is told.
BESIDE = {
    "bands_rise": "critical_share",
    "classes_rise": "abc_b",
    "the_population_spans_two_windows": "active_months",
    "purchase_months_fit_in_one_word": "window_months",
}
RANGES = (
    ("key_total_low", "key_total_high"),
    ("key_total_high", "key_total_alarm"),
    ("mix_strategic_low", "mix_strategic_high"),
    ("mix_typical_low", "mix_typical_high"),
)


class PolicyForm(forms.ModelForm):
    """Prefilled from a version; `changed_numbers` are those that differ from `base`."""

    base = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Policy
        fields = [*CHOSEN, "valid_from", "reason"]
        widgets = {
            "valid_from": DayInput,
            "reason": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, data=None, *, base, earliest, like):
        super().__init__(data, instance=like)
        self.newest, self.earliest = base, earliest
        self.initial["base"] = base.version
        self.fields["valid_from"].required = True
        self.fields["valid_from"].widget.attrs["min"] = earliest.isoformat()
        for group in GROUPS:
            for name in set(group.numbers) & set(CHOSEN):
                self.fields[name].label = label_and_unit(name)[0]
                self.fields[name].help_text = str(group.numbers[name])
        for name, field in self.fields.items():
            value = self.initial.get(name)
            if isinstance(value, Decimal):
                self.initial[name] = format(value.normalize(), "f")
            is_choice = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-select" if is_choice else "form-control"

    @property
    def groups(self):
        for group in GROUPS:
            rows = [
                {"field": self[name], "unit": label_and_unit(name)[1]}
                for name in group.numbers
                if name in self.fields
            ]
            yield {"code": group.code, "label": group.label, "rows": rows}

    @property
    def is_overtaken(self):
        """Whether a version was saved since the form was opened."""
        return self.cleaned_data.get("base") not in (None, self.newest.version)

    @property
    def changed_numbers(self):
        return {
            name: self.cleaned_data[name]
            for name in CHOSEN
            if self.cleaned_data[name] != getattr(self.newest, name)
        }

    def clean_valid_from(self):
        day = self.cleaned_data["valid_from"]
        if day < self.earliest:
            raise forms.ValidationError(
                _("Days before stand: a new version holds from %(day)s on at the earliest."),
                params={"day": full_day(self.earliest)},
            )
        return day

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not self.changed_numbers:
            raise forms.ValidationError(_("No number differs from the newest version."))
        for low, high in RANGES:
            if low in cleaned and high in cleaned and cleaned[high] < cleaned[low]:
                self.add_error(high, _("It must not be below where the range begins."))
        return cleaned

    def validate_constraints(self):
        """The policy's own rules, each told beside its number."""
        exclude = {name for name in (*ABOUT, *CHOSEN) if name not in self.cleaned_data}
        for constraint in Policy._meta.constraints:
            try:
                constraint.validate(Policy, self.instance, exclude=exclude)
            except forms.ValidationError as error:
                self.add_error(BESIDE.get(constraint.name), error)
