"""Where lines come from, and what became of each file."""

from django.conf import settings
from django.db import models
from django.db.models import Q
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
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    undo_report = models.JSONField(_("report of the undo"), default=dict, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("import")
        permissions = [("feed_ledger", "Can import a ledger")]
        constraints = [
            models.CheckConstraint(
                name="an_undone_import_names_who_undid_it",
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
        ]

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


class LeftLine(models.Model):
    """A line that the undo of `imported` left alone: `kept_by` has corrected it since."""

    imported = models.ForeignKey(LedgerImport, models.CASCADE, related_name="left_lines")
    entry = models.ForeignKey(
        "accounts.LedgerEntry", models.PROTECT, related_name="+", db_index=False
    )
    kept_by = models.ForeignKey(LedgerImport, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        ordering = ["imported", "pk"]

    def __str__(self):
        return f"{self.imported} · {self.entry}"
