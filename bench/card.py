"""The first paint of an account's card against the page shell with nothing in it."""

import statistics
import time

from django.shortcuts import render
from django.urls import include, path

REPEATS = 40


def shell(request):
    return render(request, "base.html")


urlpatterns = [path("bench-shell/", shell), path("", include("kam_crm.urls"))]


def measure_card(first: int, accounts: int) -> dict[str, float]:
    """95th percentiles in seconds of the shell and of cards, of the largest and of the tail.

    `first` is the id of the first of `accounts` accounts, as bench.data makes them. Needs a
    stored day.
    """
    from django.db import connection
    from django.test import Client, override_settings
    from django.test.utils import CaptureQueriesContext

    from firm.models import Role, RoleMembership, User

    director, _created = User.objects.get_or_create(
        email="bench@example.com", defaults={"name": "Bench"}
    )
    RoleMembership.objects.get_or_create(user=director, role=Role.objects.get(code="director"))
    with override_settings(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["testserver"]):
        client = Client()
        client.force_login(director)
        cards = [first + accounts * n // REPEATS for n in range(REPEATS)]
        with CaptureQueriesContext(connection) as seen:
            client.get(f"/accounts/{first}/")
        # The next request empties the log.
        queries = len(seen)
        return {
            "shell": p95(client, ["/bench-shell/"] * REPEATS),
            "card": p95(client, [f"/accounts/{pk}/" for pk in cards]),
            "queries": queries,
        }


def p95(client, addresses):
    spent = []
    for address in [addresses[0], *addresses]:
        began = time.perf_counter()
        response = client.get(address)
        spent.append(time.perf_counter() - began)
        assert response.status_code == 200, address  # noqa: S101 - a wrong page is no measure
    # The first one warms the caches.
    return statistics.quantiles(spent[1:], n=20)[-1]


def rows(measured: dict[str, float], accounts: int) -> list[tuple[str, ...]]:
    """Lines of the report, as bench.__main__ prints them."""
    return [
        (
            "account card, first paint",
            f"{accounts:,} accounts, p95",
            f"{measured['card'] * 1000:.1f} ms",
            f"{measured['shell'] * 1000:.1f} ms",
            f"{measured['card'] / measured['shell']:.1f} x",
            "≤ 10 x",
        ),
        (
            "queries of the card",
            "the same",
            f"{measured['queries']:.0f}",
            "",
            "",
            "≤ 20",
        ),
    ]
