"""The pages of webhooks: where they point, what was sent, and what came of it."""

from functools import partial

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from firm import roles
from firm.models import Webhook
from firm.paging import address, page_of
from firm.toasts import say
from firm.webhooks import actions
from firm.webhooks.forms import LogFilter, WebhookForm
from firm.webhooks.reading import log_of, with_last_call
from firm.webhooks.signing import secret_of

ROWS = 25
# Names in the session the webhook whose secret the next page shows, once.
SECRET_OF = "webhook_secret_of"  # noqa: S105
keeper = partial(permission_required, roles.MANAGE_WEBHOOKS, raise_exception=True)


def visible(request, pk):
    webhooks = Webhook.objects.visible_to(request.user).select_related("owner")
    return get_object_or_404(webhooks, pk=pk)


@require_GET
@keeper()
@vary_on_headers("HX-Request")
def webhooks(request):
    seen = with_last_call(Webhook.objects.visible_to(request.user)).order_by("pk")
    page = page_of(seen, request.GET.get("page"), ROWS)
    template = "firm/webhooks.html"
    if request.htmx:
        template += "#webhooks"
    return render(request, template, {"page": page})


@require_http_methods(["GET", "POST"])
@keeper()
def new(request):
    form = WebhookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create(**form.cleaned_data, by=request.user)
        except actions.TooMany:
            most = {"most": actions.MOST}
            form.add_error(None, _("You have %(most)d webhooks: delete one first.") % most)
        else:
            request.session[SECRET_OF] = made.pk
            say(request, _("The webhook is made."))
            return redirect("firm:webhook", made.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "firm/webhook_form.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@keeper()
def edit(request, pk):
    webhook = visible(request, pk)
    stored = {name: getattr(webhook, name) for name in WebhookForm.base_fields}
    is_sent = request.method == "POST"
    form = WebhookForm(request.POST if is_sent else None, initial=stored)
    if is_sent and form.is_valid():
        actions.change(webhook, form.cleaned_data, by=request.user)
        say(request, _("The webhook is saved."))
        return redirect("firm:webhook", pk)
    context = {"form": form, "webhook": webhook}
    return render(request, "firm/webhook_form.html", context, status=422 if is_sent else 200)


@require_GET
@keeper()
@never_cache
@vary_on_headers("HX-Request")
def webhook(request, pk):
    found = visible(request, pk)
    narrowing = LogFilter(request.GET)
    context = {
        "webhook": found,
        "narrowing": narrowing,
        "page": page_of(narrowing.narrow(log_of(found)), request.GET.get("page"), ROWS),
        "address": address(request.GET, without=["page"]),
    }
    if request.htmx:
        return render(request, "firm/webhook.html#log", context)
    if request.session.get(SECRET_OF) == pk:
        del request.session[SECRET_OF]
        context["secret"] = secret_of(found)
    return render(request, "firm/webhook.html", context)


@require_GET
@keeper()
def delivery(request, pk, number):
    found = visible(request, pk)
    sent = get_object_or_404(found.deliveries, pk=number)
    return render(request, "firm/webhook_delivery.html", {"webhook": found, "delivery": sent})


@require_POST
@keeper()
def send_test(request, pk):
    actions.send_test(visible(request, pk), by=request.user)
    say(request, _("A test is on its way: it stands in the log below."))
    return redirect("firm:webhook", pk)


@require_POST
@keeper()
def rotate(request, pk):
    actions.rotate(visible(request, pk), by=request.user)
    request.session[SECRET_OF] = pk
    say(request, _("The secret is changed. The old one signs beside it for 24 hours."))
    return redirect("firm:webhook", pk)


@require_POST
@keeper()
def enable(request, pk):
    actions.enable(visible(request, pk), by=request.user)
    say(request, _("The webhook is told again what happens."))
    return back(request, pk)


@require_POST
@keeper()
def switch_off(request, pk):
    actions.switch_off(visible(request, pk), by=request.user)
    undo = reverse("firm:webhook_enable", args=[pk])
    say(request, _("The webhook is switched off."), undo=undo)
    return back(request, pk)


def back(request, pk):
    """To the webhook's page, where the act stood or where it was undone."""
    if request.htmx:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return redirect("firm:webhook", pk)


@require_POST
@keeper()
def delete(request, pk):
    actions.delete(visible(request, pk), by=request.user)
    say(request, _("The webhook and its log are deleted."))
    return redirect("firm:webhooks")


@require_POST
@keeper()
def send_again(request, pk, number):
    sent = get_object_or_404(visible(request, pk).deliveries, pk=number)
    try:
        actions.send_again(sent, by=request.user)
    except actions.Unfinished:
        say(request, _("It is under way already."))
    else:
        say(request, _("It is sent again, under the same id."))
    return redirect("firm:webhook_delivery", pk, number)
