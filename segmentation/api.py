"""Standings, flags and the portfolio for programs: what a run stored, never computed."""

from datetime import date
from decimal import ROUND_HALF_UP
from urllib.parse import quote

from django.db.models import Value
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, PermissionDenied, ValidationError
from rest_framework.mixins import ListModelMixin
from rest_framework.permissions import BasePermission
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actions import exchange
from accounts.api import IF_MATCH, AccountNameSerializer, asked_versions
from accounts.models import Account
from firm import problems, roles, scopes
from firm.serializers import Strict
from segmentation import explain
from segmentation.actions.flags import Moved, acknowledge, last_day_of_rest
from segmentation.filters import SEVERITIES, FlagFilter, StandingFilter
from segmentation.models import Flag, Run, StandingHistory

AS_OF = OpenApiParameter(
    "as_of",
    OpenApiTypes.DATE,
    description="A day that a run has stored; without it the newest run's.",
)


class NoRun(NotFound):
    problem = "no-run"
    default_detail = gettext_lazy(
        "No run has stored this day. `recompute --as-of` stores a day; without `as_of` "
        "the newest one is answered."
    )


def asked_day(request):
    """The day in `?as_of=`, or None."""
    text = request.query_params.get("as_of")
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    # Python reads other ISO forms too, which others would not.
    if day is None or day.isoformat() != text:
        raise ValidationError({"as_of": [_("Write the day as YYYY-MM-DD, like 2024-02-29.")]})
    return day


def asked_run(request):
    """The run of the day in `?as_of=`, or the newest one. Raises NoRun where there is none."""
    run = Run.objects.asked_for(asked_day(request))
    if run is None:
        raise NoRun
    return run


class ShareField(serializers.DecimalField):
    """A fraction, rounded to six places as commands write it."""

    def __init__(self):
        super().__init__(
            max_digits=None,
            decimal_places=6,
            rounding=ROUND_HALF_UP,
            allow_null=True,
            read_only=True,
        )


class StandingSerializer(serializers.ModelSerializer):
    account = serializers.IntegerField(source="account_id", read_only=True)
    account_ref = serializers.CharField(source="account.account_ref", read_only=True)
    group = serializers.CharField(source="group_ref", allow_null=True, read_only=True)
    share = ShareField()
    group_share = ShareField()
    policy = serializers.IntegerField(read_only=True)

    class Meta:
        model = StandingHistory
        fields = [
            "account",
            "as_of",
            "policy",
            "account_ref",
            "group",
            "rank",
            "basis",
            "turnover",
            "income",
            "previous",
            "share",
            "abc",
            "core",
            "group_share",
            "band",
            "key",
            "trend",
            "prospects",
            "segment",
        ]
        read_only_fields = fields


@extend_schema(
    description="Standings of the accounts that the caller may see, as a run stored them for a "
    "day: amounts in the reporting currency, shares as fractions, `policy` the version used.",
    parameters=[AS_OF],
)
class StandingViewSet(ListModelMixin, viewsets.GenericViewSet):
    queryset = StandingHistory.objects.none()  # for the schema; get_queryset decides
    serializer_class = StandingSerializer
    filterset_class = StandingFilter
    ordering_fields = ("rank", "id")
    asks = ("as_of",)

    def get_queryset(self):
        run = asked_run(self.request)
        return (
            StandingHistory.objects.visible_to(self.request.user)
            .filter(as_of=run.as_of)
            .select_related("account")
            .with_group_ref(self.request.user)
            .annotate(policy=Value(run.policy.version))
        )


class AccountStandingView(APIView):
    @extend_schema(
        description="One account's standing on a day, with the explanation: inputs, formulas, "
        "limits, the policy's version and the ledger lines behind each figure.",
        parameters=[AS_OF],
        responses=OpenApiTypes.OBJECT,
        operation_id="accounts_standing_retrieve",
    )
    def get(self, request, pk):
        account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
        day = asked_day(request)
        try:
            return Response(explain.explain(account, as_of=day, viewer=request.user))
        except explain.NoRun as absent:
            raise NoRun from absent


