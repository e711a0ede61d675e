"""Where lines come from, and what became of each file."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Source(models.Model):
    """A system that feeds a ledger; its name is part of the identity of every line."""

    name = models.CharField(_("name"), max_length=64, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("source")

    def __str__(self):
        return self.name


class LedgerImport(models.Model):
    """One file that was taken in, whole, with its report."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="imports")
    file_name = models.CharField(_("file"), max_length=255)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True)
    whole_documents = models.BooleanField(_("whole documents"), default=False)
    started_at = models.DateTimeField(default=timezone.now)
    report = models.JSONField(default=dict)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("import")
        permissions = [("feed_ledger", "Can import a ledger")]

    def __str__(self):
        return f"{self.source} {self.file_name}"


class RejectedRow(models.Model):
    """A row of a file that could not be taken: all of it, and why."""

    imported = models.ForeignKey(LedgerImport, models.CASCADE, related_name="rejected_rows")
    row = models.PositiveIntegerField(_("row"))
    values = models.JSONField(_("values"))
    problems = models.JSONField(_("problems"))

    class Meta:
        ordering = ["imported", "row"]

    def __str__(self):
        return f"{self.imported} · {self.row}"
