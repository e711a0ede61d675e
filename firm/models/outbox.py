"""Work and words that must not be lost: rows first, workers after."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from firm.sentences import sentence


class JobQuerySet(models.QuerySet):
    def claimable(self, now):
        """Jobs that a worker may take: waiting and due, or left behind by a worker that died.

        A living worker holds its row's lock; the lease covers the moment before it has it.
        """
        return self.filter(
            Q(state=Job.State.WAITING, run_after__lte=now)
            | Q(state=Job.State.RUNNING, lease_until__lt=now)
        ).order_by("run_after", "pk")


class Job(models.Model):
    """Something to do once, whatever dies on the way. (topic, key) is unique for ever."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        DEAD = "dead", _("given up")

    topic = models.CharField(max_length=64)
    key = models.CharField(max_length=200)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=16, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    run_after = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint("topic", "key", name="a_job_is_done_once"),
            models.CheckConstraint(
                name="a_running_job_has_a_lease",
                condition=~Q(state="running") | Q(lease_until__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                "run_after",
                name="job_open",
                condition=Q(state__in=["waiting", "running"]),
            )
        ]

    def __str__(self):
        return f"{self.topic} {self.key}"


class NotificationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, and nobody else's."""
        return self.filter(recipient=user)

    def in_inbox(self):
        return self.filter(withdrawn_at=None)

    def unread(self):
        return self.in_inbox().filter(read_at=None)

    def waiting(self):
        """To be mailed at once and not yet mailed."""
        return self.filter(
            channel=Notification.Channel.NOW,
            sent_at=None,
            given_up_at=None,
            withdrawn_at=None,
        )


class Notification(models.Model):
    """A word to one person, written with the fact that it tells; mailed later by a worker.

    `text` is the English message and `params` its values: it is put into the
    recipient's language when it is read, not when it is written.
    """

    class Channel(models.TextChoices):
        NOW = "now", _("at once")
        DIGEST = "digest", _("in the morning's digest")

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications"
    )
    key = models.CharField(max_length=200)
    text = models.TextField()
    params = models.JSONField(default=dict)
    link = models.CharField(max_length=200, blank=True)
    # What it tells of, "flag:12": who no longer sees that reads no names of it (firm.notices).
    subject = models.CharField(max_length=64, blank=True)
    channel = models.CharField(max_length=16, choices=Channel, default=Channel.DIGEST)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    # Said by firm.notices of those that a page or a mail shows.
    is_readable: bool

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint("recipient", "key", name="a_person_is_told_a_thing_once"),
        ]
        indexes = [
            models.Index(
                "id",
                name="notification_waiting",
                condition=Q(channel="now", sent_at=None, given_up_at=None, withdrawn_at=None),
            ),
            # The bell in the top bar of every page.
            models.Index(
                "recipient",
                name="notification_unread",
                condition=Q(read_at=None, withdrawn_at=None),
            ),
            # The morning's digest.
            models.Index(
                "recipient",
                "created_at",
                name="notification_undigested",
                condition=Q(channel="digest", sent_at=None, withdrawn_at=None),
            ),
        ]

    def __str__(self):
        return self.rendered()

    @property
    def tells_of(self) -> tuple[str, int | None]:
        """The kind and the key of what it tells of; no key where it tells of nothing."""
        kind, _colon, pk = self.subject.partition(":")
        return kind, int(pk) if pk else None

    def rendered(self):
        """The message in its recipient's language."""
        with translation.override(self.recipient.language or settings.LANGUAGE_CODE):
            return sentence(self.text, self.params)