class FlagSerializer(serializers.ModelSerializer):
    severity = serializers.SerializerMethodField()
    account = AccountNameSerializer(allow_null=True, read_only=True)
    reason = serializers.CharField(read_only=True)
    evidence = serializers.DictField(read_only=True)
    since = serializers.DateField(source="raised_on", read_only=True)
    policy = serializers.IntegerField(source="policy.version", read_only=True)
    etag = serializers.SerializerMethodField()

    class Meta:
        model = Flag
        fields = [
            "id",
            "kind",
            "severity",
            "level",
            "account",
            "reason",
            "money",
            "evidence",
            "since",
            "cleared_on",
            "rests_until",
            "policy",
            "etag",
        ]
        read_only_fields = fields

    def get_etag(self, flag) -> str:
        return etag_of(flag)

    @extend_schema_field({"type": "string", "enum": list(SEVERITIES)})
    def get_severity(self, flag):
        return Flag.Severity(flag.severity).name.lower()


def etag_of(flag):
    """What an acknowledgement answers to: the flag as its reader saw it."""
    return f'"{quote(flag.state)}"'


class AcknowledgeSerializer(Strict):
    """Why a flag may rest, and until when."""

    reason = serializers.CharField(max_length=500)
    until = serializers.DateField(help_text="After today, and as long as the policy lets it.")


@extend_schema(
    description="Flags on the accounts that the caller may see and on their groups, open ones "
    "by default; flags on the firm and its feeds by role."
)
class FlagViewSet(ListModelMixin, viewsets.GenericViewSet):
    queryset = Flag.objects.none()  # for the schema; get_queryset decides
    serializer_class = FlagSerializer
    filterset_class = FlagFilter
    ordering_fields = ("-id",)
    lookup_value_converter = "int"
    write_scope = scopes.FLAGS_WRITE

    def get_queryset(self):
        return Flag.objects.visible_to(self.request.user).select_related("account", "policy")

    @extend_schema(
        description="Lets a flag rest until a day, for a reason; it wakes earlier where it gets "
        "worse. Refused where the flag is another by now than the caller saw.",
        parameters=[IF_MATCH],
        request=AcknowledgeSerializer,
        responses={200: FlagSerializer, 412: None, 428: None},
        # The filters are the list's alone.
        filters=False,
    )
    @action(detail=True, methods=["post"])
    def acknowledge(self, request, pk):
        flag = get_object_or_404(self.get_queryset(), pk=pk)
        if not Flag.objects.answerable_by(request.user).filter(pk=pk).exists():
            raise PermissionDenied
        seen = asked_versions(request)
        sent = AcknowledgeSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        if etag_of(flag) not in seen and exchange.ANY not in seen:
            raise problems.Outdated
        try:
            answered = acknowledge(flag, by=request.user, seen=flag.state, **sent.validated_data)
        except Moved as error:
            raise problems.Outdated from error
        except ValueError as error:
            told = _("It may rest until %(day)s at most, and not less than until tomorrow.")
            day = {"day": last_day_of_rest(flag).isoformat()}
            raise ValidationError({"until": [told % day]}) from error
        return Response(self.get_serializer(answered).data)


class SeesPortfolio(BasePermission):
    def has_permission(self, request, view):
        return request.user.has_perm(roles.PORTFOLIO)


class PortfolioSerializer(serializers.ModelSerializer):
    run = serializers.IntegerField(source="pk", read_only=True)
    policy = serializers.IntegerField(source="policy.version", read_only=True)
    summary = serializers.DictField(read_only=True)
    facts = serializers.DictField(read_only=True)

    class Meta:
        model = Run
        fields = ["run", "as_of", "policy", "summary", "facts"]
        read_only_fields = fields


class PortfolioView(APIView):
    permission_classes = [*APIView.permission_classes, SeesPortfolio]

    @extend_schema(
        description="The firm's totals, shares and tests on a day, for every role that sees "
        "accounts.",
        parameters=[AS_OF],
        responses=PortfolioSerializer,
        operation_id="portfolio_retrieve",
    )
    def get(self, request):
        return Response(PortfolioSerializer(asked_run(request)).data)
