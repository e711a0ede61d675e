"""Feeds: when each source delivers, what was odd, and whether its months agree with ours."""

from datetime import date

from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from accounts.feeds import actions, reading
from accounts.feeds.drift import NUMBERS
from accounts.feeds.forms import FeedForm, TotalForm
from accounts.feeds.totals import is_over, lines_of
from accounts.importers.shapes import CURRENCIES
from accounts.importers.totals import MONTH
from accounts.models import ControlTotal, Feed, Source
from firm import roles
from firm.paging import address, page_of
from firm.toasts import say
from firm.versions import Outdated, asked_version, differences, picked, version_of

ROWS = 25
feeds = permission_required(roles.FEED, raise_exception=True)


@require_GET
@feeds
@vary_on_headers("HX-Request")
def feed_list(request):
    page = page_of(Source.objects.order_by("name"), request.GET.get("page"), ROWS)
    context = {
        "page": page,
        "rows": reading.delivered(page),
        "address": address(request.GET, without=["page"]),
        "zone": settings.TIME_ZONE,
    }
    template = "feeds/list.html"
    if request.htmx:
        template += "#rows"
    return render(request, template, context)


@require_http_methods(["GET", "POST"])
@feeds
def source(request, pk):
    found = get_object_or_404(Source, pk=pk)
    feed = Feed.objects.filter(source=found).first() or Feed(source=found)
    if request.method == "GET":
        return source_page(request, found, FeedForm(instance=feed), version_of(feed))
    version = asked_version(request.POST)
    form = FeedForm(picked(request.POST, feed, FeedForm.Meta.fields), instance=feed)
    if not form.is_valid():
        return source_page(request, found, form, version)
    try:
        actions.expect(found, form.cleaned_data, version=version, by=request.user)
    except Outdated:
        stored = Feed.objects.get(source=found)
        place = reverse("feeds:source", args=[pk])
        return conflict_page(request, found, form, version, stored, place)
    say(request, _("It is saved when %(source)s is expected.") % {"source": found.name})
    return redirect("feeds:source", pk)


def source_page(request, found, form, version):
    (row,) = reading.delivered([found])
    context = {
        "source": found,
        "row": row,
        "form": form,
        "version": version,
        "deliveries": reading.deliveries_of(found),
        "numbers": NUMBERS,
        "zone": settings.TIME_ZONE,
    }
    status = 422 if form.is_bound else 200
    return render(request, "feeds/source.html", context, status=status)


def conflict_page(request, found, form, version, stored, place):
    apart = differences(form, version)
    names = [difference.field.name for difference in apart]
    context = {
        "source": found,
        "differences": apart,
        "agreed": [each for each in form if each.name not in names],
        "version": version_of(stored),
        "address": place,
    }
    return render(request, "feeds/conflict.html", context, status=409)


@require_http_methods(["GET", "POST"])
@feeds
@vary_on_headers("HX-Request")
def totals(request, pk):
    """The months that a source has told the totals of; `edit` names one that is changed."""
    found = get_object_or_404(Source, pk=pk)
    if request.method == "GET":
        edited = edited_total(request, found)
        start = TotalForm(instance=edited)
        return totals_page(request, found, start, version_of(edited) if edited else 0)
    version = asked_version(request.POST)
    form = TotalForm(request.POST, instance=ControlTotal(source=found))
    if not form.is_valid():
        return totals_page(request, found, form, version)
    said = form.cleaned_data
    stored = ControlTotal.objects.filter(
        source=found, month=said["month"], currency=said["currency"]
    ).first()
    if stored:
        form = TotalForm(picked(request.POST, stored, TotalForm.Meta.fields), instance=stored)
        if not form.is_valid():
            return totals_page(request, found, form, version)
    try:
        total, is_new = actions.enter_total(
            found, form.cleaned_data, version=version, by=request.user
        )
    except Outdated:
        place = reverse("feeds:totals", args=[pk])
        if stored is None:
            say(request, _("Somebody took this control total away: this is how it stands now."))
            return totals_page(request, found, TotalForm(), 0, status=409)
        return conflict_page(request, found, form, version, stored, place)
    told = _("%(month)s is entered.") if is_new else _("%(month)s is corrected.")
    say(request, told % {"month": total.key})
    return redirect("feeds:totals", pk)


def edited_total(request, found):
    asked = request.GET.get("edit", "")
    if not asked:
        return None
    return get_object_or_404(found.control_totals, pk=asked if asked.isdecimal() else None)


def totals_page(request, found, form, version, status=200):
    page = page_of(found.control_totals.all(), request.GET.get("page"), ROWS)
    for total in page:
        total.is_over = is_over(total)
    context = {
        "source": found,
        "page": page,
        "address": address(request.GET, without=["page", "edit"]),
        "form": form,
        "version": version,
    }
    if request.htmx and request.method == "GET":
        return render(request, "feeds/totals.html#months", context)
    status = 422 if form.is_bound and status == 200 else status
    return render(request, "feeds/totals.html", context, status=status)


@require_POST
@feeds
def total_remove(request, pk, total):
    found = get_object_or_404(Source, pk=pk)
    gone = found.control_totals.filter(pk=total).first()
    if gone:
        actions.remove_total(gone, by=request.user)
        say(request, _("%(month)s has no control total any more.") % {"month": gone.key})
    return redirect("feeds:totals", pk)


@require_GET
@feeds
@vary_on_headers("HX-Request")
def month(request, pk, month):
    """The lines of a month as the source booked them, and the imports that made them."""
    found = get_object_or_404(Source, pk=pk)
    if not MONTH.fullmatch(month) or len(month) != len("2024-02"):
        raise Http404
    first = date.fromisoformat(f"{month}-01")
    asked = request.GET.get("currency", "")
    currency = asked if asked in CURRENCIES else ""
    lines = lines_of(found, first).visible_to(request.user)
    if currency:
        lines = lines.filter(currency=currency)
    listed = lines.select_related("account", "imported").order_by("booked_on", "pk")
    context = {
        "source": found,
        "month": first,
        "currency": currency,
        "page": page_of(listed, request.GET.get("page"), ROWS, counted=lines),
        "address": address(request.GET, without=["page"]),
    }
    if request.htmx:
        return render(request, "feeds/month.html#lines", context)
    context["totals"] = found.control_totals.filter(month=first)
    context["makers"] = list(reading.makers_of(lines)[:50])
    return render(request, "feeds/month.html", context)
