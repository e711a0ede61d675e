"""Keys for integrations."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken, AuthTokenManager

from firm import scopes

# Named by firm.roles too, which stands above the models.
MANAGE_TOKENS = "firm.manage_tokens"


def reading():
    return [scopes.READ]


class ApiTokenQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own; an administrator's are all."""
        return self if user.has_perm(MANAGE_TOKENS) else self.filter(user=user)


@pghistory.track(exclude=["digest", "token_key", "last_used_at"])
class ApiToken(AbstractAuthToken):
    """A key for the API, stored hashed: it is shown once, when it is made.

    It does what its user's roles allow on the day, narrowed to its scopes.
    """

    name = models.CharField(_("name"), max_length=100)
    scopes = ArrayField(models.CharField(max_length=32), default=reading)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = AuthTokenManager.from_queryset(ApiTokenQuerySet)()

    class Meta:
        ordering = ["-created"]
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        permissions = [("manage_tokens", "Can see and revoke everyone's API tokens")]

    def __str__(self):
        return self.name

    @property
    def has_expired(self):
        return self.expiry is not None and self.expiry < timezone.now()
