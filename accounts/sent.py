"""An account as a program sends it: shape, and whom and what it may name."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.forms import possible_owners
from accounts.models import Account
from firm import roles
from firm.models import User
from firm.serializers import Strict

# Beyond what a key of the database holds nothing is named.
MOST = 2**63 - 1


class Named(serializers.Field):
    """One of the records that the sender may name, by id, or by a word that is theirs alone."""

    word: str
    choices_for: Callable[[User], QuerySet[Any]]

    def to_internal_value(self, data):
        rows = self.choices_for(self.context["request"].user)
        if isinstance(data, int) and not isinstance(data, bool) and 0 < data <= MOST:
            found = rows.filter(pk=data).first()
        elif isinstance(data, str) and data and "\0" not in data and data.isprintable():
            found = rows.filter(**{self.word: data}).first()
        else:
            found = None
        if found is None:
            # The same for what is absent and for what they may not name.
            raise serializers.ValidationError(_("You may name nothing by this."))
        return found

    def to_representation(self, value):
        return value.pk


@extend_schema_field(
    {
        "type": ["integer", "string", "null"],
        "description": "Whose account it is from today on, by id or e-mail; null: nobody's.",
    }
)
class OwnerField(Named):
    word = "email__iexact"

    def choices_for(self, user):
        if user.has_perm(roles.LEAD_EVERY_ACCOUNT) or user.has_perm(roles.LEAD_DEPARTMENT):
            return possible_owners(user)
        return User.objects.filter(pk=user.pk)


@extend_schema_field(
    {
        "type": ["integer", "string", "null"],
        "description": "The account above it from today on, by id or reference; null: none.",
    }
)
class ParentField(Named):
    word = "account_ref"

    def choices_for(self, user):
        return Account.objects.visible_to(user)


class AccountChangeSerializer(Strict, serializers.ModelSerializer):
    """What is to be changed; fields that are not sent stay."""

    owner = OwnerField(required=False, allow_null=True)
    parent = ParentField(required=False, allow_null=True)  # type: ignore[assignment]

    class Meta:
        model = Account
        fields = [
            "name",
            "legal_name",
            "tax_number",
            "kind",
            "industry",
            "country",
            "headcount",
            "closed_on",
            "close_reason",
            "owner",
            "parent",
        ]

    def validate(self, values):
        """Closing takes a day and a reason; emptying the day opens it again, and drops both."""
        if "closed_on" in values and values["closed_on"] is None:
            values.setdefault("close_reason", "")
        closed_on = values.get("closed_on", self.instance.closed_on)
        reason = values.get("close_reason", self.instance.close_reason)
        if (closed_on is None) != (reason == ""):
            raise serializers.ValidationError(
                {"closed_on": [_("Closing an account needs a day and a reason.")]}
            )
        return values


class AccountCreateSerializer(Strict, serializers.ModelSerializer):
    """A new account."""

    owner = OwnerField(required=False, allow_null=True)
    parent = ParentField(required=False, allow_null=True)  # type: ignore[assignment]

    class Meta:
        model = Account
        fields = [
            "account_ref",
            "name",
            "legal_name",
            "tax_number",
            "kind",
            "industry",
            "country",
            "headcount",
            "owner",
            "parent",
        ]
        # A reference that is taken is a conflict, and no fault of shape.
        extra_kwargs: dict[str, Any] = {"account_ref": {"validators": []}}
