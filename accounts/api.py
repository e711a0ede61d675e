"""Clients and their ledger, to be read by programs."""

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, viewsets
from rest_framework.mixins import ListModelMixin

from accounts.filters import AccountFilter, EntryFilter
from accounts.models import Account, LedgerEntry
from firm.models import Department, User
from firm.today import today


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
            "owner",
            "department",
            "parent",
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


@extend_schema(description="Accounts that the caller may see, as they are today.")
class AccountViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Account.objects.none()  # for the schema; get_queryset decides
    serializer_class = AccountSerializer
    filterset_class = AccountFilter
    ordering_fields = ("account_ref", "id")
    lookup_value_converter = "int"

    def get_queryset(self):
        user = self.request.user
        return Account.objects.visible_to(user).with_places(today(), viewer=user)


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
