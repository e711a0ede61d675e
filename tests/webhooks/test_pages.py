"""The pages of webhooks: what they show, what their buttons do, and to whom."""

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from standardwebhooks import Webhook as Verifier

from firm.models import Delivery, Webhook
from firm.webhooks.actions import MOST
from firm.webhooks.signing import secret_of
from tests.factories import DeliveryFactory, UserFactory, WebhookFactory

pytestmark = pytest.mark.django_db
SENT = {
    "address": "https://hooks.example.com/kam",
    "description": "Warehouse",
    "topics": ["flag.raised", "account.changed"],
}


def person(*roles):
    client = Client()
    client.user = UserFactory(roles=roles)
    client.force_login(client.user)
    return client


@pytest.fixture
def director():
    return person("director")


@pytest.fixture
def webhook(director):
    return WebhookFactory(owner=director.user)


def text(response):
    return response.content.decode()


def test_a_new_webhook_shows_its_secret_once(director):
    response = director.post("/webhooks/new/", SENT)

    made = Webhook.objects.get()
    assert (made.owner, made.description) == (director.user, "Warehouse")
    assert made.topics == ["account.changed", "flag.raised"]
    assert response.url == f"/webhooks/{made.pk}/"
    first = director.get(response.url)
    assert secret_of(made) in text(first)
    assert "no-store" in first["Cache-Control"]
    assert "whsec_" not in text(director.get(response.url))
    Verifier(secret_of(made))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("address", "https://127.0.0.1/", "not on the open internet"),
        ("address", "http://hooks.example.com/", "https://"),
        ("address", "https://user@hooks.example.com/", "character"),
        ("address", "", "required"),
        ("topics", [], "required"),
        ("topics", ["webhook.test"], "not one of the available choices"),
        ("topics", ["secrets.told"], "not one of the available choices"),
        ("description", "x" * 201, "at most 200"),
    ],
)
def test_a_form_that_is_wrong_is_asked_again_and_makes_nothing(director, field, value, said):
    response = director.post("/webhooks/new/", SENT | {field: value})

    assert response.status_code == 422
    assert said in text(response)
    assert not Webhook.objects.exists()


def test_a_person_has_so_many_and_no_more(director):
    WebhookFactory.create_batch(MOST, owner=director.user)

    response = director.post("/webhooks/new/", SENT)

    assert response.status_code == 422
    assert Webhook.objects.count() == MOST


def test_a_change_of_address_begins_anew_and_keeps_the_secret(director, webhook):
    Webhook.objects.update(failures=3, failing_since=timezone.now())
    secret = secret_of(webhook)

    director.post(f"/webhooks/{webhook.pk}/edit/", SENT)

    webhook.refresh_from_db()
    assert webhook.topics == ["account.changed", "flag.raised"]
    assert webhook.failures == 3
    director.post(f"/webhooks/{webhook.pk}/edit/", SENT | {"address": "https://b.example/"})
    webhook.refresh_from_db()
    assert (webhook.address, webhook.failures) == ("https://b.example/", 0)
    assert secret_of(webhook) == secret


def test_a_changed_secret_is_shown_once_and_the_old_one_stays_a_day(director, webhook):
    old = secret_of(webhook)

    response = director.post(f"/webhooks/{webhook.pk}/secret/", follow=True)

    webhook.refresh_from_db()
    assert secret_of(webhook) != old
    assert secret_of(webhook) in text(response)
    assert webhook.old_seed_until > timezone.now()
    assert "whsec_" not in text(director.get(f"/webhooks/{webhook.pk}/"))


def test_switched_off_and_on_again_by_the_toast(director, webhook):
    director.post(f"/webhooks/{webhook.pk}/off/")
    webhook.refresh_from_db()
    assert webhook.disabled_for == Webhook.Disabled.BY_HAND
    page = text(director.get(f"/webhooks/{webhook.pk}/"))
    assert f'hx-post="/webhooks/{webhook.pk}/on/"' in page
    assert "switched off by hand" in page

    response = director.post(f"/webhooks/{webhook.pk}/on/", headers={"HX-Request": "true"})

    webhook.refresh_from_db()
    assert webhook.is_active
    assert response["HX-Refresh"] == "true"


