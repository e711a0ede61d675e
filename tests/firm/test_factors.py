"""Second factors: set up, asked for, lost, and owed by a role."""

import base64
import hashlib
import hmac
import struct
import time
from io import StringIO

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from firm.factors import owes_factor
from firm.models import ApiToken
from firm.roles import ROLES
from tests.factories import UserFactory
from tests.house.conftest import home, home_in
from tests.pages.conftest import PASSWORD
from tests.permissions.elsewhere import Elsewhere
from tests.permissions.routes import ROUTES
from tests.permissions.verdicts import VERDICTS

__all__ = ["home", "home_in"]

pytestmark = pytest.mark.django_db
DOOR = "/sign-in/login/"
FIRST = "/sign-in/second-factor/"
ASKED = "/sign-in/2fa/authenticate/"
# What stays open for who owes a factor: the way to one, out, and what machines ask.
OPEN = ("account_", "mfa_", "openid_", "socialaccount_", "factor_first", "language", "healthz")
OPEN = (*OPEN, "readyz", "metrics")


def code_of(secret, ahead=0):
    """What an authenticator app shows, by RFC 6238."""
    counter = struct.pack(">Q", int(time.time()) // 30 + ahead)
    digest = hmac.digest(base64.b32decode(secret), counter, hashlib.sha1)
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06}"


def with_app(user):
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def sign_in(client, user):
    return client.post(DOOR, {"login": user.email, "password": PASSWORD})


def confirm(client, user):
    """Show once more who it is, where sign-in is changed."""
    client.post("/sign-in/reauthenticate/", {"password": PASSWORD})


def is_signed_in(client):
    return "_auth_user_id" in client.session


@pytest.fixture
def user():
    return UserFactory(roles=["kam"])


def set_up(client, user):
    sign_in(client, user)
    confirm(client, user)
    page = client.get("/sign-in/2fa/totp/activate/")
    secret = page.context["form"].secret
    return secret, client.post("/sign-in/2fa/totp/activate/", {"code": code_of(secret)})


def test_an_app_is_set_up_and_asked_for_at_the_next_sign_in(client, user):
    secret, response = set_up(client, user)
    assert response["Location"] == "/sign-in/2fa/recovery-codes/"
    client.post("/sign-in/logout/")

    assert sign_in(client, user)["Location"] == ASKED
    assert not is_signed_in(client)
    assert client.get("/accounts/").status_code == 302

    client.post(ASKED, {"code": code_of(secret, 1)})
    assert is_signed_in(client)


def test_setting_up_a_factor_asks_for_the_password_again(client, user):
    sign_in(client, user)

    for path in ("totp/activate/", "webauthn/add/", "recovery-codes/generate/"):
        response = client.get(f"/sign-in/2fa/{path}")
        assert response["Location"].startswith("/sign-in/reauthenticate/?next=")


def test_a_wrong_code_opens_nothing_and_guessing_is_throttled(client, user):
    secret = with_app(user)
    sign_in(client, user)

    wrong = f"{(int(code_of(secret)) + 500_000) % 10**6:06}"
    for _guess in range(5):
        assert "Incorrect code" in client.post(ASKED, {"code": wrong}).content.decode()
    response = client.post(ASKED, {"code": code_of(secret)})

    assert "Too many failed login attempts" in response.content.decode()
    assert not is_signed_in(client)


def test_a_code_signs_in_once(user):
    secret = with_app(user)
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client, user)
        client.post(ASKED, {"code": code_of(secret)})

    assert is_signed_in(first)
    assert not is_signed_in(second)


def test_a_clock_may_differ_by_half_a_minute_and_no_more(user):
    secret = with_app(user)
    with time_machine.travel("2026-11-20T10:00:00Z", tick=False):
        for ahead, opens in ((-1, True), (1, True), (-2, False), (2, False)):
            client = Client()
            sign_in(client, user)
            client.post(ASKED, {"code": code_of(secret, ahead)})
            assert is_signed_in(client) is opens


def test_a_recovery_code_signs_in_once(client, user):
    set_up(client, user)
    codes = client.get("/sign-in/2fa/recovery-codes/").context["unused_codes"]
    assert len(codes) == 10
    download = client.get("/sign-in/2fa/recovery-codes/download/")
    assert download.content.decode().split() == codes
    assert "attachment" in download["Content-Disposition"]

    for opens in (True, False):
        other = Client()
        sign_in(other, user)
        other.post(ASKED, {"code": codes[0]})
        assert is_signed_in(other) is opens


def test_new_recovery_codes_make_the_old_ones_worthless(client, user):
    set_up(client, user)
    address = "/sign-in/2fa/recovery-codes/"
    old = client.get(address).context["unused_codes"]

    client.post(f"{address}generate/")

    new = client.get(address).context["unused_codes"]
    assert len(new) == 10
    assert not set(new) & set(old)
    other = Client()
    sign_in(other, user)
    other.post(ASKED, {"code": old[0]})
    assert not is_signed_in(other)


def test_the_last_factor_takes_the_recovery_codes_along(client, user):
    set_up(client, user)

    response = client.post("/sign-in/2fa/totp/deactivate/")

    assert response["Location"] == "/sign-in/2fa/"
    assert not Authenticator.objects.filter(user=user).exists()
    assert "was taken away" in mail.outbox[-1].body


