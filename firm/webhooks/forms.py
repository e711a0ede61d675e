"""What people write about a webhook: shape and words. The acts are in `actions`."""

from django import forms
from django.utils.translation import gettext_lazy as _

from firm.models import Delivery, Topic
from firm.webhooks.addresses import LONGEST, Refused, read


class WebhookForm(forms.Form):
    description = forms.CharField(
        label=_("Description"),
        max_length=200,
        required=False,
        help_text=_("What is at the other end, for people."),
    )
    address = forms.CharField(
        label=_("Address"),
        max_length=LONGEST,
        help_text=_("It begins with https:// and leads to the open internet."),
        widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false"}),
    )
    topics = forms.MultipleChoiceField(label=_("Topics"), choices=Topic.choices)

    def clean_address(self):
        address = self.cleaned_data["address"]
        try:
            read(address)
        except Refused as error:
            raise forms.ValidationError(str(error)) from error
        return address


class LogFilter(forms.Form):
    """Which deliveries of the log are shown; a word that is none of these narrows nothing."""

    topic = forms.ChoiceField(
        required=False,
        choices=[("", _("All topics")), *Delivery._meta.get_field("topic").choices],
    )
    state = forms.ChoiceField(
        required=False, choices=[("", _("All states")), *Delivery.State.choices]
    )

    def narrow(self, deliveries):
        self.is_valid()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        return deliveries.filter(**chosen)
