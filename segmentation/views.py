"""The dashboard of dependence, and the standing of one account with its explanation."""

from datetime import date

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from accounts.models import Account
from firm.paging import address
from firm.templatetags.figures import Unit
from segmentation.dashboard import DependenceTable, flags_by_kind, key_rail, mix_rows, top_shares
from segmentation.explain import explain
from segmentation.models import GroupStanding, Run
from segmentation.sentences import sentences


@require_GET
@vary_on_headers("HX-Request")
def dependence(request):
    asked = request.GET.get("as_of")
    run = stored_run(asked)
    if run is None:
        context = {"asked": asked and read_day(asked)}
        return render(request, "segmentation/no_run.html", context, status=404 if asked else 200)
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
    groups = GroupStanding.objects.on(run.as_of)
    context |= {
        "sentences": sentences(run, groups.in_a_band(), groups.visible_to(request.user)),
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
    day = read_day(asked)
    return day and Run.objects.of(day)


def read_day(text):
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@require_GET
@vary_on_headers("HX-Request")
def account_standing(request, pk):
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    day = read_day(request.GET.get("as_of", ""))
    context = {
        "account": account,
        "explanation": explain(account, as_of=day, viewer=request.user),
    }
    template = "segmentation/account_standing.html"
    if request.htmx:
        template += "#panel"
    return render(request, template, context)
