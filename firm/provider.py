"""The way to the company's provider, and back."""

from functools import wraps

import structlog
from allauth.socialaccount.providers.openid_connect import views
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from requests import RequestException

log = structlog.get_logger(__name__)


def patient(view):
    """A provider that is down, or describes itself by half, is a sentence and no crash."""

    @login_not_required
    @wraps(view)
    def answered(request, provider_id):
        try:
            return view(request, provider_id)
        except (RequestException, KeyError):
            log.exception("provider failed")
            return render(request, "socialaccount/authentication_error.html", status=503)

    return answered


login = patient(views.login)
callback = patient(views.callback)
