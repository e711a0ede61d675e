"""Accounts, and who may see them."""

from typing import Any

import pghistory
import pgtrigger
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import TrigramSimilarity
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from accounts.models.dated import (
    Ownership,
    Parentage,
    Placement,
    TeamMember,
    accounts_of,
)
from firm import roles
from firm.models import DepartmentMembership
from firm.today import today
from firm.webhooks.triggers import telling

# Names that share so many of their letters in threes are shown as one client, perhaps.
LIKE = 0.55
# What people look for an account by, as one text with an index of its trigrams. Every word of
# it, the first too, stands behind a space: a word is known by how it begins.
SEARCHED = Func(
    "name",
    "legal_name",
    "account_ref",
    function="accounts_searched",
    output_field=models.TextField(),
)
# A shorter piece has no trigram of its own; it is looked for where a word begins.
TRIGRAM = 3
WORDS = 8


class AccountQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Accounts `user` may see: all, the department's, the own book, where on the team."""
        if user.has_perm(roles.EVERY_ACCOUNT):
            return self
        return self.looked_after_by(user)

    def looked_after_by(self, user):
        """Accounts that `user` works on, and for a head those of the department."""
        theirs = self.works_on(user)
        if user.has_perm(roles.DEPARTMENT_ACCOUNTS):
            theirs = theirs.union(accounts_of(user.headed_departments, today()))
        return self.filter(pk__in=theirs)

    def worked_on_by(self, user):
        """Accounts in the own book of `user`, and those where on the team."""
        return self.filter(pk__in=self.works_on(user))

    @staticmethod
    def works_on(user):
        # One subquery, not a join, which would repeat accounts, nor two, from which the
        # database could not start.
        owned = Ownership.objects.in_force(today()).filter(owner=user)
        joined = TeamMember.objects.in_force(today()).filter(user=user)
        return owned.values("account").union(joined.values("account"))

    def led_by(self, user):
        """Accounts on whose owner, department and segment `user` decides."""
        if user.has_perm(roles.LEAD_EVERY_ACCOUNT):
            return self
        if user.has_perm(roles.LEAD_DEPARTMENT):
            return self.filter(pk__in=accounts_of(user.headed_departments, today()))
        return self.none()

    def changed_by(self, user):
        """Accounts that `user` may change: those that they lead, the own book, and where second
        account manager. Other parts of a team read."""
        if user.has_perm(roles.LEAD_EVERY_ACCOUNT):
            return self
        changed = Q(pk__in=Account.objects.led_by(user).values("pk"))
        if user.has_perm(roles.CHANGE_ACCOUNTS):
            owned = Ownership.objects.in_force(today()).filter(owner=user)
            beside = TeamMember.objects.in_force(today()).filter(user=user)
            second = beside.filter(part=TeamMember.Part.KAM)
            changed |= Q(pk__in=owned.values("account")) | Q(pk__in=second.values("account"))
        return self.filter(changed)

    def owned_by(self, user, day):
        """Accounts in the own book of `user` on `day`."""
        owned = Ownership.objects.in_force(day).filter(owner=user)
        return self.filter(pk__in=owned.values("account"))

    def like(self, *, name, account_ref, tax_number):
        """Accounts that may be the same client: a like name, the same reference or tax number."""
        same = Q(name_likeness__gte=LIKE) | Q(account_ref__iexact=account_ref)
        if tax_number:
            same |= Q(tax_number__iexact=tax_number)
        likeness = TrigramSimilarity("name", name)
        return self.annotate(name_likeness=likeness).filter(same).order_by("-name_likeness", "pk")

    def with_owner(self, day):
        """Annotates `owner_name`: whose account it is on `day`."""
        # On any day one owner at most: the join repeats no account.
        owned = models.FilteredRelation("ownerships", condition=Q(ownerships__valid__contains=day))
        return self.annotate(owned_on_day=owned, owner_name=F("owned_on_day__owner__name"))

    def with_version(self):
        """Annotates `version`: the newest event of each account's record, as `firm.versions`."""
        events: Any = Account._meta.get_field("events").related_model
        newest = events.objects.filter(pgh_obj=models.OuterRef("pk")).order_by("-pgh_id")
        return self.annotate(version=models.Subquery(newest.values("pgh_id")[:1]))

    def with_places(self, day, viewer):
        """Prefetches owner, department and parent of `day`; a parent only if `viewer` sees it."""
        working = DepartmentMembership.objects.in_force(day).select_related("department")
        owned = (
            Ownership.objects.in_force(day)
            .select_related("owner")
            .prefetch_related(models.Prefetch("owner__placements", working, "working"))
        )
        placed = Placement.objects.in_force(day).select_related("department")
        below = (
            Parentage.objects.in_force(day)
            .filter(parent__in=Account.objects.visible_to(viewer))
            .select_related("parent")
        )
        return self.prefetch_related(
            models.Prefetch("ownerships", owned, "owned"),
            models.Prefetch("placements", placed, "placed"),
            models.Prefetch("parentages", below, "below"),
        )

    def matching(self, text):
        """Accounts whose name, legal name or reference hold every word of `text`.

        Of a word of one or two letters a word of theirs begins with it.
        """
        accounts = self.alias(searched=SEARCHED)
        for word in text.lower().split()[:WORDS]:
            piece = word if len(word) >= TRIGRAM else f" {word}"
            accounts = accounts.filter(searched__contains=piece)
        return accounts

    def resembling(self, text):
        """Accounts that are written nearly like `text`: of a thousand at most, the nearest."""
        return self.filter(pk__in=RawSQL("SELECT accounts_resembling(%s)", [text.lower()]))

    def looked_for(self, text):
        """Those `matching`, and where there is none those `resembling`: typing goes wrong."""
        found = self.matching(text)
        if len(text) < TRIGRAM or found.order_by().exists():
            return found
        return self.resembling(text)


