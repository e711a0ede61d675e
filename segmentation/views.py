"""The dashboard of dependence, and explanations of accounts and of the firm."""

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from accounts.models import Account
from firm import roles
from firm.paging import address
from firm.templatetags.figures import Unit, plain
from firm.today import read_day
from segmentation.dashboard import (
    DependenceTable,
    flags_by_kind,
    key_rail,
    mix_rows,
    top_shares,
)
from segmentation.days import NIGHTS, Page, month_ends, stored_days
from segmentation.drawing import rulers
from segmentation.explain import NoRun, ledger_lines, tell
from segmentation.explain_text import as_text
from segmentation.firm_figures import explain_firm, firm_history
from segmentation.firm_parts import LABELS, first_fifth
from segmentation.method import method
from segmentation.models import Band, GroupStanding, Run, StandingHistory
from segmentation.movers import DAYS as MOVER_DAYS
from segmentation.movers import Movers, days_computed, read_since
from segmentation.naming import names_of
from segmentation.pareto import chart_data, pareto
from segmentation.proofs import NUMBERS, history, numbers
from segmentation.reading import reading_on, stored
from segmentation.sentences import mix as mix_sentences
from segmentation.sentences import sentences


@require_GET
@vary_on_headers("HX-Request")
def dependence(request):
    asked = request.GET.get("as_of")
    run = stored_run(asked)
    if run is None:
        return no_run(request, asked)
    days = days_computed()
    context = {
        "run": run,
        "unit": Unit.for_total(run.facts["currency"], run.summary["total"]),
        "address": address(request.GET, without=["page", "since", "moved"]),
        **day_asked(asked, run),
    }
    if request.htmx and request.htmx.target == "movers":
        context |= moved(request, run, days)
        return render(request, "segmentation/dependence.html#movers", context)
    context |= depended_on(request, run, days)
    if request.htmx:
        return render(request, "segmentation/dependence.html#table", context)
    banded = list(GroupStanding.objects.on(run.as_of).in_a_band())
    context |= moved(request, run, days)
    context |= {
        "sentences": sentences(run, banded, names_of(banded, request.user)),
        "mix_says": next(mix_sentences(run), None),
        "rail": key_rail(run),
        "tops": top_shares(run),
        "mix": mix_rows(run),
        "flags": flags_by_kind(run, request.user),
        "pareto": drawn_pareto(request, run, context["unit"]),
    }
    return render(request, "segmentation/dependence.html", context)


def day_asked(asked, run):
    """What addresses of figures carry on, where the page is of an older day."""
    on_day = f"as_of={run.as_of}" if asked else ""
    return {"on_day": on_day, "and_day": f"&{on_day}" if on_day else ""}


def depended_on(request, run, days):
    level = "accounts" if request.GET.get("level") == "accounts" else "groups"
    return {
        "level": level,
        "share_figure": "share" if level == "accounts" else "group_share",
        "table": DependenceTable(run, request.user, level, request.GET.get("page"), days),
        "address_without_level": address(request.GET, without=["page", "level", "since", "moved"]),
    }


def moved(request, run, days):
    asked = request.GET.get("since")
    since = read_since(asked and read_day(asked), run.as_of, days)
    everything = request.GET.get("moved") == "all"
    return {
        "days": [day for day in days if day < run.as_of][:MOVER_DAYS],
        "since": since,
        "movers": since and Movers(run, since, request.user, everything=everything),
        "address_of_movers": address(request.GET, without=["page", "moved"]),
    }


@require_GET
@vary_on_headers("HX-Request")
def pareto_table(request):
    """What the curve of Pareto draws, to be read."""
    asked = request.GET.get("as_of")
    run = stored_run(asked)
    if run is None:
        return no_run(request, asked)
    context = {
        "run": run,
        "unit": Unit.for_total(run.facts["currency"], run.summary["total"]),
        "pareto": pareto(run, request.user),
    }
    template = "segmentation/pareto.html"
    if request.htmx:
        template += "#table"
    return render(request, template, context)


def drawn_pareto(request, run, unit):
    told = pareto(run, request.user)
    limits = {
        "a": float(run.policy.abc_a),
        "b": float(run.policy.abc_b),
        "say": {
            "basis": str(run.get_basis_display()),
            "unit": unit.label,
            "cumulated": _("together"),
            "percent": _("%% of %(basis)s") % {"basis": run.get_basis_display()},
            "a": _("A up to %(limit)s %%") % {"limit": plain(run.policy.abc_a, "free")},
            "b": _("B up to %(limit)s %%") % {"limit": plain(run.policy.abc_b, "free")},
        },
    }
    return told | {
        "data": chart_data(told["bars"], unit, limits),
        "fifth": first_fifth(run),
    }


