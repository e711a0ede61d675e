"""Pages of the API's lists: by key, so that page 1,000 costs what page 1 costs."""

from typing import NamedTuple

from django.core import signing
from django.db.models import Q
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.utils.urls import replace_query_param

SALT = "keyset"


class Mark(NamedTuple):
    """Where a page begins: behind this row, in this order, forwards or backwards."""

    ordering: str
    backwards: bool
    value: str
    pk: int


class Keyset(CursorPagination):
    """Orders by one field that is never empty, then by key: no row is skipped or repeated.

    A view names the fields that may order it in `ordering_fields`; the first is the default,
    as written there.
    """

    page_size = 50
    max_page_size = 500
    page_size_query_param = "limit"
    fields_query_param = "fields"
    base_url: str
    ordering: str
    page: list

    def paginate_queryset(self, queryset, request, view=None):
        self.refuse_unknown(request, view)
        self.base_url = request.build_absolute_uri()
        self.chosen = self.get_chosen(request, view)
        size = self.get_page_size(request)
        self.ordering = self.get_ordering(request, queryset, view)
        mark = self.decode_cursor(request)
        backwards = bool(mark and mark.backwards)
        rows = queryset.order_by(*self.order(backwards))
        if mark:
            rows = rows.filter(self.beyond(mark, queryset.model))
        found = list(rows[: size + 1])
        more, self.page = len(found) > size, found[:size]
        if backwards:
            self.page.reverse()
        self.has_next = more if not backwards else bool(self.page)
        self.has_previous = more if backwards else bool(mark and self.page)
        return self.page

    @property
    def field(self):
        return self.ordering.removeprefix("-")

    def order(self, backwards):
        """The field and the key, both up or both down."""
        sign = "-" if self.ordering.startswith("-") != backwards else ""
        names = [self.field] if self.field == "id" else [self.field, "id"]
        return [sign + name for name in names]

    def beyond(self, mark, model):
        """Rows behind `mark`. The first half alone bounds the index; the second settles ties."""
        side = "lt" if self.ordering.startswith("-") != mark.backwards else "gt"
        value = model._meta.get_field(self.field).to_python(mark.value)
        return Q(**{f"{self.field}__{side}e": value}) & (
            Q(**{f"{self.field}__{side}": value}) | Q(**{f"id__{side}": mark.pk})
        )

    def refuse_unknown(self, request, view):
        """A slip in a parameter's name would else ask for everything."""
        known = {
            *view.filterset_class.base_filters,
            self.cursor_query_param,
            self.page_size_query_param,
            self.fields_query_param,
            "ordering",
            *getattr(view, "asks", ()),
        }
        unknown = [name for name in request.query_params if name not in known]
        if unknown:
            message = _("This list has no such parameter.")
            raise ValidationError({name[:100]: [message] for name in unknown})

    def get_chosen(self, request, view):
        """The fields in `?fields=`; None for all of them."""
        text = request.query_params.get(self.fields_query_param)
        if text is None:
            return None
        known, asked = list(view.get_serializer().fields), text.split(",")
        if set(asked) <= set(known):
            return [name for name in known if name in asked]
        message = _("This list has the fields %(fields)s.") % {"fields": ", ".join(known)}
        raise ValidationError({self.fields_query_param: [message]})

    def get_paginated_response(self, data):
        if self.chosen is not None:
            data = [{name: row[name] for name in self.chosen} for row in data]
        return super().get_paginated_response(data)

    def get_page_size(self, request):
        text = request.query_params.get(self.page_size_query_param)
        if text is None:
            return self.page_size
        if text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= self.max_page_size:
            return int(text)
        raise ValidationError(
            {
                self.page_size_query_param: [
                    _("Ask for 1 to %(most)d rows.") % {"most": self.max_page_size}
                ]
            }
        )

    def get_ordering(self, request, queryset, view):
        default, *_rest = fields = view.ordering_fields
        asked = request.query_params.get("ordering") or default
        if asked.removeprefix("-") in {field.removeprefix("-") for field in fields}:
            return asked
        raise ValidationError(
            {
                "ordering": [
                    _("This list is ordered by %(fields)s, or by one of them with a minus.")
                    % {"fields": ", ".join(field.removeprefix("-") for field in fields)}
                ]
            }
        )

    def decode_cursor(self, request):
        text = request.query_params.get(self.cursor_query_param)
        if text is None:
            return None
        try:
            mark = Mark(*signing.loads(text, salt=SALT))
        except signing.BadSignature:
            mark = None
        if mark is None or mark.ordering != self.ordering:
            message = _("Take the cursor from the list's own next or previous address.")
            raise ValidationError({self.cursor_query_param: [message]})
        return mark

    def link(self, row, *, backwards):
        mark = Mark(self.ordering, backwards, str(getattr(row, self.field)), row.pk)
        cursor = signing.dumps(mark, salt=SALT)
        return replace_query_param(self.base_url, self.cursor_query_param, cursor)

    def get_next_link(self):
        return self.link(self.page[-1], backwards=False) if self.has_next else None

    def get_previous_link(self):
        return self.link(self.page[0], backwards=True) if self.has_previous else None

    def get_paginated_response_schema(self, schema):
        address = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": address, "previous": address, "results": schema},
        }

    def get_schema_operation_parameters(self, view):
        fields = [field.removeprefix("-") for field in view.ordering_fields]
        return [
            {
                "name": self.cursor_query_param,
                "in": "query",
                "description": _("The page, from `next` or `previous` of another page."),
                "schema": {"type": "string"},
            },
            {
                "name": self.page_size_query_param,
                "in": "query",
                "description": _("Rows on a page."),
                "schema": {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": self.max_page_size,
                    "default": self.page_size,
                },
            },
            {
                "name": self.fields_query_param,
                "in": "query",
                "description": _("The fields of each row; without it all of them."),
                "explode": False,
                "schema": {
                    "type": "array",
                    "items": {"type": "string", "enum": list(view.get_serializer().fields)},
                    "minItems": 1,
                },
            },
            {
                "name": "ordering",
                "in": "query",
                "description": _("The field that orders the list; a minus turns it round."),
                "schema": {
                    "type": "string",
                    "enum": [sign + field for field in fields for sign in ("", "-")],
                    "default": view.ordering_fields[0],
                },
            },
        ]
