"""What programs send, field by field."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError


class Strict(serializers.Serializer):
    """Refuses fields that it does not write, by name: a sender's slip is never passed over."""

    def to_internal_value(self, data):
        refused = self.refused(data) if isinstance(data, Mapping) else {}
        try:
            values = super().to_internal_value(data)
        except ValidationError as error:
            found: Any = error.detail
            raise ValidationError({**found, **refused}) from error
        if refused:
            raise ValidationError(refused)
        return values

    def refused(self, data):
        writable = {name for name, field in self.fields.items() if not field.read_only}
        return {
            str(name)[:100]: [_("This field is not written here.")]
            for name in data
            if name not in writable
        }
