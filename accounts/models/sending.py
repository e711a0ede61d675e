"""What programs sent with a key, so that sending it again sends nothing twice."""

from django.conf import settings
from django.db import models

from accounts.models.imports import LedgerImport


class SendingKey(models.Model):
    """A sender's own name for one sending: the same key and body is the same import, for ever."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    # Empty only within the transaction that receives the body.
    imported = models.ForeignKey(LedgerImport, models.CASCADE, null=True, related_name="keys")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint("by", "key", name="a_key_names_one_sending"),
        ]

    def __str__(self):
        return self.key
