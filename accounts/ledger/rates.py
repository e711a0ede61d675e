"""Exchange rates: listed, entered, corrected."""

from django.contrib.auth.decorators import permission_required
from django.db import IntegrityError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from accounts.actions import rates as actions
from accounts.ledger.forms import CorrectionForm, RateForm, currencies
from accounts.ledger.unassigned import ALLOWED
from accounts.models import ExchangeRate
from firm.models import Policy
from firm.paging import address, page_of
from firm.templatetags.figures import full_day, plain
from firm.toasts import say
from firm.today import today
from firm.versions import (
    Outdated,
    asked_version,
    author_of,
    authors,
    differences,
    picked,
    version_of,
)

ROWS = 50


def new_form(data=None, **options):
    currency = Policy.objects.in_force(today()).reporting_currency
    return RateForm(data, reporting_currency=currency, **options)


@require_http_methods(["GET", "POST"])
@permission_required(ALLOWED, raise_exception=True)
@vary_on_headers("HX-Request")
def rates(request):
    form = new_form(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and added(request, form):
        # What waits for a rate is worked through one after the other.
        waits = request.POST.get("from") == "unconverted"
        return redirect("ledger:unconverted" if waits else "ledger:rates")
    chosen = request.GET.get("currency", "")
    known = ExchangeRate.objects.all()
    context = {
        "form": form,
        "currencies": currencies(known),
        "chosen": chosen,
        "page": page_of(
            known.filter(currency=chosen) if chosen else known, request.GET.get("page"), ROWS
        ),
        "address": address(request.GET, without=["page"]),
        "policy": Policy.objects.in_force(today()),
    }
    template = "accounts/rates.html"
    if request.htmx and not form.is_bound:
        template += "#rows"
    return render(request, template, context, status=422 if form.is_bound else 200)


def added(request, form):
    """Whether the rate is kept: somebody may have been quicker."""
    try:
        waiting = actions.add(form.save(commit=False), by=request.user)
    except IntegrityError:
        form.add_error("day", _("There is a rate for this day: correct that one."))
        return False
    text = _("The rate of %(currency)s on %(day)s is kept.") % {
        "currency": form.cleaned_data["currency"],
        "day": full_day(form.cleaned_data["day"]),
    }
    if waiting:
        more = ngettext(
            "The next run converts %(n)s line that waits.",
            "The next run converts %(n)s lines that wait.",
            waiting,
        )
        text = f"{text} {more % {'n': plain(waiting)}}"
    say(request, text)
    return True


@require_http_methods(["GET", "POST"])
@permission_required(ALLOWED, raise_exception=True)
def rate(request, pk):
    known = get_object_or_404(ExchangeRate, pk=pk)
    if request.method == "GET":
        return rate_page(request, known, CorrectionForm(instance=known), version_of(known))
    version = asked_version(request.POST)
    form = CorrectionForm(picked(request.POST, known, ["rate"]), instance=known)
    if not form.is_valid():
        return rate_page(request, known, form, version)
    try:
        lines = actions.correct(form.save(commit=False), version=version, by=request.user)
    except Outdated:
        return conflict_page(request, form, version)
    text = ngettext(
        "The rate is corrected. %(n)s line is converted again.",
        "The rate is corrected. %(n)s lines are converted again.",
        lines,
    )
    say(request, text % {"n": plain(lines)})
    return redirect("ledger:rates")


def rate_page(request, known, form, version):
    history = list(known.events.order_by("-pgh_id").select_related("pgh_context")[:ROWS])
    people = authors(history)
    context = {
        "rate": known,
        "form": form,
        "version": version,
        "history": [{"event": event, "by": people.get(author_of(event))} for event in history],
    }
    status = 422 if form.is_bound else 200
    return render(request, "accounts/rate.html", context, status=status)


def conflict_page(request, form, version):
    stored = ExchangeRate.objects.get(pk=form.instance.pk)
    context = {
        "title": _("Two corrections of %(currency)s on %(day)s")
        % {"currency": stored.currency, "day": full_day(stored.day)},
        "differences": differences(form, version),
        "agreed": [],
        "version": version_of(stored),
        "address": reverse("ledger:rate", args=[stored.pk]),
    }
    return render(request, "accounts/ledger_conflict.html", context, status=409)
