"""Flags as pages: the list, one with its history, and the answers people give."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from accounts.models import Account
from firm.keys import as_key
from firm.paging import address, page_of
from firm.templatetags.figures import full_day
from firm.toasts import say
from firm.today import today
from segmentation.actions.flags import (
    Moved,
    acknowledge,
    acknowledge_all,
    last_day_of_rest,
    put_off,
    take_up,
    wake,
)
from segmentation.agenda import answerable_of, openable
from segmentation.filters import FlagListFilter
from segmentation.forms import AcknowledgeForm, PutOffForm
from segmentation.history import history_of
from segmentation.models import Flag

ROWS = 50
ON_THE_CARD = 3
# What a list that shows flags listens to, and then asks for itself again.
CHANGED = "flags-changed"


def visible(request):
    return Flag.objects.visible_to(request.user).select_related("account")


def answerable(request, pk):
    """The flag, for those who may acknowledge it; who only sees it is refused."""
    flag = get_object_or_404(visible(request), pk=pk)
    if not answerable_of([flag], request.user):
        raise PermissionDenied
    return flag


def with_marks(flags, user):
    """The rows with what the reader may do to each: open its account, acknowledge it."""
    flags = list(flags)
    opens, may_answer = openable(flags, user), answerable_of(flags, user)
    for flag in flags:
        flag.opens = flag.account_id if flag.account_id in opens else None
        flag.may_answer = flag.pk in may_answer and not flag.cleared_on
        flag.rested_by = flag.acknowledged_by if flag.rests else None
    return flags


@require_GET
@vary_on_headers("HX-Request")
def flag_list(request):
    flags = visible(request).select_related("account", "acknowledged_by").ranked()
    filterset = FlagListFilter(request.GET, flags, request=request)
    page = page_of(filterset.qs, request.GET.get("page"), ROWS)
    rows = with_marks(page, request.user)
    context = {
        "filterset": filterset,
        "page": page,
        "flags": rows,
        "address": address(request.GET, without=["page"]),
    }
    if any(flag.may_answer for flag in rows):
        context["bulk"] = AcknowledgeForm(last=longest_rest(), auto_id="bulk_%s")
    template = "segmentation/flags.html"
    if request.htmx:
        template += "#rows"
    return render(request, template, context)


def longest_rest():
    return last_day_of_rest(Flag(severity=Flag.Severity.HIGH))


@require_GET
def flag(request, pk):
    found = get_object_or_404(
        visible(request).select_related("account", "policy", "acknowledged_by"), pk=pk
    )
    (shown,) = with_marks([found], request.user)
    context = {"flag": shown, "history": history_of(shown), "day": today()}
    return render(request, "segmentation/flag.html", context)


@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
def flag_acknowledge(request, pk):
    found = answerable(request, pk)
    if request.method == "GET":
        return answer_form(request, found, blank_form(found))
    form = AcknowledgeForm(request.POST, last=last_day_of_rest(found), auto_id=f"f{pk}_%s")
    if not form.is_valid():
        return answer_form(request, found, form, status=422)
    given = form.cleaned_data
    try:
        acknowledge(found, by=request.user, **given)
    except Moved:
        found = get_object_or_404(visible(request).select_related("acknowledged_by"), pk=pk)
        again = blank_form(found, reason=given["reason"])
        return answer_form(request, found, again, status=409, moved=True)
    text = _("%(kind)s rests until %(day)s.")
    undo = f"{reverse('segmentation:flags_wake')}?{urlencode({'flag': pk})}"
    values = {"kind": found.get_kind_display(), "day": full_day(given["until"])}
    say(request, text % values, undo=undo)
    return changed(request, pk)


def blank_form(found, **initial):
    initial |= {"seen": found.state}
    return AcknowledgeForm(
        initial=initial, last=last_day_of_rest(found), auto_id=f"f{found.pk}_%s"
    )


def answer_form(request, found, form, *, status=200, moved=False):
    template = "segmentation/flag_acknowledge.html"
    if request.htmx:
        template += "#form"
    context = {"flag": found, "form": form, "moved": moved}
    return render(request, template, context, status=status)


def changed(request, pk=None):
    """The answer to an act on flags: lists that stand on the page ask for themselves again."""
    if request.htmx:
        return HttpResponse(headers={"HX-Trigger": CHANGED})
    return redirect("segmentation:flag", pk) if pk else redirect("segmentation:flags")


@require_POST
def acknowledge_chosen(request):
    """Acknowledge the flags whose boxes were ticked; each box says what its reader saw."""
    form = AcknowledgeForm(request.POST, last=longest_rest(), auto_id="bulk_%s")
    seen = chosen(request)
    if not form.is_valid() or not seen:
        context = {"bulk": form, "none_chosen": not seen}
        return render(request, "segmentation/flags.html#bulk", context, status=422)
    given = form.cleaned_data
    flags, moved = acknowledge_all(
        seen, by=request.user, reason=given["reason"], until=given["until"]
    )
    text = ngettext("%(n)s flag rests.", "%(n)s flags rest.", len(flags)) % {"n": len(flags)}
    if moved:
        more = ngettext(
            "%(n)s had moved meanwhile and was left.",
            "%(n)s had moved meanwhile and were left.",
            moved,
        )
        text = f"{text} {more % {'n': moved}}"
    undo = urlencode([("flag", done.pk) for done in flags])
    say(request, text, undo=(flags and f"{reverse('segmentation:flags_wake')}?{undo}") or "")
    return changed(request)


def chosen(request):
    """By key the state that was seen of each ticked flag that the person may acknowledge."""
    ticked = {}
    for box in request.POST.getlist("flag")[:ROWS]:
        pk, _at, state = box.partition("@")
        if key := as_key(pk):
            ticked[key] = state
    allowed = Flag.objects.filter(pk__in=ticked).answerable_by(request.user)
    return {pk: ticked[pk] for pk in allowed.values_list("pk", flat=True)}


@require_POST
def flags_wake(request):
    """Take acknowledgements back: the undo of the acts above, and a button on what rests."""
    asked = filter(None, map(as_key, request.GET.getlist("flag")[:ROWS]))
    wake(Flag.objects.filter(pk__in=asked).answerable_by(request.user), by=request.user)
    return HttpResponse(status=204, headers={"HX-Refresh": "true"})


@require_POST
def flag_later(request, pk):
    found = get_object_or_404(visible(request).open(), pk=pk)
    form = PutOffForm(request.POST)
    if not form.is_valid():
        return HttpResponse(form.errors["until"][0], status=422, content_type="text/plain")
    later = put_off(found, by=request.user, until=form.cleaned_data["until"])
    text = _("%(kind)s comes back on %(day)s.")
    values = {"kind": found.get_kind_display(), "day": full_day(later.until)}
    say(request, text % values, undo=reverse("segmentation:flag_now", args=[pk]))
    return changed(request, pk)


@require_POST
def flag_now(request, pk):
    take_up(get_object_or_404(visible(request), pk=pk), by=request.user)
    return HttpResponse(status=204, headers={"HX-Refresh": "true"})


@require_GET
def account_flags(request, pk):
    """The lines on an account's card with what the reader may do to them."""
    accounts = Account.objects.visible_to(request.user).select_related("standing")
    account = get_object_or_404(accounts, pk=pk)
    standing = getattr(account, "standing", None)
    subjects = {account.pk, standing.group_id if standing else account.pk}
    flags = visible(request).open().filter(account__in=subjects).ranked()
    shown = with_marks(flags.select_related("account", "acknowledged_by"), request.user)
    # Those that rest stand last.
    shown.sort(key=lambda flag: flag.rests)
    context = {
        "account": account,
        "flags": shown[:ON_THE_CARD],
        "more_flags": shown[ON_THE_CARD:],
        "is_loaded": True,
    }
    return render(request, "accounts/_flags.html", context)
