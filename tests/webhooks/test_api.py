"""Webhooks as programs keep them."""

import pytest
from django.test import Client
from standardwebhooks import Webhook as Verifier

from firm.models import ApiToken, Delivery, Webhook
from firm.webhooks.actions import MOST
from firm.webhooks.signing import secret_of
from tests.factories import DeliveryFactory, UserFactory, WebhookFactory

pytestmark = pytest.mark.django_db
SENT = {"address": "https://hooks.example.com/kam", "topics": ["flag.raised", "account.changed"]}
ADDRESS = "/api/v1/webhooks/"


@pytest.fixture
def erp():
    """An integration with a token for webhooks, that opens no page."""
    return bearer(UserFactory(roles=["integration"]), "read", "webhooks:write")


def bearer(user, *scopes):
    _token, secret = ApiToken.objects.create(user, name="erp", scopes=list(scopes))
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    client.user = user
    return client


def post(client, address, body=None):
    return client.post(address, body or {}, content_type="application/json")


def patch(client, address, body):
    return client.patch(address, body, content_type="application/json")


def test_a_webhook_is_made_changed_and_deleted(erp):
    response = post(erp, ADDRESS, SENT)

    assert response.status_code == 201
    made = Webhook.objects.get()
    body = response.json()
    assert body["secret"] == secret_of(made)
    assert body["owner"] == erp.user.pk
    Verifier(body["secret"])
    here = f"{ADDRESS}{made.pk}/"
    assert "secret" not in erp.get(here).json()
    assert patch(erp, here, {"topics": ["run.finished"]}).json()["topics"] == ["run.finished"]
    assert erp.get(ADDRESS).json()["results"][0]["topics"] == ["run.finished"]
    assert erp.delete(here).status_code == 204
    assert erp.get(here).status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        {"address": "https://169.254.169.254/"},
        {"address": "https://localhost/"},
        {"address": "https://hooks.example.com/\r\nX: y"},
        {"address": 5},
        {"topics": []},
        {"topics": ["webhook.test"]},
        {"topics": "flag.raised"},
        {"owner": 1},
        {"seed": "0" * 64},
        {"secret": "whsec_mine"},
        {"disabled_at": None},
    ],
)
def test_what_cannot_be_used_is_named_and_changes_nothing(erp, change):
    [name] = change

    response = post(erp, ADDRESS, SENT | change)

    assert response.status_code == 400
    assert name in response.json()["errors"]
    assert not Webhook.objects.exists()
    mine = WebhookFactory(owner=erp.user)
    before = Webhook.objects.values().get()
    assert patch(erp, f"{ADDRESS}{mine.pk}/", change).status_code == 400
    assert Webhook.objects.values().get() == before


def test_a_token_without_the_scope_reads_and_writes_nothing():
    reader = bearer(UserFactory(roles=["integration"]), "read")
    mine = WebhookFactory(owner=reader.user)
    here = f"{ADDRESS}{mine.pk}/"

    assert reader.get(here).status_code == 200
    for answer in (
        post(reader, ADDRESS, SENT),
        patch(reader, here, SENT),
        reader.delete(here),
        post(reader, f"{here}secret/"),
        post(reader, f"{here}test/"),
    ):
        assert (answer.status_code, answer.json()["scope"]) == (403, "webhooks:write")
    assert Webhook.objects.count() == 1
    assert not Delivery.objects.exists()


def test_the_webhooks_of_others_are_absent(erp):
    foreign = DeliveryFactory(webhook__owner=UserFactory(roles=["integration"]))
    here = f"{ADDRESS}{foreign.webhook_id}/"

    assert erp.get(ADDRESS).json()["results"] == []
    for answer in (
        erp.get(here),
        patch(erp, here, SENT),
        erp.delete(here),
        post(erp, f"{here}secret/"),
        erp.get(f"{here}deliveries/"),
        post(erp, f"{here}deliveries/{foreign.pk}/again/"),
    ):
        assert answer.status_code == 404
    mine = WebhookFactory(owner=erp.user)
    through_mine = f"{ADDRESS}{mine.pk}/deliveries/{foreign.pk}/again/"
    assert post(erp, through_mine).status_code == 404


def test_who_may_not_keep_webhooks_is_refused():
    kam = bearer(UserFactory(roles=["kam"]), "read", "webhooks:write")

    assert kam.get(ADDRESS).status_code == 403
    assert post(kam, ADDRESS, SENT).status_code == 403


def test_acts_answer_with_what_they_left(erp):
    mine = WebhookFactory(owner=erp.user)
    here = f"{ADDRESS}{mine.pk}/"
    old = secret_of(mine)

    assert post(erp, f"{here}secret/").json()["secret"] not in ("", old)
    assert post(erp, f"{here}disable/").json()["disabled_for"] == "by_hand"
    assert post(erp, f"{here}enable/").json()["active"] is True
    answer = post(erp, f"{here}test/")
    assert (answer.status_code, answer.json()["topic"]) == (202, "webhook.test")


def test_the_deliveries_are_listed_narrowed_and_sent_again(erp):
    mine = WebhookFactory(owner=erp.user)
    old = DeliveryFactory(webhook=mine, topic="flag.raised", state="failed", body="bulky")
    new = DeliveryFactory(webhook=mine)
    here = f"{ADDRESS}{mine.pk}/deliveries/"

    assert [row["id"] for row in erp.get(here).json()["results"]] == [new.pk, old.pk]
    [row] = erp.get(here, {"state": "failed", "topic": "flag.raised"}).json()["results"]
    assert row["webhook_id"] == old.message_id
    assert "body" not in row
    assert erp.get(here, {"state": "nonsense"}).status_code == 400
    again = post(erp, f"{here}{old.pk}/again/")
    assert (again.status_code, again.json()["state"]) == (202, "waiting")
    Delivery.objects.filter(pk=new.pk).update(state="sending", lease_until="2030-01-01T00:00Z")
    assert post(erp, f"{here}{new.pk}/again/").status_code == 409


def test_one_too_many_is_a_conflict(erp):
    WebhookFactory.create_batch(MOST, owner=erp.user)

    assert post(erp, ADDRESS, SENT).status_code == 409
