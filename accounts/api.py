"""Clients and their ledger, to be read by programs."""

from django.db import IntegrityError
from django.urls import reverse
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, viewsets
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from accounts.actions import exchange
from accounts.actions.places import Loop
from accounts.acts import acts_of
from accounts.filters import AccountFilter, EntryFilter
from accounts.models import Account, LedgerEntry
from accounts.sent import AccountChangeSerializer, AccountCreateSerializer
from firm import problems, roles, scopes
from firm.models import Department, User
from firm.today import today
from firm.versions import Outdated


class ColleagueSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ["id", "name", "email"]
        read_only_fields = fields


class DepartmentSerializer(serializers.ModelSerializer):
    class Meta:
        model = Department
        fields = ["id", "code", "name"]
        read_only_fields = fields


class AccountNameSerializer(serializers.ModelSerializer):
    class Meta:
        model = Account
        fields = ["id", "account_ref", "name"]
        read_only_fields = fields


class AccountSerializer(serializers.ModelSerializer):
    owner = serializers.SerializerMethodField()
    department = serializers.SerializerMethodField()
    parent = serializers.SerializerMethodField()  # type: ignore[assignment]
    etag = serializers.SerializerMethodField()

    class Meta:
        model = Account
        fields = [
            "id",
            "account_ref",
            "name",
            "legal_name",
            "tax_number",
            "kind",
            "industry",
            "country",
            "headcount",
            "closed_on",
            "close_reason",
            "owner",
            "department",
            "parent",
            "etag",
        ]
        read_only_fields = fields

    @extend_schema_field(ColleagueSerializer(allow_null=True))
    def get_owner(self, account):
        return ColleagueSerializer(account.owned[0].owner).data if account.owned else None

    @extend_schema_field(DepartmentSerializer(allow_null=True))
    def get_department(self, account):
        placed = account.owned[0].owner.working if account.owned else account.placed
        return DepartmentSerializer(placed[0].department).data if placed else None

    @extend_schema_field(AccountNameSerializer(allow_null=True))
    def get_parent(self, account):
        return AccountNameSerializer(account.below[0].parent).data if account.below else None

    @extend_schema_field(OpenApiTypes.STR)
    def get_etag(self, account):
        return exchange.etag_of(account)


ETAG = OpenApiParameter(
    "ETag",
    location=OpenApiParameter.HEADER,
    response=[200, 201],
    description="The version, to be sent back as `If-Match`; `etag` in the body is the same.",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    location=OpenApiParameter.HEADER,
    required=True,
    description="The `ETag` that was read, with its quotes, or `*` for whichever it is.",
)


@extend_schema(description="Accounts that the caller may see, as they are today.")
class AccountViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Account.objects.none()  # for the schema; get_queryset decides
    serializer_class = AccountSerializer
    filterset_class = AccountFilter
    ordering_fields = ("account_ref", "name", "id")
    lookup_value_converter = "int"
    write_scope = scopes.ACCOUNTS_WRITE

    def get_queryset(self):
        user = self.request.user
        accounts = Account.objects.visible_to(user).with_version()
        return accounts.with_places(today(), viewer=user)

    @extend_schema(
        description="One account as it is today. Its `ETag` is what a change has to name.",
        parameters=[ETAG],
    )
    def retrieve(self, request, *args, **kwargs):
        return self.answer(self.get_object())

    @extend_schema(
        description="Makes an account. Without an `owner` it is the caller's own or, where the "
        "caller leads, waits for its owner in the caller's department.",
        parameters=[ETAG],
        request=AccountCreateSerializer,
        responses={201: AccountSerializer, 409: None},
    )
    def create(self, request):
        if not request.user.has_perm(roles.CREATE_ACCOUNTS):
            raise PermissionDenied
        values = self.sent(AccountCreateSerializer)
        try:
            account = exchange.create(values, by=request.user)
        except IntegrityError as error:
            raise taken(values["account_ref"], request) from error
        answer = self.answer(self.get_queryset().get(pk=account.pk), status=201)
        answer["Location"] = address_of(account, request)
        return answer

    @extend_schema(
        description="Changes the fields that are sent, all or none; where somebody else changed "
        "the account since it was read, none. `closed_on` with `close_reason` closes it, "
        "`closed_on` null opens it again.",
        parameters=[IF_MATCH, ETAG],
        request=AccountChangeSerializer,
        responses={200: AccountSerializer, 409: None, 412: None, 428: None},
    )
    def partial_update(self, request, *args, **kwargs):
        account = self.get_object()
        acts = acts_of(account, request.user)
        if not acts.change:
            raise PermissionDenied
        seen = asked_versions(request)
        values = self.sent(AccountChangeSerializer, account)
        if "owner" in values and not acts.lead:
            raise PermissionDenied(_("Your roles do not let you choose the owner."))
        try:
            exchange.change(account, values, seen=seen, by=request.user)
        except Outdated as error:
            raise problems.Outdated from error
        except Loop as error:
            told = _("That account stands below this one: parents form no loop.")
            raise ValidationError({"parent": [told]}) from error
        except IntegrityError as error:
            raise problems.Conflict from error
        return self.answer(self.get_object())

    def sent(self, serializer_class, account=None):
        context = self.get_serializer_context()
        sent = serializer_class(
            account, data=self.request.data, partial=account is not None, context=context
        )
        sent.is_valid(raise_exception=True)
        return sent.validated_data

    def answer(self, account, status=200):
        body = self.get_serializer(account).data
        return Response(body, status=status, headers={"ETag": exchange.etag_of(account)})


def asked_versions(request):
    """The versions in `If-Match`; raises VersionNeeded where it does not say one."""
    seen = parse_etags(request.headers.get("If-Match", ""))
    if not seen:
        raise problems.VersionNeeded
    return seen


def address_of(account, request):
    return request.build_absolute_uri(reverse("api:account-detail", args=[account.pk]))


def taken(account_ref, request):
    """The conflict, with the address of whose the reference is where the caller sees it."""
    there = Account.objects.visible_to(request.user).filter(account_ref=account_ref).first()
    return problems.Taken(**({"existing": address_of(there, request)} if there else {}))


class EntrySerializer(serializers.ModelSerializer):
    account = AccountNameSerializer(allow_null=True, read_only=True)
    source: serializers.Field = serializers.StringRelatedField()  # type: ignore[assignment]
    product_line: serializers.Field = serializers.StringRelatedField(allow_null=True)

    class Meta:
        model = LedgerEntry
        fields = [
            "id",
            "source",
            "document",
            "line",
            "account",
            "booked_on",
            "revenue",
            "cost",
            "currency",
            "booked_revenue",
            "booked_cost",
            "rate_on",
            "product_line",
        ]
        read_only_fields = fields


@extend_schema(
    description="Ledger lines of accounts that the caller may see: `revenue` and `cost` in the "
    "reporting currency, empty until a rate is known; `booked_revenue` and `booked_cost` as "
    "the source sent them, in `currency`."
)
class EntryViewSet(ListModelMixin, viewsets.GenericViewSet):
    queryset = LedgerEntry.objects.none()  # for the schema; get_queryset decides
    serializer_class = EntrySerializer
    filterset_class = EntryFilter
    ordering_fields = ("booked_on", "id")

    def get_queryset(self):
        return LedgerEntry.objects.visible_to(self.request.user).select_related(
            "account", "source", "product_line"
        )
