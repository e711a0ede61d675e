"""The door: who comes in, who stays out, and what the browser is told."""

import re

import pytest
from django.core import mail

from tests.factories import UserFactory
from tests.pages.conftest import PASSWORD

PAGES = ["/", "/segments/", "/accounts/", "/accounts/1/", "/accounts/1/lines/"]
SIGN_IN = "/sign-in/login/"


pytestmark = pytest.mark.django_db


def sign_in(client, email, password=PASSWORD):
    return client.post(SIGN_IN, {"login": email, "password": password})


@pytest.mark.parametrize("path", PAGES)
def test_whoever_is_not_signed_in_is_sent_to_the_door(client, path):
    response = client.get(path)

    assert response.status_code == 302
    assert response["Location"] == f"{SIGN_IN}?next={path}"


def test_a_colleague_signs_in_with_e_mail_and_password(client):
    user = UserFactory(roles=["kam"])

    response = sign_in(client, user.email.upper())

    assert response["Location"] == "/"
    assert client.get("/").status_code == 200


def test_a_wrong_password_stays_at_the_door(client):
    user = UserFactory(roles=["kam"])

    response = sign_in(client, user.email, "not this one at all")

    assert response.status_code == 200
    assert "_auth_user_id" not in client.session


def test_guessing_is_throttled_even_when_the_guess_becomes_right(client):
    user = UserFactory(roles=["kam"])

    for _guess in range(5):
        sign_in(client, user.email, "not this one at all")
    response = sign_in(client, user.email)

    assert "_auth_user_id" not in client.session
    assert "Too many failed login attempts" in response.content.decode()


def test_nobody_signs_up(client):
    response = client.post("/sign-in/signup/", {"email": "new@example.com", "password1": PASSWORD})

    assert response.status_code in (200, 302)
    assert "_auth_user_id" not in client.session


def test_a_placeholder_never_signs_in(client):
    user = UserFactory(is_placeholder=True, is_active=False)

    sign_in(client, user.email)

    assert "_auth_user_id" not in client.session


def test_signing_out_is_a_post(client, firm):
    client.force_login(firm.owner)

    client.get("/sign-in/logout/")
    assert "_auth_user_id" in client.session

    client.post("/sign-in/logout/")
    assert "_auth_user_id" not in client.session


def test_a_forgotten_password_is_set_again_by_mail(client):
    user = UserFactory(roles=["kam"])

    client.post("/sign-in/password/reset/", {"email": user.email})
    link = re.search(r"/sign-in/password/reset/key/\S+", mail.outbox[0].body)[0]
    page = client.get(link, follow=True)
    chosen = "an even longer secret"
    client.post(page.request["PATH_INFO"], {"password1": chosen, "password2": chosen})
    sign_in(client, user.email, chosen)

    assert "_auth_user_id" in client.session


def test_a_robot_uses_no_pages(client):
    client.force_login(UserFactory(roles=["integration"]))

    response = client.get("/accounts/")

    assert response.status_code == 403
    assert "not the pages" in response.content.decode()


@pytest.mark.parametrize("path", [SIGN_IN, "/sign-in/password/reset/", "/segments/", "/nowhere/"])
def test_the_browser_runs_nothing_that_is_not_ours(client, firm, path):
    client.force_login(firm.owner)
    client.logout() if path.startswith("/sign-in/") else None

    response = client.get(path)
    policy = response["Content-Security-Policy"]

    for rule in ("default-src 'self'", "style-src 'self'", "img-src 'self' data:"):
        assert rule in policy
    assert "unsafe" not in policy
    assert not re.search(
        r"<style|\sstyle=|\son\w+=|<script(?![^>]*(src|application/json))",
        response.content.decode(),
    )
