"""The page of dependence against the signed-in page shell with nothing in it."""

import statistics
import time

from django.shortcuts import render
from django.test import Client, override_settings
from django.urls import path

from kam_crm.urls import urlpatterns as product

ROUNDS = 40
SHELL = "/bench/shell/"
PAGES = {
    "segment dashboard": "/segments/",
    "segment dashboard, accounts": "/segments/?level=accounts",
    "explanation of a firm's figure": "/explain/hhi/",
}


def shell(request):
    return render(request, "base.html")


urlpatterns = [path(SHELL.removeprefix("/"), shell), *product]


def measure_dashboard():
    """One row a page: its p95, the shell's in the same rounds, and how they compare."""
    client = signed_in()
    with override_settings(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["testserver"]):
        return [measured(client, name, address) for name, address in PAGES.items()]


def signed_in():
    from firm.models import Role, RoleMembership, User

    user = User.objects.create(name="Bench Director", email="bench@localhost.localdomain")
    RoleMembership.objects.create(user=user, role=Role.objects.get(code="director"))
    client = Client()
    client.force_login(user)
    return client


def measured(client, name, address):
    """Page and shell in turn, so that a busy moment hits both."""
    seconds: dict[str, list[float]] = {SHELL: [], address: []}
    for each in (SHELL, address):
        seconds_of(client, each)
    for _round in range(ROUNDS):
        for each in (SHELL, address):
            seconds[each].append(seconds_of(client, each))
    page, bare = p95(seconds[address]), p95(seconds[SHELL])
    return {"what": name, "page_ms": page * 1000, "shell_ms": bare * 1000, "ratio": page / bare}


def seconds_of(client, address):
    began = time.perf_counter()
    response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered {response.status_code}.")
    return time.perf_counter() - began


def p95(values):
    return statistics.quantiles(values, n=20)[-1]
