"""Panels of an account's card that the numbers fill, each loaded by itself."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from accounts.models import Account
from firm.paging import address
from firm.templatetags.figures import Unit
from firm.today import read_day
from segmentation.models import GroupStanding, Run, StandingHistory
from segmentation.months import MEASURES, Months
from segmentation.past import share_chart, stored_days, turns_of_flags

MEMBERS = 50


@require_GET
@vary_on_headers("HX-Request")
def account_months(request, pk):
    account, run = account_and_run(request, pk)
    asked = request.GET.get("measure")
    context = {"measure": asked if asked in MEASURES else MEASURES[0]}
    if run:
        months, unit = Months(account, run), unit_of(run)
        context |= {"months": months, "chart": months.chart(context["measure"], unit)}
    context["address"] = address(request.GET, without=["measure"])
    return panel(request, "segmentation/account_months.html", account, run, context)


@require_GET
@vary_on_headers("HX-Request")
def account_group(request, pk):
    account, run = account_and_run(request, pk)
    context = group_of(account, run, request.user) if run else {}
    return panel(request, "segmentation/account_group.html", account, run, context)


@require_GET
@vary_on_headers("HX-Request")
def account_history(request, pk):
    account, run = account_and_run(request, pk)
    rows = stored_days(account)
    context = {
        "rows": rows,
        "chart": share_chart(rows),
        "turns": turns_of_flags(account, request.user, {row.group_id for row in rows}),
    }
    return panel(request, "segmentation/account_history.html", account, run, context)


def account_and_run(request, pk):
    """The account, and the run of the day that was asked for, or the newest; None before any."""
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    asked = request.GET.get("as_of")
    run = Run.objects.asked_for(asked and read_day(asked))
    if asked and run is None:
        raise Http404
    return account, run


def unit_of(run):
    return Unit.for_total(run.facts["currency"], run.summary["total"])


def panel(request, template, account, run, context):
    if request.htmx:
        template += "#panel"
    shown = {"account": account, "run": run, "unit": run and unit_of(run)}
    return render(request, template, shown | context)


def group_of(account, run, user):
    """The group of `account` by its members: those that `user` may open, the others as one row.

    The group's name and what it comes to are for those who see its root or work on an account
    of it: who sees one branch alone learns only that there are others.
    """
    day = StandingHistory.objects.filter(as_of=run.as_of)
    standing = day.filter(account=account).first()
    if standing is None:
        return {}
    stored = GroupStanding.objects.on(run.as_of).select_related("group")
    group = stored.get(group=standing.group_id)
    members = day.filter(group=group.group_id).select_related("account").order_by("rank")
    visible = list(members.visible_to(user)[:MEMBERS])
    return {
        "standing": standing,
        "group": group,
        "members": visible,
        "others": others(group, visible),
        "is_known": stored.known_to(user).filter(pk=group.pk).exists(),
    }


def others(group, members):
    """What the group has beside `members`."""
    seen = {name: sum(getattr(row, name) for row in members) for name in ("turnover", "income")}
    return {
        "count": group.accounts - len(members),
        "turnover": group.turnover - seen["turnover"],
        "income": group.income - seen["income"],
    }