def stored_run(asked):
    """The run of the day that was asked for, the newest where none was; None where none ran."""
    return Run.objects.asked_for(asked and read_day(asked))


# What addresses may call a figure that goes by another name in the explanation.
OTHER_NAMES = {"band": "group_share", "rank": "abc", "class": "abc"}


@require_GET
@vary_on_headers("HX-Request")
def explain_account(request, pk):
    """Why an account stands where it does: one figure in full, the others beside it."""
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    asked = request.GET.get("as_of")
    try:
        reading = reading_of(account, asked and read_day(asked), request.user)
    except NoRun:
        return no_run(request, asked)
    explanation = tell(reading, request.user)
    if request.GET.get("as") == "text":
        text = as_text(explanation, ledger_lines(reading.account, explanation))
        return HttpResponse(text, content_type="text/plain; charset=utf-8")
    figure = opened(explanation, request.GET.get("figure", ""))
    context = {
        "account": reading.account,
        "explanation": explanation,
        "run": reading.run,
        "row": reading.row,
        "figure": figure,
        **day_asked(asked, reading),
        "charted": not request.htmx,
    }
    if figure:
        context |= {
            "terms": figure["terms"],
            "rulers": drawn_scale(figure["terms"]),
            "numbers": numbers(reading.policy, NUMBERS[figure["name"]]),
            "history": history(reading, figure["name"]),
        }
    template = "segmentation/explain_account.html"
    if request.htmx:
        template += "#content"
    return render(request, template, context)


def reading_of(account, day, user):
    """The account on the day. A root that bought nothing speaks for its group through the
    largest account of it that `user` sees."""
    reading = stored(account, day)
    if reading.row is None:
        members = StandingHistory.objects.filter(as_of=reading.as_of, group=account)
        largest = members.visible_to(user).select_related("account").order_by("rank").first()
        if largest:
            reading = reading_on(reading.run, largest.account)
    return reading


def opened(explanation, asked):
    """The figure that was asked for; the band where there is one, else the segment."""
    figures = {figure["name"]: figure for figure in explanation["figures"]}
    name = OTHER_NAMES.get(asked, asked)
    if name in figures or not figures:
        return figures.get(name)
    in_a_band = figures["group_share"]["inputs"]["band"] != Band.NONE
    return figures["group_share" if in_a_band else "segment"]


def drawn_scale(terms):
    return rulers(terms["scale"]) if terms and "scale" in terms else []


@require_GET
@vary_on_headers("HX-Request")
def explain_figure(request, figure):
    """Where a figure of the whole firm comes from."""
    if figure not in LABELS:
        raise Http404
    asked = request.GET.get("as_of")
    run = stored_run(asked)
    if run is None:
        return no_run(request, asked)
    explanation = explain_firm(figure, run, request.user)
    context = {
        "explanation": explanation,
        "terms": explanation["terms"],
        "rulers": drawn_scale(explanation["terms"]),
        "history": firm_history(figure, run),
        "run": run,
        **day_asked(asked, run),
        "charted": not request.htmx,
    }
    template = "segmentation/explain_figure.html"
    if request.htmx:
        template += "#content"
    return render(request, template, context)


@require_GET
@permission_required(roles.PORTFOLIO, raise_exception=True)
@vary_on_headers("HX-Request", "HX-Current-URL")
def days(request):
    """The stored days that a page can be asked for, as links and as a field."""
    # A list that was narrowed since it was loaded stands in the browser's address only.
    page = Page.of(request.htmx.current_url_abs_path or request.GET.get("page", ""))
    stored = stored_days()
    context = {
        "page": page,
        "newest": stored[0] if stored else None,
        "first": stored[-1] if stored else None,
        "shown": page.asked if page.asked in stored else next(iter(stored), None),
        "nights": stored[:NIGHTS],
        "month_ends": month_ends(stored[NIGHTS:]),
    }
    template = "segmentation/days.html"
    if request.htmx:
        template += "#days"
    return render(request, template, context)


@require_GET
def method_page(request):
    return render(request, "segmentation/method.html", {"method": method()})


def no_run(request, asked):
    context = {"asked": asked and read_day(asked)}
    return render(request, "segmentation/no_run.html", context, status=404 if asked else 200)
