"""What a person keeps about themselves: name, e-mail, password, second factors, sessions."""

from allauth.account.models import EmailAddress
from allauth.account.views import email as allauth_email
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import logout
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from firm import actions, sessions
from firm.adapter import know_email
from firm.factors import owes_factor
from firm.forms import ProfileForm
from firm.toasts import say


@require_http_methods(["GET", "POST"])
def own_settings(request):
    user = request.user
    stored = {"name": user.name, "language": user.language, "time_zone": user.time_zone}
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=stored)
    if form.is_valid():
        actions.change_profile(by=user, **form.cleaned_data)
        say(request, _("Your profile is saved."))
        return remember(form.cleaned_data["language"], redirect("firm:settings"))
    context = {
        "form": form,
        "pending_email": EmailAddress.objects.filter(user=user, verified=False).last(),
        "sessions": own_sessions(request),
        **own_factors(user),
    }
    status = 422 if form.is_bound else 200
    return render(request, "firm/settings.html", context, status=status)


def remember(language, response):
    """Let the doors speak it too, before anybody has signed in."""
    if language:
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, samesite="Lax")
    else:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
    return response


def own_sessions(request):
    rows = list(sessions.sessions_of(request.user))
    for row in rows:
        row.device = sessions.device(row.user_agent)
        row.is_here = row.session_key == request.session.session_key
    return sorted(rows, key=lambda row: not row.is_here)


def own_factors(user):
    found = Authenticator.objects.filter(user=user).order_by("pk")
    kind = Authenticator.Type
    codes = next((factor for factor in found if factor.type == kind.RECOVERY_CODES), None)
    return {
        "app": next((factor for factor in found if factor.type == kind.TOTP), None),
        "keys": [factor for factor in found if factor.type == kind.WEBAUTHN],
        "codes": codes and len(codes.wrap().get_unused_codes()),
    }


@require_POST
def session_end(request, pk):
    session = get_object_or_404(sessions.sessions_of(request.user), pk=pk)
    actions.end_session(session)
    if session.session_key != request.session.session_key:
        say(
            request,
            _("%(device)s is signed out.") % {"device": sessions.device(session.user_agent)},
        )
    return redirect("firm:settings")


@require_POST
def sessions_end(request):
    """Sign out everywhere, here too."""
    actions.end_sessions(by=request.user)
    logout(request)
    return redirect("start")


@require_GET
def factor_first(request):
    """Where those are led whose role asks for a second factor that they do not have yet."""
    if not owes_factor(request.user):
        return redirect("start")
    return render(request, "firm/factor_first.html")


@require_http_methods(["GET", "POST"])
def change_email(request):
    know_email(request.user)
    return allauth_email(request)
