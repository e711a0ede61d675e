"""The page of tokens: one's own, and for administrators everyone's."""

from django import forms
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from firm import issuing, roles
from firm.models import ApiToken
from firm.paging import page_of
from firm.scopes import READ, SCOPES
from firm.toasts import say

ROWS = 50


class TokenForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=100,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        initial=[READ],
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("How long it works"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[
            ("30", gettext_lazy("30 days")),
            ("90", gettext_lazy("90 days")),
            ("365", gettext_lazy("a year")),
            ("", gettext_lazy("until it is revoked")),
        ],
        initial="365",
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        offered = [(scope, SCOPES[scope]) for scope in issuing.offered(user)]
        self.fields["scopes"].choices = offered  # type: ignore[attr-defined]


@never_cache
@require_http_methods(["GET", "POST"])
def tokens(request):
    form = TokenForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_bound and form.is_valid():
        token, secret = issuing.make(by=request.user, **form.cleaned_data)
        # Answered at once and never again: to lead elsewhere first it would have to be kept.
        return render(request, "firm/token_made.html", {"token": token, "secret": secret})
    page = page_of(seen(request).select_related("user"), request.GET.get("page"), ROWS)
    for token in page:
        token.told = [SCOPES.get(scope, scope) for scope in token.scopes]
    context = {
        "form": form,
        "page": page,
        "everyone": request.user.has_perm(roles.MANAGE_TOKENS),
    }
    return render(request, "firm/tokens.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def token_revoke(request, digest):
    token = get_object_or_404(seen(request).select_related("user"), pk=digest)
    if request.method == "GET":
        return render(request, "firm/token_revoke.html", {"token": token})
    issuing.revoke(token, by=request.user)
    say(request, _("The token %(name)s works no more.") % {"name": token.name})
    return redirect("firm:tokens")


def seen(request):
    return ApiToken.objects.visible_to(request.user)
