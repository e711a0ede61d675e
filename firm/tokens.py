"""How an integration shows who it is, and what its token is for."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission

from firm import scopes
from firm.models import ApiToken
from firm.problems import MissingScope

# A busy token writes its last use no oftener than this.
USE_IS_NOTED = timedelta(minutes=1)


class BearerToken(TokenAuthentication):
    """knox's, and a token of strange bytes is refused like any other unknown one."""

    def authenticate_credentials(self, token):
        if not token.isascii() or b"\0" in token:
            raise AuthenticationFailed(_("Invalid token."))
        user, known = super().authenticate_credentials(token)
        note_use(known)
        return user, known


def note_use(token):
    now = timezone.now()
    if token.last_used_at and token.last_used_at > now - USE_IS_NOTED:
        return
    long_ago = Q(last_used_at=None) | Q(last_used_at__lte=now - USE_IS_NOTED)
    ApiToken.objects.filter(long_ago, pk=token.pk).update(last_used_at=now)


class HasScope(BasePermission):
    """Asked before a byte of the body is read. Who signed in has the scopes of their roles."""

    def has_permission(self, request, view):
        scope = scope_of(view, request.method)
        if scope and isinstance(request.auth, ApiToken) and scope not in request.auth.scopes:
            raise MissingScope(
                _("This token lacks the scope %(scope)s.") % {"scope": scope}, scope=scope
            )
        return True


def scope_of(view, method):
    """The scope that `method` needs here; none where the view has no such method.

    A view that writes says in `write_scope` what for; one that does not say so fails loudly.
    """
    if method in SAFE_METHODS:
        return scopes.READ
    return view.write_scope if hasattr(view, method.lower()) else None


class BearerTokenScheme(KnoxTokenScheme):
    target_class = "firm.tokens.BearerToken"
    name = "token"
