"""How an integration shows who it is."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed


class BearerToken(TokenAuthentication):
    """knox's, and a token of strange bytes is refused like any other unknown one."""

    def authenticate_credentials(self, token):
        if not token.isascii() or b"\0" in token:
            raise AuthenticationFailed(_("Invalid token."))
        return super().authenticate_credentials(token)


class BearerTokenScheme(KnoxTokenScheme):
    target_class = "firm.tokens.BearerToken"
    name = "token"
