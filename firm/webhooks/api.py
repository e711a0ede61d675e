"""Webhooks, to be kept by programs."""

import django_filters
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import BasePermission
from rest_framework.response import Response

from firm import problems, roles, scopes
from firm.models import Delivery, Topic, Webhook
from firm.serializers import Strict
from firm.webhooks import actions
from firm.webhooks.addresses import LONGEST, Refused, read
from firm.webhooks.signing import secret_of


class KeepsWebhooks(BasePermission):
    def has_permission(self, request, view):
        return request.user.has_perm(roles.MANAGE_WEBHOOKS)


class WebhookSerializer(serializers.ModelSerializer):
    active = serializers.BooleanField(source="is_active", read_only=True)
    disabled_for = serializers.CharField(
        read_only=True, help_text="`by_hand`, `gone` or `failing`; empty while it is active."
    )

    class Meta:
        model = Webhook
        fields = [
            "id",
            "address",
            "description",
            "topics",
            "active",
            "disabled_at",
            "disabled_for",
            "failing_since",
            "owner",
            "created_at",
        ]
        read_only_fields = fields


class WebhookSecretSerializer(WebhookSerializer):
    secret = serializers.SerializerMethodField(
        help_text="What its receiver verifies by; told in this answer alone."
    )

    class Meta(WebhookSerializer.Meta):
        fields = [*WebhookSerializer.Meta.fields, "secret"]
        read_only_fields = fields

    def get_secret(self, webhook) -> str:
        return secret_of(webhook)


class WebhookWriteSerializer(Strict):
    """Where it points and what it is told."""

    address = serializers.CharField(
        max_length=LONGEST, help_text="It begins with https:// and leads to the open internet."
    )
    description = serializers.CharField(max_length=200, required=False, allow_blank=True)
    topics = serializers.MultipleChoiceField(choices=Topic.choices, allow_empty=False)

    def validate_address(self, address):
        try:
            read(address)
        except Refused as error:
            raise serializers.ValidationError(str(error)) from error
        return address


class DeliverySerializer(serializers.ModelSerializer):
    webhook_id = serializers.CharField(
        source="message_id", read_only=True, help_text="The header `webhook-id`."
    )
    fault = serializers.CharField(
        read_only=True, help_text="Why it failed last, in a word; empty where it did not."
    )

    class Meta:
        model = Delivery
        fields = [
            "id",
            "webhook_id",
            "topic",
            "subjects",
            "state",
            "attempts",
            "created_at",
            "sent_at",
            "next_at",
            "finished_at",
            "status",
            "fault",
            "detail",
            "milliseconds",
        ]
        read_only_fields = fields


class WebhookFilter(django_filters.FilterSet):
    class Meta:
        model = Webhook
        fields: list[str] = []


class DeliveryFilter(django_filters.FilterSet):
    class Meta:
        model = Delivery
        fields = ["topic", "state"]


@extend_schema(
    description="Webhooks that the caller keeps: the own ones, for an administrator all of them."
)
class WebhookViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Webhook]
):
    queryset = Webhook.objects.none()  # for the schema; get_queryset decides
    permission_classes = [*viewsets.GenericViewSet.permission_classes, KeepsWebhooks]
    serializer_class = WebhookSerializer
    filterset_class = WebhookFilter
    ordering_fields = ("id",)
    lookup_value_converter = "int"
    write_scope = scopes.WEBHOOKS_WRITE

    def get_queryset(self):
        return Webhook.objects.visible_to(self.request.user)

    @extend_schema(
        description="Makes a webhook of the caller's. The answer alone tells its secret.",
        request=WebhookWriteSerializer,
        responses={201: WebhookSecretSerializer, 409: None},
    )
    def create(self, request):
        sent = WebhookWriteSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        try:
            made = actions.create(**sent.validated_data, by=request.user)
        except actions.TooMany as error:
            raise problems.Conflict from error
        return Response(WebhookSecretSerializer(made).data, status=201)

    @extend_schema(
        description="Changes the fields that are sent.",
        request=WebhookWriteSerializer,
        responses=WebhookSerializer,
    )
    def partial_update(self, request, *args, **kwargs):
        webhook = self.get_object()
        sent = WebhookWriteSerializer(data=request.data, partial=True)
        sent.is_valid(raise_exception=True)
        changed = actions.change(webhook, sent.validated_data, by=request.user)
        return Response(self.get_serializer(changed).data)

    @extend_schema(description="Forgets the webhook and its deliveries.", responses={204: None})
    def destroy(self, request, *args, **kwargs):
        actions.delete(self.get_object(), by=request.user)
        return Response(status=204)

    @extend_schema(
        description="Changes the secret; the answer alone tells the new one. For 24 hours what "
        "is sent is signed with both.",
        request=None,
        responses=WebhookSecretSerializer,
    )
    @action(detail=True, methods=["post"])
    def secret(self, request, *args, **kwargs):
        rotated = actions.rotate(self.get_object(), by=request.user)
        return Response(WebhookSecretSerializer(rotated).data)

    @extend_schema(
        description="Switches it on again, after it was disabled by hand or for its failures.",
        request=None,
        responses=WebhookSerializer,
    )
    @action(detail=True, methods=["post"])
    def enable(self, request, *args, **kwargs):
        webhook = self.get_object()
        actions.enable(webhook, by=request.user)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(
        description="Switches it off: nothing is sent, and nothing that happens is noted for it.",
        request=None,
        responses=WebhookSerializer,
    )
    @action(detail=True, methods=["post"])
    def disable(self, request, *args, **kwargs):
        actions.switch_off(self.get_object(), by=request.user)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(
        description="Sends a word without news, of the type `webhook.test`.",
        request=None,
        responses={202: DeliverySerializer},
    )
    @action(detail=True, methods=["post"])
    def test(self, request, *args, **kwargs):
        delivery = actions.send_test(self.get_object(), by=request.user)
        return Response(DeliverySerializer(delivery).data, status=202)


def deliveries_of(view):
    """The deliveries of the webhook in the address, where the caller sees it."""
    webhook = Webhook.objects.visible_to(view.request.user).filter(pk=view.kwargs["pk"]).first()
    if webhook is None:
        raise Http404
    return webhook.deliveries.defer("body", "response")


@extend_schema(
    description="What a webhook was told and what came of it, of the last 30 days.",
)
class DeliveriesView(generics.ListAPIView[Delivery]):
    queryset = Delivery.objects.none()  # for the schema; get_queryset decides
    permission_classes = [*generics.ListAPIView.permission_classes, KeepsWebhooks]
    serializer_class = DeliverySerializer
    filterset_class = DeliveryFilter
    ordering_fields = ("-id",)

    def get_queryset(self):
        return deliveries_of(self)


class SendAgainView(generics.GenericAPIView[Delivery]):
    permission_classes = [*generics.GenericAPIView.permission_classes, KeepsWebhooks]
    serializer_class = DeliverySerializer
    write_scope = scopes.WEBHOOKS_WRITE

    @extend_schema(
        description="Sends a delivery again, under the id that its receiver knows.",
        request=None,
        responses={202: DeliverySerializer, 409: None},
        operation_id="webhooks_deliveries_again",
    )
    def post(self, request, pk, number):
        sent = deliveries_of(self).filter(pk=number).first()
        if sent is None:
            raise Http404
        try:
            again = actions.send_again(sent, by=request.user)
        except actions.Unfinished as error:
            raise problems.Conflict from error
        return Response(self.get_serializer(again).data, status=202)
