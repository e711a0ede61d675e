"""Pages of what people judge: prospects, a segment by hand, and a parent before it is saved."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.acts import allow, visible
from accounts.forms import ParentForm
from accounts.models import Account
from firm import roles
from firm.keys import as_key
from firm.toasts import say
from firm.today import today
from firm.versions import Outdated, version_of
from segmentation.actions import ratings
from segmentation.forms import OverrideForm, RatingForm
from segmentation.models import ProspectRating, Run
from segmentation.regrouping import Loop, regrouping

Rater = ProspectRating.Rater


@require_http_methods(["GET", "POST"])
def rate(request, pk):
    """The two scores side by side and their history; a form for each that the reader may give."""
    account, acts = visible(request, pk)
    raters = raters_of(request.user, account, acts)
    may_override = acts.lead and request.user.has_perm(roles.OVERRIDE)
    asked = request.POST.get("what") or (raters[0] if raters else "")
    allow(request.method == "GET" or asked in [*raters, *(["override"] if may_override else [])])
    forms = {rater: form_for(request, RatingForm, rater, asked) for rater in raters}
    override = form_for(request, OverrideForm, "override", asked) if may_override else None
    chosen = override if asked == "override" else forms.get(asked)
    if request.method == "POST" and chosen.is_valid():
        save(request, account, asked, chosen.cleaned_data)
        return redirect("segmentation:rate", pk)
    context = rating_page(account, forms) | {"override": override}
    return render(
        request,
        "segmentation/rate.html",
        context,
        status=422 if chosen and chosen.is_bound else 200,
    )


def form_for(request, form_class, what, asked):
    """The form that was sent holds what was typed, the others are empty."""
    sent = request.method == "POST" and asked == what
    return form_class(request.POST if sent else None, prefix=what)


def raters_of(user, account, acts):
    """As whom `user` may rate: as head those whom they lead, as manager what they work on."""
    raters = []
    if acts.lead and user.has_perm(roles.RATE_AS_HEAD):
        raters.append(Rater.HEAD.value)
    works = Account.objects.worked_on_by(user).filter(pk=account.pk)
    if acts.change and user.has_perm(roles.RATE) and works.exists():
        raters.append(Rater.KAM.value)
    return raters


def save(request, account, what, values):
    if what == "override":
        judged, is_new = ratings.override(account, **values, by=request.user)
        told = _("The segment is set by hand; the next night takes it up.")
    else:
        judged, is_new = ratings.rate(account, rater=what, **values, by=request.user)
        told = _("The rating is saved; the next night takes it up.")
    asked = {"what": what, "row": judged.pk, "version": version_of(judged)}
    undo = f"{reverse('segmentation:rate_undo', args=[account.pk])}?{urlencode(asked)}"
    say(request, told, undo=undo if is_new else "")


@require_POST
def rate_undo(request, pk):
    """Takes back a rating or an override that the reader has just saved."""
    account, acts = visible(request, pk)
    allow(acts.change)
    is_override = request.GET.get("what") == "override"
    rows = account.overrides if is_override else account.ratings
    judged = get_object_or_404(rows, pk=as_key(request.GET.get("row")))
    version = as_key(request.GET.get("version")) or 0
    try:
        ratings.undo(judged, version=version, by=request.user)
    except Outdated:
        say(request, _("This cannot be undone any more: it has changed since."))
        return HttpResponse(status=409, headers={"HX-Refresh": "true"})
    say(request, _("Undone."))
    return HttpResponse(headers={"HX-Refresh": "true"})


def rating_page(account, forms):
    history = list(account.ratings.select_related("author").order_by("-pk"))
    history.sort(key=lambda rating: (rating.rated_on is not None, rating.rated_on), reverse=True)
    latest: dict[str, ProspectRating] = {}
    for rating in history:
        if rating.rated_on is None or rating.rated_on <= today():
            latest.setdefault(rating.rater, rating)
    # The head rates before seeing the manager's score.
    is_blind = Rater.HEAD in forms and Rater.HEAD not in latest
    run = Run.objects.newest()
    gap = run.policy.disputed_gap if run else 2
    both = len(latest) == len(Rater)
    return {
        "account": account,
        "standing": getattr(account, "standing", None),
        "forms": [
            {"rater": rater, "label": Rater(rater).label, "form": form}
            for rater, form in forms.items()
        ],
        "scores": [{"rater": rater, "rating": latest.get(rater)} for rater in Rater],
        "history": [each for each in history if not (is_blind and each.rater == Rater.KAM)],
        "is_blind": is_blind,
        "is_disputed": both and abs(latest["kam"].score - latest["head"].score) >= gap,
        "overrides": account.overrides.select_related("author"),
    }


@require_GET
def parent_preview(request, pk):
    account, acts = visible(request, pk)
    allow(acts.change)
    form = ParentForm(request.GET, user=request.user)
    form.is_valid()
    context = {"account": account, "parent": form.cleaned_data.get("parent")}
    day = form.cleaned_data.get("day") or today()
    try:
        context["regrouping"] = regrouping(
            account, context["parent"], day=day, viewer=request.user
        )
    except Loop:
        context["is_loop"] = True
    return render(request, "segmentation/parent_preview.html", context)
