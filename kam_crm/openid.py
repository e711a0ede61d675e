"""The provider that colleagues may sign in with, as the environment names it."""

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environs import Env

NEEDED = ("KAM_OIDC_ISSUER", "KAM_OIDC_CLIENT_ID", "KAM_OIDC_CLIENT_SECRET")
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def provider(env: Env, *, is_production: bool) -> dict[str, Any]:
    """What allauth wants to know of it: nothing where nothing is set.

    Raises ImproperlyConfigured where it is set by half, or production would ask it unencrypted.
    """
    given = {name: env.str(name, "").strip() for name in NEEDED}
    missing = [name for name, value in given.items() if not value]
    if len(missing) == len(NEEDED):
        return {}
    if missing:
        raise ImproperlyConfigured(
            f"OpenID Connect is configured by half: {', '.join(missing)} missing."
        )
    issuer = given["KAM_OIDC_ISSUER"].rstrip("/")
    address = urlsplit(issuer)
    is_safe = address.scheme == "https" or address.hostname in LOOPBACK
    if not address.hostname or (is_production and not is_safe):
        raise ImproperlyConfigured("KAM_OIDC_ISSUER is an address that begins with https://.")
    return for_allauth(
        issuer,
        given["KAM_OIDC_CLIENT_ID"],
        given["KAM_OIDC_CLIENT_SECRET"],
        env.str("KAM_OIDC_NAME", "").strip() or address.hostname,
    )


def for_allauth(issuer: str, client_id: str, secret: str, name: str) -> dict[str, Any]:
    app = {
        "provider_id": "provider",
        "name": name,
        "client_id": client_id,
        "secret": secret,
        "settings": {"server_url": issuer},
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}
