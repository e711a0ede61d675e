"""The addresses of sign-in: allauth's that we use, and where its lists were, our page of all."""

from allauth.account import urls as account
from allauth.mfa import urls as factors
from allauth.socialaccount import views as provider
from allauth.socialaccount.providers.openid_connect import urls as openid
from django.urls import include, path
from django.views.generic import RedirectView

from firm import profile

to_settings = RedirectView.as_view(pattern_name="firm:settings")

urlpatterns = [
    path("second-factor/", profile.factor_first, name="factor_first"),
    path("email/", profile.change_email, name="account_email"),
    path("2fa/", to_settings, name="mfa_index"),
    path("2fa/webauthn/", to_settings, name="mfa_list_webauthn"),
    path("", include(account)),
    path("2fa/", include(factors)),
    path("", include(openid)),
    path("provider/cancelled/", provider.login_cancelled, name="socialaccount_login_cancelled"),
    path("provider/error/", provider.login_error, name="socialaccount_login_error"),
]
