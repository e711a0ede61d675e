"""What people do about themselves, and administrators for them."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction

from firm import sessions
from firm.models import User


@transaction.atomic
def change_profile(*, by: User, name: str, language: str, time_zone: str) -> None:
    """Keep how `by` is called and reads pages: an empty language is the browser's, an empty time
    zone the company's."""
    by.name, by.language, by.time_zone = name, language, time_zone
    by.save(update_fields=["name", "language", "time_zone"])


def end_session(session: UserSession) -> None:
    """Sign out one device, at its next request."""
    sessions.end(UserSession.objects.filter(pk=session.pk))


def end_sessions(*, by: User) -> int:
    """Sign `by` out everywhere, here too; give how many sessions ended."""
    return sessions.end(UserSession.objects.filter(user=by))


@transaction.atomic
def forget_factors(user: User) -> int:
    """Take away every second factor of `user`, who has lost them, and sign them out everywhere;
    give how many factors there were."""
    sessions.end(UserSession.objects.filter(user=user))
    _all, deleted = Authenticator.objects.filter(user=user).delete()
    return deleted.get("mfa.Authenticator", 0)
