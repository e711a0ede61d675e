"""Lines without an account: found, and given one."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from accounts.actions import assignment
from accounts.ledger.forms import AssignForm, WaitingFilter
from accounts.models import Account, LedgerEntry
from firm import roles
from firm.models import Policy
from firm.paging import address, page_of
from firm.templatetags.figures import plain
from firm.toasts import say
from firm.today import today

ROWS = 50
FOUND = 20
# Lines without an account are for those who see every account.
ALLOWED = (roles.FEED, roles.EVERY_ACCOUNT)


def waiting():
    lines = LedgerEntry.objects.filter(account=None)
    return lines.select_related("source", "product_line")


@require_GET
@permission_required(ALLOWED, raise_exception=True)
@vary_on_headers("HX-Request")
def unassigned(request):
    template = "accounts/unassigned.html"
    if request.htmx:
        template += "#rows"
    return render(request, template, listed(request))


def listed(request, form=None, ticked=()):
    filterset = WaitingFilter(request.GET, waiting(), request=request)
    return {
        "filterset": filterset,
        "page": page_of(filterset.qs, request.GET.get("page"), ROWS),
        "address": address(request.GET, without=["page"]),
        "form": form or AssignForm(user=request.user),
        "ticked": ticked,
        "policy": Policy.objects.in_force(today()),
    }


@require_POST
@permission_required(ALLOWED, raise_exception=True)
def assign(request):
    ticked = [int(pk) for pk in request.POST.getlist("line")[:ROWS] if pk.isdecimal()]
    form = AssignForm(request.POST, user=request.user)
    if not form.is_valid() or not ticked:
        context = listed(request, form, ticked) | {"none_chosen": not ticked}
        return render(request, "accounts/unassigned.html", context, status=422)
    account = form.cleaned_data["account"]
    found, word = assignment.assign(ticked, account=account, by=request.user)
    say_assigned(request, account, found, word)
    return redirect(f"{reverse('ledger:unassigned')}{address(request.GET, without=['page'])}")


def say_assigned(request, account, found, word):
    text = ngettext(
        "%(n)s line is %(name)s's. The next run counts it.",
        "%(n)s lines are %(name)s's. The next run counts them.",
        found,
    )
    say(request, text % {"n": plain(found), "name": account.name}, undo=undo_address(word))


def undo_address(word):
    return word and f"{reverse('ledger:assignment_undo')}?{urlencode({'word': word})}"


@require_POST
@permission_required(ALLOWED, raise_exception=True)
def undo(request):
    try:
        assignment.undo(request.GET.get("word", ""), by=request.user)
    except assignment.Moved:
        say(request, _("This cannot be undone any more: it has changed since."))
        return HttpResponse(status=409, headers={"HX-Refresh": "true"})
    say(request, _("Undone."))
    return HttpResponse(headers={"HX-Refresh": "true"})


@require_GET
@permission_required(ALLOWED, raise_exception=True)
def accounts_found(request):
    """What a box proposes in which an account is typed."""
    text = request.GET.get("account", "").strip()
    seen = Account.objects.visible_to(request.user)
    found = seen.matching(text)[:FOUND] if text else []
    return render(request, "accounts/_accounts_found.html", {"accounts": found})
