"""The account list and the card of one account."""

from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.http import FileResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from accounts.export import csv_of, xlsx_of
from accounts.listing import Listing
from accounts.models import Account, LedgerEntry
from firm import roles
from firm.paging import page_of
from firm.today import today

LINES = 25
FLAGS_OPEN = 3
BRANCHES = 20


@require_GET
@vary_on_headers("HX-Request")
def account_list(request):
    listing = Listing(request)
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
    accounts = Account.objects.visible_to(request.user).select_related("standing__group")
    account = get_object_or_404(accounts, pk=pk)
    flags = open_flags(account, request.user)
    context = {
        "account": account,
        "standing": getattr(account, "standing", None),
        "flags": flags[:FLAGS_OPEN],
        "more_flags": flags[FLAGS_OPEN:],
        "panels": [reverse(name, args=[pk]) for name in settings.ACCOUNT_PANELS],
        "page": lines_of(request, account),
        **people_and_places(account, request.user, today()),
    }
    return render(request, "accounts/account_card.html", context)


def open_flags(account, user):
    """Open flags of the account and of its group, the worst first, of those `user` may see."""
    flags = list(account.flags.open().ranked())
    standing = getattr(account, "standing", None)
    if standing and standing.group_id != account.pk:
        flags += standing.group.flags.visible_to(user).open().ranked()
    return sorted(flags, key=lambda flag: -flag.severity)


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
def account_lines(request, pk):
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    template = "accounts/account_lines.html"
    if request.htmx:
        template += "#lines"
    return render(request, template, {"account": account, "page": lines_of(request, account)})


def lines_of(request, account):
    lines = LedgerEntry.objects.filter(account=account).select_related("product_line")
    return page_of(lines, request.GET.get("page"), LINES)
