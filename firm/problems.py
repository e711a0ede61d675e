"""Errors of the API that have a word of their own; `kam_crm.problems` writes the answers."""

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException


class Problem(APIException):
    """`problem` is the stable word; `more` is what a program may want to know beside it."""

    problem: str

    def __init__(self, detail=None, **more):
        super().__init__(detail)
        self.more = more


class MissingScope(Problem):
    status_code = 403
    problem = "missing-scope"
    default_detail = _("This token was not made for that.")


class Taken(Problem):
    status_code = 409
    problem = "taken"
    default_detail = _("This reference is taken.")


class Conflict(Problem):
    status_code = 409
    problem = "conflict"
    default_detail = _("Its state does not allow that, or no longer does.")


class Outdated(Problem):
    status_code = 412
    problem = "outdated"
    default_detail = _("Somebody changed it since you read it: read it again.")


class TooLarge(Problem):
    status_code = 413
    problem = "too-large"
    default_detail = _("The body is too large.")


class KeyReused(Problem):
    status_code = 422
    problem = "key-reused"
    default_detail = _("This Idempotency-Key came with another body before: take a new key.")


class VersionNeeded(Problem):
    status_code = 428
    problem = "version-needed"
    default_detail = _("Send the ETag that you read as If-Match.")


class Unavailable(Problem):
    status_code = 503
    problem = "unavailable"
    default_detail = _("The database does not answer: try again in a moment.")
