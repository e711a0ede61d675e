"""Where somebody is signed in, and how that ends."""

import time

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from firm.models import User

# How many sessions a process remembers to have put down.
REMEMBERED = 10_000

# In this order: Edge and Opera call themselves Chrome, and Chrome calls itself Safari.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "Chrome/": "Chrome",
    "CriOS/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "CrOS": "ChromeOS",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}


def seen(get_response):
    """Puts down when and from where each session was last used, at most once in as many seconds
    as the setting says."""
    # Of this process: writing it into the session would undo what a second request writes there.
    put_down: dict[str, float] = {}

    def middleware(request):
        step = settings.SESSION_SEEN_EVERY
        if step and request.user.is_authenticated:
            key, now = request.session.session_key, time.time()
            if abs(now - put_down.get(key, 0)) > step:
                if len(put_down) >= REMEMBERED:
                    put_down.clear()
                put_down[key] = now
                put_down_session(request)
        return get_response(request)

    return middleware


def put_down_session(request) -> None:
    agent = UserSession._meta.get_field("user_agent")
    session = UserSession(
        session_key=request.session.session_key,
        user=request.user,
        ip=get_adapter().get_client_ip(request),
        user_agent=request.headers.get("User-Agent", "")[: agent.max_length],
    )
    UserSession.objects.bulk_create(
        [session],
        update_conflicts=True,
        unique_fields=["session_key"],
        update_fields=["user", "ip", "user_agent", "last_seen_at"],
    )


def sessions_of(user: User) -> QuerySet[UserSession]:
    """Those that still open the door, the last used first."""
    living = Session.objects.filter(expire_date__gt=timezone.now())
    own = UserSession.objects.filter(user=user, session_key__in=living.values("session_key"))
    return own.order_by("-last_seen_at", "pk")


@transaction.atomic
def end(sessions: QuerySet[UserSession]) -> int:
    """Sign out whoever uses `sessions`, at their next request; give how many ended."""
    keys = list(sessions.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    return len(keys)


def device(user_agent: str) -> str:
    """What a browser calls itself, in two words."""
    browser = next((name for sign, name in BROWSERS.items() if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS.items() if sign in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown device")
