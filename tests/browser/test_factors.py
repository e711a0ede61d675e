"""Signing in by app, passkey and mail in a real browser, and one's own settings."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail

from firm.models import User
from tests.browser.test_pages import DOOR, complaints, firm, judge, visit
from tests.firm.test_factors import code_of
from tests.pages.conftest import PASSWORD

__all__ = ["complaints", "firm", "visit"]
NEW = "an even longer secret"


@pytest.fixture
def keyring(page):
    """A key in the browser that says yes to everything; passkeys need a name, not a number."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    def keys():
        return cdp.send("WebAuthn.getCredentials", made)["credentials"]

    return keys


def confirm(page):
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def sign_out(page):
    page.goto(f"{page.base}/")
    page.get_by_label("Signed in as").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/login/**")


@pytest.fixture
def walk(visit, page, live_server):
    page.base = live_server.url
    return visit


def test_an_app_is_set_up_and_asked_for(firm, walk, page, complaints):
    walk("/settings/", email=firm.owner.email)
    page.get_by_role("link", name="Set up an app").click()
    confirm(page)
    assert page.get_by_alt_text("The secret as a picture").evaluate("img => img.naturalWidth") > 0
    secret = page.get_by_label("Secret").input_value()
    page.get_by_label("Authenticator code").fill(code_of(secret))
    page.get_by_role("button", name="Set up").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    codes = page.get_by_role("list", name="Codes that are left").get_by_role("listitem")
    assert codes.count() == 10
    assert "An authenticator app was set up" in mail.outbox[-1].body
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "recovery-codes.txt"
    sign_out(page)

    page.get_by_label("Email").fill(firm.owner.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="Second factor").wait_for()
    judge(page, "the second factor")
    page.get_by_label("Code").fill(code_of(secret, 1))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{page.base}/")
    assert complaints == []


def test_a_passkey_signs_in_alone(firm, walk, page, keyring, complaints):
    walk("/settings/", email=firm.owner.email)
    page.get_by_role("link", name="Add a passkey").click()
    confirm(page)
    page.get_by_label("Name").fill("Olga's laptop")
    page.get_by_role("button", name="Add").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    assert len(keyring()) == 1
    page.get_by_role("link", name="Back to settings").click()
    assert page.get_by_text("Olga's laptop").is_visible()
    sign_out(page)

    page.get_by_role("button", name="Use a passkey").click()

    page.wait_for_url(f"{page.base}/")
    assert page.get_by_label("Signed in as Olga Owner").is_visible()
    assert complaints == []

    page.goto(f"{page.base}/settings/")
    page.get_by_role("link", name="Rename Olga's laptop").click()
    page.get_by_role("link", name="Use a security key").click()
    page.get_by_role("button", name="Use a passkey or security key").click()
    page.get_by_label("Name").fill("The blue one")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Remove The blue one").click()
    page.get_by_role("button", name="Remove").click()
    page.wait_for_url("**/settings/")
    assert not Authenticator.objects.filter(user=firm.owner).exists()


