"""Where lines come from, and what became of each file."""

from uuid import uuid4

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from firm import roles
from firm.webhooks.triggers import telling

# Imports of a statement that came to their end, well or not.
ENDED = (
    "SELECT newer.id FROM newer JOIN older USING (id) WHERE newer.state IN ('done', 'failed')"
    " AND (newer.finished_at, newer.state) IS DISTINCT FROM (older.finished_at, older.state)"
)


class Source(models.Model):
    """A system that feeds a ledger; its name is part of the identity of every line."""

    name = models.CharField(_("name"), max_length=64, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("source")

    def __str__(self):
        return self.name


def server_made_name(_imported, _sent_name: str) -> str:
    """Where an upload is kept: never under the sender's name."""
    return f"imports/{uuid4().hex}"


class LedgerImportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """For who may feed the ledger: the own ones, and all for who sees every account."""
        if not user.has_perm(roles.FEED):
            return self.none()
        return self if user.has_perm(roles.EVERY_ACCOUNT) else self.filter(by=user)

    def deliveries(self):
        """Files that a source delivered and that stand. Mended rows that went in again are none,
        and neither is what is only said of the deliveries."""
        taken = self.filter(state=LedgerImport.State.DONE, mended_rows=None)
        return taken.exclude(target=LedgerImport.Target.CONTROL_TOTALS)


class LedgerImport(models.Model):
    """One file that came, and what became of it. Commands take theirs in at once, and keep none.

    `reading` says how the file is to be read (accounts.importers.reading).
    """

    class Target(models.TextChoices):
        LEDGER = "ledger", _("ledger")
        ACCOUNTS = "accounts", _("accounts")
        RATES = "rates", _("exchange rates")
        CONTROL_TOTALS = "control_totals", _("control totals")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        WAITING = "waiting", _("on its way")
        ASKING = "asking", _("asks you")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        UNDONE = "undone", _("undone")

    source = models.ForeignKey(
        Source, models.PROTECT, related_name="imports", verbose_name=_("source")
    )
    target = models.CharField(_("target"), max_length=32, choices=Target, default=Target.LEDGER)
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.DONE)
    file = models.FileField(_("file"), upload_to=server_made_name, blank=True)
    file_name = models.CharField(_("file"), max_length=255)
    reading = models.JSONField(default=dict, blank=True)
    # The file's own names of its columns, in its order.
    header = models.JSONField(default=list, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True)
    whole_documents = models.BooleanField(_("whole documents"), default=False)
    # When it came; from its job on, when that took it in.
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    report = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    undo_report = models.JSONField(_("report of the undo"), default=dict, blank=True)

    objects = LedgerImportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("import")
        permissions = [("feed_ledger", "Can import a ledger")]
        indexes = [models.Index("source", "target", models.F("id").desc(), name="import_source")]
        triggers = [telling("tell_finished", "import.finished", pgtrigger.Update, ENDED)]
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
    # The import in which it came again, mended.
    sent_again = models.ForeignKey(
        LedgerImport, models.SET_NULL, null=True, blank=True, related_name="mended_rows"
    )

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
