"""Flags: what the numbers warn of, one for one kind and subject."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Account
from firm import roles
from firm.models import Policy
from firm.sentences import sentence
from firm.today import today
from firm.webhooks.triggers import telling
from segmentation.models.standing import Standing
from segmentation.reasons import REASONS


def on_work_of(user):
    """The condition of flags on the accounts that `user` works on, and on their groups."""
    mine = Account.objects.worked_on_by(user).values("pk")
    groups = Standing.objects.filter(account__in=mine).values("group")
    return Q(account__in=mine) | Q(account__in=groups)


def looked_after_by(user):
    """The same, and for a head the accounts of the department."""
    accounts = Account.objects.looked_after_by(user).values("pk")
    return Q(account__in=accounts) | on_work_of(user)


class FlagQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Flags on accounts that `user` sees, on groups where they work, on the firm by role.

        A group's flag names the group: seeing a branch alone does not show it.
        """
        if user.has_perm(roles.EVERY_ACCOUNT):
            seen = Q(account__isnull=False)
        else:
            seen = looked_after_by(user)
        if user.has_perm(roles.FIRM_FLAGS):
            seen |= Q(account=None, kind__in=Flag.FIRM_KINDS)
        if user.has_perm(roles.DATA_FLAGS):
            seen |= Q(account=None, kind__in=Flag.DATA_KINDS)
        return self.filter(seen)

    def answerable_by(self, user):
        """Flags that `user` may acknowledge: on accounts that they work on or head, or by role.

        Parts of a team that only read an account do not answer for it.
        """
        theirs = Q(pk=None)
        if user.has_perm(roles.ANSWER_EVERY_FLAG):
            theirs = Q(account__isnull=False)
        elif user.has_perm(roles.CHANGE_ACCOUNTS):
            theirs = looked_after_by(user)
        if user.has_perm(roles.ANSWER_FIRM_FLAGS):
            theirs |= Q(account=None, kind__in=Flag.FIRM_KINDS)
        if user.has_perm(roles.DATA_FLAGS):
            theirs |= Q(account=None, kind__in=Flag.DATA_KINDS)
        return self.visible_to(user).filter(theirs)

    def worked_on_by(self, user):
        """Flags on the accounts that `user` works on, and on their groups."""
        return self.filter(on_work_of(user))

    def open(self):
        return self.filter(cleared_on=None)

    def awake(self):
        """Open ones that nobody has put to rest; on the day until which it rests a flag is awake
        again."""
        rests = Q(acknowledged_at__isnull=False, rests_until__gt=today())
        return self.open().exclude(rests)

    def resting(self):
        return self.open().filter(acknowledged_at__isnull=False, rests_until__gt=today())

    def not_put_off_by(self, user):
        """Without what `user` put off to a later day, unless it has become more severe."""
        put_off = PutOff.objects.filter(
            flag=models.OuterRef("pk"),
            user=user,
            until__gt=today(),
            severity__gte=models.OuterRef("severity"),
        )
        return self.exclude(models.Exists(put_off))

    def ranked(self):
        """The worst first: severity, then money at stake."""
        return self.order_by("-severity", models.F("money").desc(nulls_last=True), "pk")


# Flags of a statement that were open and are not any more, or the other way round.
CLEARED = (
    "SELECT newer.id FROM newer JOIN older USING (id)"
    " WHERE older.cleared_on IS NULL AND newer.cleared_on IS NOT NULL"
)
CAME_BACK = (
    "SELECT newer.id FROM newer JOIN older USING (id)"
    " WHERE older.cleared_on IS NOT NULL AND newer.cleared_on IS NULL"
)
RAISED = "SELECT id FROM newer WHERE cleared_on IS NULL"

