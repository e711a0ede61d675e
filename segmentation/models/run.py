"""Nightly runs, and what changed in them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, AccountOwnedQuerySet
from firm.models import Job, Policy
from firm.today import day_that_ended, night_has_begun

# Jobs that compute a day: beat's, and those that somebody asks for.
NIGHTLY, RECOMPUTE = "nightly", "recompute"
RUN_TOPICS = (NIGHTLY, RECOMPUTE)


class RunQuerySet(models.QuerySet):
    def newest(self):
        """The run that `Standing` stands on: the newest day, and its last computing."""
        return self.select_related("policy").order_by("-as_of", "-pk").first()

    def with_failed(self):
        """Annotates `failed`: whether a run was tried since, and did not get through."""
        tried = Job.objects.filter(
            topic__in=RUN_TOPICS, created_at__gt=models.OuterRef("finished_at")
        )
        # A job that got through in the end has no error left.
        return self.annotate(failed=models.Exists(tried.exclude(error="")))

    def of(self, day):
        """The last computing of `day`, or None where its rows are not kept."""
        return self.select_related("policy").filter(as_of=day, is_kept=True).first()

    def asked_for(self, day):
        """The run of `day`, or the newest where no day was asked for; None where none ran."""
        return self.of(day) if day else self.newest()


class Run(models.Model):
    """One whole computing of one day. A run that fails leaves no row."""

    as_of = models.DateField(_("as of"), db_index=True)
    policy = models.ForeignKey(Policy, models.PROTECT)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    basis = models.CharField(max_length=8, choices=Policy.Basis)
    trend_basis = models.CharField(max_length=8, choices=Policy.Basis)
    is_comparable = models.BooleanField()
    changed = models.PositiveIntegerField()
    summary = models.JSONField()
    facts = models.JSONField()
    steps = models.JSONField()
    is_kept = models.BooleanField(default=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-as_of", "-pk"]
        verbose_name = _("nightly run")

    def __str__(self):
        return f"{self.as_of}"

    @property
    def seconds(self):
        return (self.finished_at - self.started_at).total_seconds()

    @property
    def age(self):
        """How many days lie between the run's day and the one that ended."""
        return (day_that_ended() - self.as_of).days

    @property
    def days_late(self):
        """How many nights that are due have not run since."""
        return max(0, self.age if night_has_begun() else self.age - 1)


class StandingChange(models.Model):
    """One word of an account's standing that differs from the day computed before."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="changes")
    account = models.ForeignKey(Account, models.CASCADE, related_name="changes")
    as_of = models.DateField(_("as of"))
    field = models.CharField(max_length=16)
    before = models.CharField(max_length=16)
    after = models.CharField(max_length=16)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        ordering = ["-as_of", "-pk"]
        indexes = [models.Index("as_of", "field", name="change_day")]

    def __str__(self):
        return f"{self.account} {self.field} {self.before} > {self.after}"


class KeyPeriod(models.Model):
    """From when a group is treated as key until `key_exit_days` after it last was one."""

    group = models.ForeignKey(Account, models.CASCADE, related_name="key_periods")
    since = models.DateField()
    held_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["group", "-since"]
        constraints = [
            models.UniqueConstraint(
                "group", name="one_open_key_period", condition=models.Q(ended_on=None)
            )
        ]

    def __str__(self):
        return f"{self.group} {self.since}"
