"""The account list and the card of one account."""

from django.conf import settings
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from accounts.acts import acts_of
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
        "acts": acts_of(account, request.user),
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
