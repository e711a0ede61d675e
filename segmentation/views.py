"""The dashboard of dependence, and the standing of one account with its explanation."""

from datetime import date

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from accounts.models import Account
from firm.paging import address
from firm.templatetags.figures import Unit
from segmentation.dashboard import (
    DependenceTable,
    flags_by_kind,
    key_rail,
    mix_rows,
    names_of,
    top_shares,
)
from segmentation.explain import NoRun, explain
from segmentation.models import GroupStanding, Run
from segmentation.sentences import sentences


@require_GET
@vary_on_headers("HX-Request")
def dependence(request):
    asked = request.GET.get("as_of")
    run = stored_run(asked)
    if run is None:
        return no_run(request, asked)
    level = "accounts" if request.GET.get("level") == "accounts" else "groups"
    context = {
        "run": run,
        "unit": Unit.for_total(run.facts["currency"], run.summary["total"]),
        "level": level,
        "table": DependenceTable(run, request.user, level, request.GET.get("page")),
        "address": address(request.GET, without=["page"]),
        "address_without_level": address(request.GET, without=["page", "level"]),
    }
    if request.htmx:
        return render(request, "segmentation/dependence.html#table", context)
    banded = list(GroupStanding.objects.on(run.as_of).in_a_band())
    context |= {
        "sentences": sentences(run, banded, names_of(banded, request.user)),
        "rail": key_rail(run),
        "tops": top_shares(run),
        "mix": mix_rows(run),
        "flags": flags_by_kind(run, request.user),
    }
    return render(request, "segmentation/dependence.html", context)


def stored_run(asked):
    """The run of the day that was asked for, the newest where none was; None where none ran."""
    if not asked:
        return Run.objects.newest()
    return Run.objects.of(read_day(asked))


def read_day(text):
    """The day that `text` names; one that no run can have computed where it names none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min


@require_GET
@vary_on_headers("HX-Request")
def account_standing(request, pk):
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    asked = request.GET.get("as_of")
    try:
        explanation = explain(account, as_of=asked and read_day(asked), viewer=request.user)
    except NoRun:
        if asked:
            return no_run(request, asked)
        explanation = None
    template = "segmentation/account_standing.html"
    if request.htmx:
        template += "#panel"
    return render(request, template, {"account": account, "explanation": explanation})


def no_run(request, asked):
    context = {"asked": asked and read_day(asked)}
    return render(request, "segmentation/no_run.html", context, status=404 if asked else 200)
