"""The import desk: files that came, how they are read, and what became of them."""

from django.contrib.auth.decorators import permission_required
from django.db.models.fields.json import KT
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from accounts.importers.files import CannotRead
from accounts.importers.reading import Reading
from accounts.imports import actions, rejects
from accounts.imports.forms import ReadingForm, UploadForm
from accounts.imports.listing import ImportFilter
from accounts.imports.preview import preview_of
from accounts.imports.showing import about, waiting, workbook
from accounts.imports.sniffing import propose
from accounts.imports.targets import targets
from accounts.models import LedgerImport, Source
from firm import roles
from firm.paging import address, page_of
from firm.templatetags.figures import full_day
from firm.toasts import say

ROWS = 25
MENDED_AT_ONCE = 10
State = LedgerImport.State
feeds = permission_required(roles.FEED, raise_exception=True)


@require_GET
@feeds
@vary_on_headers("HX-Request")
def import_list(request):
    start = {name: request.GET.get(name, "") for name in ("source", "target")}
    return list_page(request, UploadForm(initial=start))


def list_page(request, form, status=200):
    # Reports hold a thousand rows each: a list reads their counts alone.
    light = LedgerImport.objects.defer("report", "reading", "header")
    counts = {name: KT(f"report__{name}") for name in ("lines", "rows", "created", "rejected")}
    imports = light.select_related("source", "by").annotate(
        **{f"n_{k}": v for k, v in counts.items()}
    )
    filterset = ImportFilter(request.GET, imports, request=request)
    context = {
        "filterset": filterset,
        "page": page_of(filterset.qs.order_by("-pk"), request.GET.get("page"), ROWS),
        "address": address(request.GET, without=["page"]),
    }
    if request.htmx and request.method == "GET":
        return render(request, "imports/list.html#rows", context)
    context |= {"form": form, "sources": Source.objects.values_list("name", flat=True)}
    return render(request, "imports/list.html", context, status=status)


@require_POST
@feeds
def upload(request):
    form = UploadForm(request.POST, request.FILES, meta=request.META)
    if not form.is_valid():
        return list_page(request, form, status=422)
    sent = form.cleaned_data["file"]
    try:
        imported = actions.receive(
            stream=sent.file,
            file_name=sent.name,
            source=form.cleaned_data["source"],
            target=form.cleaned_data["target"],
            by=request.user,
        )
    except CannotRead as error:
        form.add_error("file", str(error))
        return list_page(request, form, status=422)
    chosen, like = propose(imported)
    preview = preview_of(imported, chosen, targets()[imported.target])
    actions.save_reading(imported, chosen, header=preview.header)
    if like:
        told = _("It is read as the file of %(day)s was: check the preview and start.")
        say(request, told % {"day": full_day(like.started_at)})
    return redirect("imports:import", imported.pk)


def found(pk):
    return get_object_or_404(
        LedgerImport.objects.select_related("source", "by", "undone_by"), pk=pk
    )


@require_GET
@feeds
def import_page(request, pk):
    return page_about(request, found(pk))


def page_about(request, imported, *, form=None, status=200):
    """The page of an import: what its state asks for."""
    context = about(imported, form)
    template = "imports/import.html"
    if request.htmx:
        template += "#desk"
    return render(request, template, context, status=status)


@require_POST
@feeds
def reading(request, pk):
    """Keep how the file is to be read, and show its first rows anew."""
    imported = found(pk)
    form = posted_form(request, imported)
    if form is None:
        return refused(request, imported)
    if not form.is_valid():
        return page_about(request, imported, form=form, status=422)
    if not keep(imported, form):
        return refused(request, imported)
    if request.htmx:
        return page_about(request, imported)
    return redirect("imports:import", imported.pk)


