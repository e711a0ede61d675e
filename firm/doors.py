"""The addresses of sign-in: allauth's that we use, and where its lists were, our page of all."""

from allauth.account import urls as account
from allauth.mfa import urls as factors
from allauth.socialaccount import views as socialaccount
from django.urls import include, path
from django.views.generic import RedirectView

from firm import profile, provider

to_settings = RedirectView.as_view(pattern_name="firm:settings")
oidc = [
    path("login/", provider.login, name="openid_connect_login"),
    path("login/callback/", provider.callback, name="openid_connect_callback"),
]

urlpatterns = [
    path("second-factor/", profile.factor_first, name="factor_first"),
    path("email/", profile.change_email, name="account_email"),
    path("2fa/", to_settings, name="mfa_index"),
    path("2fa/webauthn/", to_settings, name="mfa_list_webauthn"),
    path("", include(account)),
    path("2fa/", include(factors)),
    path("oidc/<str:provider_id>/", include(oidc)),
    path(
        "provider/cancelled/", socialaccount.login_cancelled, name="socialaccount_login_cancelled"
    ),
    path("provider/error/", socialaccount.login_error, name="socialaccount_login_error"),
]
