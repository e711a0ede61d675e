"""What people write about feeds: shape and words. The acts are in `actions`."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.importers.shapes import CURRENCIES
from accounts.importers.totals import MONTH
from accounts.models import ControlTotal, Feed

Rhythm = Feed.Rhythm


class ClockInput(forms.TimeInput):
    """A time of day, in hours and minutes."""

    input_type = "time"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%H:%M")


class FeedForm(forms.ModelForm):
    class Meta:
        model = Feed
        fields = ["rhythm", "weekday", "month_day", "due_at"]
        widgets = {"due_at": ClockInput}
        help_texts = {"month_day": _("A month that is too short has its last day.")}

    def clean(self):
        """A day that the rhythm has no use for is none."""
        values = super().clean()
        rhythm = values.get("rhythm")
        if rhythm == Rhythm.WEEKLY and values.get("weekday") is None:
            self.add_error("weekday", _("Choose the day of the week."))
        if rhythm == Rhythm.MONTHLY and not values.get("month_day") and "month_day" in values:
            self.add_error("month_day", _("Name the day of the month, from 1 to 31."))
        if rhythm != Rhythm.WEEKLY:
            values["weekday"] = None
        if rhythm != Rhythm.MONTHLY:
            values["month_day"] = None
        return values


class MonthInput(forms.DateInput):
    """A month, picked in the browser's own calendar where it has one."""

    input_type = "month"

    def __init__(self, attrs=None):
        super().__init__({"placeholder": "2024-02"} | (attrs or {}), format="%Y-%m")


class MonthField(forms.DateField):
    """A month, as its first day."""

    widget = MonthInput

    def to_python(self, value):
        if value in self.empty_values or isinstance(value, date):
            return super().to_python(value)
        if not MONTH.fullmatch(value.strip()):
            raise forms.ValidationError(_("This is no month: write it as 2024-02."))
        return date.fromisoformat(f"{value.strip()[:7]}-01")


class TotalForm(forms.ModelForm):
    month = MonthField(label=_("Month"))
    currency = forms.CharField(label=_("Currency"), max_length=3)

    class Meta:
        model = ControlTotal
        fields = ["month", "currency", "revenue", "lines"]
        labels = {"revenue": _("Revenue"), "lines": _("Number of lines, if known")}

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        fields: dict = self.fields
        # A revenue may be below zero, and is read to its last digit.
        fields["revenue"].widget = forms.TextInput(attrs={"inputmode": "decimal"})
        if self.instance.pk:
            fields["month"].widget.attrs["readonly"] = True
            fields["currency"].widget.attrs["readonly"] = True

    def clean_currency(self):
        code = self.cleaned_data["currency"].strip().upper()
        if code not in CURRENCIES:
            raise forms.ValidationError(_("This is no ISO 4217 code, such as EUR."))
        return code
