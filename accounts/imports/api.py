"""Ledgers in, for programs: sent, taken in by a worker, looked at."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import generics, mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.parsers import BaseParser
from rest_framework.permissions import BasePermission
from rest_framework.response import Response

from accounts.actions import imports
from accounts.filters import ImportFilter, LeftFilter, RejectedFilter
from accounts.importers.bounds import CannotRead
from accounts.importers.shapes import currency_problem
from accounts.imports import sending
from accounts.imports.ndjson import as_csv
from accounts.models import Account, LedgerEntry, LedgerImport, LeftLine, RejectedRow
from firm import problems, roles, scopes
from firm.serializers import Strict

KEY = 255
# What only the page that mends them shows, or another address.
NOT_IN_REPORT = ("rejected_rows", "different")


@dataclass
class Body:
    """A body that the view reads itself, in blocks."""

    stream: Any
    file_name: str
    turn: Callable[[BinaryIO], BinaryIO] | None


class Untouched(BaseParser):
    file_name: str
    turn: Callable[[BinaryIO], BinaryIO] | None = None

    def parse(self, stream, media_type=None, parser_context=None):
        return Body(stream, self.file_name, self.turn)


class Csv(Untouched):
    media_type = "text/csv"
    file_name = "ledger.csv"


class Gzip(Untouched):
    media_type = "application/gzip"
    file_name = "ledger.csv.gz"


class Xlsx(Untouched):
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    file_name = "ledger.xlsx"


class Ndjson(Untouched):
    media_type = "application/x-ndjson"
    file_name = "ledger.ndjson"
    turn = staticmethod(as_csv)


PARSERS = [Csv, Gzip, Xlsx, Ndjson]


class FeedsLedger(BasePermission):
    def has_permission(self, request, view):
        return request.user.has_perm(roles.FEED)


class SentSerializer(Strict):
    """What stands in the address beside a body."""

    source = serializers.CharField(  # type: ignore[assignment]
        max_length=64, help_text="The system that booked the lines; a part of their identity."
    )
    currency = serializers.CharField(
        required=False,
        default="",
        max_length=3,
        help_text="The reporting currency, for a first file that holds several.",
    )
    whole_documents = serializers.BooleanField(
        required=False,
        default=False,
        help_text="Void stored lines of a sent document that the body lacks.",
    )
    strict = serializers.BooleanField(
        required=False,
        default=False,
        help_text="Store nothing where a row is rejected: the import then asks on its page.",
    )

    def validate_currency(self, code):
        if problem := currency_problem(code):
            raise ValidationError(problem)
        return code


class ImportSerializer(serializers.ModelSerializer):
    source: serializers.Field = serializers.StringRelatedField()  # type: ignore[assignment]
    by = serializers.SerializerMethodField()
    report = serializers.SerializerMethodField()
    rejected = serializers.SerializerMethodField()
    undo = serializers.SerializerMethodField()
    left = serializers.SerializerMethodField()

    class Meta:
        model = LedgerImport
        fields = [
            "id",
            "state",
            "source",
            "file_name",
            "by",
            "started_at",
            "finished_at",
            "error",
            "report",
            "rejected",
            "undone_at",
            "undo",
            "left",
        ]
        read_only_fields = fields

    @extend_schema_field({"type": ["string", "null"], "description": "Who sent it, by name."})
    def get_by(self, imported):
        return imported.by and imported.by.name

    @extend_schema_field(
        {
            "type": "object",
            "additionalProperties": True,
            "description": "Counts of lines and more, as `import_ledger` prints them; empty until "
            "a worker took the import in.",
            "properties": {
                name: {"type": "integer"}
                for name in (
                    "lines",
                    "created",
                    "corrected",
                    "unchanged",
                    "voided",
                    "rejected",
                    "unassigned",
                    "unconverted",
                )
            },
        }
    )
    def get_report(self, imported):
        report = imported.report
        told = {name: value for name, value in report.items() if name not in NOT_IN_REPORT}
        if report.get("different"):
            # Of accounts that the caller does not see nothing is told.
            told["different"] = seen_alone(report["different"], self.context["request"].user)
        return told

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_rejected(self, imported):
        return address_of("api:import-rejected", imported, self.context["request"])

    @extend_schema_field(
        {
            "type": "object",
            "description": "What its undo did, in lines; empty where it is not undone.",
            "properties": {
                name: {"type": "integer"} for name in ("withdrawn", "restored", "left")
            },
        }
    )
    def get_undo(self, imported):
        return imported.undo_report

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_left(self, imported):
        return address_of("api:import-left", imported, self.context["request"])


def seen_alone(different, user):
    refs = {each["account_ref"] for each in different}
    seen = Account.objects.visible_to(user).filter(account_ref__in=refs)
    named = set(seen.values_list("account_ref", flat=True))
    return [each for each in different if each["account_ref"] in named]


def address_of(name, imported, request):
    return request.build_absolute_uri(reverse(name, args=[imported.pk]))


def imports_of(request):
    return LedgerImport.objects.visible_to(request.user).filter(target=LedgerImport.Target.LEDGER)


IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    location=OpenApiParameter.HEADER,
    description="A name of your own for this sending, up to 255 printable characters: the same "
    "key with the same body and address gives the same import, however often it is sent.",
)
LOCATION = OpenApiParameter(
    "Location",
    location=OpenApiParameter.HEADER,
    response=[202],
    description="The import: ask there until its state is `done`, `asking` or `failed`.",
)


@extend_schema(
    description="Ledgers that were sent in: the caller's own, or all of them for who "
    "sees every account."
)
class ImportViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    queryset = LedgerImport.objects.none()  # for the schema; get_queryset decides
    permission_classes = [*viewsets.GenericViewSet.permission_classes, FeedsLedger]
    parser_classes = PARSERS
    serializer_class = ImportSerializer
    filterset_class = ImportFilter
    ordering_fields = ("-id",)
    lookup_value_converter = "int"
    write_scope = scopes.LEDGER_WRITE

    def get_queryset(self):
        return imports_of(self.request).select_related("source", "by")

    @extend_schema(
        description="Takes a ledger: CSV, the same gzipped, XLSX, or NDJSON with one object a "
        "line, with the columns of `import_ledger`. A worker takes it in: whole, or not at all.",
        parameters=[SentSerializer, IDEMPOTENCY_KEY, LOCATION],
        request={parser.media_type: OpenApiTypes.BINARY for parser in PARSERS},
        responses={202: ImportSerializer, 422: None},
    )
    def create(self, request):
        # What the address says is judged before the body is read.
        asked = SentSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        imported = received(request, asked.validated_data, asked_key(request))
        body = self.get_serializer(imported).data
        location = address_of("api:import-detail", imported, request)
        return Response(body, status=202, headers={"Location": location})

    @extend_schema(
        description="Takes an import back: the lines that it created are withdrawn, those that "
        "it corrected get their former values, those that a later import changed are left and "
        "listed. 202 where it is so large that a worker does it.",
        request=None,
        responses={200: ImportSerializer, 202: ImportSerializer, 409: None},
    )
    @action(detail=True, methods=["post"])
    def undo(self, request, pk):
        imported = self.get_object()
        is_large = imports.is_large(imported) and imports.undoable(imported)
        try:
            if is_large:
                imports.ask_for_undo(imported, by=request.user)
            else:
                imports.undo(imported, by=request.user)
        except imports.CannotUndo as error:
            told = _(
                "This import does not stand in the ledger, or nothing tells what stood before."
            )
            raise problems.Conflict(told) from error
        body = self.get_serializer(self.get_object()).data
        return Response(body, status=202 if is_large else 200)


def received(request, asked, key):
    sent = request.data
    if not isinstance(sent, Body):
        raise ParseError(_("The body is empty."))
    try:
        body, digest = sending.kept(sent.stream)
        with body:
            return sending.send(
                body,
                digest=digest,
                key=key,
                source=asked["source"],
                file_name=sent.file_name,
                reading={name: asked[name] for name in ("currency", "whole_documents")},
                strict=asked["strict"],
                by=request.user,
                turn=sent.turn,
            )
    except sending.TooLarge as error:
        raise problems.TooLarge from error
    except sending.KeyReused as error:
        raise problems.KeyReused from error
    except CannotRead as error:
        raise ParseError(str(error)) from error


def asked_key(request):
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return ""
    if key and len(key) <= KEY and key.isascii() and key.isprintable():
        return key
    told = _("Give 1 to %(most)d printable ASCII characters.") % {"most": KEY}
    raise ValidationError({"Idempotency-Key": [told]})


class RejectedSerializer(serializers.ModelSerializer):
    row = serializers.IntegerField(read_only=True)
    values = serializers.DictField(read_only=True)
    problems = serializers.ListField(child=serializers.DictField(), read_only=True)

    class Meta:
        model = RejectedRow
        fields = ["id", "row", "values", "problems"]
        read_only_fields = fields


@extend_schema(
    description="The rows of an import that were not taken, each with its values as they came "
    "and what is wrong with them. The header is row 1.",
)
class RejectedView(generics.ListAPIView):
    queryset = RejectedRow.objects.none()  # for the schema; get_queryset decides
    permission_classes = [*generics.ListAPIView.permission_classes, FeedsLedger]
    serializer_class = RejectedSerializer
    filterset_class = RejectedFilter
    ordering_fields = ("row", "id")

    def get_queryset(self):
        return asked_import(self).rejected_rows.all()


class LeftSerializer(serializers.ModelSerializer):
    document = serializers.CharField(source="entry.document", read_only=True)
    line = serializers.CharField(source="entry.line", read_only=True)
    kept_by = serializers.IntegerField(source="kept_by_id", read_only=True)

    class Meta:
        model = LeftLine
        fields = ["id", "document", "line", "kept_by"]
        read_only_fields = fields


@extend_schema(
    description="The lines that the undo of an import left alone, with the later import that "
    "has changed each of them, of accounts that the caller may see.",
)
class LeftView(generics.ListAPIView):
    queryset = LeftLine.objects.none()  # for the schema; get_queryset decides
    permission_classes = [*generics.ListAPIView.permission_classes, FeedsLedger]
    serializer_class = LeftSerializer
    filterset_class = LeftFilter
    ordering_fields = ("id",)

    def get_queryset(self):
        seen = LedgerEntry.with_withdrawn.visible_to(self.request.user)
        left = asked_import(self).left_lines.filter(entry__in=seen)
        return left.select_related("entry")


def asked_import(view):
    imported = imports_of(view.request).filter(pk=view.kwargs["pk"]).first()
    if imported is None:
        raise Http404
    return imported
