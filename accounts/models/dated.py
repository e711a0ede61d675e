"""What is true of an account for a stretch of days: owner, parent, department, team."""

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from firm.models import DatedQuerySet, Department, DepartmentMembership, always
from firm.webhooks.triggers import telling_of_account


def once(name, *fields, message):
    """A constraint: the `fields` stand together at most once on any day."""
    return ExclusionConstraint(
        name=name,
        expressions=[
            *((field, RangeOperators.EQUAL) for field in fields),
            ("valid", RangeOperators.OVERLAPS),
        ],
        violation_error_message=message,
    )


@pghistory.track()
class Ownership(models.Model):
    """Whose account it is, from when to when (A1)."""

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="ownerships")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="ownerships")
    valid = DateRangeField(_("valid"), default=always)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["account", "valid"]
        triggers = telling_of_account()
        constraints = [
            once(
                "one_owner_on_any_day",
                "account",
                message=_("This account already has an owner on these days."),
            )
        ]

    def __str__(self):
        return f"{self.account} · {self.owner}"


LOOP = """
IF EXISTS (
    WITH RECURSIVE above (account_id, valid) AS (
        SELECT NEW.parent_id, NEW.valid
         UNION
        SELECT link.parent_id, link.valid * above.valid
          FROM accounts_parentage AS link
          JOIN above ON link.account_id = above.account_id
         WHERE link.valid && above.valid
    )
    SELECT FROM above WHERE account_id = NEW.account_id
) THEN
    RAISE EXCEPTION 'a loop of parents' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'parents_form_no_loop';
END IF;
RETURN NULL;
"""


@pghistory.track()
class Parentage(models.Model):
    """The account above an account, from when to when (A12). Never a loop on any day."""

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="parentages")
    parent = models.ForeignKey("accounts.Account", models.PROTECT, related_name="branches")
    valid = DateRangeField(_("valid"), default=always)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["account", "valid"]
        triggers = [
            *telling_of_account(),
            pgtrigger.Trigger(
                name="parents_form_no_loop",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=LOOP,
            ),
        ]
        constraints = [
            once(
                "one_parent_on_any_day",
                "account",
                message=_("This account already has a parent on these days."),
            ),
            models.CheckConstraint(
                name="account_is_not_its_own_parent",
                condition=~Q(parent=F("account")),
                violation_error_message=_("An account cannot be its own parent."),
            ),
        ]

    def __str__(self):
        return f"{self.account} < {self.parent}"


@pghistory.track()
class Placement(models.Model):
    """The department of an account on the days on which nobody owns it."""

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="placements")
    department = models.ForeignKey(Department, models.PROTECT, related_name="placements")
    valid = DateRangeField(_("valid"), default=always)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["account", "valid"]
        triggers = telling_of_account()
        constraints = [
            once(
                "account_in_one_department_on_any_day",
                "account",
                message=_("This account already has a department on these days."),
            )
        ]

    def __str__(self):
        return f"{self.account} · {self.department}"


@pghistory.track()
class TeamMember(models.Model):
    """A colleague who works on the account beside its owner, and as what."""

    class Part(models.TextChoices):
        KAM = "kam", _("second account manager")
        PRESALE = "presale", _("pre-sale")
        TECHNICAL = "technical", _("technical specialist")
        PROJECT = "project", _("project manager")
        SERVICE = "service", _("service")

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="team")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="teams")
    part = models.CharField(_("part"), max_length=16, choices=Part)
    valid = DateRangeField(_("valid"), default=always)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["account", "user"]
        constraints = [
            once(
                "a_colleague_is_on_a_team_once",
                "account",
                "user",
                message=_("This colleague is already on the team on these days."),
            )
        ]

    def __str__(self):
        return f"{self.account} · {self.user}"


def accounts_of(departments, day):
    """Ids of the accounts that belong to `departments` on `day`: by their owner's
    department, or by their own where nobody owns them."""
    colleagues = DepartmentMembership.objects.in_force(day).filter(department__in=departments)
    owned = Ownership.objects.in_force(day)
    through_owner = owned.filter(owner__in=colleagues.values("user")).values("account")
    unowned = (
        Placement.objects.in_force(day)
        .filter(department__in=departments)
        .exclude(account__in=owned.values("account"))
        .values("account")
    )
    return through_owner.union(unowned)
