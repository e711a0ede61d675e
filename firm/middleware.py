"""Who is at the other end: pages for people only, in their language and time."""

import zoneinfo

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from firm import roles
from firm.factors import owes_factor

# These guard themselves, and anybody may reach the doors.
THEMSELVES = ("/api/", "/static/", "/healthz", "/readyz", "/metrics")
OPEN = ("/sign-in/", "/language/")


def person(get_response):
    def middleware(request):
        # The path first: the API and the probes say themselves where nobody can be asked.
        if request.path.startswith(THEMSELVES) or not request.user.is_authenticated:
            return get_response(request)
        user = request.user
        if not request.path.startswith(OPEN):
            if owes_factor(user):
                return redirect("factor_first")
            if not user.has_perm(roles.PAGES):
                raise PermissionDenied(_("Your roles let you use the API, not the pages."))
        zone = zoneinfo.ZoneInfo(user.time_zone or settings.TIME_ZONE)
        language = user.language or translation.get_language()
        with timezone.override(zone), translation.override(language):
            response = get_response(request)
        if request.path.startswith("/sign-in/"):
            # Secrets and codes stand there: nothing for the back button of a shared machine.
            add_never_cache_headers(response)
        return response

    return middleware
