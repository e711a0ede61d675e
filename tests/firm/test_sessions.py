"""Where somebody is signed in: seen, ended one by one, ended all."""

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firm.sessions import device, sessions_of
from tests.factories import UserFactory
from tests.pages.conftest import PASSWORD

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = (
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Mobile Safari/537.36"
)
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0"
)


@pytest.fixture(autouse=True)
def seen(settings):
    settings.SESSION_SEEN_EVERY = 60


@pytest.fixture
def user():
    return UserFactory(roles=["kam"])


def signed_in(user, agent=FIREFOX):
    client = Client(headers={"User-Agent": agent})
    client.post("/sign-in/login/", {"login": user.email, "password": PASSWORD})
    assert is_signed_in(client)
    return client


def is_signed_in(client):
    return client.get("/settings/").status_code == 200


def row(client):
    return UserSession.objects.get(session_key=client.session.session_key)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        (CHROME, "Chrome on Android"),
        (SAFARI, "Safari on iPhone"),
        (EDGE, "Edge on Windows"),
        ("curl/8", "Unknown device"),
        ("", "Unknown device"),
    ],
)
def test_a_browser_is_called_by_two_words(agent, words):
    assert device(agent) == words


def test_every_session_is_listed_and_this_one_is_marked(user):
    here, there = signed_in(user), signed_in(user, CHROME)
    signed_in(UserFactory(roles=["kam"]), SAFARI)

    listed = here.get("/settings/").context["sessions"]

    assert [(each.device, each.is_here) for each in listed] == [
        ("Firefox on Linux", True),
        ("Chrome on Android", False),
    ]
    assert row(there).ip == "127.0.0.1"


def test_a_session_is_put_down_once_a_minute(user):
    with time_machine.travel("2026-11-20T10:00:00Z", tick=False) as clock:
        client = signed_in(user)
        first = row(client).last_seen_at
        clock.shift(59)
        client.get("/settings/")
        assert row(client).last_seen_at == first

        clock.shift(2)
        client.get("/settings/")
        assert (row(client).last_seen_at - first).total_seconds() == 61


def test_one_device_is_signed_out(user):
    here, there, third = signed_in(user), signed_in(user, CHROME), signed_in(user, EDGE)

    response = here.post(f"/settings/sessions/{row(there).pk}/end/")

    assert response["Location"] == "/settings/"
    assert not is_signed_in(there)
    assert is_signed_in(here)
    assert is_signed_in(third)


def test_a_session_ends_once(user):
    here, there = signed_in(user), signed_in(user, CHROME)
    address = f"/settings/sessions/{row(there).pk}/end/"
    here.post(address)

    assert here.post(address).status_code == 404


def test_nobody_ends_the_session_of_somebody_else(user):
    theirs = signed_in(UserFactory(roles=["kam"]))

    response = signed_in(user).post(f"/settings/sessions/{row(theirs).pk}/end/")

    assert response.status_code == 404
    assert is_signed_in(theirs)


def test_signing_out_everywhere_ends_all_of_ones_own(user):
    here, there = signed_in(user), signed_in(user, CHROME)
    theirs = signed_in(UserFactory(roles=["kam"]))

    here.post("/settings/sessions/end/")

    assert not is_signed_in(here)
    assert not is_signed_in(there)
    assert is_signed_in(theirs)
    assert not sessions_of(user).exists()


def test_a_new_password_ends_the_other_sessions(user):
    here, there = signed_in(user), signed_in(user, CHROME)
    new = "an even longer secret"

    here.post(
        "/sign-in/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )

    assert is_signed_in(here)
    assert not is_signed_in(there)
    assert [each.is_here for each in here.get("/settings/").context["sessions"]] == [True]


def test_who_is_deactivated_is_out_at_the_next_request(user):
    client = signed_in(user)

    user.is_active = False
    user.save()

    assert not is_signed_in(client)
    assert client.get("/api/v1/accounts/").status_code == 401


def test_a_session_that_ran_out_is_not_listed(user):
    here, there = signed_in(user), signed_in(user, CHROME)
    key = there.session.session_key
    Session.objects.filter(session_key=key).update(expire_date="2020-01-01T00:00Z")

    assert len(here.get("/settings/").context["sessions"]) == 1


def test_ten_sessions_cost_no_more_queries_than_one(user, client):
    client = signed_in(user)
    client.get("/settings/")
    with CaptureQueriesContext(connection) as few:
        client.get("/settings/")
    for _more in range(9):
        signed_in(user, CHROME)
    with CaptureQueriesContext(connection) as many:
        assert len(client.get("/settings/").context["sessions"]) == 10

    assert len(many) == len(few)


def test_the_list_costs_a_page_nothing_within_the_minute(user):
    client = signed_in(user)
    client.get("/inbox/")

    with CaptureQueriesContext(connection) as seen:
        client.get("/inbox/")

    assert not [query for query in seen if "usersession" in query["sql"]]
