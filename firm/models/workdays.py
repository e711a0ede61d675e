"""Days that a government or the firm moved."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MovedDay(models.Model):
    """A working day made free, or a free day worked, beside a country's public holidays."""

    country = models.CharField(_("country"), max_length=2)
    day = models.DateField(_("day"))
    is_working = models.BooleanField(_("working day"))
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        ordering = ["country", "day"]
        constraints = [
            models.UniqueConstraint("country", "day", name="a_day_is_moved_once_in_a_country"),
        ]

    def __str__(self):
        return f"{self.country} {self.day}"
