"""What people judge: prospects, overrides, qualifications. All of it dated."""

import pghistory
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, AccountOwnedQuerySet


class Segment(models.TextChoices):
    VIP = "vip", _("VIP")
    STRATEGIC = "strategic", _("Strategic")
    LOST = "lost", _("Lost")
    BALLAST = "ballast", _("Ballast")
    TYPICAL = "typical", _("Typical")


@pghistory.track()
class ProspectRating(models.Model):
    """Will this client keep or grow what it buys in the next 12 months? 1 (no) to 5 (greatly).

    The newest of each rater that is dated on or before a day counts on that day (C1).
    """

    class Rater(models.TextChoices):
        KAM = "kam", _("account manager")
        HEAD = "head", _("sales head")

    account = models.ForeignKey(Account, models.CASCADE, related_name="ratings")
    rater = models.CharField(_("rater"), max_length=8, choices=Rater)
    score = models.PositiveSmallIntegerField(
        _("score"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    rated_on = models.DateField(_("rated on"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        ordering = ["account", "rater", F("rated_on").desc(nulls_last=True)]
        verbose_name = _("rating of prospects")
        permissions = [("rate_as_head", "Can give the head's score of prospects")]
        constraints = [
            models.UniqueConstraint(
                "account",
                "rater",
                "rated_on",
                name="one_rating_a_day",
                nulls_distinct=False,
                violation_error_message=_("There is a rating for this day already."),
            ),
            models.CheckConstraint(
                name="prospects_are_1_to_5",
                condition=Q(score__range=(1, 5)),
                violation_error_message=_("Prospects are rated from 1 to 5."),
            ),
        ]

    def __str__(self):
        return f"{self.account} · {self.score}"


@pghistory.track()
class SegmentOverride(models.Model):
    """A segment set by hand, with a reason, until its review day (C2)."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="overrides")
    segment = models.CharField(_("segment"), max_length=16, choices=Segment)
    reason = models.TextField(_("reason"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    set_on = models.DateField(_("set on"))
    review_on = models.DateField(_("review on"))

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        ordering = ["account", "-set_on", "-pk"]
        verbose_name = _("override of a segment")
        permissions = [("override_segment", "Can set a segment by hand")]
        constraints = [
            models.CheckConstraint(
                name="override_is_reviewed_after_it_is_set",
                condition=Q(review_on__gt=F("set_on")),
                violation_error_message=_("The review day lies after the day of the override."),
            ),
            models.CheckConstraint(
                name="override_has_a_reason",
                condition=~Q(reason=""),
                violation_error_message=_("An override needs a reason."),
            ),
        ]

    def __str__(self):
        return f"{self.account} · {self.segment}"


@pghistory.track()
class Qualification(models.Model):
    """A head's approval that a client is key on a ground other than its share (B1, B7-B9)."""

    class Ground(models.TextChoices):
        MONEY = "money", _("money")
        POTENTIAL = "potential", _("great potential")
        NAME = "name", _("known name")
        PARTNER = "partner", _("partner")
        COMPETENT = "competent", _("competent and demanding")
        INNOVATOR = "innovator", _("innovator")
        REGULAR = "regular", _("large and regular")
        PROMISING = "promising", _("promising")
        IMAGE = "image", _("image")
        TESTER = "tester", _("tester")
        SPECIAL = "special", _("special")
        MEASURE = "measure", _("measure of our quality")
        IDEAS = "ideas", _("source of ideas")
        LARGEST = "largest", _("largest in its industry or territory")

    account = models.ForeignKey(Account, models.CASCADE, related_name="qualifications")
    ground = models.CharField(_("ground"), max_length=16, choices=Ground)
    approved_on = models.DateField(_("approved on"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True
    )
    expires_on = models.DateField(_("expires on"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        ordering = ["account", "-approved_on"]
        verbose_name = _("qualification")
        constraints = [
            models.UniqueConstraint(
                "account",
                "ground",
                "approved_on",
                name="a_ground_is_approved_once_a_day",
            ),
            models.CheckConstraint(
                name="qualification_expires_after_its_approval",
                condition=Q(expires_on=None) | Q(expires_on__gte=F("approved_on")),
                violation_error_message=_("A qualification cannot expire before its approval."),
            ),
        ]

    def __str__(self):
        return f"{self.account} · {self.ground}"
