"""Tokens are made and revoked; who they are for and what they may do stands on each."""

from datetime import timedelta

from django.db import transaction

from firm import roles
from firm.models import ApiToken, User
from firm.scopes import ACCOUNTS_WRITE, FLAGS_WRITE, LEDGER_WRITE, SCOPES, WEBHOOKS_WRITE

# Without this a scope would let nobody do anything.
NEEDED = {
    ACCOUNTS_WRITE: roles.CHANGE_ACCOUNTS,
    LEDGER_WRITE: roles.FEED,
    FLAGS_WRITE: roles.CHANGE_ACCOUNTS,
    WEBHOOKS_WRITE: roles.MANAGE_WEBHOOKS,
}


def offered(user: User) -> list[str]:
    """The scopes that a token of `user` can make use of today."""
    return [scope for scope in SCOPES if scope not in NEEDED or user.has_perm(NEEDED[scope])]


@transaction.atomic
def make(*, by: User, name: str, scopes: list[str], days: int | None) -> tuple[ApiToken, str]:
    """A token of `by` for so many days, or for good, and its secret: that is kept nowhere."""
    expiry = days and timedelta(days=days)
    token, secret = ApiToken.objects.create(by, expiry=expiry, name=name, scopes=scopes)
    return token, secret


@transaction.atomic
def revoke(token: ApiToken, *, by: User) -> None:
    """The token works no more. Who revoked it stands in the history."""
    token.delete()
