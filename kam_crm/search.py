"""Search everywhere: each room answers for itself, the menu for its pages."""

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from accounts.search import matching as accounts_matching
from firm.search import Hit
from kam_crm.shell import Shell

# A room joins with a line: matching(text, user, limit) gives the best hits first.
ROOMS = [accounts_matching]
IN_LIST, ON_PAGE = 8, 50


@require_GET
@vary_on_headers("HX-Request")
def search(request):
    # A NUL is in no name, and PostgreSQL takes none.
    text = " ".join(request.GET.get("q", "").replace("\0", "").split())
    limit = IN_LIST if request.htmx else ON_PAGE
    hits = found(text, request, limit) if text else []
    template = "kam_crm/search.html"
    if request.htmx:
        template += "#found"
    return render(request, template, {"text": text, "hits": hits})


def found(text, request, limit):
    hits = [hit for matching in ROOMS for hit in matching(text, request.user, limit)]
    return hits + list(pages_matching(text, Shell(request).entries))


def pages_matching(text, entries):
    """Pages of the reader's menu of which a word begins with `text`."""
    for entry in entries:
        if f" {text}".lower() in f" {entry.label}".lower():
            label = _("Go to %(page)s") % {"page": entry.label}
            yield Hit(label, entry.url, "arrow-right", keys=f"g{entry.key}")
