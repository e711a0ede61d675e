"""A policy that somebody thinks about, and what it would move."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, AccountOwnedQuerySet
from firm.models import Policy


class PolicyDraft(models.Model):
    """Numbers to try: those that differ from `base`, and what a worker found they would do.

    `before` and `after` are the summaries of the day as it is stored and under the draft.
    """

    base = models.ForeignKey(Policy, models.PROTECT, related_name="+")
    numbers = models.JSONField()
    valid_from = models.DateField(_("in force from"))
    reason = models.TextField(_("reason"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    created_at = models.DateTimeField(auto_now_add=True)
    as_of = models.DateField(_("as of"), null=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    previewed_at = models.DateTimeField(null=True)
    became = models.OneToOneField(Policy, models.PROTECT, null=True, related_name="draft")

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("draft of a policy")

    def __str__(self):
        return f"{self.base} + {len(self.numbers)}"

    @property
    def policy(self):
        """The version that the draft would make; not stored."""
        columns = {field.attname: field for field in Policy._meta.concrete_fields}
        numbers = {name: getattr(self.base, name) for name in columns if name != "id"}
        for name, value in self.numbers.items():
            numbers[name] = columns[name].to_python(value)
        about = {
            "version": self.base.version + 1,
            "valid_from": self.valid_from,
            "reason": self.reason,
            "author_id": self.author_id,
            "created_at": None,
        }
        return Policy(**numbers | about)


class DraftMove(models.Model):
    """One word of an account's standing that a draft would change."""

    draft = models.ForeignKey(PolicyDraft, models.CASCADE, related_name="moves")
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    field = models.CharField(max_length=16)
    before = models.CharField(max_length=16)
    after = models.CharField(max_length=16)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"{self.account} {self.field} {self.before} > {self.after}"
