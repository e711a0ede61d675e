"""Who is at the other end: pages for people only, in their language and time."""

import zoneinfo

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from firm import roles

# The API guards itself, and anybody may reach the doors.
OPEN = ("/api/", "/sign-in/", "/language/", "/static/", "/healthz", "/readyz", "/metrics")


def person(get_response):
    def middleware(request):
        # The path first: the API then says itself where nobody can be asked who this is.
        user = None if request.path.startswith(OPEN) else request.user
        if user is None or not user.is_authenticated:
            return get_response(request)
        if not user.has_perm(roles.PAGES):
            raise PermissionDenied(_("Your roles let you use the API, not the pages."))
        zone = zoneinfo.ZoneInfo(user.time_zone or settings.TIME_ZONE)
        language = user.language or translation.get_language()
        with timezone.override(zone), translation.override(language):
            return get_response(request)

    return middleware
