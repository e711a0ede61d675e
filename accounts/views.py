"""The account list and the card of one account."""

from django.conf import settings
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from accounts.listing import DEFAULT_SORT, ListFilter, headings, in_order
from accounts.models import Account, LedgerEntry
from firm.paging import address, page_of
from firm.today import today

LINES = 25
FLAGS_OPEN = 3
BRANCHES = 20


@require_GET
@vary_on_headers("HX-Request")
def account_list(request):
    accounts = Account.objects.visible_to(request.user).select_related("standing")
    filterset = ListFilter(request.GET, accounts, request=request)
    sort = request.GET.get("sort") or DEFAULT_SORT
    rows = in_order(filterset.qs.with_owner(today()), sort)
    context = {
        "filterset": filterset,
        "page": page_of(rows, request.GET.get("page")),
        "columns": headings(request.GET, sort),
        "address": address(request.GET, without=["page"]),
        "sort": sort,
    }
    template = "accounts/account_list.html"
    if request.htmx:
        template += "#rows"
    return render(request, template, context)


@require_GET
def account_card(request, pk):
    accounts = Account.objects.visible_to(request.user)
    account = get_object_or_404(accounts.select_related("standing__group"), pk=pk)
    flags = open_flags(account)
    context = {
        "account": account,
        "standing": getattr(account, "standing", None),
        "flags": flags[:FLAGS_OPEN],
        "more_flags": flags[FLAGS_OPEN:],
        "panels": [reverse(name, args=[pk]) for name in settings.ACCOUNT_PANELS],
        "page": lines_of(request, account),
        **people_and_places(account, accounts, today()),
    }
    return render(request, "accounts/account_card.html", context)


def open_flags(account):
    """Open flags of the account and of its group, the worst first."""
    flags = list(account.flags.open().ranked())
    standing = getattr(account, "standing", None)
    if standing and standing.group_id != account.pk:
        flags += standing.group.flags.open().ranked()
    return sorted(flags, key=lambda flag: -flag.severity)


def people_and_places(account, visible, day):
    """Owner, team and relatives on `day`; `openable` are the relatives that may be opened.

    Whoever sees an account sees the names of its group, and opens only the visible ones.
    """
    parent = account.parentages.in_force(day).select_related("parent").first()
    branches = list(account.branches.in_force(day).select_related("account")[: BRANCHES + 1])
    relatives = [link.account_id for link in branches] + [
        link.parent_id for link in [parent] if link
    ]
    return {
        "ownership": account.ownerships.in_force(day).select_related("owner").first(),
        "team": account.team.in_force(day).select_related("user"),
        "parent": parent and parent.parent,
        "branches": [link.account for link in branches[:BRANCHES]],
        "has_more_branches": len(branches) > BRANCHES,
        "openable": set(visible.filter(pk__in=relatives).values_list("pk", flat=True)),
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
