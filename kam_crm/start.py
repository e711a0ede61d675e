"""My day: what needs the reader, ranked, and the book that it stands on."""

from datetime import timedelta

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from accounts.feeds.reading import alerts_for
from firm.today import today
from segmentation.agenda import QUEUE, Agenda, Book
from segmentation.models import Run


@require_GET
@vary_on_headers("HX-Request")
def start(request):
    run = Run.objects.newest()
    context = {
        "agenda": Agenda(request.user),
        "feed_alerts": alerts_for(request.user),
        "here": timezone.localdate(),
        "tomorrow": today() + timedelta(days=1),
        "queue_size": QUEUE,
        "run": run,
        "book": run and Book(request.user, run),
    }
    template = "start.html"
    if request.htmx:
        template += "#day"
    return render(request, template, context)