def test_a_test_stands_in_the_log_and_can_be_sent_again(director, webhook):
    director.post(f"/webhooks/{webhook.pk}/test/")
    sent = Delivery.objects.get()
    Delivery.objects.update(
        state="failed",
        fault="status",
        status=500,
        attempts=10,
        body='{"x": "<b>"}',
        response="<script>",
        sent_at=timezone.now(),
        finished_at=timezone.now(),
    )
    page = text(director.get(f"/webhooks/{webhook.pk}/{sent.pk}/"))
    assert "&lt;script&gt;" in page
    assert sent.message_id in page

    director.post(f"/webhooks/{webhook.pk}/{sent.pk}/again/")

    again = Delivery.objects.get()
    assert (again.state, again.attempts, again.event) == ("waiting", 0, sent.event)


def test_what_is_under_way_is_not_sent_twice(director, webhook):
    sent = DeliveryFactory(webhook=webhook, state="sending", lease_until=timezone.now())

    page = director.post(f"/webhooks/{webhook.pk}/{sent.pk}/again/", follow=True)

    assert "under way already" in text(page)
    assert Delivery.objects.get().state == "sending"


def test_the_log_is_narrowed_by_topic_and_state(director, webhook):
    DeliveryFactory(webhook=webhook, topic="flag.raised", state="delivered", status=299)
    DeliveryFactory(webhook=webhook, topic="account.changed", state="failed", status=599)

    def shown(query):
        page = text(director.get(f"/webhooks/{webhook.pk}/{query}"))
        return [status for status in (299, 599) if f"Status {status}." in page]

    assert shown("") == [299, 599]
    assert shown("?topic=flag.raised") == [299]
    assert shown("?state=failed") == [599]
    assert shown("?state=failed&topic=flag.raised") == []
    assert shown("?state=nonsense") == [299, 599]


def test_a_deleted_webhook_is_gone_with_its_log_and_stays_in_the_history(director, webhook):
    DeliveryFactory(webhook=webhook)

    director.post(f"/webhooks/{webhook.pk}/delete/")

    assert not Webhook.objects.exists()
    assert not Delivery.objects.exists()
    history = apps.get_model("firm", "WebhookEvent").objects
    assert history.filter(pgh_label="delete").count() == 1


ACTS = ["edit", "test", "secret", "on", "off", "delete"]


@pytest.mark.parametrize("act", ACTS)
def test_the_webhook_of_somebody_else_is_absent(webhook, act):
    other = person("director")

    assert other.post(f"/webhooks/{webhook.pk}/{act}/", SENT).status_code == 404
    assert other.get(f"/webhooks/{webhook.pk}/").status_code == 404
    assert Webhook.objects.get().address == webhook.address


def test_a_delivery_is_not_read_through_a_webhook_of_ones_own(director, webhook):
    foreign = DeliveryFactory(body="secret")

    assert director.get(f"/webhooks/{webhook.pk}/{foreign.pk}/").status_code == 404
    assert director.post(f"/webhooks/{webhook.pk}/{foreign.pk}/again/").status_code == 404


def test_an_administrator_sees_and_ends_the_webhooks_of_everybody(webhook):
    administrator = person("administrator")

    assert webhook.address in text(administrator.get("/webhooks/"))
    administrator.post(f"/webhooks/{webhook.pk}/off/")

    webhook.refresh_from_db()
    assert not webhook.is_active


def test_the_menu_leads_there_for_those_who_may():
    assert 'href="/webhooks/"' in text(person("director").get("/inbox/"))
    assert 'href="/webhooks/"' not in text(person("kam").get("/inbox/"))


def queries(client, address):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_ten_times_the_rows_cost_no_more_queries(director, webhook):
    DeliveryFactory(webhook=webhook)
    addresses = ["/webhooks/", f"/webhooks/{webhook.pk}/"]
    few = [queries(director, address) for address in addresses]

    for each in WebhookFactory.create_batch(9, owner=director.user):
        DeliveryFactory(webhook=each)
    DeliveryFactory.create_batch(9, webhook=webhook)

    assert [queries(director, address) for address in addresses] == few


def test_production_warns_of_networks_that_are_let_through(settings):
    def warned():
        return [each.id for each in run_checks(include_deployment_checks=True)]

    assert "firm.W001" not in warned()
    settings.WEBHOOK_ALLOWED_NETWORKS = ["10.0.0.0/8"]
    assert "firm.W001" in warned()
