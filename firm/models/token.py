"""Keys for integrations."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken, AuthTokenManager


class ApiToken(AbstractAuthToken):
    """A key for the API, stored hashed: it is shown once, when it is made."""

    name = models.CharField(_("name"), max_length=100)

    objects = AuthTokenManager()

    class Meta:
        ordering = ["-created"]
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self):
        return self.name
