"""Fields that forms of every room share."""

from datetime import date

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator


class DayInput(forms.DateInput):
    """A day, picked in the browser's own calendar."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day of a business's life: the day beside it can be counted too, and files can hold it."""

    widget = DayInput
    default_validators = [
        MinValueValidator(date(1900, 1, 1)),
        MaxValueValidator(date(2999, 12, 31)),
    ]