def posted_form(request, imported):
    """The form that was sent, with the file's columns as they are read now; None where the
    import is not to be read any more."""
    if imported.state not in actions.STARTABLE or not imported.file:
        return None
    target = targets()[imported.target]
    chosen = Reading.of(imported.reading)
    header = preview_of(imported, chosen, target).header
    return ReadingForm(
        request.POST, target=target, header=header, reading=chosen, is_workbook=workbook(imported)
    )


def keep(imported, form):
    """Save the reading with the columns that the file has by it; say whether it could be."""
    target = targets()[imported.target]
    preview = preview_of(imported, form.reading, target)
    try:
        actions.save_reading(imported, form.reading, header=preview.header)
    except actions.WrongState:
        return False
    return True


def refused(request, imported):
    imported.refresh_from_db()
    say(request, _("Somebody was faster: this is how the import stands now."))
    if request.htmx:
        response = HttpResponse()
        response["HX-Refresh"] = "true"
        return response
    return page_about(request, imported, status=409)


@require_POST
@feeds
def start_import(request, pk):
    """Have a worker take the file in, or try it: `act` is `start` or `dry_run`."""
    imported = found(pk)
    act = request.POST.get("act")
    if act not in ("start", "dry_run"):
        return page_about(request, imported, status=422)
    if "decimal" in request.POST:
        form = posted_form(request, imported)
        if form is None:
            return refused(request, imported)
        if not form.is_valid():
            return page_about(request, imported, form=form, status=422)
        if not keep(imported, form):
            return refused(request, imported)
        if about(imported)["preview"].missing:
            return page_about(request, imported, status=422)
    return begin(request, imported, dry_run=act == "dry_run")


@require_POST
@feeds
def take_others(request, pk):
    """Leave the rejected rows and take the others."""
    imported = found(pk)
    if imported.state != State.ASKING:
        return refused(request, imported)
    return begin(request, imported, accept_rejected=True)


def begin(request, imported, **options):
    try:
        actions.start(imported, by=request.user, **options)
    except actions.WrongState:
        return refused(request, imported)
    return redirect("imports:import", imported.pk)


@require_GET
@feeds
def import_progress(request, pk):
    """The bar, again and again, until there is something else to show."""
    imported = found(pk)
    if imported.state != State.WAITING:
        response = HttpResponse()
        response["HX-Refresh"] = "true"
        return response
    context = {"imported": imported, **waiting(imported)}
    return render(request, "imports/import.html#progress", context)


@require_http_methods(["GET", "POST"])
@feeds
def rejected(request, pk):
    """The rejected rows, to be mended in place and sent again."""
    imported = found(pk)
    status = 200
    if request.method == "POST":
        cells = rejects.mended(imported, request.POST)
        if cells:
            try:
                again = actions.send_again(imported, cells, by=request.user)
            except actions.WrongState:
                return refused(request, imported)
            return redirect("imports:import", again.pk)
        status = 422
    rows = imported.rejected_rows.select_related("sent_again").order_by("row")
    page = page_of(rows, request.GET.get("page"), MENDED_AT_ONCE)
    context = {
        "imported": imported,
        "page": page,
        "rows": list(rejects.form_rows(imported, page)),
        "may_mend": imported.state == State.DONE,
        "none_changed": status == 422,
        "address": address(request.GET, without=["page"]),
    }
    return render(request, "imports/rejected.html", context, status=status)


@require_GET
@feeds
def rejected_file(request, pk):
    imported = found(pk)
    text = rejects.rejected_csv(imported, by=request.user)
    response = StreamingHttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rejected-{imported.pk}.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
@feeds
def discard_import(request, pk):
    imported = found(pk)
    if request.POST.get("sure") != "yes":
        return page_about(request, imported, status=422)
    try:
        actions.discard(imported)
    except actions.WrongState:
        return refused(request, imported)
    say(request, _("%(file)s was let go: nothing of it is stored.") % {"file": imported.file_name})
    if request.htmx:
        response = HttpResponse()
        response["HX-Redirect"] = reverse("imports:list")
        return response
    return redirect("imports:list")