def test_nobody_touches_the_key_of_somebody_else(client, user):
    key = Authenticator.objects.create(
        user=UserFactory(), type=Authenticator.Type.WEBAUTHN, data={"name": "theirs"}
    )
    sign_in(client, user)
    confirm(client, user)

    for act in ("edit", "remove"):
        address = f"/sign-in/2fa/webauthn/keys/{key.pk}/{act}/"
        assert client.get(address).status_code == 404
        assert client.post(address, {"name": "mine"}).status_code == 404
    key.refresh_from_db()
    assert key.data == {"name": "theirs"}


def test_a_leaked_database_holds_no_secret(client, user):
    secret, _response = set_up(client, user)

    stored = [factor.data for factor in Authenticator.objects.filter(user=user)]

    assert secret not in str(stored)
    kept = [data.get("secret") or data["seed"] for data in stored]
    assert all(value.startswith("gAAAA") for value in kept)


def test_an_older_key_of_the_installation_still_reads_what_it_wrote(settings, user):
    secret = with_app(user)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another one altogether"

    factor = Authenticator.objects.get(user=user)

    assert factor.wrap().validate_code(code_of(secret))


def test_an_administrator_forgets_the_factors_of_who_lost_them(client, user):
    set_up(client, user)
    said = StringIO()

    call_command("forget_factors", user.email.upper(), stdout=said)

    assert said.getvalue() == "2\n"
    assert client.get("/").status_code == 302
    sign_in(client, user)
    assert is_signed_in(client)


def test_forgetting_twice_finds_nothing_and_a_stranger_is_named():
    user = UserFactory()
    said = StringIO()

    call_command("forget_factors", user.email, stdout=said)

    assert said.getvalue() == "0\n"
    with pytest.raises(CommandError, match=r"stan@example\.com"):
        call_command("forget_factors", "stan@example.com")


# --- owed by a role


@pytest.fixture
def owed(settings):
    settings.KAM_MFA_ROLES = list(ROLES)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_that_asks_for_a_factor_leads_to_one_before_anything_else(settings, role):
    settings.KAM_MFA_ROLES = [role]
    owing, other = Client(), Client()
    sign_in(owing, UserFactory(roles=[role]))
    sign_in(other, UserFactory(roles=[next(code for code in ROLES if code != role)]))

    for path in ("/", "/accounts/", "/settings/", "/inbox/", "/search/"):
        assert owing.get(path)["Location"] == FIRST
        assert owing.post(path)["Location"] == FIRST
        assert other.get(path).headers.get("Location") != FIRST
    assert owing.get("/api/v1/accounts/").status_code == 403
    assert other.get("/api/v1/accounts/").status_code == 200
    page = owing.get(FIRST)
    assert page.status_code == 200
    assert "/sign-in/2fa/totp/activate/" in page.content.decode()
    assert other.get(FIRST)["Location"] == "/"


def test_no_route_lets_in_who_owes_a_factor(client, owed):
    elsewhere = Elsewhere.make()
    client.force_login(UserFactory(roles=["director"]))
    guarded = {name: verdict for name, verdict in VERDICTS.items() if not name.startswith(OPEN)}
    assert {"start", "firm:settings", "accounts:list", "api:account-list"} < set(guarded)

    let_in = []
    for name, verdict in guarded.items():
        address = reverse(name, kwargs=verdict.address(elsewhere))
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            response = client.generic(method, address)
            is_refused = response.headers.get("Location") == FIRST
            if hasattr(ROUTES[name], "cls"):
                is_refused = response.status_code == 403
            if not is_refused:
                let_in.append((method, name, response.status_code))

    assert let_in == []


@pytest.mark.parametrize("kind", ["app", "key"])
def test_with_a_factor_the_door_opens(client, owed, kind):
    user = UserFactory(roles=["director"])
    assert owes_factor(user)

    if kind == "app":
        with_app(user)
    else:
        Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={})
    client.force_login(user)

    assert not owes_factor(user)
    assert client.get("/").status_code == 200


def test_recovery_codes_alone_are_no_factor(client, owed):
    user = UserFactory(roles=["director"])
    Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data={})

    assert owes_factor(user)


def test_who_is_led_there_sets_up_an_app_and_goes_on(client, owed):
    user = UserFactory(roles=["director"])

    _secret, response = set_up(client, user)

    assert response["Location"] == "/sign-in/2fa/recovery-codes/"
    assert client.get("/").status_code == 200


def test_tokens_stay_as_they_are(client, owed):
    user = UserFactory(roles=["director"])
    _token, secret = ApiToken.objects.create(user, name="erp")
    client.force_login(user)

    response = client.get("/api/v1/accounts/", headers={"Authorization": f"Bearer {secret}"})

    assert response.status_code == 200


def test_an_empty_token_beside_the_session_opens_nothing(client, owed):
    client.force_login(UserFactory(roles=["director"]))

    for sent in ("Basic YTpi", "Token x", ""):
        response = client.get("/api/v1/accounts/", headers={"Authorization": sent})
        assert response.status_code == 403


def test_a_role_that_ended_asks_for_nothing(owed):
    user = UserFactory(roles=["director"])
    user.roles.update(valid=(None, "2020-01-01"))

    assert not owes_factor(user)


def test_without_the_setting_no_query_is_asked(user, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert not owes_factor(user)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("KAM_MFA_ROLES", "director,diretor", "KAM_MFA_ROLES names no role: diretor."),
        (
            "KAM_OIDC_ISSUER",
            "https://id.example.com",
            "KAM_OIDC_CLIENT_ID, KAM_OIDC_CLIENT_SECRET",
        ),
    ],
)
def test_a_setting_that_cannot_be_meant_stops_the_start(home, name, value, sentence):
    told = home.manage("check", env=home.environment | {name: value})

    assert told.returncode != 0
    assert sentence in told.stderr
