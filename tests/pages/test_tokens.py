import re
from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from firm.models import ApiToken
from tests.factories import UserFactory


def client_of(*roles, **fields):
    client = Client()
    client.user = UserFactory(roles=roles, **fields)
    client.force_login(client.user)
    return client


@pytest.fixture
def kam(db):
    return client_of("kam", name="Anna")


@pytest.fixture
def administrator(db):
    return client_of("administrator")


def make(client, **values):
    return client.post(
        "/tokens/", {"name": "warehouse", "scopes": ["read"], "days": "90"} | values
    )


def secret_in(response):
    [secret] = re.findall(r"kam_[0-9a-zA-Z]{40,}", response.content.decode())
    return secret


def test_a_token_is_made_shown_once_and_works(kam):
    response = make(kam)
    secret = secret_in(response)

    headers = {"Authorization": f"Bearer {secret}"}
    assert Client().get("/api/v1/accounts/", headers=headers).status_code == 200
    assert "no-store" in response["Cache-Control"]
    page = kam.get("/tokens/").content.decode()
    assert "warehouse" in page
    assert secret not in page
    token = ApiToken.objects.get()
    assert (token.user, token.scopes) == (kam.user, ["read"])
    assert timedelta(days=89) < token.expiry - timezone.now() <= timedelta(days=90)


def test_a_token_without_an_end_is_asked_for(kam):
    make(kam, days="")

    assert ApiToken.objects.get().expiry is None


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"name": ""}, "required"),
        ({"scopes": []}, "required"),
        ({"scopes": ["everything"]}, "everything"),
        ({"scopes": ["ledger:write"]}, "ledger:write"),
        ({"days": "1000"}, "1000"),
    ],
)
def test_a_form_that_is_wrong_makes_no_token(kam, values, told):
    response = make(kam, **values)

    assert response.status_code == 422
    assert told in response.content.decode()
    assert not ApiToken.objects.exists()


def test_only_what_the_roles_could_use_is_offered(kam, administrator):
    assert "ledger:write" not in kam.get("/tokens/").content.decode()
    assert "ledger:write" in administrator.get("/tokens/").content.decode()


def test_a_revoked_token_is_refused_at_once(kam):
    headers = {"Authorization": f"Bearer {secret_in(make(kam))}"}
    address = f"/tokens/{ApiToken.objects.get().pk}/revoke/"

    assert "warehouse" in kam.get(address).content.decode()
    assert ApiToken.objects.exists()
    kam.post(address)

    assert Client().get("/api/v1/accounts/", headers=headers).status_code == 401
    assert kam.post(address).status_code == 404


def test_a_strangers_token_is_not_there(kam, administrator):
    theirs, _secret = ApiToken.objects.create(administrator.user, name="theirs")
    address = f"/tokens/{theirs.pk}/revoke/"

    assert kam.get(address).status_code == kam.post(address).status_code == 404
    assert "theirs" not in kam.get("/tokens/").content.decode()
    assert ApiToken.objects.exists()


def test_an_administrator_sees_and_revokes_everyones(kam, administrator):
    secret = secret_in(make(kam))
    token = ApiToken.objects.get()

    page = administrator.get("/tokens/").content.decode()
    assert "Anna" in page
    assert "warehouse" in page
    assert secret not in page
    administrator.post(f"/tokens/{token.pk}/revoke/")

    assert not ApiToken.objects.exists()


def test_who_made_and_who_revoked_a_token_is_on_record(kam, administrator):
    make(kam)
    administrator.post(f"/tokens/{ApiToken.objects.get().pk}/revoke/")

    events = apps.get_model("firm.ApiTokenEvent").objects
    told = [
        (event.pgh_label, event.pgh_context.metadata["user"])
        for event in events.order_by("pgh_id").select_related("pgh_context")
    ]
    assert told == [("insert", kam.user.pk), ("delete", administrator.user.pk)]


def test_the_last_use_is_noted_once_a_minute(kam):
    token, secret = ApiToken.objects.create(kam.user, name="x")

    def use():
        Client().get("/api/v1/accounts/", headers={"Authorization": f"Bearer {secret}"})
        token.refresh_from_db()
        return token.last_used_at

    with time_machine.travel("2024-02-29T10:00:00Z", tick=False) as clock:
        first = use()
        clock.shift(59)
        assert use() == first
        clock.shift(1)
        assert use() == first + timedelta(seconds=60)


def test_ten_more_tokens_cost_no_more_queries(administrator):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            administrator.get("/tokens/")
        return len(captured)

    def some(count):
        for _each in range(count):
            ApiToken.objects.create(UserFactory(), name="x")

    some(2)
    few = queries()
    some(10)

    assert queries() == few
