"""The account list and the card of one account."""

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from accounts.acts import acts_of
from accounts.card import addresses, figures_of, open_flags, run_of, standing_on
from accounts.export import csv_of, xlsx_of
from accounts.lines import LineFilter, csv_rows, lines_of, product_lines_of, sums_of
from accounts.listing import Listing, NoDay
from accounts.models import Account
from accounts.record import record_of
from firm import roles
from firm.paging import address, page_of
from firm.today import read_day, today

LINES = 25
NEWEST_LINES = 8
FLAGS_OPEN = 3
BRANCHES = 20


@require_GET
@vary_on_headers("HX-Request")
def account_list(request):
    try:
        listing = Listing(request)
    except NoDay:
        return no_run(request)
    template = "accounts/account_list.html"
    if request.htmx:
        template += "#rows"
    return render(request, template, {"listing": listing, "page": listing.page})


@require_GET
@permission_required(roles.EXPORT, raise_exception=True)
def export_csv(request):
    listing = Listing(request)
    response = StreamingHttpResponse(csv_of(listing), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name(listing)}.csv"'
    return response


@require_GET
@permission_required(roles.EXPORT, raise_exception=True)
def export_xlsx(request):
    listing = Listing(request)
    name = f"{file_name(listing)}.xlsx"
    return FileResponse(xlsx_of(listing), as_attachment=True, filename=name)


def file_name(listing):
    return f"accounts-{listing.run.as_of if listing.run else listing.day}"


@require_GET
def account_card(request, pk):
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    asked = request.GET.get("as_of")
    run = run_of(asked)
    if asked and run is None:
        return no_run(request)
    standing = standing_on(account, run)
    flags = [] if asked else open_flags(account, standing, request.user)
    context = {
        "account": account,
        "run": run,
        "asked": asked,
        "standing": standing,
        "flags": flags[:FLAGS_OPEN],
        "more_flags": flags[FLAGS_OPEN:],
        "acts": acts_of(account, request.user),
        **figures_of(account, run, standing),
        **addresses(pk, asked),
        **people_and_places(account, request.user, run.as_of if asked else today()),
    }
    return render(request, "accounts/account_card.html", context)


def no_run(request):
    """The answer for a day that no run has stored."""
    asked = {"asked": read_day(request.GET["as_of"])}
    return render(request, "segmentation/no_run.html", asked, status=404)


def people_and_places(account, user, day):
    """Owner, team, parent and branches on `day`.

    Of the accounts round it a reader knows the names of those that they see; who works on the
    account knows them all. `openable` are those that may be opened, `unnamed` counts the rest.
    """
    parents = account.parentages.in_force(day).select_related("parent")
    above = [link.parent for link in parents]
    links = account.branches.in_force(day).select_related("account")
    below = [link.account for link in links[: BRANCHES + 1]]
    relatives = [relative.pk for relative in [*above, *below]]
    openable = set(
        Account.objects.visible_to(user).filter(pk__in=relatives).values_list("pk", flat=True)
    )
    works_here = Account.objects.worked_on_by(user).filter(pk=account.pk).exists()
    known = set(relatives) if works_here else openable
    return {
        "ownership": account.ownerships.in_force(day).select_related("owner").first(),
        "team": account.team.in_force(day).select_related("user"),
        "works_here": works_here,
        "above": [relative for relative in above if relative.pk in known],
        "below": [relative for relative in below[:BRANCHES] if relative.pk in known],
        "has_more_below": len(below) > BRANCHES,
        "openable": openable,
        "unnamed": len(relatives) - len(known),
    }


@require_GET
@vary_on_headers("HX-Request")
def account_record(request, pk):
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    template = "accounts/account_record.html"
    if request.htmx:
        template += "#panel"
    context = {"account": account, "record": record_of(account, request.user)}
    return render(request, template, context)


@require_GET
@vary_on_headers("HX-Request")
def account_newest_lines(request, pk):
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    template = "accounts/account_newest_lines.html"
    if request.htmx:
        template += "#panel"
    lines, until = lines_of(account), request.GET.get("as_of")
    if until:
        lines = lines.filter(booked_on__lte=read_day(until))
    context = {"account": account, "lines": lines[:NEWEST_LINES], "until": until}
    return render(request, template, context)


@require_GET
def account_lines_file(request, pk):
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    if not request.user.has_perm(roles.EXPORT):
        raise PermissionDenied
    filterset = LineFilter(request.GET, lines_of(account), request=request)
    rows = csv_rows(account, filterset.qs.select_related("product_line", "source"))
    response = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="ledger-lines-{account.pk}.csv"'
    return response


@require_GET
@vary_on_headers("HX-Request")
def account_lines(request, pk):
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    filterset = LineFilter(request.GET, lines_of(account), request=request)
    context = {
        "account": account,
        "filterset": filterset,
        "page": page_of(filterset.qs, request.GET.get("page"), LINES),
        "sums": sums_of(filterset.qs),
        "address": address(request.GET, without=["page"]),
    }
    if request.htmx:
        return render(request, "accounts/account_lines.html#lines", context)
    context["product_lines"] = product_lines_of(account)
    return render(request, "accounts/account_lines.html", context)
