"""What is true of each account and group on a day, frozen by the run of that day."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, AccountOwnedQuerySet
from firm import roles
from firm.models import Department
from segmentation.models.judgement import Segment
from segmentation.models.run import Run


class AbcClass(models.TextChoices):
    A = "A", "A"
    B = "B", "B"
    C = "C", "C"


class Band(models.TextChoices):
    NONE = "none", _("none")
    KEY = "key", _("key")
    CRITICAL = "critical", _("critical")
    MONO = "mono", _("mono-client")


class Trend(models.TextChoices):
    INACTIVE = "inactive", _("inactive")
    LOST = "lost", _("lost")
    NEW = "new", _("new")
    GROWING = "growing", _("growing")
    DECLINING = "declining", _("declining")
    STEADY = "steady", _("steady")


def sum_of_money():
    return models.DecimalField(max_digits=22, decimal_places=4)


def portion():
    return models.DecimalField(max_digits=16, decimal_places=14, null=True)


def frozen(to, **options):
    """A key without a database constraint: one statement writes it from those very tables."""
    return models.ForeignKey(to, models.DO_NOTHING, db_constraint=False, **options)


class Figures(models.Model):
    """The columns that accounts and groups share. Amounts in the reporting currency.

    `basis`, `rank`, `share`, `abc`, `core` and `band` are *the* result, on the run's basis;
    the same stand beside it by gross margin and by revenue.
    """

    turnover = sum_of_money()
    income = sum_of_money()
    previous_turnover = sum_of_money()
    previous_income = sum_of_money()
    basis = sum_of_money()
    previous = sum_of_money()
    before = sum_of_money()
    rank = models.PositiveIntegerField()
    share = portion()
    abc = models.CharField(max_length=1, choices=AbcClass)
    core = models.BooleanField()
    income_rank = models.PositiveIntegerField()
    income_share = portion()
    income_abc = models.CharField(max_length=1, choices=AbcClass)
    income_core = models.BooleanField()
    turnover_rank = models.PositiveIntegerField()
    turnover_share = portion()
    turnover_abc = models.CharField(max_length=1, choices=AbcClass)
    turnover_core = models.BooleanField()
    band = models.CharField(max_length=8, choices=Band)
    income_band = models.CharField(max_length=8, choices=Band)
    turnover_band = models.CharField(max_length=8, choices=Band)
    key = models.BooleanField()
    key_by = models.CharField(max_length=32, blank=True)
    trend = models.CharField(max_length=16, choices=Trend)
    purchase_months = models.PositiveSmallIntegerField()
    last_purchase_on = models.DateField(null=True)
    prospects = models.PositiveSmallIntegerField(null=True)
    segment = models.CharField(max_length=16, choices=Segment)

    class Meta:
        abstract = True

    @property
    def loses_money(self):
        return self.basis < 0

    @property
    def change(self):
        """Growth against the previous window as a fraction; None where it means nothing."""
        return (self.basis - self.previous) / self.previous if self.previous > 0 else None


class AccountFigures(Figures):
    """What an account has beside a group: its group's share, its lines, whose it was."""

    group_share = portion()
    lines = models.PositiveIntegerField()
    uncosted_lines = models.PositiveIntegerField()
    uncosted = sum_of_money()
    kam_score = models.PositiveSmallIntegerField(null=True)
    head_score = models.PositiveSmallIntegerField(null=True)
    disputed = models.BooleanField()
    computed_segment = models.CharField(max_length=16, choices=Segment)
    owner = frozen(settings.AUTH_USER_MODEL, null=True, related_name="+", db_index=False)
    department = frozen(Department, null=True, related_name="+", db_index=False)

    class Meta:
        abstract = True

    @property
    def overridden(self):
        return self.segment != self.computed_segment


class Standing(AccountFigures):
    """What is true of an account now: a view of the newest run's day in the history."""

    account = models.OneToOneField(Account, models.DO_NOTHING, related_name="standing")
    group = frozen(Account, related_name="members")

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "segmentation_standing"
        ordering = ["rank"]
        verbose_name = _("standing")

    def __str__(self):
        return f"{self.account} #{self.rank}"


class StandingHistoryQuerySet(AccountOwnedQuerySet):
    def with_group_ref(self, user):
        """Annotates `group_ref`: the root's reference, for those who see the root or work on
        the account; empty for others."""
        roots = Account.objects.filter(pk=models.OuterRef("group"))
        seen = roots.visible_to(user).values("account_ref")
        mine = models.Q(account__in=Account.objects.worked_on_by(user).values("pk"))
        return self.annotate(
            group_ref=models.Case(
                models.When(mine, then=models.Subquery(roots.values("account_ref"))),
                default=models.Subquery(seen),
            )
        )


class StandingHistory(AccountFigures):
    """What was stored of an account for one day, by a night or by a later recompute."""

    as_of = models.DateField()
    run = frozen(Run, related_name="standings", db_index=False)
    account = frozen(Account, related_name="standing_history", db_index=False)
    group = frozen(Account, related_name="+", db_index=False)

    objects = StandingHistoryQuerySet.as_manager()

    class Meta:
        ordering = ["as_of", "rank"]
        constraints = [
            models.UniqueConstraint("account", "as_of", name="one_standing_a_day"),
        ]
        indexes = [models.Index("as_of", "rank", name="history_day_rank")]

    def __str__(self):
        return f"{self.account} {self.as_of}"


class GroupStandingQuerySet(models.QuerySet):
    def on(self, day):
        """The groups as they were stored for `day`, largest basis first."""
        return self.filter(as_of=day).order_by("rank")

    def in_a_band(self):
        """Groups that the firm depends on."""
        return self.exclude(band=Band.NONE).select_related("group")

    def visible_to(self, user):
        """Groups of which `user` sees an account; by what name is `known_to`."""
        if user.has_perm(roles.EVERY_ACCOUNT):
            return self
        return self.filter(models.Exists(self.members().visible_to(user)))

    def known_to(self, user):
        """Groups that `user` may call by their name: the root is in sight, or `user` works on
        an account of the group. Who merely sees a branch knows that there is a group."""
        if user.has_perm(roles.EVERY_ACCOUNT):
            return self
        roots = Account.objects.visible_to(user).values("pk")
        mine = Account.objects.worked_on_by(user).values("pk")
        works = models.Exists(self.members().filter(account__in=mine))
        return self.filter(models.Q(group__in=roots) | works)

    @staticmethod
    def members():
        return StandingHistory.objects.filter(
            as_of=models.OuterRef("as_of"), group=models.OuterRef("group")
        )


class GroupStanding(Figures):
    """A group on a day: the ultimate parent and all below it, rolled up."""

    as_of = models.DateField()
    run = frozen(Run, related_name="groups", db_index=False)
    group = frozen(Account, related_name="group_standings", db_index=False)
    accounts = models.PositiveIntegerField()

    objects = GroupStandingQuerySet.as_manager()

    class Meta:
        ordering = ["as_of", "rank"]
        constraints = [
            models.UniqueConstraint("group", "as_of", name="one_group_standing_a_day"),
        ]
        indexes = [models.Index("as_of", "rank", name="group_day_rank")]

    def __str__(self):
        return f"{self.group} {self.as_of}"
