"""What the API answers where it cannot do as asked: problem details of RFC 9457."""

from http import HTTPStatus

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.views import APIView, exception_handler

MEDIA_TYPE = "application/problem+json"


def handler(exc, context):
    """The answer to an error that a view raised; an unforeseen one stays unforeseen."""
    response = exception_handler(exc, context)
    if response is None:
        return None
    # An exception may name its problem; most say no more than their status does.
    named = getattr(exc, "problem", None)
    response.data = {
        "type": named or "about:blank",
        "title": named or HTTPStatus(response.status_code).phrase,
        "status": response.status_code,
        **explained(exc, response.data),
    }
    response.content_type = MEDIA_TYPE
    return response


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


@extend_schema(exclude=True)
class Nowhere(APIView):
    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        raise Http404


PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "object",
            "description": "What is wrong with which parameter or field.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
}


def document(result, generator, request, public):
    """Adds to every operation of the schema the problems that it may answer with."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = PROBLEM
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path in result["paths"].values():
        for operation in path.values():
            for status in (400, 401, 403, 404, 406):
                operation["responses"][str(status)] = {
                    "description": HTTPStatus(status).phrase,
                    "content": content,
                }
    return result
