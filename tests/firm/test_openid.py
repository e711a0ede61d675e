"""Signing in with the company's OpenID Connect provider, over real HTTP."""

import urllib.request
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from environs import Env

from firm.models import User
from kam_crm import openid
from tests.factories import UserFactory
from tests.firm.provider import CLIENT_ID, SECRET, running

pytestmark = pytest.mark.django_db
DOOR = "/sign-in/login/"
GATE = "/sign-in/oidc/provider/login/"


@pytest.fixture
def provider(settings):
    with running() as provider:
        settings.SOCIALACCOUNT_PROVIDERS = openid.for_allauth(
            provider.issuer, CLIENT_ID, SECRET, "Aldermere ID"
        )
        yield provider


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


def walk(client, gate=GATE):
    """Go to the provider as a browser does, and back; give the answer."""
    away = client.get(gate)
    try:
        urllib.request.build_opener(Stay).open(away["Location"])
    except urllib.error.HTTPError as back:
        address = urlsplit(back.headers["Location"])
        back.close()
    return client.get(f"{address.path}?{address.query}")


def is_signed_in(client):
    return "_auth_user_id" in client.session


def test_a_colleague_signs_in_with_the_e_mail_that_the_provider_verified(client, provider):
    user = UserFactory(roles=["kam"], email="olga@example.com")
    password = user.password
    provider.person |= {"email": "Olga@Example.com"}

    assert "Sign in with Aldermere ID" in client.get(DOOR).content.decode()
    response = walk(client, f"{GATE}?next=/accounts/")

    assert response["Location"] == "/accounts/"
    assert client.session["_auth_user_id"] == str(user.pk)
    user.refresh_from_db()
    assert user.password == password
    assert not SocialAccount.objects.exists()
    assert provider.asked == [
        "/.well-known/openid-configuration",
        "/authorization",
        "/.well-known/openid-configuration",
        "/userinfo",
    ]


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example"]
)
def test_the_way_on_never_leaves_the_site(client, provider, elsewhere):
    UserFactory(roles=["kam"], email="olga@example.com")
    provider.person |= {"email": "olga@example.com"}

    assert walk(client, f"{GATE}?{urlencode({'next': elsewhere})}")["Location"] == "/"


def test_a_stranger_is_told_so_and_nobody_is_made(client, provider):
    UserFactory(email="olga@example.com")
    before = User.objects.count()
    provider.person |= {"email": "stan@example.com"}

    response = walk(client)

    assert response.status_code == 403
    assert "Nobody here signs in with stan@example.com" in response.content.decode()
    assert not is_signed_in(client)
    assert User.objects.count() == before


@pytest.mark.parametrize("verified", [False, "false", "no", None, 0])
def test_an_e_mail_that_the_provider_did_not_verify_opens_nothing(client, provider, verified):
    UserFactory(roles=["kam"], email="olga@example.com")
    provider.person |= {"email": "olga@example.com", "email_verified": verified}

    response = walk(client)

    assert response.status_code == 403
    assert "has not verified olga@example.com" in response.content.decode()
    assert not is_signed_in(client)


def test_two_answers_about_two_people_open_nothing(client, provider):
    UserFactory(roles=["kam"], email="olga@example.com")
    provider.userinfo = {"sub": "2", "email": "olga@example.com"}

    response = walk(client)

    assert response.status_code == 403
    assert not is_signed_in(client)


@pytest.mark.parametrize("kind", ["inactive", "placeholder"])
def test_who_is_not_active_stays_outside(client, provider, kind):
    UserFactory(email="olga@example.com", is_active=False, is_placeholder=kind == "placeholder")
    provider.person |= {"email": "olga@example.com"}

    walk(client)

    assert not is_signed_in(client)


def test_an_address_that_somebody_only_wants_to_have_is_not_theirs(client, provider):
    user = UserFactory(roles=["kam"])
    user.emailaddress_set.create(email="olga@example.com", verified=False)
    provider.person |= {"email": "olga@example.com"}

    assert walk(client).status_code == 403
    assert not is_signed_in(client)


def test_a_second_factor_is_asked_for_after_the_provider(client, provider):
    user = UserFactory(roles=["kam"], email="olga@example.com")
    TOTP.activate(user, generate_totp_secret())
    provider.person |= {"email": "olga@example.com"}

    response = walk(client)

    assert response["Location"] == "/sign-in/2fa/authenticate/"
    assert not is_signed_in(client)
    assert Authenticator.objects.filter(user=user).count() == 1


