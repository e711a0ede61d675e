"""Rules that give accounts to lines, source by source."""

from django.contrib.auth.decorators import permission_required
from django.db import IntegrityError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actions import assignment
from accounts.ledger.forms import ApplyForm, RuleForm
from accounts.ledger.unassigned import ALLOWED, undo_address
from accounts.models import AssignmentRule
from firm.paging import page_of
from firm.templatetags.figures import plain
from firm.toasts import say
from firm.versions import THEIRS, Outdated, asked_version, differences, picked, version_of

ROWS = 50
PROPOSED = ("source", "kind", "text")


@require_http_methods(["GET", "POST"])
@permission_required(ALLOWED, raise_exception=True)
def rules(request):
    if request.method == "POST":
        form, apply = RuleForm(request.POST, user=request.user), ApplyForm(request.POST)
        if form.is_valid() and apply.is_valid():
            try:
                found, word = assignment.add_rule(
                    form.save(commit=False), **apply.cleaned_data, by=request.user
                )
            except IntegrityError:
                form.add_error("text", _("Somebody has just made a rule for this text."))
            else:
                say_kept(request, found, word)
                return redirect("ledger:rules")
    else:
        proposed = {name: request.GET.get(name, "") for name in PROPOSED}
        form, apply = RuleForm(user=request.user, initial=proposed), ApplyForm()
    known = AssignmentRule.objects.select_related("source", "account")
    context = {"form": form, "apply": apply, "page": page_of(known, request.GET.get("page"), ROWS)}
    status = 422 if form.is_bound else 200
    return render(request, "accounts/assignment_rules.html", context, status=status)


def say_kept(request, found, word):
    text = _("The rule is kept. Imports to come follow it.")
    if found:
        more = ngettext(
            "%(n)s line that waited is assigned.", "%(n)s lines that waited are assigned.", found
        )
        text = f"{text} {more % {'n': plain(found)}}"
    say(request, text, undo=undo_address(word))


@require_http_methods(["GET", "POST"])
@permission_required(ALLOWED, raise_exception=True)
def rule(request, pk):
    known = get_object_or_404(AssignmentRule.objects.select_related("account"), pk=pk)
    if request.method == "GET":
        form = RuleForm(instance=known, user=request.user)
        return rule_page(request, known, form, ApplyForm(), version_of(known))
    version = asked_version(request.POST)
    typed = picked(request.POST, known, RuleForm.Meta.fields)
    if request.POST.get("pick", request.POST.get("pick-account")) == THEIRS:
        typed["account"] = known.account.account_ref
    form, apply = RuleForm(typed, instance=known, user=request.user), ApplyForm(request.POST)
    if not form.is_valid() or not apply.is_valid():
        return rule_page(request, known, form, apply, version)
    try:
        found, word = assignment.change_rule(
            form.save(commit=False), version=version, **apply.cleaned_data, by=request.user
        )
    except Outdated:
        return conflict_page(request, form, version)
    say_kept(request, found, word)
    return redirect("ledger:rules")


def rule_page(request, known, form, apply, version):
    context = {"rule": known, "form": form, "apply": apply, "version": version}
    status = 422 if form.is_bound else 200
    return render(request, "accounts/assignment_rule.html", context, status=status)


def conflict_page(request, form, version):
    stored = AssignmentRule.objects.get(pk=form.instance.pk)
    found = differences(form, version)
    apart = [difference.field.name for difference in found]
    context = {
        "title": _("Two changes of a rule"),
        "differences": found,
        "agreed": [field for field in form if field.name not in apart],
        "version": version_of(stored),
        "address": reverse("ledger:rule", args=[stored.pk]),
    }
    return render(request, "accounts/ledger_conflict.html", context, status=409)


@require_POST
@permission_required(ALLOWED, raise_exception=True)
def rule_remove(request, pk):
    known = AssignmentRule.objects.filter(pk=pk).first()
    if known is None:
        say(request, _("The rule is gone already."))
        return redirect("ledger:rules")
    word = assignment.remove_rule(known, by=request.user)
    told = _("The rule is removed. Lines that it has assigned keep their account.")
    say(request, told, undo=undo_address(word))
    return redirect("ledger:rules")
