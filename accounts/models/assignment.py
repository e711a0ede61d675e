"""Rules that give accounts to lines whose source names none."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account
from accounts.models.imports import Source


@pghistory.track()
class AssignmentRule(models.Model):
    """Lines of `source` without an account that fit `text` belong to `account`.

    The first kind that fits decides, of document prefixes the longest.
    """

    class Kind(models.TextChoices):
        NAME = "name", _("the account's name in the file is")
        DOCUMENT = "document", _("the document begins with")
        PRODUCT_LINE = "product_line", _("the product line is")

    source = models.ForeignKey(
        Source, models.PROTECT, related_name="assignment_rules", verbose_name=_("source")
    )
    kind = models.CharField(_("where"), max_length=12, choices=Kind)
    text = models.CharField(_("text"), max_length=200)
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="assignment_rules", verbose_name=_("account")
    )

    class Meta:
        ordering = ["source", "kind", "text"]
        verbose_name = _("rule of assignment")
        constraints = [
            models.UniqueConstraint(
                "source",
                "kind",
                "text",
                name="one_rule_for_a_text",
                violation_error_message=_("The source has a rule for this text: change that one."),
            ),
            models.CheckConstraint(
                name="a_rule_has_a_text",
                condition=~models.Q(text=""),
                violation_error_message=_("A rule needs a text."),
            ),
        ]

    def __str__(self):
        return f"{self.source} · {self.get_kind_display()} {self.text}"
