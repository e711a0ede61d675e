"""What a person chooses for themselves, and what they were told."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from firm.keys import as_key
from firm.models import Notification
from firm.notices import mark_read, mark_readable
from firm.paging import page_of
from firm.toasts import say

NOTICES = 25


@login_not_required
@require_POST
def choose_language(request):
    """Keep the language with the person who is signed in, else in a cookie."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = "/"
    # Not `redirect`, which would look for a route of that name.
    response = HttpResponseRedirect(back)
    language = request.POST.get("language")
    if language in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, samesite="Lax")
        if request.user.is_authenticated:
            request.user.language = language
            request.user.save(update_fields=["language"])
    return response


@require_GET
def inbox(request):
    told = Notification.objects.visible_to(request.user).in_inbox().select_related("recipient")
    page = page_of(told, request.GET.get("page"), NOTICES)
    mark_readable(page, request.user)
    return render(request, "firm/inbox.html", {"page": page})


@require_POST
def notice_open(request, pk):
    """Mark the notice read and go to what it tells of."""
    told = Notification.objects.visible_to(request.user).in_inbox()
    notice = get_object_or_404(told, pk=pk)
    mark_read(request.user, pk=pk)
    mark_readable([notice], request.user)
    return redirect(notice.link if notice.link and notice.is_readable else "firm:inbox")


@require_POST
def inbox_read(request):
    """Mark the `notice` that was named read, or every one."""
    named = request.POST.get("notice")
    count = mark_read(request.user, pk=(as_key(named) or 0) if named else None)
    if count:
        text = ngettext("%(n)s notice is read.", "%(n)s notices are read.", count)
        say(request, text % {"n": count})
    return redirect("firm:inbox")
