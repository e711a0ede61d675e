"""Sign-in as this product wants it."""

import base64
import hashlib

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import ResetPasswordForm
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthProcess
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation

from firm.models import User
from firm.sessions import device, end, sessions_of

log = structlog.get_logger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        """Colleagues are invited by an administrator; nobody signs up alone."""
        return False

    def pre_login(self, request, user, **kwargs):
        response = super().pre_login(request, user, **kwargs)
        if response is None:
            know_email(user)
        return response

    def set_password(self, user, password):
        """A new password ends the sessions that the old one began."""
        super().set_password(user, password)
        end(sessions_of(user).exclude(session_key=self.request.session.session_key or ""))

    def get_password_change_redirect_url(self, request):
        return reverse("firm:settings")

    def get_email_verification_redirect_url(self, email_address):
        return reverse("firm:settings")

    def confirm_email(self, request, email_address):
        """An address that somebody else has got meanwhile stays theirs."""
        others = User.objects.exclude(pk=email_address.user_id)
        if others.filter(email__iexact=email_address.email).exists():
            text = "account/messages/email_confirmation_failed.txt"
            self.add_message(request, messages.ERROR, text, {"email": email_address.email})
            return False
        return super().confirm_email(request, email_address)

    def send_mail(self, template_prefix, email, values):
        user = values.get("user")
        language = (user and user.language) or translation.get_language()
        with translation.override(language):
            super().send_mail(template_prefix, email, values)

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """What was done is done: a mail that fails to tell of it is only logged."""
        values = {"user": user} | (context or {})
        try:
            super().send_notification_mail(template_prefix, user, values, email)
        except OSError:
            log.exception("mail failed", mail=template_prefix)


@transaction.atomic
def know_email(user: User) -> None:
    """Let the records of sign-in agree with the e-mail of `user`, which an administrator gave
    or the user confirmed: it counts as verified."""
    email = user.email.lower()
    known = EmailAddress.objects.filter(verified=True)
    if known.filter(user=user, email=email, primary=True).exists():
        return
    known.filter(user=user).exclude(email=email).delete()
    known.filter(email=email).exclude(user=user).delete()
    EmailAddress.objects.update_or_create(
        user=user, email=email, defaults={"verified": True, "primary": True}
    )


class ResetForm(ResetPasswordForm):
    def clean_email(self):
        """An address that somebody only wants to change to opens nothing yet."""
        email = super().clean_email()
        self.users = list(User.objects.filter(email__iexact=email, is_active=True))
        return email


class FactorAdapter(DefaultMFAAdapter):
    """Keeps secrets encrypted: a leaked database opens no door."""

    def encrypt(self, text):
        return keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return keys().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user, type):  # noqa: A002
        """The device that a passkey is made on, as the list of sessions calls it."""
        return device(context.request.headers.get("User-Agent", ""))

    def get_public_key_credential_rp_entity(self):
        return super().get_public_key_credential_rp_entity() | {"name": settings.MFA_TOTP_ISSUER}


def keys() -> MultiFernet:
    """Made of the installation's secret keys, the present one first."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(f"second factors:{secret}".encode()).digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


class ProviderAdapter(DefaultSocialAccountAdapter):
    """A provider says who somebody is; who may come in is known here."""

    def authenticate_by_email(self, sociallogin):
        for address in sociallogin.email_addresses:
            # Some providers send the word instead of the value, and "false" is a word too.
            if address.verified in (True, "true"):
                known = User.objects.filter(email__iexact=address.email, is_placeholder=False)
                if user := known.first():
                    return user, address.email
        return None

    def pre_social_login(self, request, sociallogin):
        if sociallogin.state.get("process") != AuthProcess.LOGIN:
            raise ImmediateHttpResponse(redirect("firm:settings"))
        said = sociallogin.account.extra_data
        told = {part.get("sub") for part in (said.get("userinfo"), said.get("id_token")) if part}
        if not sociallogin.is_existing or len(told) > 1:
            emails = sociallogin.email_addresses
            values = {
                "provider": sociallogin.provider.name,
                "email": emails[0].email if emails else "",
                "is_verified": any(each.verified in (True, "true") for each in emails),
            }
            page = render(request, "socialaccount/stranger.html", values, status=403)
            raise ImmediateHttpResponse(page)
        know_email(sociallogin.user)
