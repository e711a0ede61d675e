"""Who must show more than a password, and what happens until they can."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.authentication import SessionScheme
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import PermissionDenied

from firm.models import RoleMembership, User
from firm.today import today

# Recovery codes only stand in for one of these.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def owes_factor(user: User) -> bool:
    """Whether one of the roles that `user` holds today asks for a second factor, and none is
    there."""
    if not settings.KAM_MFA_ROLES:
        return False
    held = RoleMembership.objects.in_force(today()).filter(
        user=user, role__code__in=settings.KAM_MFA_ROLES
    )
    return held.exclude(
        user__in=Authenticator.objects.filter(type__in=FACTORS).values("user")
    ).exists()


class PersonAuthentication(SessionAuthentication):
    """The session's, for those who owe no factor. A token of theirs is asked first and holds."""

    def authenticate(self, request):
        found = super().authenticate(request)
        if found and owes_factor(found[0]):
            raise PermissionDenied(_("Your role asks for a second factor: set one up first."))
        return found


class PersonScheme(SessionScheme):
    target_class = "firm.factors.PersonAuthentication"
