"""The tree of departments, and who works where since when."""

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from firm.models.dated import DatedQuerySet, always


class DepartmentQuerySet(models.QuerySet):
    def below(self, departments):
        """Ids of `departments` and of everything beneath them."""
        children: dict[int | None, list[int]] = {}
        for pk, parent in self.values_list("pk", "parent_id"):
            children.setdefault(parent, []).append(pk)
        found, ahead = set(), [department.pk for department in departments]
        while ahead:
            pk = ahead.pop()
            if pk not in found:
                found.add(pk)
                ahead += children.get(pk, [])
        return found


@pghistory.track()
class Department(models.Model):
    """A part of the firm; a head sees their own and everything beneath it."""

    code = models.CharField(_("code"), max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=200)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        constraints = [
            models.CheckConstraint(
                name="department_is_not_its_own_parent",
                condition=models.Q(parent=None) | ~models.Q(parent=models.F("pk")),
                violation_error_message=_("A department cannot be its own parent."),
            ),
        ]

    def __str__(self):
        return self.name


@pghistory.track()
class DepartmentMembership(models.Model):
    """Where a person works, from when to when. One department on any day."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="placements")
    department = models.ForeignKey(Department, models.PROTECT, related_name="memberships")
    valid = DateRangeField(_("valid"), default=always)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["user", "valid"]
        constraints = [
            ExclusionConstraint(
                name="one_department_on_any_day",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This person already has a department on these days."),
            ),
        ]

    def __str__(self):
        return f"{self.user} · {self.department}"
