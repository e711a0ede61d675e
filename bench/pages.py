"""Pages of a signed-in director against the page shell with nothing in it, in this process.

Rows are as those of `report`: what, at, measured, against, ratio, must reach.
"""

import statistics
import time
from contextlib import contextmanager

from django.conf import settings
from django.db import connection
from django.shortcuts import render
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import include, path

from firm.models import Role, RoleMembership, User

SHELL = "/bench/empty/"
ROUNDS = 100


def empty(request):
    return render(request, "base.html")


urlpatterns = [path("bench/empty/", empty), path("", include("kam_crm.urls"))]


@contextmanager
def reader():
    """A signed-in director, on the pages as production serves them."""
    # Debugging would keep every statement.
    with override_settings(ROOT_URLCONF="bench.pages", DEBUG=False):
        user = User.objects.create_user("bench@example.com", name="Bench")
        RoleMembership.objects.create(user=user, role=Role.objects.get(code="director"))
        client = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
        client.force_login(user)
        try:
            yield client
        finally:
            RoleMembership.objects.filter(user=user).delete()
            user.delete()


def milliseconds(client, address, **extra):
    began = time.perf_counter()
    response = client.get(address, **extra)
    spent = (time.perf_counter() - began) * 1000
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered {response.status_code}")
    return spent


def p95(taken):
    return statistics.quantiles(taken, n=20)[-1]


def pages(first):
    """Name, addresses asked in turn, what must be reached in times the shell and in queries."""
    cards = [f"/accounts/{first + 997 * n}/" for n in range(ROUNDS)]
    return [
        (
            "account list, 50 rows, filtered and sorted on a standing",
            ["/accounts/?segment=typical&sort=-income"],
            8,
            12,
        ),
        ("account card, first paint", cards, 10, 20),
        ("segment dashboard", ["/segments/"], 10, None),
    ]


def page_rows(first, accounts):
    """Each page and the shell in turn, so that a busy moment hits both."""
    with reader() as client:
        return [measured(client, accounts, *page) for page in pages(first)]


def measured(client, accounts, name, addresses, times, most):
    with CaptureQueriesContext(connection) as seen:
        client.get(addresses[0])
    queries = len(seen)
    milliseconds(client, SHELL)
    shell, page = [], []
    for number in range(ROUNDS):
        shell.append(milliseconds(client, SHELL))
        page.append(milliseconds(client, addresses[number % len(addresses)]))
    return (
        name,
        f"{accounts:,} accounts, {queries} queries",
        f"p95 {p95(page):.1f} ms",
        f"p95 {p95(shell):.1f} ms",
        f"{p95(page) / p95(shell):.2f} x",
        f"≤ {times} x" + (f", {most} queries" if most else ""),
    )
