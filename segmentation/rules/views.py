"""The rules page: the version in force, all versions, and the way to a new one."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from firm import roles, toasts
from firm.models import Job, Policy
from firm.templatetags.figures import full_day
from firm.today import today
from segmentation.models import PolicyDraft
from segmentation.moves import Moves
from segmentation.rules import numbers
from segmentation.rules.actions import (
    Refused,
    draft_policy,
    earliest_day,
    job_of,
    newest_policy,
    put_in_force,
)
from segmentation.rules.comparing import comparison
from segmentation.rules.forms import PolicyForm

DRAFTS = 5


@require_GET
def policy(request):
    versions = list(Policy.objects.select_related("author"))
    in_force = Policy.objects.in_force(today())
    told = list(history(versions, in_force))
    planned = [version["policy"] for version in told if version["state"] == "planned"]
    context = {
        "policy": in_force,
        "planned": planned[-1] if planned else None,
        "groups": numbers.rows(in_force),
        "versions": told,
    }
    if request.user.has_perm(roles.NEW_POLICY):
        drafts = PolicyDraft.objects.filter(base=versions[0], became=None)
        context["drafts"] = drafts.select_related("author")[:DRAFTS]
    return render(request, "segmentation/policy.html", context)


def history(versions, in_force):
    """The versions, newest first, each with its state and what it changed."""
    for place, version in enumerate(versions):
        later, before = versions[:place], versions[place + 1 : place + 2]
        yield {
            "policy": version,
            "state": state_of(version, later, in_force),
            "changes": numbers.differences(before[0], version) if before else [],
            "before": before[0] if before else None,
            "is_newest": not later,
        }


def state_of(version, later, in_force):
    if version == in_force:
        return "in force"
    if any(other.valid_from <= (version.valid_from or other.valid_from) for other in later):
        return "replaced" if version.valid_from is None else "never in force"
    return "planned" if version.valid_from and version.valid_from > today() else "replaced"


@require_http_methods(["GET", "POST"])
@permission_required(roles.NEW_POLICY, raise_exception=True)
def policy_new(request):
    newest = newest_policy()
    asked = {"base": newest, "earliest": earliest_day(newest)}
    if request.method == "GET":
        form = PolicyForm(**asked, like=start_of(request.GET, newest, asked["earliest"]))
        return form_page(request, form)
    form = PolicyForm(request.POST, **asked, like=copy_of(newest))
    is_valid = form.is_valid()
    if form.is_overtaken:
        return form_page(request, form, status=409)
    if not is_valid:
        return form_page(request, form, status=422)
    draft = draft_policy(
        base=newest,
        numbers=form.changed_numbers,
        valid_from=form.cleaned_data["valid_from"],
        reason=form.cleaned_data["reason"],
        by=request.user,
    )
    return redirect("segmentation:policy_draft", draft.pk)


def form_page(request, form, status=200):
    context = {"form": form, "newest": form.newest, "earliest": form.earliest}
    context["overtaken"] = status == 409
    return render(request, "segmentation/policy_new.html", context, status=status)


def start_of(asked, newest, earliest):
    """What the form begins with: a draft, an earlier version's numbers, or the newest's."""
    draft, version = asked.get("draft", ""), asked.get("numbers_of", "")
    if draft.isdecimal() and (kept := PolicyDraft.objects.filter(pk=draft).first()):
        return kept.policy
    found = Policy.objects.filter(version=version).first() if version.isdecimal() else None
    return copy_of(found or newest, valid_from=earliest)


def copy_of(policy, valid_from=None):
    """The numbers of `policy` in a version that is not stored."""
    return Policy(**{name: getattr(policy, name) for name in numbers.NAMES}, valid_from=valid_from)


@require_GET
@permission_required(roles.NEW_POLICY, raise_exception=True)
@vary_on_headers("HX-Request")
def policy_draft(request, pk):
    return draft_page(request, found_draft(pk))


@require_POST
@permission_required(roles.NEW_POLICY, raise_exception=True)
def policy_save(request, pk):
    draft = found_draft(pk)
    try:
        version = put_in_force(draft, by=request.user)
    except Refused as refusal:
        return draft_page(request, draft, refusal=str(refusal), status=409)
    told = _("Version %(version)s is saved. It holds from %(day)s on.")
    day = full_day(version.valid_from)
    toasts.say(request, told % {"version": version.version, "day": day})
    return redirect("segmentation:policy")


def found_draft(pk):
    return get_object_or_404(PolicyDraft.objects.select_related("base", "author", "became"), pk=pk)


def draft_page(request, draft, *, refusal="", status=200):
    context = {
        "draft": draft,
        "changes": numbers.differences(draft.base, draft.policy),
        "refusal": refusal,
    }
    if draft.previewed_at:
        context["moves"] = Moves(draft.moves.all(), request.user)
        if draft.as_of:
            context["rows"] = comparison(draft.before, draft.after)
    else:
        job = job_of(draft)
        context |= {"job": job, "failed": job is None or job.state == Job.State.DEAD}
    template = "segmentation/policy_draft.html"
    if request.htmx:
        template += "#preview"
    return render(request, template, context, status=status)
