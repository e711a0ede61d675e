"""People who sign in, and the roles that they hold."""

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group, PermissionsMixin
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from firm.models.dated import DatedQuerySet, always
from firm.models.department import Department, DepartmentMembership
from firm.today import today


class UserManager(BaseUserManager["User"]):
    def create_user(self, email, password=None, **fields):
        # As sign-in looks for it.
        user: User = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_superuser=True, is_staff=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


@pghistory.track(exclude=["password", "last_login"])
class User(AbstractBaseUser, PermissionsMixin):  # type: ignore[django-manager-missing]
    """A colleague. A placeholder is one whom only a ledger has named: it never signs in."""

    # What somebody may do follows from dated roles alone: see `RoleBackend`.
    groups = None
    user_permissions = None

    email = models.EmailField(_("e-mail"), unique=True, null=True, blank=True)
    name = models.CharField(_("name"), max_length=200)
    staff_ref = models.CharField(
        _("staff reference"), max_length=64, unique=True, null=True, blank=True
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    is_placeholder = models.BooleanField(_("placeholder"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may use the administration"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name"]
        verbose_name = _("user")
        verbose_name_plural = _("users")
        permissions = [("use_pages", "Can use the pages, not only the API")]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="one_user_for_an_email",
                violation_error_message=_("Another user has this e-mail."),
            ),
            models.CheckConstraint(
                name="user_has_an_email_or_is_a_placeholder",
                condition=models.Q(is_placeholder=True, is_active=False)
                | models.Q(is_placeholder=False, email__isnull=False),
                violation_error_message=_("A user who signs in needs an e-mail."),
            ),
        ]

    def __str__(self):
        return self.name or self.email

    @property
    def initials(self):
        return "".join(word[0] for word in self.name.split()[:2]).upper()

    @cached_property
    def headed_departments(self):
        """Ids of the departments whose accounts a head sees: the own one and those below it."""
        own = Department.objects.filter(
            memberships__in=DepartmentMembership.objects.in_force(today()).filter(user=self)
        )
        return Department.objects.below(own)


class Role(Group):
    """A group with a description that an auditor can read; `firm.roles` writes them."""

    code = models.CharField(max_length=32, unique=True)
    description = models.TextField()

    class Meta:
        ordering = ["name"]
        verbose_name = _("role")
        verbose_name_plural = _("roles")

    def __str__(self):
        return self.name


@pghistory.track()
class RoleMembership(models.Model):
    """A role that a person holds, from when to when."""

    user = models.ForeignKey(User, models.CASCADE, related_name="roles")
    role = models.ForeignKey(Role, models.PROTECT, related_name="memberships")
    valid = DateRangeField(_("valid"), default=always)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["user", "role"]
        constraints = [
            ExclusionConstraint(
                name="a_role_is_held_once_on_any_day",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This person already holds the role on these days."),
            ),
        ]

    def __str__(self):
        return f"{self.user} · {self.role}"
