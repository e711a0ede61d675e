"""The numbers of the method: dated, append-only, each result names the version it used."""

import pghistory
import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


def percent(label, default):
    return models.DecimalField(
        label,
        max_digits=7,
        decimal_places=4,
        default=default,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )


def count(label, default):
    return models.PositiveIntegerField(label, default=default, validators=[MinValueValidator(1)])


def amount(label):
    return models.DecimalField(label, max_digits=20, decimal_places=4, null=True, blank=True)


class PolicyQuerySet(models.QuerySet):
    def in_force(self, day):
        """The one version that decides on `day`."""
        begun = self.filter(Q(valid_from=None) | Q(valid_from__lte=day))
        return begun.order_by(F("valid_from").desc(nulls_last=True), "-version").first()


@pghistory.track()
class Policy(models.Model):
    """One version of every number that the firm may choose. A change is a new version."""

    class Basis(models.TextChoices):
        INCOME = "income", _("gross margin")
        TURNOVER = "turnover", _("revenue")

    version = models.PositiveIntegerField(_("version"), unique=True)
    valid_from = models.DateField(_("in force from"), null=True, blank=True)
    reason = models.TextField(_("reason"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    reporting_currency = models.CharField(_("reporting currency"), max_length=3, default="EUR")
    basis = models.CharField(_("basis"), max_length=8, choices=Basis, default=Basis.INCOME)
    window_months = count(_("window, months"), 12)
    active_months = count(_("population, months"), 24)
    max_uncosted_share = percent(_("lines without a cost at most, %"), 5)
    max_loss_share = percent(_("losses against profits at most, %"), 50)
    max_unassigned = percent(_("unassigned revenue at most, %"), 5)
    max_rate_age = count(_("age of an exchange rate at most, days"), 7)
    max_feed_age = count(_("age of the last booking at most, days"), 7)

    abc_a = percent(_("class A up to, %"), 80)
    abc_b = percent(_("class B up to, %"), 95)
    vip_core = percent(_("core up to, %"), 50)
    trend_change = percent(_("change that counts as a trend, %"), 10)

    key_share = percent(_("key over, %"), 10)
    critical_share = percent(_("critical over, %"), 20)
    mono_share = percent(_("mono-client over, %"), 70)
    key_amount = amount(_("key over, amount a year"))
    key_exit_days = count(_("key status ends after, days"), 90)
    key_total_low = percent(_("key clients together, usual from, %"), 30)
    key_total_high = percent(_("key clients together, usual to, %"), 55)
    key_total_alarm = percent(_("key clients together, alarm over, %"), 75)
    key_total_min_groups = count(_("the alarm needs, positive groups"), 5)

    vip_prospects = count(_("prospects of a VIP from"), 3)
    strategic_prospects = count(_("prospects of a strategic client from"), 4)
    ballast_prospects = count(_("prospects of ballast up to"), 2)
    disputed_gap = count(_("scores are disputed from a gap of"), 2)
    rerate_days = count(_("prospects are asked again after, days"), 365)
    rerate_days_watched = count(_("the same for VIP and strategic, days"), 180)
    one_off_months = count(_("one-off buyer up to, months with purchases"), 1)
    ballast_grace_days = count(_("ballast only after, days since a purchase"), 90)

    mix_vip_clients = count(_("VIP at most, clients"), 5)
    mix_vip = percent(_("VIP at most, %"), 5)
    mix_strategic_low = percent(_("strategic from, %"), 15)
    mix_strategic_high = percent(_("strategic to, %"), 20)
    mix_typical_low = percent(_("typical from, %"), 60)
    mix_typical_high = percent(_("typical to, %"), 70)
    mix_ballast = percent(_("ballast at most, %"), 25)
    mix_min_accounts = count(_("the mix is judged from, accounts"), 20)
    mix_min_rated = percent(_("the mix is judged from, rated accounts of A and B, %"), 80)
    flat_portfolio_clients = count(_("a flat portfolio from, effective clients"), 20)

    max_key_accounts = count(_("key clients of one manager at most"), 3)
    min_order = amount(_("smallest order of a manager's client"))
    min_margin = percent(_("margin rate at least, %"), 5)
    late_days = count(_("late payment over, days"), 15)
    min_contacts = count(_("contacts at a client at least"), 3)
    target_contacts = count(_("contacts at a client, target"), 5)
    tender_lead_months = count(_("tender preparation starts, months before"), 9)
    first_call_days = count(_("receipt call after, working days"), 1)
    routing_headcount = count(_("straight to a manager over, employees"), 100)

    watch_share = percent(_("lost clients are watched over, % of the total"), "0.5")
    declining_share = percent(_("a decline counts from, % of the total"), "0.5")
    declining_quiet_runs = count(_("a decline is over after, runs without it"), 14)
    overdue_purchase_days = count(_("orders have a rhythm from, purchase days"), 4)
    overdue_min_days = count(_("order overdue after at least, days"), 14)
    overdue_gaps = count(_("order overdue after, median gaps"), 2)
    lost_grace_days = count(_("a client is reported lost after the window and, days"), 30)
    flag_return_days = count(_("the same flag again within, days"), 14)
    acknowledged_days = count(_("an acknowledged flag rests, days"), 30)
    acknowledged_days_critical = count(_("a critical one rests, days"), 7)
    worsened_share = percent(_("a flag wakes when its number worsens by, %"), 25)
    gaps_per_week = count(_("new gaps for a manager a week at most"), 5)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        ordering = ["-version"]
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        triggers = [
            pgtrigger.ReadOnly(name="append_only", exclude=["reporting_currency"]),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]
        constraints = [
            models.CheckConstraint(
                name="only_version_1_is_from_the_beginning",
                condition=Q(version=1, valid_from=None)
                | Q(version__gt=1, valid_from__isnull=False),
                violation_error_message=_("A new version needs the day from which it holds."),
            ),
            models.CheckConstraint(
                name="the_population_spans_two_windows",
                condition=Q(active_months__gte=F("window_months") * 2),
                violation_error_message=_("The population never spans less than two windows."),
            ),
            models.CheckConstraint(
                name="bands_rise",
                condition=Q(
                    key_share__lt=F("critical_share"),
                    critical_share__lt=F("mono_share"),
                ),
                violation_error_message=_(
                    "The limits of key, critical and mono-client must rise."
                ),
            ),
            models.CheckConstraint(
                name="classes_rise",
                condition=Q(abc_a__lt=F("abc_b")),
                violation_error_message=_("Class B must end above class A."),
            ),
            models.CheckConstraint(
                name="purchase_months_fit_in_one_word",
                condition=Q(window_months__lte=60),
                violation_error_message=_("A window spans at most 60 months."),
            ),
        ]

    def __str__(self):
        return f"v{self.version}"

    @property
    def why(self):
        """The reason; the method's own, which nobody wrote, in the reader's language."""
        return self.reason if self.author_id else gettext(self.reason)
