"""What left the house as a file."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Export(models.Model):
    """A list that somebody took away: which one, asked for how. `rows` once all were given."""

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "XLSX"

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="exports")
    at = models.DateTimeField(auto_now_add=True)
    subject = models.CharField(max_length=64)
    file_format = models.CharField(max_length=8, choices=Format)
    query = models.TextField(blank=True)
    rows = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("export")
        verbose_name_plural = _("exports")

    def __str__(self):
        return f"{self.subject} {self.file_format} {self.rows}"
