"""What people may write about an account: shape and words. The acts are in `actions`."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, TeamMember
from firm import roles
from firm.forms import DayInput
from firm.models import Department, DepartmentMembership, RoleMembership, User
from firm.today import today


def colleagues(permission):
    """Those whose roles of today hold `permission` and who sign in."""
    label, codename = permission.split(".")
    held = RoleMembership.objects.in_force(today()).filter(
        role__permissions__content_type__app_label=label, role__permissions__codename=codename
    )
    return User.objects.filter(is_active=True, pk__in=held.values("user"))


def possible_owners(leader):
    """Those to whom `leader` may give an account: they change accounts and work where it leads."""
    people = colleagues(roles.CHANGE_ACCOUNTS)
    if leader.has_perm(roles.LEAD_EVERY_ACCOUNT):
        return people
    placed = DepartmentMembership.objects.in_force(today())
    return people.filter(
        pk__in=placed.filter(department__in=leader.headed_departments).values("user")
    )


TAKEN = _("This reference is taken.")


class AccountForm(forms.ModelForm):
    FIRST = ["name", "account_ref", "kind"]
    MORE = ["legal_name", "tax_number", "industry", "country", "headcount"]
    CLOSING = ["closed_on", "close_reason"]

    class Meta:
        model = Account
        fields = [
            "name",
            "account_ref",
            "kind",
            "legal_name",
            "tax_number",
            "industry",
            "country",
            "headcount",
            "closed_on",
            "close_reason",
        ]
        widgets = {"closed_on": DayInput, "close_reason": forms.Textarea(attrs={"rows": 2})}
        # Of an account out of the reader's sight this is all that they learn.
        error_messages = {"account_ref": {"unique": TAKEN}}
        help_texts = {
            "account_ref": _("As the ledger writes it."),
            "closed_on": _("Empty the day to open the account again."),
        }

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if self.instance.pk is None:
            for name in self.CLOSING:
                del self.fields[name]

    def clean(self):
        values = super().clean()
        if self.initial.get("closed_on") and values.get("closed_on") is None:
            values["close_reason"] = ""
        return values

    def first(self):
        return [self[name] for name in self.FIRST]

    def more(self):
        return [self[name] for name in self.MORE]

    def closing(self):
        return [self[name] for name in self.CLOSING if name in self.fields]

    def more_is_open(self):
        return any(self[name].errors for name in self.MORE)

    def closing_is_open(self):
        fields = self.closing()
        return bool(self.non_field_errors()) or any(
            field.errors or field.value() for field in fields
        )


class OwnerForm(forms.Form):
    owner = forms.ModelChoiceField(
        User.objects.none(), label=_("Owner"), required=False, empty_label=_("nobody")
    )
    department = forms.ModelChoiceField(
        Department.objects.none(),
        label=_("Department"),
        required=False,
        empty_label=_("none"),
        help_text=_("Where the account stands while nobody owns it."),
    )
    day = forms.DateField(label=_("From"), widget=DayInput, initial=today)

    def __init__(self, *args, leader, **options):
        super().__init__(*args, **options)
        people, departments = possible_owners(leader), Department.objects.all()
        if not leader.has_perm(roles.LEAD_EVERY_ACCOUNT):
            departments = departments.filter(pk__in=leader.headed_departments)
        # Whoever owns it may go on, a placeholder too.
        now = self.initial.get("owner")
        kept = Q(pk__in=people.values("pk")) | Q(pk=now and now.pk)
        fields: dict[str, Any] = self.fields
        fields["owner"].queryset = User.objects.filter(kept)
        fields["department"].queryset = departments


class ParentForm(forms.Form):
    parent = forms.ModelChoiceField(Account.objects.none(), label=_("Parent"), required=False)
    day = forms.DateField(label=_("From"), widget=DayInput, initial=today)

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["parent"].queryset = Account.objects.visible_to(user)


class TeamForm(forms.Form):
    user = forms.ModelChoiceField(User.objects.none(), label=_("Colleague"))
    part = forms.ChoiceField(label=_("Part"), choices=TeamMember.Part)
    day = forms.DateField(label=_("From"), widget=DayInput, initial=today)
    until = forms.DateField(
        label=_("Until"), widget=DayInput, required=False, help_text=_("Empty: without an end.")
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["user"].queryset = colleagues(roles.PAGES)

    def clean(self):
        values = super().clean()
        day, until = values.get("day"), values.get("until")
        if day and until and until < day:
            self.add_error("until", _("The last day lies before the first."))
        return values