def test_a_key_is_asked_for_after_the_password(firm, walk, page, keyring, complaints):
    walk("/settings/", email=firm.owner.email)
    page.get_by_role("link", name="Add a passkey").click()
    confirm(page)
    page.get_by_label("Signs in without a password").uncheck()
    page.get_by_role("button", name="Add").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    sign_out(page)

    page.get_by_label("Email").fill(firm.owner.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Use a passkey or security key").click()

    page.wait_for_url(f"{page.base}/")
    assert complaints == []


def test_without_a_key_the_page_says_so(firm, walk, page):
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    page.goto(f"{page.base}/sign-in/login/")
    page.route("**/webauthn/login/", lambda route: route.abort())

    page.get_by_role("button", name="Use a passkey").click()

    page.get_by_role("alert").filter(has_text="The browser gave no passkey.").wait_for()
    judge(page, "a passkey that did not come")


def test_who_owes_a_factor_is_led_to_one_and_on(firm, walk, page, settings, complaints):
    settings.KAM_MFA_ROLES = ["director"]
    page.goto(f"{page.base}/sign-in/login/")
    page.get_by_label("Email").fill(firm.director.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="Set up a second factor").wait_for()
    judge(page, "the way to a factor")
    page.goto(f"{page.base}/segments/")
    page.get_by_role("link", name="Authenticator app").click()
    confirm(page)
    secret = page.get_by_label("Secret").input_value()
    page.get_by_label("Authenticator code").fill(code_of(secret))
    page.get_by_role("button", name="Set up").click()
    page.get_by_role("link", name="Back to settings").click()

    page.get_by_role("heading", name="Where you are signed in").wait_for()
    assert complaints == []


def test_sessions_are_listed_and_ended(firm, walk, page, browser, settings, complaints):
    settings.SESSION_SEEN_EVERY = 60
    there = browser.new_context(
        base_url=page.base, user_agent="Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"
    ).new_page()
    there.goto("/sign-in/login/")
    there.get_by_label("Email").fill(firm.owner.email)
    there.get_by_label("Password", exact=True).fill(PASSWORD)
    there.get_by_role("button", name="Sign in", exact=True).click()
    there.wait_for_url(f"{page.base}/")

    walk("/settings/", email=firm.owner.email)
    page.get_by_role("button", name="Sign out Firefox on Windows").click()
    page.get_by_text("Firefox on Windows is signed out.").wait_for()
    there.goto("/accounts/")
    there.wait_for_url("**/sign-in/login/**")
    there.context.close()

    page.get_by_role("button", name="Sign out everywhere").click()
    page.wait_for_url("**/sign-in/login/**")
    assert complaints == []


def test_a_forgotten_password_is_set_again_from_the_mail(firm, walk, page, complaints):
    page.goto(f"{page.base}/sign-in/login/")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("Email").fill(firm.owner.email)
    page.get_by_role("button", name="Send the link").click()
    page.get_by_role("heading", name="Look into your mail").wait_for()
    page.goto(re.search(r"http\S+", mail.outbox[0].body)[0])
    page.get_by_label("New Password", exact=True).fill(NEW)
    page.get_by_label("New Password (again)").fill(NEW)
    judge(page, "a new password")
    page.get_by_role("button", name="Set the password").click()
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("Email").fill(firm.owner.email)
    page.get_by_label("Password", exact=True).fill(NEW)
    page.get_by_role("button", name="Sign in", exact=True).click()

    page.wait_for_url(f"{page.base}/")
    assert complaints == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 360])
def test_no_page_about_oneself_hinders_anybody(firm, walk, page, keyring, theme, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=theme)
    for path in DOOR:
        judge(walk(path), path)
    walk("/settings/", email=firm.owner.email)
    judge(page, "settings without factors")
    page.goto(f"{page.base}/sign-in/2fa/webauthn/add/")
    judge(page, "is it you")
    confirm(page)
    judge(page, "a new passkey")
    page.get_by_role("button", name="Add").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    judge(page, "recovery codes")
    key = Authenticator.objects.get(user=firm.owner, type="webauthn").pk
    own = f"2fa/webauthn/keys/{key}"
    paths = [f"{own}/edit/", f"{own}/remove/", "2fa/totp/activate/", "2fa/reauthenticate/"]
    paths += ["2fa/webauthn/reauthenticate/", "2fa/recovery-codes/generate/"]
    paths += ["email/", "password/change/", "provider/cancelled/", "provider/error/"]
    for path in paths:
        judge(walk(f"/sign-in/{path}"), path)
    User.objects.filter(pk=firm.owner.pk).first().emailaddress_set.create(email="n@example.com")
    judge(walk("/sign-in/email/"), "an e-mail that waits")
    judge(walk("/settings/"), "settings with factors")