def test_nobody_ties_a_foreign_identity_to_their_sign_in(client, provider):
    client.force_login(UserFactory(roles=["kam"], email="olga@example.com"))
    provider.person |= {"email": "stan@example.com"}

    response = walk(client, f"{GATE}?process=connect")

    assert response["Location"] == "/settings/"
    assert not SocialAccount.objects.exists()


def test_who_stops_at_the_provider_comes_back_to_a_sentence(client, provider):
    provider.refuses = "access_denied"

    response = walk(client)

    assert response["Location"] == "/sign-in/provider/cancelled/"
    assert "You stopped before it was done." in client.get(response["Location"]).content.decode()


def test_a_provider_that_is_down_is_a_sentence_and_no_crash(client, settings):
    settings.SOCIALACCOUNT_PROVIDERS = openid.for_allauth(
        "http://127.0.0.1:9", CLIENT_ID, SECRET, "Aldermere ID"
    )

    response = client.get(GATE)

    assert "The other side did not answer as it should." in response.content.decode()


def test_a_provider_that_dies_on_the_way_is_a_sentence_too(client, provider, settings):
    gone = openid.for_allauth("http://127.0.0.1:9", CLIENT_ID, SECRET, "Aldermere ID")
    away = client.get(GATE)["Location"]
    state = parse_qs(urlsplit(away).query)["state"][0]
    settings.SOCIALACCOUNT_PROVIDERS = gone

    response = client.get(f"{GATE}callback/?state={state}&code=any")

    assert response.status_code == 503
    assert not is_signed_in(client)


def test_a_code_that_the_provider_did_not_give_opens_nothing(client, provider):
    UserFactory(roles=["kam"], email="someone@example.com")
    away = client.get(GATE)["Location"]
    state = parse_qs(urlsplit(away).query)["state"][0]

    response = client.get(f"{GATE}callback/?state={state}&code=made-up")

    assert "The other side did not answer as it should." in response.content.decode()
    assert not is_signed_in(client)


def test_an_answer_that_nobody_asked_for_opens_nothing(client, provider):
    UserFactory(roles=["kam"], email="olga@example.com")
    provider.person |= {"email": "olga@example.com"}

    response = client.get(f"{GATE}callback/?state=made-up&code=made-up")

    assert "The other side did not answer as it should." in response.content.decode()
    assert not is_signed_in(client)


def test_without_a_provider_there_is_no_button_and_no_gate(client):
    assert "Sign in with" not in client.get(DOOR).content.decode()
    assert client.get(GATE).status_code == 404


ISSUER, CLIENT, KEY = openid.NEEDED


@pytest.mark.parametrize("left", [[ISSUER], [CLIENT], [KEY], [ISSUER, CLIENT], [CLIENT, KEY]])
def test_half_a_configuration_names_what_is_missing(monkeypatch, left):
    for name in left:
        monkeypatch.setenv(name, "https://id.example.com")

    with pytest.raises(Exception, match="missing") as told:
        openid.provider(Env(), is_production=False)

    assert all(name in str(told.value) for name in openid.NEEDED if name not in left)


@pytest.mark.parametrize("issuer", ["http://id.example.com", "id.example.com", "https://"])
def test_production_asks_no_provider_unencrypted(monkeypatch, issuer):
    configure(monkeypatch, issuer)

    with pytest.raises(Exception, match="https"):
        openid.provider(Env(), is_production=True)


def test_a_provider_is_called_by_its_name_or_its_host(monkeypatch):
    configure(monkeypatch, "https://id.example.com/realms/kam/")

    app = openid.provider(Env(), is_production=True)["openid_connect"]["APPS"][0]
    assert (app["name"], app["settings"]["server_url"]) == (
        "id.example.com",
        "https://id.example.com/realms/kam",
    )
    monkeypatch.setenv("KAM_OIDC_NAME", "Aldermere ID")
    app = openid.provider(Env(), is_production=True)["openid_connect"]["APPS"][0]
    assert app["name"] == "Aldermere ID"


def configure(monkeypatch, issuer):
    for name, value in zip(openid.NEEDED, (issuer, CLIENT_ID, SECRET), strict=True):
        monkeypatch.setenv(name, value)