@pghistory.track()
class Account(models.Model):
    """A client, or a branch of one. Closing it keeps its history."""

    class Kind(models.TextChoices):
        COMPANY = "company", _("company")
        PUBLIC = "public", _("public body")
        RESELLER = "reseller", _("reseller")

    # Code-point order whatever the server's locale: ties in every ranking stand on it.
    account_ref = models.CharField(_("reference"), max_length=64, unique=True, db_collation="C")
    name = models.CharField(_("name"), max_length=200)
    legal_name = models.CharField(_("legal name"), max_length=200, blank=True)
    tax_number = models.CharField(_("tax number"), max_length=64, blank=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind, default=Kind.COMPANY)
    industry = models.CharField(_("industry"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=100, blank=True)
    headcount = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    close_reason = models.TextField(_("reason for closing"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    # Of those that came `with_version` and `with_places`.
    version: int | None
    owned: list[Ownership]
    placed: list[Placement]
    below: list[Parentage]

    objects = AccountQuerySet.as_manager()

    class Meta:
        ordering = ["account_ref"]
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        permissions = [
            ("view_every_account", "Can see every account"),
            ("view_department_accounts", "Can see the accounts of the own department"),
            ("lead_every_account", "Can decide on every account"),
            ("lead_department_accounts", "Can decide on the accounts of the own department"),
            ("export_account", "Can take lists of accounts away as files"),
        ]
        indexes = [
            GinIndex(OpClass(SEARCHED, "gin_trgm_ops"), name="account_search"),
            models.Index(fields=["name", "account_ref"], name="account_name"),
            models.Index(fields=["country"], name="account_country"),
        ]
        triggers = [
            telling("tell_created", "account.created", pgtrigger.Insert, "SELECT id FROM newer"),
            telling(
                "tell_changed",
                "account.changed",
                pgtrigger.Update,
                "SELECT newer.id FROM newer JOIN older USING (id)"
                " WHERE newer.* IS DISTINCT FROM older.*",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="account_has_a_reference",
                condition=~Q(account_ref=""),
                violation_error_message=_("An account needs a reference."),
            ),
            models.CheckConstraint(
                name="account_closes_with_a_reason",
                condition=Q(closed_on=None, close_reason="")
                | (Q(closed_on__isnull=False) & ~Q(close_reason="")),
                violation_error_message=_("Closing an account needs a day and a reason."),
            ),
        ]

    def __str__(self):
        return self.name

    def owner_on(self, day):
        """Whose account it was on `day`, or None."""
        owned = self.ownerships.in_force(day).select_related("owner").first()
        return owned and owned.owner

    def parent_on(self, day):
        """The account above it on `day`, or None."""
        link = self.parentages.in_force(day).select_related("parent").first()
        return link and link.parent


class AccountOwnedQuerySet(models.QuerySet):
    """For rows with an `account`: whoever sees the account sees the row."""

    def visible_to(self, user):
        if user.has_perm(roles.EVERY_ACCOUNT):
            return self
        return self.filter(account__in=Account.objects.visible_to(user))
