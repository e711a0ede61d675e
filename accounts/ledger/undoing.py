"""The page that takes an import back, and tells what that did."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from accounts.actions import imports
from accounts.models import LedgerEntry, LedgerImport
from firm import roles
from firm.paging import page_of
from firm.toasts import say

ROWS = 50


@require_http_methods(["GET", "POST"])
@permission_required(roles.FEED, raise_exception=True)
@vary_on_headers("HX-Request")
def undo_import(request, pk):
    known = LedgerImport.objects.select_related("source", "by", "undone_by")
    imported = get_object_or_404(known, pk=pk)
    if request.method == "POST":
        return undone(request, imported)
    if request.htmx.target == "outlook" and imported.undone_at:
        return HttpResponse(headers={"HX-Refresh": "true"})
    template = "accounts/undo_import.html"
    if request.htmx:
        template += "#left" if imported.undone_at else "#outlook"
    return render(request, template, told(request, imported))


def told(request, imported):
    """What the page says: what was done, that it is being done, or what would be."""
    context = {"imported": imported}
    if imported.undone_at:
        return context | {"left": left_lines(request, imported)}
    if job := imports.asked_for(imported):
        return context | {"job": job}
    if imports.is_large(imported) and not request.htmx:
        return context | {"is_counting": True}
    try:
        return context | {"outlook": imports.outlook(imported)}
    except imports.CannotUndo:
        return context


def left_lines(request, imported):
    seen = LedgerEntry.with_withdrawn.visible_to(request.user)
    lines = imported.left_lines.filter(entry__in=seen).select_related(
        "entry__account", "kept_by__source", "kept_by__by"
    )
    return page_of(lines, request.GET.get("page"), ROWS)


def planned(request, imported):
    """A worker does it: it takes its time, or waits for an import that is on its way."""
    imports.ask_for_undo(imported, by=request.user)
    say(request, _("%(file)s is being undone.") % {"file": imported.file_name})
    return redirect("ledger:undo_import", imported.pk)


def undone(request, imported):
    if imports.is_large(imported) and imports.undoable(imported):
        return planned(request, imported)
    try:
        found = imports.undo(imported, by=request.user, wait=False)
    except imports.Busy:
        return planned(request, imported)
    except imports.CannotUndo:
        say(request, _("The import was not undone: it is undone already, or too old."))
        return redirect("ledger:undo_import", imported.pk)
    text = _("%(file)s is undone. The next run counts without it.")
    if found.left:
        text = ngettext(
            "%(file)s is undone but for %(n)s line.",
            "%(file)s is undone but for %(n)s lines.",
            found.left,
        )
    say(request, text % {"file": imported.file_name, "n": found.left})
    return redirect("ledger:undo_import", imported.pk)
