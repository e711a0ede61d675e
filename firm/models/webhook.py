"""Addresses of integrations that want to be told, and everything that was sent to them."""

import secrets
import uuid

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Topic(models.TextChoices):
    ACCOUNT_CREATED = "account.created", _("Account created")
    ACCOUNT_CHANGED = "account.changed", _("Account changed")
    STANDING_CHANGED = "standing.changed", _("Standing changed")
    FLAG_RAISED = "flag.raised", _("Flag raised")
    FLAG_CLEARED = "flag.cleared", _("Flag cleared")
    RUN_FINISHED = "run.finished", _("Nightly run finished")
    IMPORT_FINISHED = "import.finished", _("Import finished")


# What a test sends; nobody asks for it.
TEST = "webhook.test"


def new_seed():
    return secrets.token_hex(32)


class WebhookQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, for those who keep webhooks; an administrator sees everybody's."""
        if user.has_perm("firm.manage_every_webhook"):
            return self
        if user.has_perm("firm.manage_webhooks"):
            return self.filter(owner=user)
        return self.none()

    def active(self):
        return self.filter(disabled_at=None)

    def asking(self, topic):
        """Those that want to be told of `topic`."""
        return self.active().filter(topics__contains=[topic])

    def due(self, now, at_once):
        """Those with something to send, which do not rest, and have no more than `at_once` under
        way. The one that has waited longest comes first, so that none holds up the others."""
        mine = Delivery.objects.filter(webhook=OuterRef("pk"))
        held = mine.filter(state=Delivery.State.SENDING, lease_until__gte=now).order_by()
        under_way = held.values("webhook").annotate(n=Count("pk")).values("n")
        return (
            self.filter(Q(rests_until=None) | Q(rests_until__lte=now))
            .filter(Exists(mine.claimable(now)))
            .exclude(Exists(under_way.filter(n__gte=at_once)))
            .order_by(F("claimed_at").asc(nulls_first=True), "pk")
        )


# How its deliveries fare is no history; where it points, what it asks for and its end are.
FARING = ["failing_since", "failures", "rests_until", "claimed_at"]


@pghistory.track(exclude=[*FARING, "seed", "old_seed"])
class Webhook(models.Model):
    """An address that is told what happens, within the sight of its owner.

    Its secret is worked out from `seed` and the installation's key: who takes the database away
    cannot sign in our name.
    """

    class Disabled(models.TextChoices):
        BY_HAND = "by_hand", _("switched off by hand")
        GONE = "gone", _("the receiver answered that it is gone for good")
        FAILING = "failing", _("nothing got through for five days")

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="webhooks",
        verbose_name=_("owner"),
    )
    address = models.CharField(_("address"), max_length=500)
    description = models.CharField(_("description"), max_length=200, blank=True)
    topics = ArrayField(models.CharField(max_length=32, choices=Topic), verbose_name=_("topics"))
    seed = models.CharField(max_length=64, default=new_seed)
    # After a change of secret both sign for a day, so that receivers can change theirs.
    old_seed = models.CharField(max_length=64, blank=True)
    old_seed_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    disabled_at = models.DateTimeField(_("disabled at"), null=True, blank=True)
    disabled_for = models.CharField(max_length=16, choices=Disabled, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    rests_until = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        permissions = [
            ("manage_webhooks", "Can have own webhooks"),
            ("manage_every_webhook", "Can see and change the webhooks of everybody"),
        ]
        constraints = [
            models.CheckConstraint(
                name="webhook_asks_for_something",
                condition=Q(topics__len__gt=0),
                violation_error_message=_("A webhook needs a topic."),
            ),
            models.CheckConstraint(
                name="webhook_is_disabled_for_a_reason",
                condition=Q(disabled_at=None, disabled_for="")
                | (Q(disabled_at__isnull=False) & ~Q(disabled_for="")),
            ),
            models.CheckConstraint(
                name="webhook_keeps_an_old_secret_for_a_time",
                condition=Q(old_seed="", old_seed_until=None)
                | (~Q(old_seed="") & Q(old_seed_until__isnull=False)),
            ),
        ]

    def __str__(self):
        return self.description or self.address

    @property
    def is_active(self):
        return self.disabled_at is None

    @property
    def topic_names(self):
        """Its topics in the reader's words, in their usual order."""
        return [topic.label for topic in Topic if topic in self.topics]


class DeliveryQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(webhook__in=Webhook.objects.visible_to(user))

    def claimable(self, now):
        """Due and free, or left behind by a worker that died. A test goes out in any case."""
        return self.filter(
            Q(state=Delivery.State.WAITING, next_at__lte=now)
            | Q(state=Delivery.State.SENDING, lease_until__lt=now),
            Q(webhook__disabled_at=None) | Q(topic=TEST),
        ).order_by("next_at", "pk")

    def over(self):
        return self.exclude(state__in=[Delivery.State.WAITING, Delivery.State.SENDING])


class Delivery(models.Model):
    """Something that one webhook is told, at least once: `event` stays the same each time.

    `subjects` are keys of what it is about; they are read again whenever it is sent.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("under way")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("given up")
        EMPTY = "empty", _("nothing to tell")

    class Fault(models.TextChoices):
        ADDRESS = "address", _("The address is not let through.")
        NAME = "name", _("The host name does not resolve.")
        CONNECT = "connect", _("No connection came about.")
        CERTIFICATE = "certificate", _("The encryption or the certificate is not in order.")
        SLOW = "slow", _("The receiver took too long.")
        BROKEN = "broken", _("The connection broke, or the answer could not be read.")
        REDIRECT = "redirect", _("The receiver redirects; that is not followed.")
        STATUS = "status", _("The receiver did not answer with success.")
        OWNER = "owner", _("The owner may not have webhooks any more.")
        UNREAD = "unread", _("What it tells of could not be read; that is a fault of ours.")
        DIED = "died", _("Its worker died each time.")

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries", db_index=False)
    event = models.UUIDField(default=uuid.uuid4, editable=False)
    topic = models.CharField(
        _("topic"), max_length=32, choices=[*Topic.choices, (TEST, _("Test"))]
    )
    subjects = ArrayField(models.BigIntegerField(), default=list)
    # The transaction that it happened in, which tells a thing once.
    told_in = models.BigIntegerField(null=True)
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    next_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    fault = models.CharField(max_length=16, choices=Fault, blank=True)
    detail = models.TextField(blank=True)
    milliseconds = models.PositiveIntegerField(null=True, blank=True)
    body = models.TextField(blank=True)
    response = models.TextField(blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("delivery")
        constraints = [
            models.UniqueConstraint("event", name="an_event_has_one_id"),
            models.CheckConstraint(
                name="a_delivery_under_way_has_a_lease",
                condition=~Q(state="sending") | Q(lease_until__isnull=False),
            ),
        ]
        indexes = [
            models.Index("webhook", "id", name="delivery_log"),
            models.Index(
                "webhook",
                "next_at",
                name="delivery_open",
                condition=Q(state__in=["waiting", "sending"]),
            ),
            models.Index("told_in", name="delivery_told_in"),
            models.Index("created_at", name="delivery_age"),
        ]

    def __str__(self):
        return f"{self.topic} {self.message_id}"

    @property
    def message_id(self):
        """What the receiver knows it by: the header `webhook-id`."""
        return f"msg_{self.event.hex}"

    @property
    def is_over(self):
        return self.state not in (self.State.WAITING, self.State.SENDING)
