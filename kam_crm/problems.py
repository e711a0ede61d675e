"""What the API answers where it cannot do as asked: problem details of RFC 9457."""

import json
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.utils.log import log_response
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler

from firm.problems import TooLarge, Unavailable
from kam_crm.health import database

MEDIA_TYPE = "application/problem+json"
API = "/api/"
RETRY_AFTER = "5"

# The word of each problem, its status and its title. Programs branch on the words: none is ever
# renamed, and a new one is a new line of docs/api.md and docs/api/CHANGELOG.md.
KINDS = {
    "not-usable": (400, gettext_noop("Something in the request cannot be used")),
    "not-readable": (400, gettext_noop("The body cannot be read")),
    "not-signed-in": (401, gettext_noop("Not signed in")),
    "not-allowed": (403, gettext_noop("Not allowed")),
    "missing-scope": (403, gettext_noop("The token lacks a scope")),
    "not-found": (404, gettext_noop("Not found")),
    "no-run": (404, gettext_noop("No run has stored this day")),
    "no-such-method": (405, gettext_noop("No such method here")),
    "not-acceptable": (406, gettext_noop("Not to be had in this form")),
    "taken": (409, gettext_noop("The reference is taken")),
    "conflict": (409, gettext_noop("The state does not allow it")),
    "outdated": (412, gettext_noop("Changed since it was read")),
    "too-large": (413, gettext_noop("The body is too large")),
    "unknown-media-type": (415, gettext_noop("A body of this kind is not read")),
    "key-reused": (422, gettext_noop("The key came with another body")),
    "version-needed": (428, gettext_noop("If-Match is needed")),
    "too-many-requests": (429, gettext_noop("Too many requests")),
    "fault": (500, gettext_noop("A fault of ours")),
    "unavailable": (503, gettext_noop("Not available now")),
}
# What a status says where the exception says no more: the first word of it.
BY_STATUS = {status: word for word, (status, _title) in reversed(KINDS.items())}


def handler(exc, context):
    """The answer to an error that a view raised; an unforeseen one is logged as everywhere."""
    known = translated(exc)
    response = exception_handler(known, context)
    if response is None:
        return unforeseen(exc, context["request"]._request)
    response.data = problem(known, response.status_code, response.data)
    response.content_type = MEDIA_TYPE
    if isinstance(known, Unavailable):
        response["Retry-After"] = RETRY_AFTER
    return response


def translated(exc):
    if isinstance(exc, OperationalError | InterfaceError):
        return Unavailable()
    if isinstance(exc, RequestDataTooBig):
        return TooLarge()
    if isinstance(exc, SuspiciousOperation):
        return ParseError()
    return exc


def problem(exc, status, data):
    word = getattr(exc, "problem", None) or word_of(exc, status)
    return {**named(word, status), **explained(exc, data), **getattr(exc, "more", {})}


def word_of(exc, status):
    return "not-readable" if isinstance(exc, ParseError) else BY_STATUS.get(status, "about:blank")


def named(word, status):
    _status, title = KINDS.get(word, (status, ""))
    title = _(title) if title else HTTPStatus(status).phrase
    return {"type": word, "title": title, "status": status}


def explained(exc, data):
    """The detail, and what is wrong with which field where fields are to blame."""
    if isinstance(exc, Http404):
        # The same words for what is absent and for what is not theirs to see.
        return {"detail": _("There is nothing here, or nothing that you may see.")}
    if not isinstance(exc, ValidationError):
        return {"detail": data["detail"]}
    errors = data if isinstance(data, dict) else {"": data}
    return {
        "detail": _("Not usable: %(fields)s.") % {"fields": ", ".join(sorted(errors))},
        "errors": errors,
    }


def unforeseen(exc, request):
    got_request_exception.send(sender=None, request=request)
    body = {**named("fault", 500), "detail": fault()}
    response = Response(body, status=500, content_type=MEDIA_TYPE)
    log_response("%s", request.path, response=response, request=request, exception=exc)
    return response


def fault():
    return _("This is a fault of ours. It is on record.")


def middleware(get_response):
    """Makes a problem of each error below /api/ that no view of the API answered itself."""

    def answer(request):
        response = get_response(request)
        is_error = response.status_code >= 400 and request.path.startswith(API)
        if is_error and response.get("Content-Type") != MEDIA_TYPE:
            become_problem(response)
        return response

    return answer


def become_problem(response):
    if response.status_code == 500 and not database():
        response.status_code, response.reason_phrase = 503, None
        response["Retry-After"] = RETRY_AFTER
    status = response.status_code
    word = BY_STATUS.get(status, "about:blank")
    details = {500: fault(), 503: str(Unavailable.default_detail)}
    body = {**named(word, status), "detail": details.get(status, HTTPStatus(status).description)}
    response.content = json.dumps(body).encode()
    response["Content-Type"] = MEDIA_TYPE
    response["Content-Length"] = str(len(response.content))


@extend_schema(exclude=True)
class Nowhere(APIView):
    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        raise Http404
