"""Fields that forms of every room share."""

from datetime import date
from zoneinfo import available_timezones

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _


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


class TongueSelect(forms.Select):
    """Options that are not in the page's language but in their own, or all in `tongue`."""

    def __init__(self, *args, tongue=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.tongue = tongue

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        if value:
            option["attrs"]["lang"] = self.tongue or value
        return option


def languages():
    own = [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]
    return [("", _("The browser's")), *own]


def time_zones():
    zones = [zone for zone in sorted(available_timezones()) if "/" in zone]
    company = _("The company's: %(zone)s") % {"zone": settings.TIME_ZONE}
    return [("", company), *((zone, zone.replace("_", " ")) for zone in zones)]


class ProfileForm(forms.Form):
    """How a person is called, and how pages speak to them."""

    name = forms.CharField(label=_("Name"), max_length=200)
    language = forms.ChoiceField(
        label=_("Language"), choices=languages, required=False, widget=TongueSelect
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=time_zones,
        required=False,
        widget=TongueSelect(tongue="en"),
    )


class KeyForm(AddWebAuthnForm):
    """A passkey of one's own: it signs in alone, unless somebody wants it beside a password."""

    name = forms.CharField(label=_("Name"), max_length=100, required=False)
    passwordless = forms.BooleanField(
        label=_("Signs in without a password"), required=False, initial=True
    )


class KeyNameForm(EditWebAuthnForm):
    name = forms.CharField(label=_("Name"), max_length=100)
