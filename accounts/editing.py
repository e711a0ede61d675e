"""Pages that write an account's record: a new one, a change, and two changes that meet."""

from django.contrib.auth.decorators import permission_required
from django.db import IntegrityError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actions import records
from accounts.acts import allow, visible
from accounts.forms import TAKEN, AccountForm
from accounts.models import Account
from firm import roles
from firm.toasts import say
from firm.versions import Outdated, asked_version, differences, picked, version_of

ALIKE = 5


@require_http_methods(["GET", "POST"])
@permission_required(roles.CREATE_ACCOUNTS, raise_exception=True)
def account_new(request):
    form = AccountForm(request.POST if request.method == "POST" else None)
    alike = []
    if form.is_bound and form.is_valid():
        alike = alike_to(form, request)
        account = None if alike else created(form, request)
        if account:
            say(request, _("%(name)s is an account now.") % {"name": account.name})
            return redirect("accounts:card", account.pk)
    context = {"form": form, "alike": alike}
    status = 422 if form.is_bound else 200
    return render(request, "accounts/account_new.html", context, status=status)


def created(form, request):
    """The new account; None where somebody took its reference since the form looked."""
    try:
        return records.create(form.cleaned_data, by=request.user)
    except IntegrityError:
        form.add_error("account_ref", TAKEN)
        return None


@require_http_methods(["GET", "POST"])
def account_edit(request, pk):
    account, acts = visible(request, pk)
    allow(acts.change)
    if request.method == "GET":
        return edit_page(request, account, AccountForm(instance=account), version_of(account))
    version = asked_version(request.POST)
    typed = picked(request.POST, account, AccountForm.Meta.fields)
    form = AccountForm(typed, instance=account)
    if not form.is_valid():
        return edit_page(request, account, form, version)
    alike = alike_to(form, request)
    if alike:
        return edit_page(request, account, form, version, alike)
    try:
        records.edit(account, form.cleaned_data, version=version, by=request.user)
    except Outdated:
        return conflict_page(request, form, version)
    except IntegrityError:
        form.add_error("account_ref", TAKEN)
        return edit_page(request, account, form, version)
    say(request, _("%(name)s is saved.") % {"name": account.name})
    return redirect("accounts:card", pk)


def edit_page(request, account, form, version, alike=()):
    # The form has put what was typed into `account`; the page is still about the stored one.
    stored = Account.objects.get(pk=account.pk)
    context = {"account": stored, "form": form, "version": version, "alike": alike}
    status = 422 if form.is_bound else 200
    return render(request, "accounts/account_edit.html", context, status=status)


def conflict_page(request, form, version):
    stored = Account.objects.get(pk=form.instance.pk)
    found = differences(form, version)
    apart = [difference.field.name for difference in found]
    context = {
        "account": stored,
        "differences": found,
        "agreed": [field for field in form if field.name not in apart],
        "version": version_of(stored),
        "address": reverse("accounts:edit", args=[stored.pk]),
        "sure": request.POST.get("sure"),
    }
    return render(request, "accounts/account_conflict.html", context, status=409)


def alike_to(form, request):
    """Accounts in the reader's sight that may be the same client, where that is not settled."""
    names = ["name", "account_ref", "tax_number"]
    if request.POST.get("sure") or not set(names) & set(form.changed_data):
        return []
    asked = {name: form.cleaned_data[name] for name in names}
    seen = Account.objects.visible_to(request.user).exclude(pk=form.instance.pk)
    return list(seen.like(**asked)[:ALIKE])