# What each night refreshes is no history; level, severity, answers and the end are.
NIGHTLY = ["number", "money", "evidence", "policy", "held_on", "checked_on", "quiet_runs", "told"]


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(condition=pghistory.AnyChange(exclude=NIGHTLY)),
    pghistory.DeleteEvent(),
)
class Flag(models.Model):
    """A warning with its evidence. Its level moves; it clears and comes back as the same flag."""

    class Kind(models.TextChoices):
        DEPENDENCY = "dependency", _("Dependency")
        CONCENTRATED = "concentrated", _("Portfolio concentrated")
        BASIS_CHANGED = "basis_changed", _("Basis changed")
        FEED_STALE = "feed_stale", _("Ledger feed stale")
        UNASSIGNED = "unassigned", _("Unassigned revenue")
        RATE_MISSING = "rate_missing", _("Exchange rate missing")
        DECLINING = "declining", _("Declining")
        ORDER_OVERDUE = "order_overdue", _("Order overdue")
        LOST = "lost", _("Lost")
        UNRATED = "unrated", _("Unrated")
        DISPUTED = "disputed", _("Prospects disputed")

    class Severity(models.IntegerChoices):
        LOW = 1, _("low")
        MEDIUM = 2, _("medium")
        HIGH = 3, _("high")
        CRITICAL = 4, pgettext_lazy("severity", "critical")

    FIRM_KINDS = (Kind.CONCENTRATED,)
    DATA_KINDS = (Kind.BASIS_CHANGED, Kind.FEED_STALE, Kind.UNASSIGNED, Kind.RATE_MISSING)
    # Not alarms: a queue that people work off.
    GAP_KINDS = (Kind.UNRATED, Kind.DISPUTED)

    kind = models.CharField(_("kind"), max_length=24, choices=Kind)
    account = models.ForeignKey(
        Account, models.CASCADE, null=True, blank=True, related_name="flags"
    )
    severity = models.PositiveSmallIntegerField(_("severity"), choices=Severity)
    level = models.CharField(_("level"), max_length=16, blank=True)
    number = models.DecimalField(max_digits=22, decimal_places=4, null=True)
    money = models.DecimalField(_("money at stake"), max_digits=22, decimal_places=4, null=True)
    evidence = models.JSONField(default=dict)
    policy = models.ForeignKey(Policy, models.PROTECT)
    raised_on = models.DateField(_("since"))
    held_on = models.DateField()
    checked_on = models.DateField()
    quiet_runs = models.PositiveIntegerField(default=0)
    cleared_on = models.DateField(_("cleared on"), null=True, blank=True)
    told = models.PositiveSmallIntegerField(default=0)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True
    )
    acknowledged_reason = models.TextField(blank=True)
    rests_until = models.DateField(null=True, blank=True)
    rests_at = models.DecimalField(max_digits=22, decimal_places=4, null=True, blank=True)
    rests_severity = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("flag")
        permissions = [
            ("view_firm_flags", "Can see the flags of the whole firm"),
            ("view_data_flags", "Can see the flags of feeds and data"),
            ("answer_firm_flags", "Can acknowledge the flags of the whole firm"),
            ("answer_every_flag", "Can acknowledge the flags of every account"),
        ]
        indexes = [models.Index("kind", "raised_on", name="flag_kind_day")]
        triggers = [
            telling("tell_raised", "flag.raised", pgtrigger.Insert, RAISED),
            telling("tell_came_back", "flag.raised", pgtrigger.Update, CAME_BACK),
            telling("tell_cleared", "flag.cleared", pgtrigger.Update, CLEARED),
        ]
        constraints = [
            models.UniqueConstraint(
                "kind",
                "account",
                name="one_open_flag_for_a_kind_and_subject",
                condition=Q(cleared_on=None),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="a_flag_is_acknowledged_by_somebody_with_a_reason",
                condition=Q(
                    acknowledged_at=None,
                    acknowledged_by=None,
                    acknowledged_reason="",
                    rests_until=None,
                )
                | (
                    Q(
                        acknowledged_at__isnull=False,
                        acknowledged_by__isnull=False,
                        rests_until__isnull=False,
                    )
                    & ~Q(acknowledged_reason="")
                ),
                violation_error_message=_("Acknowledging needs a reason and a day."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.account or ''}".strip()

    @property
    def reason(self):
        """The reason in one sentence, with the number and the limit, in the active language."""
        return sentence(REASONS[self.kind], self.facts)

    @property
    def facts(self):
        """The evidence, with the subject's name."""
        return self.evidence | {"account": str(self.account or "")}

    @property
    def rests(self):
        return bool(self.acknowledged_at and not self.cleared_on and self.rests_until > today())

    @property
    def state(self):
        """What an answer to it was given to: differs once the flag has moved."""
        parts = (self.severity, self.level, self.acknowledged_at, self.cleared_on)
        return "|".join(str(part or "") for part in parts)


class PutOff(models.Model):
    """A flag that a person wants to see again later. It is no answer: others go on seeing it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    flag = models.ForeignKey(Flag, models.CASCADE, related_name="put_off")
    until = models.DateField()
    severity = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["until", "pk"]
        constraints = [
            models.UniqueConstraint("user", "flag", name="a_person_puts_a_flag_off_once"),
        ]

    def __str__(self):
        return f"{self.flag} {self.until}"
