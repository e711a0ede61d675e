"""Pages that say where an account belongs: its owner, its parent, its team."""

from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from accounts.actions import places
from accounts.acts import allow, visible
from accounts.forms import OwnerForm, ParentForm, TeamForm
from accounts.models import Account
from firm.keys import as_key
from firm.models import User
from firm.toasts import say
from firm.today import today

CHOICES = 20


def form_for(request, form_class, **options):
    return form_class(request.POST if request.method == "POST" else None, **options)


def places_now(account):
    return {
        "owner": account.owner_on(today()),
        "department": account.placements.in_force(today())
        .values_list("department", flat=True)
        .first(),
    }


def done(request, account, word, text, page):
    """Say what was done, with the way back, and show the page anew."""
    undo_url = f"{reverse('accounts:undo', args=[account.pk])}?{urlencode({'word': word})}"
    say(request, text, undo=undo_url if word else "")
    return redirect(page, account.pk)


@require_http_methods(["GET", "POST"])
def owner(request, pk):
    account, acts = visible(request, pk)
    allow(acts.lead or request.method == "GET")
    form = None
    if acts.lead:
        form = form_for(request, OwnerForm, leader=request.user, initial=places_now(account))
    if request.method == "POST" and form.is_valid():
        word = places.assign(account, **form.cleaned_data, by=request.user)
        return done(request, account, word, owner_told(form.cleaned_data), "accounts:owner")
    context = {
        "account": account,
        "form": form,
        "owners": spans(account.ownerships.select_related("owner")),
        "placements": spans(account.placements.select_related("department")),
    }
    status = 422 if form and form.is_bound else 200
    return render(request, "accounts/account_owner.html", context, status=status)


def owner_told(values):
    if values["owner"]:
        return _("%(name)s owns the account from the chosen day on.") % {
            "name": values["owner"].name
        }
    return _("Nobody owns the account from the chosen day on.")


def spans(rows):
    """Rows with their first and last day, the latest first; None is without an end."""
    now = today()
    return [
        {
            "row": row,
            "first": row.valid.lower,
            "last": row.valid.upper and row.valid.upper - timedelta(days=1),
            "is_now": now in row.valid,
            "is_coming": bool(row.valid.lower and row.valid.lower > now),
            "is_over": bool(row.valid.upper and row.valid.upper <= now),
        }
        for row in sorted(rows, key=lambda row: row.valid.lower or date.min, reverse=True)
    ]


@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
def parent(request, pk):
    account, acts = visible(request, pk)
    allow(acts.change)
    form = form_for(request, ParentForm, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            word = places.set_parent(account, **form.cleaned_data, by=request.user)
        except places.Loop:
            form.add_error(None, _("That account stands below this one: parents form no loop."))
        else:
            return done(request, account, word, parent_told(form.cleaned_data), "accounts:parent")
    context = {"account": account, "form": form, **parents(request, account)}
    template = "accounts/account_parent.html"
    if request.htmx and request.method == "GET":
        return render(request, f"{template}#choices", context)
    return render(request, template, context, status=422 if form.is_bound else 200)


def parent_told(values):
    if values["parent"]:
        return _("The account belongs to %(name)s from the chosen day on.") % {
            "name": values["parent"].name
        }
    return _("The account stands alone from the chosen day on.")


def parents(request, account):
    """What may be chosen: the parent of today and, for a text, accounts in the reader's sight."""
    # A NUL is in no name, and PostgreSQL takes none.
    text = request.GET.get("q", "").replace("\0", "").strip()
    seen = Account.objects.visible_to(request.user).exclude(pk=account.pk)
    links = list(account.parentages.select_related("parent"))
    named = set(
        seen.filter(pk__in=[link.parent_id for link in links]).values_list("pk", flat=True)
    )
    now = next((link.parent for link in links if today() in link.valid), None)
    is_hidden = bool(now and now.pk not in named)
    chosen = request.POST.get("parent") or request.GET.get("parent") or ""
    if not chosen and request.method == "GET" and now and not is_hidden:
        chosen = str(now.pk)
    kept = seen.filter(pk=as_key(chosen))
    found = seen.matching(text).exclude(pk__in=kept)[:CHOICES] if text else []
    return {
        "text": text,
        "chosen": chosen,
        "choices": [*kept, *found],
        "is_hidden": is_hidden,
        "history": spans(links),
        "named": named,
    }


@require_http_methods(["GET", "POST"])
def team(request, pk):
    account, acts = visible(request, pk)
    allow(acts.change or request.method == "GET")
    form = form_for(request, TeamForm) if acts.change else None
    if request.method == "POST" and form.is_valid():
        word = places.join_team(account, **form.cleaned_data, by=request.user)
        told = _("%(name)s is on the team.") % {"name": form.cleaned_data["user"].name}
        return done(request, account, word, told, "accounts:team")
    members = spans(account.team.select_related("user"))
    context = {"account": account, "form": form, "members": members}
    status = 422 if form and form.is_bound else 200
    return render(request, "accounts/account_team.html", context, status=status)


@require_POST
def leave(request, pk):
    account, acts = visible(request, pk)
    allow(acts.change)
    members = User.objects.filter(pk__in=account.team.values("user"))
    user = get_object_or_404(members, pk=as_key(request.POST.get("user")))
    word = places.leave_team(account, user=user, by=request.user)
    told = _("%(name)s is not on the team any more.") % {"name": user.name}
    return done(request, account, word, told, "accounts:team")


@require_POST
def undo(request, pk):
    account, acts = visible(request, pk)
    allow(acts.change)
    try:
        kinds = places.kinds_of(request.GET.get("word", ""))
        allow(acts.lead or kinds <= {"team", "parentages"})
        places.undo(account, request.GET["word"], by=request.user)
    except places.Moved:
        say(request, _("This cannot be undone any more: it has changed since."))
        return HttpResponse(status=409, headers={"HX-Refresh": "true"})
    say(request, _("Undone."))
    return HttpResponse(headers={"HX-Refresh": "true"})
