from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from firm.models import ApiToken
from tests.factories import AccountFactory, UserFactory


@pytest.fixture
def anna(db):
    return UserFactory(email="anna@example.com", roles=["kam", "integration"])


def ask(secret):
    return Client().get("/api/v1/accounts/", headers={"Authorization": f"Bearer {secret}"})


def make_token(capsys, *arguments):
    call_command("create_api_token", *arguments)
    return capsys.readouterr().out


def test_the_command_prints_a_token_that_works(anna, capsys):
    AccountFactory(owner=anna)
    AccountFactory()

    printed = make_token(capsys, "Anna@Example.com", "--name", "warehouse")

    secret = printed.removesuffix("\n")
    assert secret.startswith("kam_")
    assert not set(secret) & set(" \n")
    assert len(ask(secret).json()["results"]) == 1
    assert ApiToken.objects.get().name == "warehouse"


def test_a_token_is_stored_as_a_hash_alone(anna, capsys):
    secret = make_token(capsys, "anna@example.com", "--name", "warehouse").strip()

    stored = ApiToken.objects.values().get()

    assert secret not in map(str, stored.values())


def test_a_second_token_leaves_the_first_one_working(anna, capsys):
    first = make_token(capsys, "anna@example.com", "--name", "one").strip()
    second = make_token(capsys, "anna@example.com", "--name", "two").strip()

    assert ask(first).status_code == ask(second).status_code == 200


def test_nobody_has_no_token(db):
    with pytest.raises(CommandError, match=r"^Nobody here has the e-mail who@example.com\.$"):
        call_command("create_api_token", "who@example.com", "--name", "x")


@pytest.mark.parametrize("fields", [{"is_placeholder": True}, {}])
def test_who_cannot_sign_in_has_no_token(db, fields):
    UserFactory(email="old@example.com", name="Old", is_active=False, **fields)

    with pytest.raises(CommandError, match=r"^Old cannot sign in"):
        call_command("create_api_token", "old@example.com", "--name", "x")
    assert not ApiToken.objects.exists()


def test_a_token_of_somebody_who_left_is_refused(anna):
    _token, secret = ApiToken.objects.create(anna, name="x")
    anna.is_active = False
    anna.save()

    assert ask(secret).status_code == 401


def test_an_expired_token_is_refused(anna):
    token, secret = ApiToken.objects.create(anna, name="x")
    token.expiry = timezone.now() - timedelta(seconds=1)
    token.save()

    assert ask(secret).status_code == 401


@pytest.mark.parametrize("secret", ["", "kam_0", "a b", "\xff\xfe", "kam_\0", "0" * 10000])
def test_a_token_that_nobody_made_is_refused(db, secret):
    response = ask(secret)

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_a_role_that_ended_ends_what_the_token_sees(anna):
    _token, secret = ApiToken.objects.create(anna, name="x")
    director = UserFactory(roles=["director"])
    _token, wide = ApiToken.objects.create(director, name="x")
    AccountFactory()
    assert len(ask(wide).json()["results"]) == 1

    director.roles.update(valid="[,2020-01-01)")

    assert ask(wide).json()["results"] == []
    assert ask(secret).json()["results"] == []


@pytest.mark.parametrize("roles", [[], ["integration"]])
def test_who_has_no_role_on_accounts_sees_none(db, roles):
    AccountFactory()
    _token, secret = ApiToken.objects.create(UserFactory(roles=roles), name="x")

    assert ask(secret).json()["results"] == []
